"""A report over many groups, compared with what these groups' own versions tell of the same people."""

from dataclasses import replace

import pytest

from evaluation.across import counts as of
from evaluation.across.counts import Release
from evaluation.across.group_tables import GroupTables
from evaluation.across.suppression import PriorReleases
from evaluation.disclosure.combining import SingleGroups
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.suppression import TEAM
from evaluation.figures.shapes import AtStart, Band, Dose, Figures, Later, Reach, SourceReach
from tests.evaluation import samples

HUB, CASELOAD = 20, 15


def by_source(hub: int, caseload: int, *, started: bool = True) -> Figures:
    def row(source: str, n: int) -> SourceReach:
        return SourceReach(source, n, n if started else None, n if started else None, n if started else None)

    rows = tuple(row(source, n) for source, n in (("hub", hub), ("caseload", caseload)) if n)
    total = hub + caseload
    return replace(samples.whole(), reach=Reach(total, total, total, total, by_source=rows))


def tables(**groups: Figures) -> GroupTables:
    made = GroupTables()
    for code, figures in groups.items():
        made.note(code, figures.to_dict())
    return made


@pytest.mark.parametrize(
    ("versions", "few"),
    [
        ({}, False),
        ({"a": by_source(10, 8), "b": by_source(10, 7)}, False),
        ({"a": by_source(10, 8), "b": by_source(9, 7)}, True),
        ({"a": by_source(10, 8), "b": by_source(10, 8)}, True),
        ({"a": by_source(10, 8)}, False),
        ({"a": by_source(10, 8), "b": by_source(7, 5)}, True),
        ({"a": by_source(18, 5)}, True),
        ({"a": by_source(10, 8), "b": by_source(10, 7, started=False)}, False),
    ],
    ids=[
        "none has told anything",
        "nothing has happened since",
        "one from the hub has come since",
        "one from the caseload has gone since",
        "a group that tells nothing is large enough",
        "three and two have come since",
        "of the group that tells nothing two are from the hub",
        "what is told of some steps only is taken away at those",
    ],
)
def test_few_people_left_of_a_source_are_seen(versions, few):
    assert tables(**versions).leave_few_sources(by_source(HUB, CASELOAD), TEAM) == few


def test_the_table_that_was_told_last_counts():
    versions = tables(a=by_source(10, 8), b=by_source(9, 7))
    versions.note("b", by_source(10, 7).to_dict())
    versions.note("b", replace(by_source(10, 7), reach=Reach(17, 17, 17, 17)).to_dict())
    assert not versions.leave_few_sources(by_source(HUB, CASELOAD), TEAM)


def test_those_put_together_are_taken_away_where_they_are_the_same_ones():
    rows = (SourceReach("hub", 12, None, None, None), SourceReach("", 12, None, None, None))
    made = replace(samples.whole(), reach=Reach(24, 20, 20, 20, by_source=rows))
    ten, caseload = replace(rows[1], referred=10), SourceReach("caseload", 12, None, None, None)
    same = replace(made, reach=replace(made.reach, by_source=(rows[0], ten)))
    others = replace(made, reach=replace(made.reach, by_source=(caseload, rows[1])))
    assert tables(a=same).leave_few_sources(made, TEAM)
    assert not tables(a=others).leave_few_sources(made, TEAM)


def dosed(*bands: tuple[int, int, int]) -> Figures:
    spread = tuple(Band(*band) for band in bands)
    return replace(samples.whole(), dose=Dose(people=sum(band.people for band in spread), median=4.0, spread=spread))


def test_few_people_left_of_those_who_came_often_are_seen():
    made = dosed((1, 3, 12), (4, 6, 30))
    assert tables(a=dosed((1, 3, 6), (4, 6, 28))).leave_few_bands(made, TEAM)
    assert not tables(a=dosed((1, 3, 6), (4, 6, 20))).leave_few_bands(made, TEAM)
    assert not tables(a=dosed((1, 4, 6), (5, 6, 28))).leave_few_bands(made, TEAM), "another cut says nothing of it"
    assert not tables().leave_few_bands(made, TEAM)


HUB_ALONE = Reach(14, 14, 14, 14, by_source=(SourceReach("hub", 14, None, None, None),))


@pytest.mark.parametrize(
    ("number", "which", "first", "second"),
    [
        (of.sources, (), ("source", "hub", "referred"), ("source", "hub", "completed")),
        (of.answered, (), ("sheet", "link"), ("sheet", "paper")),
        (
            of.pairs,
            ("wellbeing",),
            ("pairs", "wellbeing", "wellbeing", "better"),
            ("pairs", "wellbeing", "wellbeing", "same"),
        ),
        (
            of.later,
            ("wellbeing",),
            ("later", "wellbeing", "wellbeing", "better"),
            ("later", "wellbeing", "wellbeing", "same"),
        ),
        (
            of.at_start,
            ("wellbeing",),
            ("start", "completed", "wellbeing", "a"),
            ("start", "completed", "wellbeing", "b"),
        ),
    ],
    ids=["sources", "sheets", "pairs", "later", "at the start"],
)
def test_what_a_groups_own_page_tells_as_one_number_is_taken_away_as_one(number, which, first, second):
    """One group has eleven people, four in one column and seven in another, and its page tells them together; of the
    report's fourteen that leaves the other group's three."""
    counts = Counts()
    counts.add("eleven", {first: 4, second: 7})
    counts.add("three", {first: 2, second: 1})
    figures = samples.whole()
    followed = replace(figures.domains[0], later=Later(14, 1.0, 6, 8), at_start=AtStart(14, 2.0, 0, 2.0))
    now = Release(replace(figures, reach=HUB_ALONE, domains=(followed,)), counts)
    assert number(now, *which)
    prior = PriorReleases(before=(), least=10, inside=SingleGroups(5), outside=SingleGroups(10))
    assert not prior.may(now, number, *which)
