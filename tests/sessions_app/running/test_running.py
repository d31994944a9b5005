"""The timeline by itself: items and steps in, how things stand out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from programmes.models import Resource
from sessions_app.running import clock as running
from sessions_app.running.clock import MAY, Happened, Kind, Level, Phase

START = datetime(2026, 3, 27, 18, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    pk: int
    minutes: int
    title: str = "Item"
    kind: str = "discussion"
    counted: bool = True
    left_out: bool = False
    source_id: int | None = 1


@dataclass(frozen=True)
class Step:
    kind: str
    item_id: int | None
    minutes: int | None
    at: datetime


def press(kind, after, item=None, minutes=None):
    """A step so many minutes after the session's start."""
    return Step(kind, item, minutes, START + timedelta(minutes=after))


def at(after):
    return START + timedelta(minutes=after)


# Three items of 10, 20 and 30 minutes.
WELCOME, FILM, TALK = ITEMS = (Item(1, 10, "Welcome"), Item(2, 20, "Film"), Item(3, 30, "Talk"))


def stands(*steps, now, items=ITEMS, **kwargs):
    return running.state(items, steps, at(now), **kwargs)


def test_before_the_start_nothing_runs():
    now = stands(now=5, starts_at=START)
    assert (now.phase, now.item, now.next, now.behind, now.ends_at) == (Phase.BEFORE, None, list(ITEMS), 0, None)
    assert not now.on_clock


def test_the_first_item_runs_from_the_start():
    now = stands(press("start", 0), now=4)
    assert (now.phase, now.item, now.next) == (Phase.RUNNING, WELCOME, [FILM, TALK])
    assert (now.planned, now.elapsed, now.left, now.clock) == (600, 240, 360, "6:00")
    assert (now.behind, now.pace, now.ends_at) == (0, "On time", at(60))


def test_finishing_begins_the_next_and_the_time_saved_is_ahead():
    now = stands(press("start", 0), press("finish", 7), now=8)
    assert (now.item, now.left, now.behind, now.pace) == (FILM, 19 * 60, -180, "3 minutes ahead")


def test_what_runs_over_its_time_is_behind_by_that():
    now = stands(press("start", 0), now=12)
    assert (now.left, now.clock, now.level, now.behind, now.pace) == (
        -120,
        "+2:00",
        Level.OVER,
        120,
        "2 minutes behind",
    )


def test_more_minutes_are_behind_at_once_and_calm_again():
    now = stands(press("start", 0), press("extend", 9.5, minutes=5), now=9.5)
    assert (now.planned, now.left, now.level, now.behind) == (900, 330, Level.CALM, 300)


def test_what_is_left_out_is_ahead_and_what_comes_back_is_not():
    out = press("skip", 1, item=2)
    now = stands(press("start", 0), out, now=1)
    assert (now.next, now.behind) == ([TALK], -20 * 60)
    now = stands(press("start", 0), out, press("swap", 2, item=2), now=2)
    assert (now.next, now.behind) == ([FILM, TALK], 0)


def test_swapping_brings_an_item_forward():
    now = stands(press("start", 0), press("swap", 1, item=3), press("finish", 10), now=10)
    assert (now.item, now.next, now.behind) == (TALK, [FILM], 0)


def test_what_the_plan_leaves_out_is_not_in_it_and_can_be_brought_back():
    items = (WELCOME, Item(2, 20, "Film", left_out=True), TALK)
    assert stands(press("start", 0), now=0, items=items).next == [TALK]
    now = stands(press("start", 0), press("swap", 1, item=2), now=1, items=items)
    assert (now.next[0].title, now.behind) == ("Film", 20 * 60)
    assert [one.happened for one in now.outcomes()] == [Happened.OPEN] * 3


def test_leaving_out_the_item_now_goes_on_with_the_next():
    now = stands(press("start", 0), press("skip", 3, item=1), now=3)
    assert (now.item, now.behind) == (FILM, -7 * 60)
    assert (now.outcomes()[0].took, now.outcomes()[0].happened) == (3, Happened.LEFT_OUT)


