"""From the database to figures: who counts, and who does not any more."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import withdraw
from caregivers.models import Place, Referral
from evaluation.across import rows as across_rows
from evaluation.collecting import collect
from evaluation.measures.actions import own_measure
from evaluation.measures.queries import domains_of, spec_of
from evaluation.measures.scoring import score
from evaluation.models import PseudonymKey, Response
from evaluation.rounds import actions
from feedback.asking import actions as asking
from feedback.models import Answer, SealedAnswer
from tests.evaluation.conftest import agree, answers, mark
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.feedback.factories import answered as answered_by_slip
from tests.feedback.factories import closed

pytestmark = pytest.mark.django_db


def shown(cohort):
    return collect.shown(cohort, timezone.now())


def domain(figures, key):
    return next(domain for domain in figures.domains if domain.key == key)


# --- The measure -----------------------------------------------------------------------------------


def test_our_own_measure_has_ten_items_in_three_domains_and_a_goal():
    spec = spec_of(own_measure())
    assert spec.domains() == ["wellbeing", "knowledge", "practical", "goal"]
    assert [len(spec.of(name)) for name in spec.domains()] == [3, 3, 4, 1]
    assert [item.key for item in spec.items if item.reverse] == ["not-to-blame"]
    assert [(d.low, d.high) for d in domains_of(spec)] == [(0, 4), (0, 4), (0, 4), (0, 10)]


def test_our_own_measure_is_loaded_once():
    assert own_measure() == own_measure()


def test_somebody_who_agrees_with_everything_scores_the_blame_item_the_other_way():
    spec = spec_of(own_measure())
    assert score(spec, answers(4, goal=10)) == {"wellbeing": 4, "knowledge": 4, "practical": 4, "goal": 10}
    assert score(spec, answers(4) | {"not-to-blame": 4})["wellbeing"] == pytest.approx(8 / 3)


# --- Reach and attendance --------------------------------------------------------------------------


def test_reach_counts_who_was_referred_offered_started_and_completed(cohort, held):
    CaregiverFactory(cohort=cohort)  # referred, no more
    PlaceFactory(cohort=cohort, state=Place.State.WAITING, seat=None, taken_on=None, waiting_since=timezone.now())
    reach = shown(cohort).reach
    assert (reach.referred, reach.offered, reach.started, reach.completed) == (10, 8, 8, 7)


def test_somebody_with_a_place_and_no_referral_is_counted(cohort, places):
    Referral.objects.all().delete()
    assert shown(cohort).reach.referred == 8


def test_a_declined_offer_was_an_offer(cohort):
    place = PlaceFactory(cohort=cohort)
    Place.objects.filter(pk=place.pk).update(
        state=Place.State.LEFT, seat=None, taken_on=None, left_on=timezone.localdate()
    )
    assert shown(cohort).reach.offered == 1


def test_attendance_counts_the_last_mark_of_those_in_the_group_that_day(cohort, held, places):
    mark(held[0], places[0], "not_here")  # corrected afterwards: the later row of the same moment counts
    late = PlaceFactory(cohort=cohort, seat=9, taken_on=timezone.localdate())  # after all six
    agree(late)
    first, second = shown(cohort).sessions[:2]
    assert (first.present, first.expected) == (7, 8)
    assert (second.present, second.expected) == (7, 8)


def test_somebody_who_left_is_expected_no_more(cohort, held, places):
    held[5].marks.filter(place=places[-1]).delete()
    Place.objects.filter(pk=places[-1].pk).update(state="left", seat=None, left_on=held[5].day)
    assert shown(cohort).sessions[5].expected == 7


def test_a_session_without_a_register_was_not_held_and_one_to_come_neither(cohort, held):
    held[2].marks.all().delete()
    coming = SessionFactory(cohort=cohort, number=7, starts_at=timezone.now() + datetime.timedelta(days=1))
    mark(coming, cohort.place_set.first())
    figures = shown(cohort)
    assert [session.held for session in figures.sessions] == [1, 1, 0, 1, 1, 1, 0]
    assert (figures.sessions_held, figures.sessions_planned) == (5, 7)


def test_apologies_alone_are_no_register(cohort, held, places):
    held[2].marks.all().delete()
    mark(held[2], places[0], "apologies")
    assert [session.held for session in shown(cohort).sessions] == [1, 1, 0, 1, 1, 1]
    mark(held[2], places[1], "not_here")
    assert [session.held for session in shown(cohort).sessions] == [1, 1, 1, 1, 1, 1]


def test_who_sent_apologies_and_left_before_the_day_is_not_expected(cohort, held, places):
    held[5].marks.filter(place=places[-1]).delete()
    mark(held[5], places[-1], "apologies")
    Place.objects.filter(pk=places[-1].pk).update(state="left", seat=None, left_on=held[4].day)
    assert shown(cohort).sessions[5].expected == 7


def test_nothing_has_begun_while_only_apologies_came_in(cohort, places):
    past = SessionFactory(cohort=cohort, number=1, starts_at=timezone.now() - datetime.timedelta(days=1))
    mark(past, places[0], "apologies")
    assert not collect.has_begun(cohort, timezone.now())
    mark(past, places[1])
    assert collect.has_begun(cohort, timezone.now())


def test_a_report_over_groups_takes_apologies_for_no_register_either(cohort, held, places):
    held[2].marks.all().delete()
    mark(held[2], places[0], "apologies")
    [(_group, rows)] = across_rows.Reader(timezone.now()).read([cohort.pk])
    assert [session.held for session in rows.sessions] == [True, True, False, True, True, True]


# --- Before and after ------------------------------------------------------------------------------


def test_pairs_are_matched_by_pseudonym(cohort, answered):
    figures = shown(cohort)
    wellbeing = domain(figures, "wellbeing")
    assert (wellbeing.pairs, wellbeing.before_only, wellbeing.of) == (7, 1, 8)
    assert (wellbeing.change.better, wellbeing.change.median) == (7, 1)
    assert wellbeing.change.lines == ((0, 1),) * 3 + ((1, 2),) * 2 + ((2, 3),) * 2
    assert domain(figures, "goal").change.median == 4


def test_answers_are_in_no_figure_while_the_round_is_open(cohort, held, places, waves, give):
    for place in places:
        give(waves[0], place, 1)
        give(waves[1], place, 3)
    actions.close_wave(wave=waves[0], by=None)
    assert domain(shown(cohort), "wellbeing").pairs == 0
    assert SealedAnswer.objects.count() == 8


def test_nothing_in_the_answers_names_a_person(answered):
    fields = {field.name for model in (Response, Answer) for field in model._meta.get_fields()}
    assert not fields & {"place", "caregiver", "created", "at", "made_at"}
    assert set(Response.objects.values_list("pseudonym", flat=True)) == {
        key.pseudonym for key in PseudonymKey.objects.all()
    }


def test_the_key_lies_encrypted(answered):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pseudonym FROM evaluation_pseudonymkey")
        stored = {row[0] for row in cursor.fetchall()}
    assert len(stored) == 8
    assert not stored & set(Response.objects.values_list("pseudonym", flat=True))


def test_whoever_withdrew_is_in_nothing_made_from_answers(cohort, answered, places):
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    figures = collect.whole(cohort, timezone.now())
    wellbeing = domain(figures, "wellbeing")
    assert (wellbeing.pairs, wellbeing.before_only, wellbeing.neither, wellbeing.of) == (6, 1, 1, 8)
    assert len(wellbeing.change.lines) == 6 and wellbeing.change.lines.count((0, 1)) == 2
    assert figures.reach.started == 8, "how many started may always be told"
    assert sum(way.n for way in figures.ways) == 13, "two answers fewer of fifteen"


def test_after_a_withdrawal_the_figures_hold_back_what_would_differ_by_one_person(cohort, answered, places):
    assert domain(shown(cohort), "wellbeing").change is not None
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    after = shown(cohort)
    assert [(d.held, d.change) for d in after.domains] == [("differs", None)] * 4


def test_a_withdrawal_of_somebody_without_a_pair_holds_nothing_back(cohort, answered, places):
    withdraw(caregiver=places[-1].caregiver, kind="evaluation")
    assert domain(shown(cohort), "wellbeing").change is not None


def test_a_withdrawal_before_anything_was_shown_holds_nothing_back(cohort, held, places, waves, give):
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    for place in places[1:]:
        give(waves[0], place, 1)
        give(waves[1], place, 2)
    for wave in waves:
        actions.close_wave(wave=wave, by=None)
    assert domain(shown(cohort), "wellbeing").pairs == 7
    assert domain(shown(cohort), "wellbeing").change is not None


def test_whoever_never_agreed_or_withdrew_another_consent(cohort, answered, places):
    withdraw(caregiver=places[0].caregiver, kind="quotes")
    assert domain(shown(cohort), "wellbeing").pairs == 7


def test_the_same_number_of_queries_for_one_and_for_eight(cohort, answered, places, django_assert_num_queries):
    with django_assert_num_queries(19):
        shown(cohort)
    for n in range(20, 30):
        PlaceFactory(cohort=cohort, seat=n)
    with CaptureQueriesContext(connection) as more:
        shown(cohort)
    assert len(more) == 19


# --- Feedback ---------------------------------------------------------------------------------------


def hear(session, lead, answered: int, sheets: int) -> None:
    """So many sheets after a session, of which only some answer the question about time."""
    form = asking.open_form(session=session, by=lead)
    for number in range(sheets):
        answers = {"today": number % 5} | ({"time": number % 3} if number < answered else {})
        answered_by_slip(form, answers)
    closed(form, by=lead)


def test_a_question_few_answered_after_one_session_is_in_no_sum_over_several(cohort, held, lead):
    """The page of each session tells the six of the first; less those, a sum would be the three of the second."""
    hear(held[0], lead, answered=6, sheets=6)
    hear(held[1], lead, answered=3, sheets=5)
    figures = shown(cohort).feedback
    asked = {question.key: question for question in figures.questions}
    assert (figures.sheets, asked["today"].n, asked["time"].n) == (11, 11, 6)
    assert asked["time"].counts == (2, 2, 2)


def test_where_no_session_had_enough_the_page_says_so_and_not_how_many(cohort, held, lead, browser_of):
    hear(held[0], lead, answered=3, sheets=5)
    page = browser_of(lead).get(reverse("evaluation:figures", args=[cohort.code])).content.decode()
    assert "Fewer than 5 answered this after any one session, so the answers are not shown." in page
    assert "Answered on 5 of 5 forms." in page and "3 answered" not in page


# --- Sessions that were added or cancelled ---------------------------------------------------------


def test_a_session_added_by_hand_changes_no_figure(cohort, held, places):
    before = shown(cohort)
    extra = SessionFactory(cohort=cohort, number=7, extra=True, starts_at=timezone.now() - datetime.timedelta(days=1))
    mark(extra, places[0])
    assert shown(cohort) == before


def test_who_came_to_four_of_five_completed_when_the_sixth_was_cancelled(cohort, held):
    for session in held[:2]:
        session.marks.all().delete()
    assert shown(cohort).reach.completed == 7  # 4 of 6
    held[2].marks.all().delete()
    assert shown(cohort).reach.completed == 0  # 3 of 6
    held[0].cancelled_at = held[1].cancelled_at = timezone.now()
    held[0].save()
    held[1].save()
    figures = shown(cohort)
    assert figures.reach.completed == 7  # 3 of 4
    assert (figures.sessions_held, figures.sessions_planned) == (3, 6)
