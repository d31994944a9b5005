"""E6: what is read some groups at a time is what all of them at once would say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.across.counts import Release, add
from evaluation.across.pool import Asked, Chunk, Pool, middle
from evaluation.across.suppression import PriorReleases, figures_to_release
from evaluation.disclosure.combining import SingleGroups
from evaluation.disclosure.counts import Counts
from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow, SheetRow
from evaluation.figures.shapes import ACROSS, Figures, Suggestions

LEAST = {"team": 5, "shared": 10}
DOMAINS = [DomainSpec("wellbeing", "Wellbeing", 0.0, 4.0), DomainSpec("goal", "Their own goal", 0.0, 10.0)]
QUESTIONS = [QuestionSpec("welcome", "Did you feel welcome?", ("No", "Some", "Yes"))]

values = st.one_of(st.none(), st.integers(0, 12).map(lambda third: third / 3))
scores = st.one_of(
    st.none(),
    st.builds(
        lambda one, other, way: Scores({"wellbeing": one, "goal": other}, way),
        values,
        values,
        st.sampled_from(["online", "paper"]),
    ),
)
people = st.builds(
    PersonRow,
    source=st.sampled_from(["hub", "community", "interest"]),
    offered=st.booleans(),
    attended=st.frozensets(st.integers(1, 6)),
    expected=st.just(frozenset(range(1, 7))),
    before=scores,
    after=scores,
    later=scores,
)


def session(number: int) -> st.SearchStrategy[SessionRow]:
    return st.builds(
        SessionRow,
        number=st.just(number),
        title=st.just("Signs"),
        minutes=st.just(90),
        held=st.booleans(),
        took=st.one_of(st.none(), st.just(93.4)),
        planned=st.just(85),
        items=st.dictionaries(st.sampled_from(["done", "shortened", "added"]), st.integers(0, 5)),
    )


sessions = st.tuples(*map(session, range(1, 7)))  # nobody is expected at a session that their group does not have
sheets = st.builds(
    SheetRow, st.dictionaries(st.just("welcome"), st.integers(0, 2)), st.sampled_from(["online", "paper"])
)
groups = st.lists(
    st.tuples(st.lists(people, max_size=12), sessions, st.lists(sheets, max_size=8)),
    min_size=2,
    max_size=6,
)


def chunk(rows, cohorts=1) -> Chunk:
    of, held, answered = rows
    return Chunk(
        cohorts=cohorts, people=of, sessions=held, domains=DOMAINS, feedback=[Asked(answered, QUESTIONS, len(of))]
    )


def pooled(rows) -> Figures:
    pool = Pool()
    for group in rows:
        pool.add(chunk(group))
    return pool.figures()


def at_once(rows) -> Figures:
    return figures(
        people=[person for group in rows for person in group[0]],
        sessions=[session for group in rows for session in group[1]],
        domains=DOMAINS,
        sheets=[sheet for group in rows for sheet in group[2]],
        questions=QUESTIONS,
        asked=sum(len(group[0]) for group in rows),
        cohorts=len(rows),
    )


def rounded(made: Figures) -> Figures:
    """Sums of the same numbers in another order differ in their last digits."""

    def domain_rounded(domain):
        change = domain.change
        if change is None or change.mean is None:
            return domain
        mean = replace(change.mean, **{end: round(getattr(change.mean, end), 9) for end in ("mean", "low", "high")})
        size = change.standardised if change.standardised is None else round(change.standardised, 9)
        return replace(domain, change=replace(change, mean=mean, standardised=size))

    return replace(made, domains=tuple(map(domain_rounded, made.domains)))


@settings(max_examples=25)
@given(groups)
def test_group_by_group_is_the_same_as_all_at_once(rows):
    assert rounded(pooled(rows)) == rounded(at_once(rows))


@settings(max_examples=10)
@given(groups)
def test_the_order_of_groups_makes_no_difference(rows):
    assert rounded(pooled(rows)) == rounded(pooled(rows[::-1]))


def answered(n: int, before: float = 1.0, after: float = 2.0) -> list[PersonRow]:
    row = PersonRow("hub", offered=True, attended=frozenset({1, 2, 3, 4}), expected=frozenset(range(1, 7)))
    return [replace(row, before=Scores({"wellbeing": before}), after=Scores({"wellbeing": after})) for _ in range(n)]


@pytest.mark.parametrize(("pairs", "has_mean"), [(29, False), (30, True)])
def test_a_mean_with_its_interval_from_thirty_pairs(pairs, has_mean):
    change = pooled([(answered(8), [], []), (answered(pairs - 8, after=1.5), [], [])]).domains[0].change
    assert (change.mean is not None) is has_mean


def test_cards_stand_for_people_of_their_group():
    """Eight started, six cards answered both times: six of eight, whoever they are."""
    rows = [replace(person, before=None, after=None) for person in answered(8)]
    pool = Pool()
    card = (Scores({"wellbeing": 1.0}), Scores({"wellbeing": 2.0}), None)
    pool.add(Chunk(cohorts=1, people=rows, sessions=[], domains=DOMAINS[:1], cards=[card] * 6, counted=6))
    domain = pool.figures().domains[0]
    assert (domain.pairs, domain.neither, domain.of) == (6, 2, 8)
    assert domain.at_start is None


def test_suggestions_made_and_answered_add_up():
    pool = Pool()
    for made, answered in ((4, 3), (2, 2), (None, None)):
        pool.add(Chunk(cohorts=1, people=[], sessions=[], suggestions=Suggestions(made, answered)))
    assert pool.figures().suggestions == Suggestions(6, 5)


def test_the_median_of_an_even_number_lies_midway():
    assert middle({1: 2, 4: 2}) == 2.5
    assert middle({1: 1, 3: 1, 9: 1}) == 3
    with pytest.raises(ValueError, match="No number"):
        middle({})


# --- Compared with earlier reports ---------------------------------------------------------------------------


def report(after: float = 2.0, **groups: int) -> tuple[Figures, Counts]:
    """report(a=8, b=4): two groups of so many people, all of whom answered both times, and a sheet each."""
    pool, counts = Pool(), Counts()
    for name, size in groups.items():
        rows = chunk(
            (answered(size, after=after), [SessionRow(1, "Signs", 90, held=True)], [SheetRow({"welcome": 2})] * size)
        )
        pool.add(rows)
        add(counts, name, rows)
    return pool.figures(), counts


def released(made: tuple[Figures, Counts], *before: Release) -> Release:
    return Release(figures_to_release(*made, PriorReleases(before, 10, SingleGroups(5), SingleGroups(10))), made[1])


def change(release: Release):
    return release.figures.domains[0].change


THREE = {"a": 8, "b": 8, "c": 8}


def test_alone_everything_that_rests_on_enough_people_is_told():
    made = released(report(**THREE)).figures
    assert made.edition == ACROSS and made.least == 10
    assert made.domains[0].change and made.sessions[0].present == 24 and made.feedback.sheets == 24


@pytest.mark.parametrize("few", [1, 8, 9])
def test_two_reports_that_differ_by_a_small_group_do_not_subtract_to_it(few):
    first = released(report(**THREE))
    later = released(report(**THREE, d=few), first).figures
    assert (later.domains[0].change, later.domains[0].held, later.domains[0].pairs) == (None, "differs", 0)
    assert later.sessions[0].present is None and not later.reach.by_source and later.feedback.sheets is None
    assert later.reach.started == 24 + few, "how many started may always be told"


def test_two_reports_that_differ_by_ten_people_are_both_told():
    later = released(report(**THREE, d=8, e=8), released(report(**THREE)))
    assert change(later) and later.figures.sessions[0].present == 40


def test_a_small_group_is_not_told_beside_those_that_teams_are_shown():
    """Two people with a group of eight are ten; but the eight are on their own team's page."""
    assert change(released(report(**THREE, d=2, e=8), released(report(**THREE)))) is None


