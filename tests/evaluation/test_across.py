"""E6: what is read some groups at a time is what all of them at once would say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.across import Asked, Chunk, Pool, middle
from evaluation.across_beside import Basis, told
from evaluation.figures import (
    ACROSS,
    DomainSpec,
    Figures,
    PersonRow,
    QuestionSpec,
    Scores,
    SessionRow,
    SheetRow,
    figures,
)

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

    def one(domain):
        change = domain.change
        if change is None or change.mean is None:
            return domain
        mean = replace(change.mean, **{end: round(getattr(change.mean, end), 9) for end in ("mean", "low", "high")})
        size = change.standardised if change.standardised is None else round(change.standardised, 9)
        return replace(domain, change=replace(change, mean=mean, standardised=size))

    return replace(made, domains=tuple(map(one, made.domains)))


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
    card = (Scores({"wellbeing": 1.0}), Scores({"wellbeing": 2.0}))
    pool.add(Chunk(cohorts=1, people=rows, sessions=[], domains=DOMAINS[:1], cards=[card] * 6, counted=6))
    domain = pool.figures().domains[0]
    assert (domain.pairs, domain.neither, domain.of) == (6, 2, 8)
    assert domain.at_start is None


def test_the_median_of_an_even_number_lies_midway():
    assert middle({1: 2, 4: 2}) == 2.5
    assert middle({1: 1, 3: 1, 9: 1}) == 3
    with pytest.raises(ValueError, match="No number"):
        middle({})


# --- Beside reports made before ---------------------------------------------------------------------------


def report(*sizes: int, after: float = 2.0) -> tuple[Figures, dict[str, Basis]]:
    """Groups a, b, c … of so many people, all of whom answered both times."""
    rows = [(answered(size, after=after), [SessionRow(1, "Signs", 90, held=True)], []) for size in sizes]
    return pooled(rows), {name: Basis(n, n, n) for name, n in zip("abcdefgh", sizes, strict=False)}


def test_alone_everything_that_rests_on_enough_people_is_told():
    made = told(*report(8, 8, 8), [], **LEAST)
    assert made.edition == ACROSS and made.least == 10
    assert made.domains[0].change and made.sessions[0].present == 24


@pytest.mark.parametrize("few", [1, 8, 9])
def test_two_reports_that_differ_by_a_small_group_do_not_subtract_to_it(few):
    whole, bases = report(8, 8, 8)
    first = told(whole, bases, [], **LEAST)
    later = told(*report(8, 8, 8, few), [(first, bases)], **LEAST)
    assert all(domain.change is None for domain in later.domains)
    assert later.domains[0].held == "differs"
    assert later.sessions[0].present is None and not later.reach.by_source and not later.feedback.sheets
    assert later.reach.started == 24 + few, "how many started may always be told"


def test_two_reports_that_differ_by_ten_people_are_both_told():
    whole, bases = report(8, 8, 8)
    first = told(whole, bases, [], **LEAST)
    later = told(*report(8, 8, 8, 8, 8), [(first, bases)], **LEAST)
    assert later.domains[0].change and later.sessions[0].present == 40


def test_a_small_group_is_not_told_beside_those_that_teams_are_shown():
    """Two people with a group of eight are ten; but the eight are on their own team's page."""
    whole, bases = report(8, 8, 8)
    first = told(whole, bases, [], **LEAST)
    assert told(*report(8, 8, 8, 2, 8), [(first, bases)], **LEAST).domains[0].change is None


def test_three_reports_do_not_add_up_to_a_small_group():
    """All less the first two groups less the last two leaves one, though each two of them differ by enough."""
    everybody, first, last = (1, 1, 1, 1, 1), (1, 1, 0, 0, 0), (0, 0, 0, 1, 1)
    made = []
    for chosen in (everybody, first, last):
        sizes = [8 * there for there in chosen]
        whole, bases = report(*sizes)
        bases = {group: basis for group, basis in bases.items() if basis.started}
        made.append((told(whole, bases, made, **LEAST), bases))
    assert made[0][0].domains[0].change and made[1][0].domains[0].change
    assert made[2][0].domains[0].change is None


def test_few_who_came_since_are_held_back_until_they_are_enough():
    whole, bases = report(4, 4, 4)
    first = told(whole, bases, [], **LEAST)
    assert told(*report(4, 4, 5), [(first, bases)], **LEAST).domains[0].change is None
    assert told(*report(8, 8, 8), [(first, bases)], **LEAST).domains[0].change


def test_the_same_report_again_says_the_same():
    whole, bases = report(8, 8, 8)
    first = told(whole, bases, [], **LEAST)
    assert told(whole, bases, [(first, bases)], **LEAST) == first


def test_somebody_who_withdrew_and_somebody_who_came_are_held_back_too():
    """As many pairs as before, and other answers."""
    whole, bases = report(8, 8, 8)
    first = told(whole, bases, [], **LEAST)
    other, _ = report(8, 8, 8, after=3.0)
    assert told(other, bases, [(first, bases)], **LEAST).domains[0].change is None
