"""Each kind of question all the way: drafted, asked, printed, typed in, counted. A new one begins in EXAMPLES."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from evaluation.collecting.collect import questions_of
from evaluation.measures.queries import COUNTABLE
from feedback.answering.forms import AnswerForm, field_of, name_of, new_nonce
from feedback.asking import actions as asking
from feedback.kinds import KINDS, Choice, Number, Scale, Several, Text
from feedback.languages.queries import in_words, said_in
from feedback.languages.texts import around_questions
from feedback.models import Form, Question
from feedback.paper import piles
from feedback.paper.sheet import print_html
from feedback.questions.forms import QuestionForm, first_values
from feedback.results.counts import results
from feedback.results.queries import asked_in, comments_of, sheets_of
from tests.feedback.factories import answered, opened_form, url_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Example:
    """lines  what is typed into the box for the words of the answers
    sent, kept, words  an answer as the page sends it, as it is sealed, and as people read it
    on_page, on_paper  how often its mark stands there: a button or tick; a box for the pen
    counts  by answer, when five people gave this one; None: words, which are not counted
    in_figures, in_measures  whether the report counts it, and whether a measure may be made of it
    options  what is stored as its options, where the class puts there what nobody types
    """

    lines: str
    sent: Any
    kept: Any
    words: str
    on_page: int
    on_paper: int
    counts: dict[str, int] | None
    in_figures: bool
    in_measures: bool
    options: tuple[str, ...] = ()


EXAMPLES: dict[str, Example] = {
    Scale.name: Example(
        "Never\nSometimes\nAlways", "2", 2, "Always", 3, 3, {"Never": 0, "Sometimes": 0, "Always": 5}, True, True
    ),
    Choice.name: Example("Tea\nCake", "1", 1, "Cake", 2, 2, {"Tea": 0, "Cake": 5}, True, True),
    Several.name: Example(
        "Tea\nCake\nFilm", ["2", "0"], [0, 2], "Tea, Film", 3, 3, {"Tea": 5, "Cake": 0, "Film": 5}, False, False
    ),
    Number.name: Example(
        "No way\nAll the way", "7", 7, "7", 11, 11, {str(n): 5 * (n == 7) for n in range(11)}, False, True
    ),
    Text.name: Example("", "More tea", "More tea", "More tea", 1, 0, None, False, False),
}
each_kind = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in EXAMPLES])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_an_example(kind):
    assert kind in EXAMPLES, f"Add {kind!r} to EXAMPLES in {__name__}: the tests below then name what is missing."


def options_of(kind: str) -> list[str]:
    return list(EXAMPLES[kind].options) or EXAMPLES[kind].lines.splitlines()


@pytest.fixture
def question(cohort, kind) -> Question:
    """Alone on an open form."""
    rows = opened_form(cohort).questionnaire.questions.all()
    rows.exclude(slug="today").delete()
    rows.update(text="What did you like?", hint="", kind=kind, options=options_of(kind), quotable=False)
    return rows.get()


def form_of(question: Question) -> Form:
    return question.questionnaire.forms.get()


@each_kind
def test_it_is_drafted(kind):
    sent = {"text": "What did you like?", "hint": "", "kind": kind, "options": EXAMPLES[kind].lines, "seen": "x"}
    form = QuestionForm(sent)
    assert form.is_valid(), f"See clean_options of {kind!r} in feedback/kinds.py: {form.errors}"
    assert form.cleaned_data["options"] == options_of(kind)


@each_kind
def test_it_is_opened_and_saved_again(kind, question):
    """Its options stand in the box then, whoever put them there."""
    form = QuestionForm(first_values(question) | {"seen": "x"})
    assert form.is_valid(), f"Let clean_options of {kind!r} in feedback/kinds.py take its own options: {form.errors}"
    assert form.cleaned_data["options"] == options_of(kind)


@each_kind
def test_it_is_asked_on_a_page(kind, question, stranger):
    marks = stranger.get(url_of(form_of(question))).text.count(f'name="{name_of(question)}"')
    assert marks == EXAMPLES[kind].on_page, f"See field of {kind!r} in feedback/kinds.py."


@each_kind
def test_nothing_on_it_stays_english_in_another_language(kind, question):
    """What its class says to the people asked is one of its options, or in its `page`: those are translated."""
    spoken = in_words(question, {f"{question.slug}.{n}": "gair" for n in range(len(question.options))})
    page = dict.fromkeys(around_questions(question.questionnaire, [question]), "gair")
    words = [*spoken.choices, str(field_of(spoken, page, foreign=True).help_text)]
    left = [word for word in words if re.sub(r"gair|[\d.:, ]", "", word)]
    assert not left, f"See clean_options and page of {kind!r} in feedback/kinds.py: {left}"


@each_kind
def test_its_answer_is_read(kind, question):
    form = AnswerForm([question], {name_of(question): EXAMPLES[kind].sent, "nonce": new_nonce()})
    assert form.is_valid(), f"See field of {kind!r} in feedback/kinds.py: {form.errors}"
    assert form.payload() == {question.slug: EXAMPLES[kind].kept}, f"See field of {kind!r} in feedback/kinds.py."


@each_kind
def test_it_is_printed(kind, question):
    sheet = print_html(form_of(question), said_in(question.questionnaire), large=False)
    boxes = sheet.count('class="tick"')
    assert boxes == EXAMPLES[kind].on_paper, f"See paper_template of {kind!r} in feedback/kinds.py."


@each_kind
def test_what_was_typed_from_paper_is_compared_in_words(kind, question):
    assert piles.in_words(question, EXAMPLES[kind].kept) == EXAMPLES[kind].words, (
        f"See in_words of {kind!r} in feedback/kinds.py."
    )


@each_kind
def test_its_answers_are_counted(kind, question):
    form = form_of(question)
    answered(form, *[{question.slug: EXAMPLES[kind].kept}] * 5)
    asking.close_form(form=form, by=None)
    (row,) = results(asked_in(question.questionnaire), sheets_of([form]), comments_of([form])).questions
    counts = {option.text: option.count for option in row.options}
    assert row.n == 5, f"See stored of {kind!r} in feedback/kinds.py."
    assert counts == (EXAMPLES[kind].counts or {}), f"See choices of {kind!r} in feedback/kinds.py."
    assert len(row.comments) == (5 if EXAMPLES[kind].counts is None else 0)


@each_kind
def test_the_report_counts_it_or_not(kind, question):
    counted = bool(questions_of(question.questionnaire))
    assert counted == EXAMPLES[kind].in_figures, f"See in_report of {kind!r} in feedback/kinds.py."
    assert (kind in COUNTABLE) == EXAMPLES[kind].in_measures, f"See in_scores of {kind!r} in feedback/kinds.py."