def test_a_break_holds_the_item_until_somebody_goes_on():
    steps = [press("start", 0), press("break", 4, minutes=5)]
    now = stands(*steps, now=6)
    assert (now.phase, now.item, now.planned, now.left, now.behind) == (Phase.BREAK, WELCOME, 300, 180, 300)
    assert stands(*steps, now=11).level == Level.OVER  # it does not end by itself
    now = stands(*steps, press("start", 12, item=1), now=12)
    assert (now.phase, now.item, now.elapsed, now.behind) == (Phase.RUNNING, WELCOME, 240, 8 * 60)


def test_going_on_with_the_next_after_a_break_closes_the_item_before_it():
    now = stands(press("start", 0), press("break", 9, minutes=5), press("finish", 14), now=14)
    assert (now.phase, now.item, now.stand.spent[1], now.stand.breaks) == (Phase.RUNNING, FILM, 540, 300)


def test_more_minutes_in_a_break_lengthen_the_break():
    now = stands(press("start", 0), press("break", 4, minutes=5), press("extend", 6, minutes=5), now=6)
    assert (now.planned, now.left, now.stand.more) == (600, 480, {})


def test_after_the_last_item_nothing_is_on_until_the_end():
    steps = [press("start", 0), press("finish", 10), press("finish", 30), press("finish", 58)]
    now = stands(*steps, now=59)
    assert (now.phase, now.item, now.on_clock, now.pace) == (Phase.RUNNING, None, False, "1 minute ahead")
    now = stands(*steps, press("end", 62), now=100)
    assert (now.phase, now.stand.free, now.behind) == (Phase.ENDED, 240, 120)


def test_undo_takes_back_the_last_step_that_counts_and_its_time():
    steps = [press("start", 0), press("finish", 4), press("undo", 6)]
    now = stands(*steps, now=7)
    assert (now.item, now.elapsed) == (WELCOME, 7 * 60)
    assert stands(*steps, press("undo", 7), now=7).phase == Phase.BEFORE
    ended = [press("start", 0), press("end", 4), press("undo", 6)]
    assert stands(*ended, now=7).elapsed == 7 * 60


def test_a_late_start_is_behind_but_another_day_is_not():
    late = [press("start", 6)]
    assert stands(*late, now=6, starts_at=START).pace == "6 minutes behind"
    assert stands(*late, now=6, starts_at=START + timedelta(days=3)).pace == "On time"


def test_a_clock_that_was_set_back_stands_still_until_it_has_caught_up():
    now = stands(press("start", 0), press("finish", 10), press("finish", 2), now=15)
    assert (now.item, now.elapsed, now.stand.spent) == (TALK, 300, {1: 600, 2: 0, 3: 300})
    assert stands(press("start", 0), now=-3).elapsed == 0


def test_what_lies_outside_is_not_on_the_clock():
    setup = Item(9, 30, "Set up", counted=False)
    now = stands(press("start", 0), press("swap", 1, item=9), now=2, items=(setup, *ITEMS))
    assert (now.item, now.next) == (WELCOME, [FILM, TALK])
    assert "outside" in now.why_not("swap", setup)
    assert setup not in [one.item for one in now.outcomes()]


@pytest.mark.parametrize(
    ("left", "expected"),
    [(121, "calm"), (120, "amber"), (31, "amber"), (30, "red"), (0, "red"), (-0.5, "over")],
)
def test_amber_at_a_fifth_red_at_a_twentieth(left, expected):
    assert running.level(left, 600) == expected


@pytest.mark.parametrize(
    ("took", "happened"), [(9, "done"), (11, "done"), (8.9, "shortened"), (11.1, "extended"), (0, "shortened")]
)
def test_within_a_minute_is_as_planned(took, happened):
    steps = [press("start", 0), press("finish", took)]
    assert running.outcomes(ITEMS, steps)[0].happened == happened


def test_what_became_of_each_item():
    items = (WELCOME, FILM, Item(4, 5, "Visitor", source_id=None), TALK)
    steps = [press("start", 0), press("finish", 10), press("skip", 11, item=3), press("finish", 40)]
    found = {one.item.title: (one.took, one.happened) for one in running.outcomes(items, steps)}
    assert found == {
        "Welcome": (10, Happened.DONE),
        "Film": (30, Happened.EXTENDED),
        "Visitor": (0, Happened.OPEN),
        "Talk": (None, Happened.LEFT_OUT),
    }
    ended = running.outcomes(items, [*steps, press("end", 41)])
    assert (ended[2].actual, ended[2].happened) == (1, Happened.ADDED)


