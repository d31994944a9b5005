"""Each kind of question all the way: drafted, asked, printed, typed in, counted. A new one begins in EXAMPLES."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from evaluation.collecting.collect import questions_of
from evaluation.measures.queries import COUNTABLE
from feedback.answering.forms import AnswerForm, name_of, new_nonce
from feedback.languages.queries import said_in
from feedback.models import Form, Question
from feedback.paper import piles
from feedback.paper.sheet import print_html
from feedback.questions.forms import QuestionForm
from feedback.results.counts import results
from feedback.results.queries import asked_in, comments_of, sheets_of
from tests.feedback.factories import answered, closed, opened_form, url_of

pytestmark = pytest.mark.django_db
Kind = Question.Kind


@dataclass(frozen=True)
class Example:
    """lines  what stands in the box for the words of the answers
    sent, kept, words  an answer as the page sends it, as it is sealed, and as people read it
    on_page, on_paper  how often its mark stands there: a button or tick; a box for the pen
    counts  by answer, when five people gave this one; None: words, which are not counted
    in_figures, in_measures  whether the report counts it, and whether a measure may be made of it
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


EXAMPLES: dict[str, Example] = {
    Kind.SCALE: Example(
        "Never\nSometimes\nAlways", "2", 2, "Always", 3, 3, {"Never": 0, "Sometimes": 0, "Always": 5}, True, True
    ),
    Kind.CHOICE: Example("Tea\nCake", "1", 1, "Cake", 2, 2, {"Tea": 0, "Cake": 5}, True, True),
    Kind.SEVERAL: Example(
        "Tea\nCake\nFilm", ["2", "0"], [0, 2], "Tea, Film", 3, 3, {"Tea": 5, "Cake": 0, "Film": 5}, False, False
    ),
    Kind.NUMBER: Example(
        "No way\nAll the way", "7", 7, "7", 11, 11, {str(n): 5 * (n == 7) for n in range(11)}, False, True
    ),
    Kind.TEXT: Example("", "More tea", "More tea", "More tea", 1, 0, None, False, False),
}
each_kind = pytest.mark.parametrize("kind", [kind for kind in Kind if kind in EXAMPLES], ids=str)


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_each_kind_has_an_example(kind):
    assert kind in EXAMPLES, f"Add {kind!r} to EXAMPLES in {__name__}: the tests below then name what is missing."


def options_of(kind: str) -> list[str]:
    return EXAMPLES[kind].lines.splitlines()


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
    assert form.is_valid(), f"See clean of QuestionForm in feedback/questions/forms.py: {form.errors}"
    assert form.cleaned_data["options"] == options_of(kind)


@each_kind
def test_it_is_asked_on_a_page(kind, question, stranger):
    marks = stranger.get(url_of(form_of(question))).text.count(f'name="{name_of(question)}"')
    assert marks == EXAMPLES[kind].on_page, "See field_of in feedback/answering/forms.py."


@each_kind
def test_its_answer_is_read(kind, question):
    form = AnswerForm([question], {name_of(question): EXAMPLES[kind].sent, "nonce": new_nonce()})
    assert form.is_valid(), f"See field_of in feedback/answering/forms.py: {form.errors}"
    assert form.payload() == {question.slug: EXAMPLES[kind].kept}, "See field_of in feedback/answering/forms.py."


@each_kind
def test_it_is_printed(kind, question):
    sheet = print_html(form_of(question), said_in(question.questionnaire), large=False)
    boxes = sheet.count('class="tick"')
    assert boxes == EXAMPLES[kind].on_paper, "See templates/feedback/paper/print.html."


@each_kind
def test_what_was_typed_from_paper_is_compared_in_words(kind, question):
    assert piles.in_words(question, EXAMPLES[kind].kept) == EXAMPLES[kind].words, "See feedback/paper/piles.py."


@each_kind
def test_its_answers_are_counted(kind, question):
    form = form_of(question)
    answered(form, *[{question.slug: EXAMPLES[kind].kept}] * 5)
    closed(form)
    (row,) = results(asked_in(question.questionnaire), sheets_of([form]), comments_of([form])).questions
    counts = {option.text: option.count for option in row.options}
    assert row.n == 5, "See write_submissions in feedback/asking/actions.py, and feedback/results/."
    assert counts == (EXAMPLES[kind].counts or {}), "See feedback/results/counts.py."
    assert len(row.comments) == (5 if EXAMPLES[kind].counts is None else 0)


@each_kind
def test_the_report_counts_it_or_not(kind, question):
    counted = bool(questions_of(question.questionnaire))
    assert counted == EXAMPLES[kind].in_figures, "See questions_of in evaluation/collecting/collect.py."
    assert (kind in COUNTABLE) == EXAMPLES[kind].in_measures, "See COUNTABLE in evaluation/measures/queries.py."
