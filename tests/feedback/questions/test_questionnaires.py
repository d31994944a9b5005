"""The pages on which a lead changes what people are asked."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from feedback.asking import actions as asking
from feedback.models import Frozen, Question, Questionnaire
from feedback.questions import actions as questions
from feedback.questions import fingerprints, questionnaires
from ppg.models import AuditEntry
from tests.factories import SessionFactory, UserFactory

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script>"
SEVERAL = {"text": "Which helped?", "hint": "", "kind": "several", "options": "The film\n\n The  talk ", "points": ""}


@pytest.fixture
def client(browser_of, lead) -> Client:
    return browser_of(lead)


@pytest.fixture
def current() -> Questionnaire:
    return questionnaires.session_feedback()


@pytest.fixture
def draft(current, lead) -> Questionnaire:
    return questions.start(questionnaire=current, by=lead)


def at(name: str, *codes: str) -> str:
    return reverse(f"feedback:{name}", args=codes)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def typed(client: Client, url: str, **changes: str) -> dict[str, str]:
    """The form as its page holds it."""
    form = client.get(url).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)} | changes


def slugs(questionnaire: Questionnaire) -> list[str]:
    return list(questionnaire.questions.values_list("slug", flat=True))


# --- The list and one of them ---------------------------------------------------------------------------


def test_looking_at_the_list_loads_nothing_and_a_button_does(client):
    page = text(client.get(at("questionnaires")))
    assert "Load the questions that come with it" in page and not Questionnaire.objects.exists()
    for _ in range(2):
        page = text(client.post(at("load_questions"), follow=True))
    assert "After a session" in page and "Before and after the programme" in page and "Version 1 in use" in page
    assert "Load the questions" not in page and Questionnaire.objects.count() == 4


def test_one_shows_its_questions_and_versions(client, current, draft):
    page = text(client.get(at("questionnaire", current.code)))
    for told in ("How was today for you?", "Very bad · Bad · OK", "Go on with the draft", "Version 2", "In use"):
        assert told in page


@pytest.mark.parametrize("name", ["questionnaires", "add_measure"])
def test_only_a_lead_gets_there(name, browser_of, facilitator, manager, stranger):
    assert browser_of(facilitator).get(at(name)).status_code == 403
    assert browser_of(manager).get(at(name)).status_code == 403
    assert stranger.get(at(name)).status_code == 302


# --- Versions -------------------------------------------------------------------------------------------


def test_a_draft_is_begun_once_and_looking_begins_none(client, current):
    for name in ("edit_questions", "about_questions", "add_question", "publish_questions", "discard_questions"):
        assert client.get(at(name, current.code)).url == at("questionnaire", current.code)
    for _ in range(2):
        assert client.post(at("edit_questions", current.code), {"do": "start"}).status_code == 302
    draft = Questionnaire.objects.get(state="draft")
    assert draft.version == 2 and slugs(draft) == slugs(current)
    assert [fingerprints.facts_of(one) for one in draft.questions.all()] == [
        fingerprints.facts_of(one) for one in current.questions.all()
    ]


def test_what_is_published_is_asked_from_then_on_and_open_forms_keep_theirs(client, current, draft, cohort, lead):
    before = asking.open_form(session=SessionFactory(cohort=cohort, number=1), by=lead)
    client.post(at("add_question", draft.code), typed(client, at("add_question", draft.code), **SEVERAL))
    url = at("publish_questions", draft.code)
    assert "<li>Which helped?</li>" in text(client.get(url))
    assert "Version 2 is in use" in text(client.post(url, typed(client, url), follow=True))
    current.refresh_from_db()
    assert (current.state, questionnaires.session_feedback().version) == ("old", 2)
    before.refresh_from_db()
    assert before.questionnaire == current and before.questionnaire.questions.count() == 5
    assert client.post(url, {"seen": ""}).status_code == 409, "the draft is gone"
    assert AuditEntry.objects.filter(what="questionnaire", ref=draft.code, user=lead).exists()


def test_nothing_new_is_not_published(client, draft):
    url = at("publish_questions", draft.code)
    assert "Nothing is different" in text(client.post(url, typed(client, url)), 409)


def test_a_draft_that_changed_after_it_was_read_is_not_published(client, draft):
    url = at("publish_questions", draft.code)
    sent = typed(client, url)
    other = UserFactory(name="Olive Other", role="lead")
    questions.move_question(questionnaire=draft, slug="time", step=-1, by=other)
    assert "Olive Other changed this" in text(client.post(url, sent), 409)
    assert questionnaires.session_feedback().version == 1


def test_after_a_session_three_to_six_questions_are_asked(client, draft, lead):
    for n in range(2):
        questions.add_question(questionnaire=draft, by=lead, text=f"More {n}", hint="", kind="text", options=[])
    assert "There are 7 now" in text(client.get(at("edit_questions", draft.code)))
    url = at("publish_questions", draft.code)
    assert "There are 7 now" in text(client.post(url, typed(client, url)), 409)
    for slug in ("more-0", "more-1", "today", "useful", "time"):
        questions.remove_question(questionnaire=draft, slug=slug, by=lead)
    assert "There are 2 now" in text(client.post(url, typed(client, url)), 409)


def test_throwing_the_draft_away(client, current, draft):
    assert "Discard the draft?" in text(client.get(at("discard_questions", draft.code)))
    assert client.post(at("discard_questions", draft.code)).url == at("questionnaire", current.code)
    assert not Questionnaire.objects.filter(state="draft").exists() and current.questions.count() == 5
    assert client.post(at("discard_questions", current.code)).status_code == 409


def test_a_published_version_is_frozen(current):
    question = current.questions.get(slug="today")
    question.text = "Something else"
    for change in (question.save, question.delete, current.delete):
        with pytest.raises(Frozen, match="stays as it is"):
            change()
    current.title = "Another"
    with pytest.raises(Frozen):
        current.save()
    with pytest.raises(Frozen):
        Question.objects.create(questionnaire=current, position=9, slug="x", text="?", kind="text")
    current.refresh_from_db()
    current.state = "old"
    current.save()  # being replaced is no change of its words
    assert question.text != current.questions.get(slug="today").text


def test_an_answered_version_is_frozen_though_nobody_published_it(cohort):
    asked = Questionnaire.objects.create(kind="session", slug="other", title="Other")
    question = Question.objects.create(questionnaire=asked, position=1, slug="x", text="?", kind="text")
    cohort.forms.create(questionnaire=asked, key="")
    question.text = "Another?"
    with pytest.raises(Frozen):
        question.save()


# --- Questions ------------------------------------------------------------------------------------------


def test_a_question_is_added_once_however_often_it_is_sent(client, draft):
    url = at("add_question", draft.code)
    sent = typed(client, url, **SEVERAL)
    for _ in range(2):
        assert client.post(url, sent).url == at("edit_questions", draft.code) + "#which-helped"
    added = draft.questions.last()
    assert (added.slug, added.kind, added.options) == ("which-helped", "several", ["The film", "The talk"])
    assert draft.questions.count() == 6 and not added.quotable


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": ""}, "“Question” needs an answer"),
        ({"options": "One"}, "at least two answers"),
        ({"options": "Yes\nYes"}, "Two answers are the same"),
        ({"options": "\n".join(str(n) for n in range(13))}, "up to 12 answers"),
        ({"kind": "number", "options": "low"}, "Give two words, for 0 and for 10"),
        ({"kind": "scale", "options": "a\nb\nc", "points": "7"}, "give two words"),
        ({"kind": "scale", "points": "2"}, "must be 3 or more"),
        ({"kind": ""}, "Choose an answer"),
    ],
)
def test_a_question_with_mistakes_keeps_what_was_typed(client, draft, changes, says):
    url = at("add_question", draft.code)
    page = text(client.post(url, typed(client, url, **SEVERAL) | {"hint": f"Kept {MARKUP}"} | changes), 422)
    assert says in page and "Kept &lt;script&gt;" in page and MARKUP not in page
    assert draft.questions.count() == 5


def test_a_scale_may_have_words_at_its_ends_only(client, draft):
    url = at("add_question", draft.code)
    client.post(url, typed(client, url, **SEVERAL) | {"kind": "scale", "options": "Never\nAlways", "points": "5"})
    added = draft.questions.last()
    assert added.options == ["Never", "", "", "", "Always"]
    assert added.labels == ["1, Never", "2", "3", "4", "5, Always"]
    again = typed(client, at("question", draft.code, added.slug))
    assert (again["options"], again["points"]) == ("Never\nAlways", 5), "and opened it is the same"
    assert "2" in text(client.get(at("preview", draft.code)))


def test_a_question_keeps_its_slug_when_its_words_are_mended(client, draft, current):
    url = at("question", draft.code, "today")
    assert client.post(url, typed(client, url, text="How was it today?")).status_code == 302
    assert draft.questions.get(slug="today").text == "How was it today?"
    assert current.questions.get(slug="today").text == "How was today for you?"


def test_another_kind_of_answer_is_another_question(client, draft):
    url = at("question", draft.code, "today")
    page = text(client.post(url, typed(client, url, options="Bad\nGood", text="Kept?")), 409)
    assert "this is another question" in page and "Kept?" in page
    assert text(client.post(url, typed(client, url, kind="text")), 409)
    assert len(draft.questions.get(slug="today").options) == 5


def test_the_slug_of_a_question_taken_out_is_never_given_to_another(draft, lead):
    questions.remove_question(questionnaire=draft, slug="today", by=lead)
    added = questions.add_question(questionnaire=draft, by=lead, text="Today", hint="", kind="text", options=[])
    assert added.slug == "today-2"
    letters = questions.add_question(questionnaire=draft, by=lead, text="?", hint="", kind="text", options=[])
    assert letters.slug == "question"


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(client, draft):
    url = at("question", draft.code, "today")
    sent = typed(client, url, text="Mine")
    other = UserFactory(name="Olive Other", role="lead")
    facts = fingerprints.facts_of(draft.questions.get(slug="today")) | {"text": "Theirs"}
    seen = fingerprints.fingerprint(draft.questions.get(slug="today"))
    questions.save_question(questionnaire=draft, slug="today", by=other, seen=seen, **facts)
    answer = client.post(url, sent)
    assert "Olive Other changed this" in text(answer, 409) and 'value="Mine"' in text(answer, 409)
    again = sent | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    assert draft.questions.get(slug="today").text == "Mine"


def test_questions_move_and_go(client, draft):
    url = at("edit_questions", draft.code)
    assert client.post(url, {"do": "up:useful"}).url == url + "#useful"
    assert slugs(draft)[:2] == ["useful", "today"]
    client.post(url, {"do": "up:useful"})
    client.post(url, {"do": "down:different"})
    assert slugs(draft) == ["useful", "today", "safe-to-speak", "time", "different"], "further it cannot go"
    gone = client.post(url, {"do": "remove:time"}).url
    assert "Remove “Was there enough time?”?" in text(client.get(gone)) and draft.questions.count() == 5
    for _ in range(2):
        assert client.post(gone).url == url
    assert slugs(draft) == ["useful", "today", "safe-to-speak", "different"]
    assert client.post(url, {"do": "nonsense:x"}).status_code == 302


def test_title_and_what_stands_above(client, draft):
    url = at("about_questions", draft.code)
    sent = typed(client, url, title="After tonight", intro="Thank you for coming.")
    page = text(client.post(url, sent | {"title": ""}), 422)
    assert "“Title” needs an answer" in page and "Thank you for coming." in page
    assert client.post(url, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.intro) == ("After tonight", "Thank you for coming.")
    assert "changed this after you opened" in text(client.post(url, sent | {"title": "Late"}), 409)
    assert "Thank you for coming." in text(client.get(at("preview", draft.code)))


@pytest.mark.parametrize("name", ["questionnaires", "questionnaire", "edit_questions", "preview"])
def test_the_pages_cost_the_same_with_many_questions_and_versions(name, client, draft, same_queries):
    def grow():
        for n in range(10):
            Question.objects.create(questionnaire=draft, position=100 + n, slug=f"s{n}", text="?", kind="text")
            Questionnaire.objects.create(kind="session", slug=draft.slug, version=50 + n, title="Old", state="old")
            Questionnaire.objects.create(kind="box", slug=f"b{n}", title="Other")

    same_queries(client, at(name, *([] if name == "questionnaires" else [draft.code])), grow)