def test_what_never_began_was_left_out_once_the_session_has_ended():
    assert [one.happened for one in running.outcomes(ITEMS, [])] == [Happened.OPEN] * 3
    steps = [press("start", 0), press("end", 10)]
    assert [one.happened for one in running.outcomes(ITEMS, steps)] == ["done", "left_out", "left_out"]


# --- What may be done when ----------------------------------------------------------------------------


def test_every_refusal_is_a_sentence():
    at_each = {
        Phase.BEFORE: stands(now=0),
        Phase.RUNNING: stands(press("start", 0), now=0),
        Phase.BREAK: stands(press("start", 0), press("break", 0, minutes=5), now=0),
        Phase.ENDED: stands(press("start", 0), press("end", 0), now=0),
    }
    for phase, now in at_each.items():
        for kind in Kind:
            item = TALK if kind in (Kind.START, Kind.SKIP, Kind.SWAP) else None
            sentence = now.why_not(kind, item)
            assert bool(sentence) == (kind not in MAY[phase]), (phase, kind)
            assert not sentence or sentence.endswith(".")


@pytest.mark.parametrize(
    ("steps", "kind", "item", "words"),
    [
        ([("start", None)], "start", None, "running already"),
        ([("start", None)], "start", WELCOME, "is on now"),
        ([("start", None)], "swap", FILM, "comes next already"),
        ([("start", None)], "swap", WELCOME, "is on now"),
        ([("start", None), ("finish", None)], "skip", WELCOME, "is over already"),
        ([("start", None), ("finish", None)], "swap", WELCOME, "is over already"),
        ([("start", None), ("skip", 3)], "skip", TALK, "is skipped already"),
        ([("start", None), ("finish", None), ("finish", None), ("finish", None)], "finish", None, "Nothing is on"),
        ([("start", None), ("finish", None), ("finish", None), ("finish", None)], "extend", None, "Nothing is on"),
        ([], "undo", None, "nothing to undo"),
    ],
)
def test_what_makes_no_sense_is_refused(steps, kind, item, words):
    now = stands(*[press(name, 0, item=pk) for name, pk in steps], now=0)
    assert words in now.why_not(kind, item)


def test_a_planned_break_needs_no_other():
    now = stands(press("start", 0), now=0, items=(Item(1, 10, "Break", kind="break"),))
    assert "a break already" in now.why_not("break")


# --- Whatever is pressed, in whatever order -------------------------------------------------------------

some_items = st.lists(
    st.builds(
        lambda minutes, kind, counted, left_out: (minutes, kind, counted, left_out),
        st.integers(0, 40),
        st.sampled_from(["discussion", "film", "break"]),
        st.sampled_from([True, True, True, False]),
        st.booleans(),
    ),
    max_size=7,
).map(
    lambda rows: [
        Item(pk, minutes, f"Item {pk}", kind, counted, left_out)
        for pk, (minutes, kind, counted, left_out) in enumerate(rows, start=1)
    ]
)


@st.composite
def evenings(draw):
    """Items, any steps in any order at any time (also back in time), and a moment to look."""
    items = draw(some_items)
    steps, clock = ([press("start", 0)] if draw(st.integers(0, 3)) else []), 0.0
    for _ in range(draw(st.integers(0, 14))):
        clock += draw(st.sampled_from([0, 0, 0.5, 3, 7, 25, 300, -4]))
        kind = draw(st.sampled_from(list(Kind)))
        named = draw(st.none() | st.integers(1, 8))
        steps.append(press(kind.value, clock, item=named, minutes=draw(st.integers(1, 60))))
    return items, steps, clock + draw(st.sampled_from([0, 1, 20, 2000, -30]))


def accounted(now):
    return sum(now.stand.spent.values()) + now.stand.breaks + now.stand.free


@given(evenings())
def test_every_second_since_the_start_is_somewhere_and_only_once(evening):
    items, steps, moment = evening
    now = running.state(items, steps, at(moment))
    if now.phase == Phase.BEFORE:
        assert accounted(now) == 0
    else:
        end = now.stand.ended_at or now.at
        assert accounted(now) == pytest.approx((end - now.stand.started_at).total_seconds())
    assert all(seconds >= 0 for seconds in now.stand.spent.values())