def test_three_reports_do_not_add_up_to_a_small_group():
    """All less the first two groups less the last two leaves one, though each two of them differ by enough."""
    everybody = released(report(**dict.fromkeys("abcde", 8)))
    first = released(report(a=8, b=8), everybody)
    last = released(report(d=8, e=8), everybody, first)
    assert change(everybody) and change(first)
    assert change(last) is None


def test_few_who_came_since_are_held_back_until_they_are_enough():
    first = released(report(a=4, b=4, c=4))
    assert change(released(report(a=4, b=4, c=5), first)) is None
    assert change(released(report(**THREE), first))


def test_the_same_report_again_says_the_same():
    first = released(report(**THREE))
    assert released(report(**THREE), first).figures == first.figures


def test_somebody_who_withdrew_and_somebody_who_came_are_held_back_too():
    """As many pairs as before, and other answers."""
    assert change(released(report(**THREE, after=3.0), released(report(**THREE)))) is None


def test_a_source_that_would_stand_out_between_two_reports_is_not_told():
    """Ten more people, nine of them from the hub: the table of the second would tell of the one."""
    first, second = report(**THREE), report(**THREE)
    pool = Pool()
    rows = chunk((answered(10), [], []))
    rows = replace(rows, people=[replace(rows.people[0], source="community"), *rows.people[1:]])
    both = chunk((answered(24), [], []))
    many = replace(both, people=[replace(person, source="community") for person in both.people])
    for group, people in (("many", many), ("d", rows)):
        pool.add(people)
        add(second[1], group, people)
    pool.add(both)
    pool_before = Pool()
    pool_before.add(both)
    pool_before.add(many)
    add(first[1], "many", many)
    earlier = released((pool_before.figures(), first[1]))
    assert len(earlier.figures.reach.by_source) == 2
    later = released((pool.figures(), second[1]), earlier).figures
    assert later.domains[0].change and not later.reach.by_source


def test_how_many_got_worse_between_two_reports_is_not_worked_out():
    """Twelve more people, one of whom got worse."""
    first, twelve = report(a=12, b=12), report(c=12)
    assert change(released(first)).better == 24
    worse = chunk((answered(11) + answered(1, after=0.0), [], []))
    pool = Pool()
    for rows in (chunk((answered(12), [], [])), chunk((answered(12), [], [])), worse):
        pool.add(rows)
    add(first[1], "c", worse)
    assert twelve
    later = change(released((pool.figures(), first[1]), released(report(a=12, b=12))))
    assert later and (later.better, later.same, later.worse) == (None, None, None)
