"""What groups changed, part by part, and taking it into the guide."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.access.refusals import Refused
from programmes.agenda.changes import Change, Part, What
from programmes.editing import actions as editing
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.learning.actions import take
from sessions_app.learning.learned import Copied, Reason, learned, predecessor, taken, unseen_additions
from sessions_app.learning.queries import copies_of, plan_of
from sessions_app.models import ItemRemark, Session, SessionItem
from sessions_app.planning.actions import adapt
from sessions_app.planning.changes import ItemPlan, seen
from sessions_app.register.actions import mark
from sessions_app.running.actions import step
from sessions_app.setting_up.actions import set_up
from tests.factories import CohortFactory, PlaceFactory, UserFactory


def part(key: str, minutes: int = 10, **fields) -> Part:
    return Part(key=key, title=key.upper(), kind="input", minutes=minutes, counted=True, lead="facilitator", **fields)


A, B, C = part("a"), part("b"), part("c")


def copy(agenda, group="Ipswich", planned=(A, B, C), reasons=()) -> Copied:
    return Copied(session=f"s-{group}", group=group, planned=planned, agenda=agenda, reasons=reasons)


def said(copies, guide=(A, B, C)):
    return [
        (part.key, finding.what, finding.count, finding.groups)
        for part in learned(copies, guide)
        for finding in part.findings
    ]


# --- The comparison by itself -------------------------------------------------------------------------------


def test_nothing_was_changed_nothing_is_learned():
    assert said([]) == said([copy([A, B, C]), copy([A, B, C], "Lowestoft")]) == []


def test_the_same_change_in_several_groups_is_one_finding():
    short = part("b", 5)
    copies = [copy([A, short, C]), copy([A, B, C], "Bury"), copy([A, part("b", 7), C], "Lowestoft")]
    assert said(copies) == [("b", What.SHORTER, 2, 3)]
    (row,) = learned(copies, [A, B, C])
    assert [(one.group, one.change.was, one.change.now) for one in row.findings[0].seen] == [
        ("Ipswich", 10, 5),
        ("Lowestoft", 10, 7),
    ]


def test_findings_come_in_the_order_of_the_guide_as_it_is_now():
    copies = [copy([part("c", 5), part("a", 20), B, part("n")])]
    assert said(copies, (C, A, B)) == [
        ("c", What.SHORTER, 1, 1),
        ("c", What.MOVED, 1, 1),
        ("a", What.LONGER, 1, 1),
        ("n", What.ADDED, 1, 1),
    ]


def test_a_group_is_held_against_the_version_it_was_copied_from():
    longer = part("b", 20)
    copies = [copy([A, longer, C], planned=(A, longer, C)), copy([A, longer, C], "Lowestoft")]
    assert said(copies, (A, longer, C)) == [("b", What.LONGER, 1, 2)]


def test_only_groups_that_had_the_part_are_counted():
    copies = [copy([A, C]), copy([A, C], "Bury", planned=(A, C))]
    assert said(copies, (A, C)) == [("b", What.LEFT_OUT, 1, 1)]


def test_groups_the_reader_does_not_see_are_counted_without_their_words():
    copies = [copy([A, part("b", 5), part("n")], "", reasons=[Reason("b", "Because of Sam", True)]), copy([A, B, C])]
    assert said(copies) == [("b", What.SHORTER, 1, 2), ("c", What.LEFT_OUT, 1, 2)]
    rows = learned(copies, [A, B, C])
    assert all(not finding.seen for row in rows for finding in row.findings)
    assert unseen_additions(copies) == 1
    assert "Sam" not in repr(rows)


@pytest.mark.parametrize(
    ("reasons", "sentences"),
    [
        (
            [
                Reason("b", "Long talk", False, frozenset({"minutes"})),
                Reason("b", "New name", False, frozenset({"title"})),
            ],
            ["Long talk"],
        ),
        ([Reason("b", "After the evening", True)], ["After the evening"]),
        ([Reason("a", "Another part", False)], []),
        ([Reason("", "The whole plan", False)], []),
    ],
)
def test_a_change_has_the_reasons_given_for_it(reasons, sentences):
    (row,) = learned([copy([A, part("b", 5), C], reasons=reasons)], [A, B, C])
    assert [reason.why for reason in row.findings[0].seen[0].reasons] == sentences


def test_what_moved_may_have_its_reason_from_the_whole_plan():
    (row,) = learned([copy([B, C, A], reasons=[Reason("", "The bus is late", True)])], [A, B, C])
    assert [reason.why for reason in row.findings[0].seen[0].reasons] == ["The bus is late"]


@pytest.mark.parametrize(
    ("change", "agenda", "guide", "is_so"),
    [
        (Change("b", "B", What.SHORTER, 10, 5), [A, part("b", 5)], [A, B], False),
        (Change("b", "B", What.SHORTER, 10, 5), [A, part("b", 5)], [A, part("b", 5)], True),
        (Change("b", "B", What.LEFT_OUT), [A], [A, B], False),
        (Change("b", "B", What.LEFT_OUT), [A], [A], True),
        (Change("n", "N", What.ADDED), [A, part("n")], [A], False),
        (Change("n", "N", What.ADDED), [A, part("n")], [part("n"), A], True),
        (Change("a", "A", What.MOVED), [B, A], [A, B], False),
        (Change("a", "A", What.MOVED), [B, A], [B, A], True),
        (Change("b", "B", What.SHORTER), [A, part("b", 5)], [A], False),
    ],
)
def test_whether_the_guide_has_it_already(change, agenda, guide, is_so):
    assert taken(change, agenda, guide) == is_so


def test_a_part_goes_after_the_nearest_one_that_the_guide_knows():
    agenda = [A, part("n"), part("m"), B]
    assert predecessor(agenda, "m", ["a", "b"]) == "a"
    assert predecessor(agenda, "b", ["a", "b", "n"]) == "n"
    assert predecessor(agenda, "a", ["a"]) == ""


# --- With groups ----------------------------------------------------------------------------------------------


@pytest.fixture
def programme(db):
    return load_shipped()[0]


AFTER = datetime(2026, 12, 1, 9, tzinfo=UTC)  # every session of these groups is over


@pytest.fixture
def guide(programme):
    return programme.guides.get(number=4)


@pytest.fixture
def group(programme, lead, facilitator):
    def make(name: str, by=lead) -> Session:
        days = weekly(date(2026, 10, 13), 6)
        cohort = set_up(programme=programme, name=name, area="Ipswich", days=days, at=time(18), places=8, by=by)
        return cohort.sessions.get(number=4)

    return make


def lines(session: Session) -> list[ItemPlan]:
    return [
        ItemPlan(code=item.code, **{name: getattr(item, name) for name in ItemPlan.FIELDS})
        for item in session.items.all()
    ]


def plan(session: Session, by, change, why="The group asked for it.", by_group=True) -> None:
    """Adapts a session's agenda as its own page does; `change` is given the lines and returns them."""
    opened_at = seen(list(session.items.all()))
    adapt(session=session, plan=change(lines(session)), opened_at=opened_at, why=why, by=by, by_group=by_group)