@given(evenings())
def test_an_item_is_in_one_place_only(evening):
    items, steps, moment = evening
    now = running.state(items, steps, at(moment))
    stand = now.stand
    places = [*stand.queue, *([] if stand.now is None else [stand.now]), *stand.out, *stand.over]
    assert sorted(places) == sorted(item.pk for item in items if item.counted)
    assert len(now.outcomes()) == len(places)


@given(evenings())
def test_behind_is_the_sum_of_what_made_it_so(evening):
    items, steps, moment = evening
    now = running.state(items, steps, at(moment), starts_at=START)
    if now.phase == Phase.BEFORE:
        assert now.behind == 0
        return
    late = (now.stand.started_at - now.plan_starts_at).total_seconds()
    planned = {pk: 60 * item.minutes for pk, item in now.items.items()}
    differences = late + now.stand.breaks + now.stand.free
    if now.phase == Phase.BREAK:
        differences += max(0, now.left)
    for pk, item in now.items.items():
        spent = now.stand.spent.get(pk, 0)
        if pk == now.stand.now and now.phase != Phase.ENDED:
            expected = max(spent, planned[pk] + 60 * now.stand.more.get(pk, 0))
        elif pk in now.stand.queue and now.phase != Phase.ENDED:
            expected = spent + planned[pk]
        else:
            expected = spent
        differences += expected - (0 if item.left_out else planned[pk])
    assert now.behind == pytest.approx(differences)


@given(evenings(), st.integers(0, 500), st.integers(0, 500))
def test_time_goes_forward_only(evening, before, after):
    items, steps, _ = evening
    earlier, later = sorted([before, after])
    first, second = (running.state(items, steps, at(moment)) for moment in (earlier, later))
    assert accounted(second) >= accounted(first)
    assert (second.item, second.next, second.phase) == (first.item, first.next, first.phase)
    assert second.left <= first.left
    assert second.behind >= first.behind


@given(evenings())
def test_undo_is_the_way_back(evening):
    """A step and its undo leave everything as it would be without them."""
    items, steps, moment = evening
    now = running.state(items, steps, at(moment))
    for kind in (Kind.FINISH, Kind.EXTEND, Kind.BREAK, Kind.END):
        if not now.why_not(kind):
            last = max([step.at for step in steps])
            there_and_back = [Step(kind, None, 5, last), Step(Kind.UNDO, None, None, last)]
            again = running.state(items, [*steps, *there_and_back], at(moment))
            assert (again.stand, again.taken) == (now.stand, now.taken)


# --- Films ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "starts_at", "opened"),
    [
        ("https://www.youtube.com/watch?v=abc", "2:20", "https://www.youtube.com/watch?v=abc&t=140"),
        ("https://youtu.be/abc", "1:02:20", "https://youtu.be/abc?t=3740"),
        ("https://youtu.be/abc?t=5", "2:20", "https://youtu.be/abc?t=140"),
        ("https://www.youtube.com/embed/abc", "2:20", "https://www.youtube.com/embed/abc?start=140"),
        ("https://vimeo.com/123", "2:20", "https://vimeo.com/123#t=140s"),
        ("https://example.org/film.mp4", "2:20", "https://example.org/film.mp4"),
        ("https://youtu.be/abc", "", "https://youtu.be/abc"),
        ("https://youtu.be/abc", "later", "https://youtu.be/abc"),
        ("https://notyoutube.com/abc", "2:20", "https://notyoutube.com/abc"),
        ("", "2:20", ""),
    ],
)
def test_a_film_opens_at_its_start_point(url, starts_at, opened):
    film = Resource(url=url, starts_at=starts_at)
    assert running.at_start(film.url, film.starts_at) == opened


def test_the_table_in_the_docs_is_the_one_that_is_kept():
    page = (settings.BASE_DIR / "docs/decisions/running-a-session.md").read_text()
    rows = [line.strip("| \n").split("|") for line in page.splitlines() if line.startswith("| ")]
    told = {
        row[0].strip(): [len(cell.strip()) > 0 for cell in row[1:]] for row in rows if row[0].strip() in Kind.values
    }
    kept = {kind.value: [kind in MAY[phase] for phase in Phase] for kind in Kind}
    assert {kind: (cells + [False] * 4)[:4] for kind, cells in told.items()} == kept
