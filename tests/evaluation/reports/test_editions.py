"""The edition to share: small cohorts stand together in blocks, and never in two."""

import datetime
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import withdraw
from evaluation.across import actions as across_actions
from evaluation.across import jobs as across_jobs
from evaluation.across.stored import figures_of
from evaluation.collecting import collect
from evaluation.disclosure import least_people
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.suppression import _word
from evaluation.figures.shapes import Figures
from evaluation.models import Report, ReportVersion
from evaluation.reports import actions as reports
from evaluation.reports import editions
from evaluation.reports.actions import save_text
from evaluation.reports.sections import ALL
from evaluation.rounds import actions as rounds
from evaluation.system_checks import figures_rest_on_enough_people
from evaluation.withdrawing.receipt import consent_lines
from programmes.models import TeamMember
from tests.evaluation.conftest import agree, answered_again, mark
from tests.factories import CohortFactory, PlaceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture
def finished(cohort, lead, give):
    """`finished(6)`: a group of the same programme with six people who answered before and after."""

    def make(people: int, first=cohort):
        group = CohortFactory(programme=first.programme)
        TeamMember.objects.create(cohort=group, user=lead, job=TeamMember.Job.LEAD)
        session = SessionFactory(cohort=group, number=1, starts_at=timezone.now() - datetime.timedelta(days=9))
        places = [PlaceFactory(cohort=group, seat=n) for n in range(1, people + 1)]
        for place in places:
            agree(place)
            mark(session, place)
        for level, point in ((1, "before"), (2, "after")):
            wave = rounds.open_wave(cohort=group, point=point, by=None)
            for place in places:
                give(wave, place, level)
            rounds.close_wave(wave=wave, by=None)
        group.people = places
        return group

    return make


@pytest.fixture
def share(lead):
    """Publishes the group's next version and gives its edition to share, as it was stored."""

    def publish(group) -> Figures:
        report, _made = Report.objects.get_or_create(cohort=group)
        shared, counts = editions.with_counts(group, timezone.now(), collect.shown(group, timezone.now()))
        ReportVersion.objects.create(
            report=report,
            number=report.versions.count() + 1,
            text={},
            figures=editions.collect.shown(group, timezone.now()).to_dict(),
            shared_figures=shared.to_dict(),
            pooled_counts=counts,
            published_at=timezone.now(),
            published_by=lead,
        )
        return shared

    return publish


def test_one_small_group_is_told_in_words(finished, share):
    shared = share(finished(7))
    assert (shared.reach.started, shared.domains, shared.pooled) == (7, (), None)
    assert {benefit.word for benefit in shared.benefits} >= {"most"}
    assert not shared.reach.by_source and not shared.feedback.questions


def test_a_second_one_closes_the_block_and_both_tell_it_from_then_on(finished, share):
    first, second = finished(6), finished(7)
    assert share(first).pooled is None
    closed = share(second).pooled
    assert closed is not None and closed.cohorts == 2
    assert [domain.pairs for domain in closed.domains] == [13] * 4
    assert share(first).pooled == closed, "the same block in the next version"


def test_a_preview_tells_several_groups_together_only_once_it_was_published(finished, share, browser_of, lead):
    """Another group may be published first and close the block instead: the lead would have seen both."""
    first, second = finished(6), finished(7)
    share(first)
    preview = browser_of(lead).get(reverse("evaluation:preview", args=[second.code]), {"edition": "shared"})
    assert "it may be told together with other groups" in preview.content.decode()
    assert "This group together with others" not in preview.content.decode()
    share(second)
    preview = browser_of(lead).get(reverse("evaluation:preview", args=[first.code]), {"edition": "shared"})
    assert "This group together with others: 2 groups" in preview.content.decode()


def test_a_preview_tells_several_groups_together_as_it_was_published(finished, share):
    """What it told anew would be kept nowhere, and nothing that is published later would be laid beside it."""
    groups = [finished(6), finished(7)]
    closed = [share(group).pooled for group in groups][-1]
    for group in groups:
        answered_again(group, group.people)
    assert all(editions.preview(group, timezone.now()).pooled == closed for group in groups)
    assert share(groups[0]).pooled.domains[0].later.pairs == 13


def test_a_third_one_waits_for_the_next_block(finished, share):
    groups = [finished(6) for _ in range(4)]
    pooled = [share(group).pooled for group in groups]
    assert [one.cohorts if one else None for one in pooled] == [None, 2, None, 2]
    assert share(groups[2]).pooled == pooled[3] and share(groups[0]).pooled == pooled[1]


def test_a_group_of_another_programme_stands_in_no_block_of_ours(finished, share):
    ours, other = finished(6), finished(6, first=CohortFactory())
    assert ours.programme_id != other.programme_id
    assert share(other).pooled is None and share(ours).pooled is None
    assert list(editions.pooled_versions(ours)) == [] and share(finished(7)).pooled.cohorts == 2


def test_a_group_of_ten_stands_alone(finished, share):
    small, large = finished(6), finished(10)
    share(small)
    shared = share(large)
    assert shared.pooled is None and [domain.pairs for domain in shared.domains] == [10] * 4
    assert all(domain.change.lines is None and domain.change.low is None for domain in shared.domains)