def with_minutes(index: int, minutes: int):
    def change(rows):
        return [*rows[:index], ItemPlan(**{**vars(rows[index]), "minutes": minutes}), *rows[index + 1 :]]

    return change


def left_out(index: int):
    def change(rows):
        return [*rows[:index], ItemPlan(**{**vars(rows[index]), "left_out": True}), *rows[index + 1 :]]

    return change


def findings_of(guide, reader):
    return [
        (part.title, finding.what, finding.count, finding.groups)
        for part in learned(copies_of(guide, reader, AFTER), plan_of(guide))
        for finding in part.findings
    ]


def draft_items(guide):
    return [(item.title, item.minutes) for item in guide.draft().items.all()]


def test_groups_that_changed_nothing_are_no_finding_for_any_guide(programme, lead, group):
    group("One")
    group("Two")
    for guide in programme.guides.all():
        assert len(copies_of(guide, lead, AFTER)) == 2 and findings_of(guide, lead) == []


def test_each_way_a_plan_is_adapted_is_found_with_its_reason(guide, lead, group):
    first, second = group("One"), group("Two")
    group("Three")
    plan(first, lead, with_minutes(0, 3), why="Everybody was there early.")
    plan(second, lead, with_minutes(0, 4))
    plan(first, lead, left_out(1), why="Nobody had questions.", by_group=False)
    plan(first, lead, lambda rows: [*rows[1:4], rows[0], *rows[4:]])
    plan(second, lead, lambda rows: [*rows[:2], ItemPlan(title="Breathing", minutes=5), *rows[2:]])
    assert findings_of(guide, lead) == [
        ("Welcome and check-in", What.SHORTER, 2, 3),
        ("Welcome and check-in", What.MOVED, 1, 3),
        ("Recap of session 3", What.LEFT_OUT, 1, 3),
        ("Breathing", What.ADDED, 1, 3),
    ]
    parts = learned(copies_of(guide, lead, AFTER), plan_of(guide))
    reasons = [reason for row in parts for f in row.findings for entry in f.seen for reason in entry.reasons]
    assert ("Everybody was there early.", True) in [(reason.why, reason.by_group) for reason in reasons]
    assert ("Nobody had questions.", False) in [(reason.why, reason.by_group) for reason in reasons]


