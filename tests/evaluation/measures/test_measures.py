"""A measure that the service enters itself: its questions, how it is scored, and that it is licensed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from evaluation.measures import actions as measuring
from evaluation.measures import queries as measures
from evaluation.measures.actions import Counts, own_measure
from evaluation.measures.lookup import BadTable, lookup_as_text, lookup_from_text, lookup_problems
from evaluation.measures.queries import spec_of
from evaluation.measures.scoring import ItemSpec, MeasureSpec, score
from evaluation.models import Measure
from evaluation.rounds import plans
from feedback.models import Frozen, Question, Questionnaire
from feedback.questions import actions as questions
from feedback.questions import fingerprints, questionnaires

pytestmark = pytest.mark.django_db

OPTIONS = ["None", "Rarely", "Some", "Often", "All"]


@pytest.fixture
def client(browser_of, lead) -> Client:
    return browser_of(lead)


@pytest.fixture
def draft(lead) -> Questionnaire:
    """Two questions on five points."""
    made = questions.create(kind="measure", title="Of somebody else", by=lead)
    for n in (1, 2):
        questions.add_question(
            questionnaire=made, by=lead, text=f"Item {n}", hint="", kind="scale", options=OPTIONS, quotable=False
        )
    return made


def at(draft: Questionnaire) -> str:
    return reverse("evaluation:measure", args=[draft.code])


def sent(draft: Questionnaire, **changes: str) -> dict[str, str]:
    return {
        "domain-item-1": "wellbeing",
        "domain-item-2": "wellbeing",
        "reverse-item-2": "on",
        "method": "sum",
        "first_counts": "1",
        "least_answered": "2",
        "lookup": "",
        "licence": "Licence 12 of 2026",
        "seen": measures.fingerprint(draft),
    } | changes


def publish(draft: Questionnaire, lead) -> Questionnaire:
    return questions.publish(questionnaire=draft, by=lead, seen=fingerprints.fingerprint_of_all(draft))


# --- The pages --------------------------------------------------------------------------------------------


def test_a_measure_is_begun_once_and_warns_of_licences(client):
    url = reverse("feedback:add_measure")
    page = client.get(url)
    assert "need their licence" in page.text
    data = {"title": "Seven items", "effect_key": page.context["form"]["effect_key"].value()}
    first, second = (client.post(url, data).url for _ in range(2))
    made = Measure.objects.get()
    assert first == second == reverse("feedback:edit_questions", args=[made.questionnaire.code])
    assert (made.questionnaire.slug, made.questionnaire.state) == ("seven-items", "draft")
    assert client.post(url, {"title": ""}).status_code == 422
    assert "No question can count yet" in client.get(at(made.questionnaire)).text


def test_what_counts_for_what_is_said_in_the_draft(client, draft):
    assert client.post(at(draft), sent(draft)).url == reverse("feedback:edit_questions", args=[draft.code])
    spec = spec_of(Measure.objects.get())
    assert spec == MeasureSpec(
        (
            ItemSpec("item-1", "wellbeing", 0, 4, shift=1),
            ItemSpec("item-2", "wellbeing", 0, 4, reverse=True, shift=1),
        ),
        method="sum",
        least_answered=2,
    ), "least answered, method, order and direction"
    assert score(spec, {"item-1": 4, "item-2": 4}) == {"wellbeing": 6}, "5 and, turned round, 1"
    assert 'value="Licence 12 of 2026"' in client.get(at(draft)).text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"least_answered": "0"}, "must be 1 or more"),
        ({"lookup": "7"}, "Line 1 of the table must be two numbers"),
        ({"lookup": "2 = 1\n2 = 3"}, "The raw score 2 is in the table twice"),
        ({"method": "median"}, "Choose an answer"),
        ({"domain-item-1": "money"}, "Choose an answer"),
    ],
)
def test_mistakes_keep_what_was_typed(client, draft, changes, says):
    page = client.post(at(draft), sent(draft, **changes))
    assert page.status_code == 422 and says in page.text and 'value="Licence 12 of 2026"' in page.text
    assert not draft.measure.items.exists()


def test_the_second_of_two_editors_is_told(client, draft):
    old = sent(draft)
    assert client.post(at(draft), sent(draft, licence="Theirs")).status_code == 302
    page = client.post(at(draft), old)
    assert page.status_code == 409 and "changed this after you opened" in page.text
    assert client.post(at(draft), old | {"seen": page.context["form"]["seen"].value()}).status_code == 302
    assert Measure.objects.get().licence == "Licence 12 of 2026"


def test_scoring_of_a_published_version_is_read_and_frozen(client, draft, lead):
    client.post(at(draft), sent(draft))
    old = sent(draft)
    publish(draft, lead)
    page = client.get(at(draft)).text
    assert "its scoring stays as it is" in page and "a high answer means that things are bad" in page
    assert client.post(at(draft), old).status_code == 409
    measure = Measure.objects.get()
    measure.method = "mean"
    with pytest.raises(Frozen):
        measure.save()


def test_only_a_lead_sees_it_and_a_questionnaire_that_is_no_measure_has_none(client, browser_of, facilitator, draft):
    assert browser_of(facilitator).get(at(draft)).status_code == 403
    assert client.get(at(questionnaires.session_feedback())).status_code == 404
    assert client.put(at(draft)).status_code == 405


# --- Publishing -------------------------------------------------------------------------------------------


def test_a_measure_of_others_needs_a_licence_and_something_that_counts(draft, lead):
    says = " ".join(questionnaires.problems(draft))
    assert "licence" in says and "no score can be made yet" in says
    measuring.save_scoring(
        questionnaire=draft,
        by=lead,
        counts={"item-1": Counts("practical")},
        licence="L 1",
        seen=measures.fingerprint(draft),
    )
    assert questionnaires.problems(draft) == []
    assert measuring.own_measure().questionnaire.title in {str(m.questionnaire.title) for m in plans.measures()}
    assert "Of somebody else" not in {m.questionnaire.title for m in plans.measures()}, "drafts are asked of nobody"
    publish(draft, lead)
    assert "Of somebody else" in {m.questionnaire.title for m in plans.measures()}


def test_words_cannot_count(draft, lead):
    told = {"counts": {"item-1": Counts("practical")}, "licence": "L 1"}
    measuring.save_scoring(questionnaire=draft, by=lead, seen=measures.fingerprint(draft), **told)
    Question.objects.filter(slug="item-1").update(kind="text", options=[])
    assert "cannot count" in questionnaires.problems(draft)[0]


def test_our_own_measure_needs_no_licence_and_its_next_version_is_scored_alike(lead):
    first = own_measure()
    draft = questions.start(questionnaire=first.questionnaire, by=lead)
    assert questionnaires.problems(draft) == [] and spec_of(draft.measure) == spec_of(first)
    questions.remove_question(questionnaire=draft, slug="trust", by=lead)
    assert "trust" not in {item.key for item in spec_of(draft.measure).items}
    assert own_measure() == first, "until it is published"
    publish(draft, lead)
    assert own_measure() == draft.measure != first


def test_a_change_of_scoring_alone_is_something_to_publish(lead):
    draft = questions.start(questionnaire=own_measure().questionnaire, by=lead)
    counts = {item.question.slug: Counts(item.domain, item.reverse) for item in draft.measure.items.all()}
    seen = measures.fingerprint(draft)
    measuring.save_scoring(questionnaire=draft, by=lead, counts=counts, least_answered=3, seen=seen)
    assert publish(draft, lead).measure.least_answered == 3


# --- The table from raw to scaled ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "7 = 7.00\n8 = 9.51",
        "7,7.00\n8,9.51",
        "raw;scaled\n7;7.00\n8;9.51",
        "Raw\tScaled\n 7\t7.00 \n\n8\t9.51\n",
        '"7","7.00"\n"8","9.51"',
    ],
)
def test_a_table_is_typed_or_pasted(text):
    assert lookup_from_text(text) == {"7": "7.00", "8": "9.51"}


@pytest.mark.parametrize(
    "text", ["7", "7 = x", "x = 7", "7.5 = 1", "-1 = 1", "7 = 1 = 2", "7 = NaN", "7 = 1e999999999999999999999"]
)
def test_what_is_no_table_is_refused(text):
    with pytest.raises(BadTable, match="Line 1 of the table must be two numbers"):
        lookup_from_text(text)


@given(st.dictionaries(st.integers(0, 99).map(str), st.decimals(0, 100, places=2).map(str), max_size=30))
def test_a_table_reads_back_as_it_was(table):
    assert lookup_from_text(lookup_as_text(table)) == table


def five_point(n: int, lookup: dict[int, float], **kwargs) -> MeasureSpec:
    items = tuple(ItemSpec(f"i{k}", kwargs.pop("domain", "d"), 0, 4, shift=1) for k in range(n))
    return MeasureSpec(items, lookup=lookup, **{"method": "sum"} | kwargs)


def test_every_raw_score_there_can_be_is_in_the_table_and_no_other():
    whole = {raw: float(raw) for raw in range(2, 11)}
    assert lookup_problems(five_point(2, whole)) == []
    (says,) = lookup_problems(five_point(2, {raw: whole[raw] for raw in whole if raw not in (4, 10)}))
    assert says == "The table lacks these raw scores: 4, 10."
    (says,) = lookup_problems(five_point(2, whole | {11: 1.0, 0: 1.0}))
    assert says == "The table has raw scores that nobody can have: 0, 11."
    (says,) = lookup_problems(five_point(7, {7: 7.0}))
    assert says == "The table lacks these raw scores: 8, 9, 10, 11, 12, 13, 14, 15 and 20 more."


def test_a_table_goes_with_one_sum():
    assert "not with a mean" in lookup_problems(five_point(2, {2: 1.0}, method="mean"))[0]
    two = MeasureSpec((ItemSpec("a", "x", 0, 4), ItemSpec("b", "y", 0, 4)), method="sum", lookup={0: 1.0})
    assert "all count for the same" in lookup_problems(two)[0]


def test_a_table_that_lacks_a_score_keeps_the_draft_from_being_published(client, draft, lead):
    client.post(at(draft), sent(draft, lookup="\n".join(f"{raw} = {raw}.5" for raw in range(2, 10))))
    assert questionnaires.problems(draft) == ["The table lacks these raw scores: 10."]
    client.post(at(draft), sent(draft, lookup="\n".join(f"{raw} = {raw}.5" for raw in range(2, 11))))
    assert questionnaires.problems(draft) == []
    assert score(spec_of(Measure.objects.get()), {"item-1": 4, "item-2": 0}) == {"wellbeing": 10.5}