def test_two_told_to_their_teams_and_one_that_is_not_do_not_stand_together(finished, share):
    """Whoever leads the other two would take theirs away and have the third's three people."""
    assert [bool(share(finished(n)).pooled) for n in (3, 7)] == [False, False]


def test_after_a_withdrawal_the_block_tells_nothing_that_would_differ_by_one(finished, share):
    first, second = finished(6), finished(7)
    share(first), share(second)
    person = second.people[0].caregiver
    withdraw(caregiver=person, kind="evaluation")
    for group in (first, second):
        assert share(group).pooled is None


def test_a_withdrawal_supersedes_every_version_that_tells_the_person_together_with_others(finished, share):
    groups = [finished(n) for n in (6, 7, 6, 7)]
    for group in groups:
        share(group)
    ReportVersion.objects.update(pdf=b"%PDF", shared_pdf=b"%PDF")
    withdraw(caregiver=groups[0].people[0].caregiver, kind="evaluation")
    marked = ReportVersion.objects.exclude(superseded_at=None)
    assert {version.report.cohort_id for version in marked} == {groups[0].pk, groups[1].pk}
    assert not any(version.pdf or version.shared_pdf for version in marked), "no PDF without the notice is handed out"


def test_the_receipt_of_a_withdrawal_names_the_editions_of_other_groups_that_tell_the_person(finished, share):
    groups = [finished(6), finished(7)]
    for group in groups:
        share(group)
    first, second = groups[0].people[0].caregiver, groups[0].people[1].caregiver
    told = "A report of another group, with numbers of your group in it. It came out on"
    for person in (first, second):
        last = withdraw(caregiver=person, kind="evaluation")
        own, other = consent_lines(person, "evaluation", last.at)
        assert own.startswith("A report that came out on") and other.startswith(told)
    share(groups[1])
    assert consent_lines(first, "evaluation", last.at) == [own, other], "what comes out later is without them"


def test_answers_taken_out_before_the_block_closes_are_not_worked_out_from_it(finished, share):
    first, second = finished(7), finished(7)
    share(first)
    withdraw(caregiver=first.people[0].caregiver, kind="evaluation")
    assert share(second).pooled is None


# --- Beside reports over many groups -----------------------------------------------------------------


@pytest.fixture
def across(manager, monkeypatch):
    """Makes the report over all groups there are, and gives its figures."""
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-")

    def make() -> Figures:
        today = timezone.localdate()
        report = across_actions.ask(
            from_on=today - datetime.timedelta(days=60), until_on=today, area="", programme=None, by=manager
        )
        across_jobs.make.func(report.code)
        report.refresh_from_db()
        return figures_of(report)

    return make


def test_a_block_that_less_a_report_over_many_groups_leaves_few_is_not_told(finished, share, across):
    """A report over four groups less the block of two is the others, of eight people."""
    first, second, _third, _fourth = finished(6), finished(6), finished(4), finished(4)
    share(first)
    assert any(domain.change for domain in across().domains)
    assert share(second).pooled is None


def test_a_report_over_many_groups_that_less_a_block_leaves_few_is_not_told(finished, share, across):
    first, second, _third, _fourth = finished(6), finished(6), finished(4), finished(4)
    share(first)
    assert share(second).pooled
    told = across()
    assert not any(domain.change for domain in told.domains)
    assert {domain.held for domain in told.domains} == {"differs"} and told.reach.started == 20


def test_a_block_and_a_report_over_just_its_groups_both_stand(finished, share, across):
    first, second = finished(6), finished(6)
    share(first)
    assert share(second).pooled
    assert any(domain.change for domain in across().domains)


def test_publishing_keeps_what_each_group_added(finished, lead):
    groups = [finished(6), finished(6)]
    for group in groups:
        save_text(cohort=group, text={section.key: "Words." for section in ALL}, by=lead)
    versions = [reports.publish(cohort=group, by=lead) for group in groups]
    assert versions[0].pooled_counts is None
    counts = Counts.from_bytes(bytes(versions[1].pooled_counts))
    assert set(counts.groups) == {group.code for group in groups}


# --- Thresholds ------------------------------------------------------------------------------------


def test_thresholds_are_never_under_their_floors(settings):
    settings.TEAM_LEAST, settings.SHARED_LEAST = 1, 1
    assert (least_people.team(), least_people.shared()) == (3, 5)
    found = {error.id for error in figures_rest_on_enough_people(None)}
    assert {"evaluation.E001", "evaluation.E002"} <= found


def test_more_may_not_leave_the_team_than_it_may_see(settings):
    settings.TEAM_LEAST, settings.SHARED_LEAST = 12, 10
    assert least_people.shared() == 12
    assert "evaluation.E003" in {error.id for error in figures_rest_on_enough_people(None)}


def test_as_they_ship_they_are_fine():
    assert figures_rest_on_enough_people(None) == []


def test_a_benefit_is_a_word_that_says_how_many_of_those_who_answered_got_better():
    words = [_word(better, 8) for better in range(9)]
    counts = [(word, len(list(same))) for word, same in itertools.groupby(words)]
    assert counts == [("few", 2), ("some", 3), ("most", 4)]