def test_a_remark_made_after_the_evening_is_a_reason_too(guide, lead, group):
    item = group("One").items.first()
    SessionItem.objects.filter(pk=item.pk).update(minutes=3)
    ItemRemark.objects.create(item=item, why="The door was locked.", by_group=False, at=timezone.now(), by=lead)
    (one,) = learned(copies_of(guide, lead, AFTER), plan_of(guide))
    assert "The door was locked." in [reason.why for reason in one.findings[0].seen[0].reasons]


def run(session: Session, by, *took: int) -> None:
    """Runs it by the clock, each counted part in so many minutes; those for which none are given are not reached."""
    now = session.starts_at
    step(session=session, kind="start", key=f"{session.code}-0", by=by, at=now)
    for number, minutes in enumerate(took, start=1):
        now += timedelta(minutes=minutes)
        step(session=session, kind="finish", key=f"{session.code}-{number}", by=by, at=now)
    step(session=session, kind="end", key=f"{session.code}-end", by=by, at=now)  # on its first second, if one is left


def test_what_happened_on_the_evening_is_found_and_taken_too(guide, lead, group):
    session = group("One")
    plan(session, lead, with_minutes(0, 8), why="Planned longer.")
    run(session, lead, 8, 9, 30, 10, 30)  # the recap took nine minutes instead of five; nobody got to the close
    assert findings_of(guide, lead) == [
        ("Welcome and check-in", What.LONGER, 1, 1),
        ("Recap of session 3", What.LONGER, 1, 1),
        ("Close and handouts", What.LEFT_OUT, 1, 1),
    ]
    take(session=session, key=key_at(session, 1), what=What.LONGER, by=lead)
    assert draft_items(guide)[1] == ("Recap of session 3", 9)
    take(session=session, key=key_at(session, 5), what=What.LEFT_OUT, by=lead)
    assert "Close and handouts" not in dict(draft_items(guide))


def test_a_session_that_went_as_planned_or_is_not_over_yet_is_no_finding(guide, lead, group):
    run(group("As planned, or nearly"), lead, 5, 6, 29, 10, 32, 5)
    going = group("Going on")
    step(session=going, kind="start", key="a", by=lead, at=going.starts_at)
    step(session=going, kind="finish", key="b", by=lead, at=going.starts_at + timedelta(minutes=20))
    assert findings_of(guide, lead) == []


def test_sessions_that_are_cancelled_or_extra_do_not_count(guide, lead, group):
    one, two = group("One"), group("Two")
    plan(one, lead, with_minutes(0, 3))
    Session.objects.filter(pk=one.pk).update(cancelled_at=timezone.now())
    Session.objects.filter(pk=two.pk).update(extra=True)
    assert copies_of(guide, lead, AFTER) == []


def test_groups_that_have_not_held_it_yet_are_not_counted(guide, lead, group):
    first, later, off = group("One"), group("Two"), group("Three")
    for session in (first, later):
        plan(session, lead, with_minutes(0, 3))
    Session.objects.filter(pk__in=[later.pk, off.pk]).update(starts_at=AFTER + timedelta(hours=10))
    assert findings_of(guide, lead) == [("Welcome and check-in", What.SHORTER, 1, 1)]
    place = PlaceFactory(cohort=later.cohort)
    mark(session=later, place=place, state="present", key="a", by=lead, at=AFTER + timedelta(hours=11))
    assert findings_of(guide, lead) == [("Welcome and check-in", What.SHORTER, 2, 2)], "its register is taken"


