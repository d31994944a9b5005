import json
import random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.calculation import figures, percent
from evaluation.figures.change import change
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow, SheetRow
from evaluation.figures.shapes import Delivery, Figures

ALL = frozenset(range(1, 7))
WELLBEING = DomainSpec("wellbeing", "Wellbeing", 0, 4)


def person(source="hub", attended=ALL, before=None, after=None, offered=True, expected=ALL, later=None) -> PersonRow:
    def scores(value):
        return None if value is None else Scores({"wellbeing": value})

    return PersonRow(
        source=source,
        offered=offered,
        attended=frozenset(attended),
        expected=frozenset(expected),
        before=scores(before),
        after=scores(after),
        later=scores(later),
    )


def of(people, **kwargs) -> Figures:
    return figures(people=people, sessions=kwargs.pop("sessions", []), domains=[WELLBEING], **kwargs)


# --- Formulas against published numbers ------------------------------------------------------------


def test_percentages_only_from_ten_people_and_halves_go_up():
    assert percent(5, 9) is None
    assert percent(5, 10) == 50
    assert percent(1, 40) == 3, "2.5 %"


# --- Who counts ------------------------------------------------------------------------------------


def test_whoever_answered_both_times_is_in_the_change_whatever_the_register_says():
    ticked = [person(before=1, after=3), person(before=2, after=2), person(before=2)]
    without = [person(before=1, after=3, attended=()), person(before=2, after=2), person(before=2)]
    before, now = (of(people).domains[0] for people in (ticked, without))
    assert now.change == before.change and (now.pairs, now.of) == (2, 3)
    assert of(without).reach.started == 2
    assert of([*ticked, person(before=2, attended=())]).domains[0].of == 3, "not who answered before and never came"


def test_three_months_later_too():
    rows = [person(before=1, later=3, attended=()), person(before=2, later=2)]
    assert of(rows).domains[0].later.pairs == 2


def test_how_answers_came_counts_them_all():
    assert sum(way.n for way in of([person(before=1, attended=()), person(before=1, after=2)]).ways) == 3


# --- Reach, attendance, delivery -------------------------------------------------------------------


def test_reach_counts_each_step_and_by_source():
    result = of(
        [
            person("hub"),
            person("hub", attended={1, 2, 3}),
            person("community", attended=()),
            person("community", attended=(), offered=False),
        ]
    ).reach
    assert (result.referred, result.offered, result.started, result.completed) == (4, 3, 2, 1)
    assert [(row.source, row.referred, row.offered, row.started, row.completed) for row in result.by_source] == [
        ("community", 2, 1, 0, 0),
        ("hub", 2, 2, 2, 1),
    ]


@pytest.mark.parametrize(
    ("sessions", "attended", "completed"), [(6, 4, True), (6, 3, False), (1, 1, True), (5, 4, True), (5, 3, False)]
)
def test_completed_is_two_thirds_of_the_sessions(sessions, attended, completed):
    row = PersonRow("hub", sessions=sessions, attended=frozenset(range(1, attended + 1)))
    assert row.completed is completed


def test_nobody_completes_what_they_never_started():
    assert not PersonRow("hub", sessions=0).completed


def test_dose_is_the_median_and_how_many_came_how_often_of_those_who_started():
    result = of([person(attended=()), person(attended={1}), person(attended={1, 2, 3}), person()]).dose
    assert (result.people, result.median) == (3, 3.0)
    assert [(band.low, band.people) for band in result.spread] == [(1, 1), (2, 0), (3, 1), (4, 0), (5, 0), (6, 1)]


def test_sessions_count_those_present_of_those_expected():
    sessions = [SessionRow(1, "Welcome", 90, held=True), SessionRow(2, "Signs", 80, held=False)]
    people = [person(attended={1}, expected={1}), person(attended=(), expected={1}), person(attended={1}, expected=())]
    first, second = of(people, sessions=sessions).sessions
    assert (first.present, first.expected, first.held, first.planned, first.minutes) == (2, 3, 1, 1, 90)
    assert (second.present, second.held, second.planned, second.minutes) == (0, 0, 1, 0)


def test_sessions_of_several_cohorts_are_taken_together_by_number():
    sessions = [SessionRow(1, "Welcome", 90, held=True), SessionRow(1, "Welcome", 90, held=False)]
    result = of([], sessions=sessions, cohorts=2)
    assert len(result.sessions) == 1
    assert (result.sessions_planned, result.sessions_held, result.minutes_held) == (2, 1, 90)


# --- Feedback --------------------------------------------------------------------------------------


def test_feedback_counts_each_option_and_says_what_it_rests_on():
    question = QuestionSpec("useful", "Was it useful?", ("No", "A bit", "Yes"))
    sheets = [
        SheetRow({"useful": 2}),
        SheetRow({"useful": 2}, way="paper"),
        SheetRow({"useful": 0}),
        SheetRow({}, way="paper"),
    ]
    result = of([], sheets=sheets, questions=[question], asked=8).feedback
    assert (result.sheets, result.asked) == (4, 8)
    assert [(way.way, way.n) for way in result.ways] == [("online", 2), ("paper", 2)]
    assert (result.questions[0].n, result.questions[0].counts, result.questions[0].median) == (3, (1, 0, 2), 2.0)


