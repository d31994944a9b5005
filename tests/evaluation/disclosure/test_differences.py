"""What is published now, compared with all that was published before, and the edition to share."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from evaluation.disclosure.differencing import bases
from evaluation.disclosure.pooling import closes
from evaluation.disclosure.suppression import SHARED, TEAM, hold_back, outside, shared
from evaluation.figures.rows import PersonRow, SheetRow
from evaluation.figures.shapes import Figures, Suggestions
from tests.evaluation import samples
from tests.evaluation.disclosure.test_disclosure import QUESTION, group
from tests.evaluation.figures.test_figures import ALL, SESSIONS, of, person, rows

# --- Compared with what was told before -------------------------------------------------------------------


def test_somebody_who_answered_only_before_and_withdraws_shows_in_no_difference():
    people = group(6) + [person(before=k % 4, attended={1}) for k in range(7)]
    version = hold_back(of(people), TEAM)
    assert version.domains[0].at_start is not None
    gone = [*people[:-1], person(attended={1})]
    again = hold_back(of(gone), TEAM, earlier=[version])
    assert again.domains[0].at_start is None and again.ways[0].n is None
    since = hold_back(of(gone), TEAM, told_before=[bases(version)])
    assert since.domains[0].at_start is None and since.ways[0].n is None


def test_which_answer_those_without_a_pair_lack_does_not_show_who_withdrew():
    people = [*group(6), person(before=1), person(before=2)]
    version = hold_back(of(people), TEAM)
    assert version.domains[0].before_only == 2
    gone = of([*people[:-1], person()])
    for again in (hold_back(gone, TEAM, earlier=[version]), hold_back(gone, TEAM, told_before=[bases(version)])):
        domain = again.domains[0]
        assert (domain.before_only, domain.after_only, domain.neither) == (None, None, None)


@pytest.mark.parametrize(("more", "is_told"), [(TEAM - 1, False), (TEAM, True)])
def test_change_is_told_again_when_as_many_pairs_as_are_a_group_have_come_since(more, is_told):
    version = hold_back(of(group(6)), TEAM)
    assert version.domains[0].change
    again = hold_back(of(group(6 + more)), TEAM, earlier=[version])
    assert bool(again.domains[0].change) is is_told


def test_one_more_from_a_source_is_not_told_by_its_table():
    people = [person("hub") for _ in range(6)] + [person("community") for _ in range(5)]
    version = hold_back(of(people), TEAM)
    again = hold_back(of([*people, person("hub")]), TEAM, earlier=[version])
    assert version.reach.by_source and again.reach.by_source == ()


def test_a_register_corrected_after_publishing_does_not_say_who():
    people = [person() for _ in range(8)]
    version = hold_back(of(people, sessions=SESSIONS), TEAM)
    people[0] = person(attended=ALL - {3})
    again = hold_back(of(people, sessions=SESSIONS), TEAM, earlier=[version])
    assert again.sessions[2].present is None and again.sessions[1].present == 8
    assert again.dose.median is None and again.dose.spread == ()


def test_a_session_that_was_held_back_stays_so_when_one_more_is_written_down():
    """Five now, and too few before, are four before."""
    people = [person(attended=ALL - {3} if k < 4 else ALL) for k in range(8)]
    version = hold_back(of(people, sessions=SESSIONS), TEAM)
    assert version.sessions[2].present is None
    people[0] = person()
    again = hold_back(of(people, sessions=SESSIONS), TEAM, earlier=[version])
    assert again.sessions[2].present is None and again.sessions[1].present == 8


def test_how_many_forms_could_have_been_does_not_add_up_to_a_session_that_is_held_back():
    people = [person(attended=ALL - {3} if k < 4 else ALL) for k in range(8)]
    sheets = [SheetRow({})] * 30
    told_of = {"sessions": SESSIONS, "sheets": sheets, "asked": 44}
    assert hold_back(of(people, **told_of), TEAM).feedback.asked is None
    everybody = [person() for _ in range(8)]
    assert hold_back(of(everybody, **told_of), TEAM).feedback.asked == 44
    version = hold_back(of(everybody, **told_of), TEAM)
    again = hold_back(of([person(attended=ALL - {3}), *everybody[1:]], **told_of), TEAM, earlier=[version])
    assert again.sessions[2].present is None and again.feedback.asked is None


def test_nobody_reads_of_more_forms_than_there_could_have_been():
    """A tick taken back after the form was filled in."""
    told_of = {"sessions": SESSIONS, "sheets": [SheetRow({})] * 41, "asked": 39}
    feedback = hold_back(of([person() for _ in range(8)], **told_of), TEAM).feedback
    assert (feedback.sheets, feedback.asked) == (41, None)


@pytest.mark.parametrize(("sheets", "is_told"), [(8, True), (9, False), (12, False), (13, True), (7, False)])
def test_answers_to_a_question_are_not_told_where_a_few_have_come_since_or_are_gone(sheets, is_told):
    """Five are a group; one to four are what somebody said."""
    version = hold_back(of([], sheets=[SheetRow({"q": 2})] * 8, questions=QUESTION), TEAM)
    assert version.feedback.questions[0].counts == (0, 0, 8)
    now = of(
        [], sheets=[*[SheetRow({"q": 2})] * min(sheets, 8), *[SheetRow({"q": 1})] * (sheets - 8)], questions=QUESTION
    )
    (question,) = hold_back(now, TEAM, earlier=[version]).feedback.questions
    assert (question.counts is not None, question.median is not None) == (is_told, is_told)


def test_a_question_of_which_nothing_was_told_before_is_told_now():
    few = hold_back(of([], sheets=[SheetRow({"q": 2})] * 4, questions=QUESTION), TEAM)
    assert not few.feedback.questions or few.feedback.questions[0].counts is None
    now = of([], sheets=[SheetRow({"q": 2})] * 6, questions=QUESTION)
    assert hold_back(now, TEAM, earlier=[few]).feedback.questions[0].counts == (0, 0, 6)


@given(rows)
@settings(max_examples=25)
def test_published_again_with_nothing_changed_says_the_same(people):
    version = hold_back(of(people, sessions=SESSIONS), TEAM)
    assert hold_back(of(people, sessions=SESSIONS), TEAM, earlier=[version]) == version


# --- The edition to share --------------------------------------------------------------------------


@given(rows)
@settings(max_examples=25)
def test_what_is_shared_is_nobodys_line_and_no_small_count(people):
    whole = of(people, sessions=SESSIONS, methods={"gifts": 4, "debt": 11}, suggestions=Suggestions(3, 2))
    made = shared(whole, team=hold_back(whole, TEAM))
    assert (made.reach.referred, made.reach.started) == (whole.reach.referred, whole.reach.started)
    assert made.reach.by_source == () and made.suggestions.made is None and [row.n for row in made.methods] == [11]
    for domain in made.domains:
        change = domain.change
        assert domain.pairs >= SHARED and change.lines is None and change.low is None
        assert all(n is None or n == 0 or n >= SHARED for n in (change.better, change.same, change.worse))
    assert len(made.benefits) == (whole.domains[0].pairs >= TEAM)


def test_how_many_sessions_people_came_to_is_shared_only_where_the_team_is_told_it_too():
    whole = of([person(attended={1, 2, 3})] * 12 + [person()] * 12, sessions=SESSIONS)
    team = hold_back(whole, TEAM)
    assert team.dose.spread and shared(whole, team=team).dose == outside(whole).dose
    untold = replace(team, dose=replace(team.dose, spread=(), median=None))
    dose = shared(whole, team=untold).dose
    assert (dose.people, dose.spread, dose.median) == (24, (), None)


def test_a_question_is_shared_only_where_the_team_is_told_it_too():
    questions = (*QUESTION, replace(QUESTION[0], key="held"))
    sheets = [SheetRow({"q": 1, "held": 2})] * 47
    whole = of(group(12), sheets=sheets, questions=questions, asked=54)
    team = hold_back(whole, TEAM)
    withheld = tuple(replace(row, counts=None) if row.key == "held" else row for row in team.feedback.questions)
    team = replace(team, feedback=replace(team.feedback, questions=withheld))
    assert [row.key for row in outside(whole).feedback.questions] == ["q", "held"]
    assert [row.key for row in shared(whole, team=team).feedback.questions] == ["q"]


def test_better_alone_is_told_where_the_same_and_worse_are_few_each():
    people = [person(before=1, after=2)] * 12 + [person(before=1, after=1)] * 6 + [person(before=2, after=1)] * 5
    change = outside(of(people)).domains[0].change
    assert (change.better, change.same, change.worse) == (12, None, None)


def test_the_edition_to_share_comes_back_from_json_with_what_is_in_it():
    whole = samples.whole()
    made = shared(whole, team=hold_back(whole, TEAM), pooled=samples.whole(people=samples.people() * 3, cohorts=3))
    assert made.pooled is not None
    assert Figures.from_dict(json.loads(json.dumps(made.to_dict()))) == made


def test_versions_stored_before_there_was_all_of_it_still_load():
    stored = json.loads(json.dumps(samples.team().to_dict()))
    for lacking in ("delivery", "methods", "suggestions", "edition", "benefits", "pooled"):
        del stored[lacking]
    del stored["dose"]["spread"]
    for session in stored["sessions"]:
        del session["run"], session["plan"], session["took"]
    for domain in stored["domains"]:
        del domain["change"]["standardised"]
    old = Figures.from_dict(stored)
    assert replace(old, dose=samples.team().dose) == samples.team()


def test_a_version_whose_pairs_are_no_pairs_is_not_read_as_if_they_were():
    stored = json.loads(json.dumps(samples.team().to_dict()))
    change = next(domain["change"] for domain in stored["domains"] if domain["change"] and domain["change"]["lines"])
    change["lines"][0].append(3)
    with pytest.raises(ValueError, match="zip"):
        Figures.from_dict(stored)


@pytest.mark.parametrize("edition", ["shared", "across"])
def test_feedback_stored_as_none_at_all_when_it_was_held_back_reads_as_held_back(edition):
    stored = json.loads(json.dumps(replace(samples.team(), edition=edition, pooled=samples.team()).to_dict()))
    for one in (stored, stored["pooled"]):
        one |= {"format": 2, "feedback": {"sheets": 0, "asked": 0, "ways": [], "questions": []}}
    old = Figures.from_dict(stored)
    assert old.feedback.sheets is None and old.pooled is not None and old.pooled.feedback.sheets is None
    team = Figures.from_dict(stored | {"edition": "team"})
    assert (team.feedback.sheets, team.feedback.asked) == (0, 0), "a team is told how many there were"


# --- Together --------------------------------------------------------------------------------------


def test_groups_stand_together_only_where_those_not_told_to_their_teams_are_enough():
    six, three = of(group(6)), of(group(3))
    assert closes([six, six], TEAM, SHARED)
    assert not closes([six, three], TEAM, SHARED), "9"
    assert not closes([of(group(7)), three], TEAM, SHARED), "whoever sees the seven would have the three"
    assert closes([of(group(7)), three, three], TEAM, SHARED)
    assert not closes([of(group(12))], TEAM, SHARED)


# --- Rows ------------------------------------------------------------------------------------------


@given(rows)
@settings(max_examples=25)
def test_a_consent_withdrawn_changes_what_rests_on_answers_and_nothing_else(people):
    if not people:
        return
    gone: list[PersonRow] = [replace(people[0], before=None, after=None), *people[1:]]
    with_them, without = of(people, sessions=SESSIONS), of(gone, sessions=SESSIONS)
    assert replace(without, ways=with_them.ways, domains=with_them.domains) == with_them
    if people[0].started:
        assert without.domains[0].of == with_them.domains[0].of


@given(rows)
@settings(max_examples=25)
def test_the_same_tick_twice_is_one(people):
    twice = [replace(row, attended=frozenset([*row.attended, *row.attended])) for row in people]
    assert of(twice, sessions=SESSIONS) == of(people, sessions=SESSIONS)