def test_what_groups_changed_outlives_the_next_version(guide, lead, group):
    session = group("One")
    plan(session, lead, with_minutes(0, 3))
    draft = editing.start(guide=guide, by=lead)
    editing.change_item(guide=guide, key=draft.items.first().key, minutes=4, by=lead)
    editing.publish(guide=guide, why="Shorter.", by=lead)
    later = group("Later")
    assert later.guide.version == 2
    assert findings_of(guide.current(), lead) == [("Welcome and check-in", What.SHORTER, 1, 2)]


# --- Taking it into the guide -----------------------------------------------------------------------------------


def key_at(session: Session, index: int) -> str:
    return session.items.all()[index].source.key


def test_one_press_takes_minutes_into_the_next_version(guide, lead, group):
    session = group("One")
    plan(session, lead, with_minutes(0, 3))
    assert guide.draft() is None
    draft = take(session=session, key=key_at(session, 0), what=What.SHORTER, by=lead)
    assert (draft.state, draft.version) == ("draft", 2)
    assert draft_items(guide)[0] == ("Welcome and check-in", 3)
    assert guide.items.first().minutes == 5, "the published version never changes"
    take(session=session, key=key_at(session, 0), what=What.SHORTER, by=lead)
    assert draft_items(guide)[0] == ("Welcome and check-in", 3)
    published = editing.publish(guide=guide, why="Three minutes do.", by=lead)
    assert group("Next").items.first().minutes == 3 and published.version == 2


def test_parts_left_out_added_and_moved_are_taken_too(guide, lead, group):
    session = group("One")
    plan(session, lead, left_out(1))
    plan(session, lead, lambda rows: [*rows[:3], ItemPlan(title="Breathing", minutes=5, prompts=["In"]), *rows[3:]])
    plan(session, lead, lambda rows: [*rows[1:3], rows[0], *rows[3:]])
    items = {item.title: item for item in session.items.all()}
    gone, moved = items["Recap of session 3"].source.key, items["Welcome and check-in"].source.key
    added = items["Breathing"].code
    for _twice in range(2):
        for key, what in ((gone, What.LEFT_OUT), (moved, What.MOVED), (added, What.ADDED)):
            take(session=session, key=key, what=what, by=lead)
    assert [title for title, _minutes in draft_items(guide)][:4] == [
        "Speakers: education and police",
        "Welcome and check-in",
        "Breathing",
        "Break",
    ]
    assert len(draft_items(guide)) == 7
    assert guide.draft().items.get(title="Breathing").prompts == ["In"]
    copies, draft = copies_of(guide, lead, AFTER), plan_of(guide.draft())
    for one in learned(copies, plan_of(guide)):
        for finding in one.findings:
            assert taken(finding.seen[0].change, copies[0].agenda, draft), finding


def test_what_an_added_part_uses_comes_with_it(guide, lead, group):
    session = group("One")
    item = SessionItem.objects.create(session=session, position=50, title="Film night", kind="film", minutes=9)
    film = guide.programme.guides.get(number=1).items.get(kind="film").uses_in_order.get().resource
    item.uses_in_order.create(resource=film, position=1)
    take(session=session, key=item.code, what=What.ADDED, by=lead)
    assert [one.resource for one in guide.draft().items.get(title="Film night").uses_in_order.all()] == [film]


def test_what_the_group_changed_back_meanwhile_is_not_taken(guide, lead, group):
    session = group("One")
    with pytest.raises(Refused, match="changed meanwhile"):
        take(session=session, key=key_at(session, 0), what=What.LEFT_OUT, by=lead)
    plan(session, lead, left_out(0))
    with pytest.raises(Refused, match="changed meanwhile"):
        take(session=session, key=key_at(session, 0), what=What.SHORTER, by=lead)
    assert guide.draft() is None


def test_a_part_that_is_out_of_the_draft_is_not_changed(guide, lead, group):
    session = group("One")
    plan(session, lead, with_minutes(0, 3))
    editing.start(guide=guide, by=lead)
    editing.remove_item(guide=guide, key=key_at(session, 0), by=lead)
    with pytest.raises(Refused, match="not in the guide any more"):
        take(session=session, key=key_at(session, 0), what=What.SHORTER, by=lead)


# --- The page ---------------------------------------------------------------------------------------------------


def url_of(guide, name="learned"):
    return reverse(f"sessions:{name}", args=[guide.code])