def test_a_choice_has_no_median():
    question = QuestionSpec("liked", "What did you like?", ("Films", "Talk"), ordered=False)
    sheets = [SheetRow({"liked": 1}), SheetRow({"liked": 1})]
    assert of([], sheets=sheets, questions=[question]).feedback.questions[0].median is None


# --- Change ----------------------------------------------------------------------------------------


def test_pairs_and_what_is_missing_add_up_to_those_who_started_and_those_with_a_pair():
    people = [
        person(before=1, after=2),
        person(before=1),
        person(after=1),
        person(),
        person(attended=(), before=1, after=4),
        person(attended=(), before=1),  # never came and answered once: in none of it
        person(attended=(), after=1),
    ]
    domain = of(people).domains[0]
    assert (domain.pairs, domain.before_only, domain.after_only, domain.neither, domain.of) == (2, 1, 1, 1, 5)


def test_change_is_the_median_of_changes_not_the_difference_of_medians():
    result = change([(1, 3), (2, 2), (3, 3.5), (4, 1)])
    assert (result.before, result.after) == (2.5, 2.5)
    assert (result.median, result.low, result.high) == (0.25, -3, 2)
    assert (result.better, result.same, result.worse) == (2, 1, 1)


def test_a_step_says_what_counts_as_the_same():
    result = change([(1, 1.5), (1, 2), (2, 1.5), (2, 0)], step=0.5)
    assert (result.better, result.same, result.worse) == (1, 2, 1)


def test_means_of_thirds_that_are_the_same_count_as_the_same():
    assert change([(0.1 + 0.2, 0.3)]).same == 1


def test_nobody_answered_both_times():
    domain = of([person(before=1)]).domains[0]
    assert (domain.pairs, domain.change) == (0, None)


def test_lines_are_sorted_so_that_nobody_can_be_followed():
    people = [person(before=3, after=4), person(before=1, after=2), person(before=1, after=0)]
    result = of(people).domains[0].change
    assert result is not None and result.lines == ((1, 0), (1, 2), (3, 4))


def test_one_cohort_has_lines_and_no_mean_pooled_has_a_mean_from_thirty_pairs_and_no_lines():
    people = [person(before=k % 3, after=2) for k in range(30)]
    alone, pooled, short = of(people), of(people, cohorts=4), of(people[:29], cohorts=4)
    assert alone.domains[0].change.mean is None and len(alone.domains[0].change.lines) == 30
    assert pooled.domains[0].change.mean.mean == pytest.approx(1.0) and pooled.domains[0].change.lines is None
    assert short.domains[0].change.mean is None


def test_those_who_stayed_are_compared_at_the_start_with_those_who_left():
    people = [person(before=1), person(before=2), person(before=4, attended={1}), person(before=3, attended=())]
    start = of(people).domains[0].at_start
    assert (start.completed, start.completed_median, start.others, start.others_median) == (2, 1.5, 2, 3.5)


# --- As a whole ------------------------------------------------------------------------------------

scores = st.none() | st.integers(0, 16).map(lambda n: n / 4)
rows = st.lists(
    st.builds(
        person,
        source=st.sampled_from(["hub", "community", "caseload"]),
        attended=st.frozensets(st.integers(1, 6)),
        before=scores,
        after=scores,
        later=scores,
        offered=st.booleans(),
    ),
    max_size=14,
)
SESSIONS = [SessionRow(n, f"Session {n}", 90, held=n < 6) for n in range(1, 7)]


@given(rows, st.randoms(use_true_random=False), st.integers(1, 2))
def test_the_order_of_rows_makes_no_difference(people, shuffler: random.Random, cohorts):
    sheets = [SheetRow({"q": len(row.attended) % 3}) for row in people]
    question = [QuestionSpec("q", "?", ("a", "b", "c"))]
    first = of(people, sessions=SESSIONS, sheets=sheets, questions=question, cohorts=cohorts)
    people, sessions, sheets = list(people), list(SESSIONS), list(sheets)
    for each in (people, sessions, sheets):
        shuffler.shuffle(each)
    assert of(people, sessions=sessions, sheets=sheets, questions=question, cohorts=cohorts) == first


@given(rows)
def test_figures_come_back_from_json_as_they_were(people):
    sheets = [SheetRow({"q": 1}, way="paper")] * len(people)
    result = of(people, sessions=SESSIONS, sheets=sheets, questions=[QuestionSpec("q", "?", ("a", "b"))], cohorts=1)
    assert Figures.from_dict(json.loads(json.dumps(result.to_dict()))) == result


@given(rows)
def test_counts_agree_with_one_another(people):
    result = of(people, sessions=SESSIONS)
    reach = result.reach
    assert reach.referred >= reach.offered >= reach.started >= reach.completed
    for step in ("referred", "offered", "started", "completed"):
        assert sum(getattr(row, step) for row in reach.by_source) == getattr(reach, step)
    domain = result.domains[0]
    assert domain.pairs + domain.before_only + domain.after_only + domain.neither == domain.of
    assert reach.started <= domain.of <= reach.started + domain.pairs
    if domain.change:
        assert domain.change.better + domain.change.same + domain.change.worse == domain.pairs
        assert domain.change.median == pytest.approx(median(after - before for before, after in domain.change.lines))


def test_the_items_of_a_plan_are_all_of_its_own_whatever_became_of_them():
    made = Delivery(done=10, shortened=4, extended=3, left_out=2, added=1)
    assert (made.planned_items, made.changed) == (19, 10)