def text(answer, status=200):
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_the_page_says_it_in_a_sentence_and_one_press_takes_it(browser_of, guide, lead, group):
    spring, autumn = group("Ipswich spring"), group("Ipswich autumn")
    group("Bury")
    plan(spring, lead, with_minutes(0, 3), why="Everybody was <b>early</b>.")
    plan(autumn, lead, with_minutes(0, 4))
    client = browser_of(lead)
    page = text(client.get(url_of(guide)))
    assert "Shortened in 2 of 3 groups" in page and "5 → 3 minutes" in page and "The group asked for it" in page
    assert "Everybody was &lt;b&gt;early&lt;/b&gt;." in page
    sent = {"session": spring.code, "key": key_at(spring, 0), "what": "SHORTER"}
    for _twice in range(2):
        answer = client.post(url_of(guide, "take"), sent, follow=True)
        assert "It is in the draft." in text(answer)
    page = text(client.get(url_of(guide)))
    assert "In the draft" in page and reverse("programmes:publish", args=[guide.code]) in page
    editing.publish(guide=guide, why="Shorter.", by=lead)
    page = text(client.get(url_of(guide)))
    assert "In the guide now: 3 minutes" in page and page.count("Take into the guide") == 1


def test_the_page_when_there_is_nothing(browser_of, guide, lead, group):
    client = browser_of(lead)
    assert "No group has held this session yet" in text(client.get(url_of(guide)))
    group("One")
    assert "1 group has held this session. None changed its agenda." in text(client.get(url_of(guide)))


def test_other_peoples_groups_are_counted_and_cannot_be_taken_from(browser_of, guide, lead, group):
    other = UserFactory(name="Olive Other", role="lead")
    mine, theirs = group("Ipswich"), group("Secret place", by=other)
    for session, by in ((mine, lead), (theirs, other)):
        plan(session, by, with_minutes(0, 3), why=f"A reason of {session.cohort}.")
    plan(theirs, other, lambda rows: [*rows, ItemPlan(title="About somebody", minutes=5)])
    client = browser_of(lead)
    page = text(client.get(url_of(guide)))
    assert "Shortened in 2 of 2 groups" in page and "1 group that you do not work with" in page
    assert "A reason of Ipswich" in page
    assert "Secret place" not in page and "About somebody" not in page
    assert "1 group that you do not work with added something of its own." in page
    sent = {"session": theirs.code, "key": key_at(theirs, 0), "what": "SHORTER"}
    assert client.post(url_of(guide, "take"), sent).status_code == 404
    assert guide.draft() is None


@pytest.mark.parametrize(
    ("change", "status"),
    [({"what": "NONSENSE"}, 404), ({"session": "x"}, 404), ({"key": "x"}, 409), ({"what": ""}, 404)],
)
def test_what_makes_no_sense_is_not_taken(browser_of, guide, lead, group, change, status):
    session = group("One")
    plan(session, lead, with_minutes(0, 3))
    sent = {"session": session.code, "key": key_at(session, 0), "what": "SHORTER"}
    assert browser_of(lead).post(url_of(guide, "take"), sent | change).status_code == status
    assert guide.draft() is None


def test_a_session_of_another_guide_is_not_taken_from(browser_of, programme, guide, lead, group):
    session = group("One").cohort.sessions.get(number=3)
    plan(session, lead, with_minutes(0, 3))
    sent = {"session": session.code, "key": key_at(session, 0), "what": "SHORTER"}
    assert browser_of(lead).post(url_of(guide, "take"), sent).status_code == 404


def test_it_is_for_leads(browser_of, stranger, facilitator, lead, guide):
    assert stranger.get(url_of(guide)).status_code == 302
    assert browser_of(facilitator).get(url_of(guide)).status_code == 403
    assert browser_of(facilitator).post(url_of(guide, "take")).status_code == 403
    assert browser_of(lead).post(url_of(guide)).status_code == 405
    assert browser_of(lead).get(url_of(guide, "take")).status_code == 405


def test_it_costs_the_same_with_many_groups(
    browser_of, guide, lead, group, same_queries, django_assert_max_num_queries
):
    plan(group("One"), lead, with_minutes(0, 3))

    def grow():
        CohortFactory(team=[lead])
        for name in ("Two", "Three", "Four"):
            plan(group(name), lead, with_minutes(0, 3))
            plan(group(f"{name} again"), lead, left_out(2))

    client = browser_of(lead)
    same_queries(client, url_of(guide), grow)
    with django_assert_max_num_queries(22):
        client.get(url_of(guide))
