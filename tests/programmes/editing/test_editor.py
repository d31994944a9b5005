"""The editor's pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from programmes.agenda.items import fields_of
from programmes.editing import actions as editing
from programmes.editing.fingerprints import fingerprint, fingerprint_of_about, fingerprint_of_agenda
from programmes.editing.forms import AgendaForm
from programmes.models import Guide
from tests.factories import AgendaItemFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["edit", "add_item", "about", "add_resource", "publish", "discard"]
MARKUP = "<script>alert(1)</script> & <b>bold</b>"


@pytest.fixture
def client(browser_of, lead):
    return browser_of(lead)


def at(name: str, *codes: str) -> str:
    return reverse(f"programmes:{name}", args=codes)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def sent_agenda(draft: Guide, **changes: str) -> dict[str, str]:
    """The agenda's form as the page holds it."""
    items = list(draft.items.all())
    return (
        {AgendaForm.name_of(item): str(item.minutes) for item in items}
        | {"order": ",".join(item.key for item in items), "seen": fingerprint_of_agenda(draft), "do": "save"}
        | changes
    )


def sent_item(item, **changes):
    before = item.guide.items.filter(position=item.position - 1).first()
    return {
        "title": item.title,
        "kind": item.kind,
        "minutes": str(item.minutes),
        "counted": "on" if item.counted else "",
        "lead": item.lead,
        "after": before.key if before else "start",
        "prompts": "\n".join(line for line, _under in item.prompt_lines()),
        "speakers": "\n".join(item.speakers),
        "uses": [],
        "seen": fingerprint(item),
        "key": item.key,
    } | changes


# --- Beginning ------------------------------------------------------------------------------------------


def test_the_guide_says_its_version_and_offers_editing_to_a_lead_only(client, browser_of, facilitator, guide):
    page = text(client.get(guide.get_absolute_url()))
    assert "Version 1" in page and "Edit this guide" in page
    assert "Edit this guide" not in text(browser_of(facilitator).get(guide.get_absolute_url()))


def test_looking_at_the_editor_makes_no_draft(client, guide):
    for name in PAGES:
        assert client.get(at(name, guide.code), follow=True).redirect_chain[-1][0] == guide.get_absolute_url()
    assert guide.draft() is None


def test_the_button_makes_the_draft_once(client, guide):
    for _ in range(2):
        assert client.post(at("edit", guide.code), {"do": "start"}).url == at("edit", guide.code)
    page = text(client.get(at("edit", guide.code)))
    assert "85 of 90 minutes, 5 unplanned" in page and "draft of version 2" in page
    assert Guide.versions.of(guide).count() == 2
    assert "Go on editing the draft" in text(client.get(guide.get_absolute_url()))


def test_drafts_are_for_leads(browser_of, facilitator, guide, draft):
    reader = browser_of(facilitator)
    assert reader.get(draft.get_absolute_url()).status_code == 404
    assert reader.get(at("edit", guide.code)).status_code == 403
    assert "Draft" not in text(reader.get(at("versions", guide.code)))


@pytest.mark.parametrize("name", PAGES)
def test_strangers_sign_in_first(stranger, guide, draft, name):
    assert stranger.get(at(name, guide.code)).status_code == 302
    assert stranger.post(at(name, guide.code)).status_code == 302
    assert guide.draft()


def test_other_verbs_are_refused(client, guide, draft):
    for name in PAGES:
        assert client.delete(at(name, guide.code)).status_code == 405
    assert client.get(at("handouts", guide.code)).status_code == 405


# --- The agenda ------------------------------------------------------------------------------------------


def test_minutes_are_saved_together(client, guide, draft):
    first, second = draft.items.all()[:2]
    changed = {AgendaForm.name_of(first): "10", AgendaForm.name_of(second): "4"}
    assert client.post(at("edit", guide.code), sent_agenda(draft, **changed)).status_code == 302
    assert [item.minutes for item in draft.items.all()[:2]] == [10, 4]
    assert "89 of 90 minutes, 1 unplanned" in text(client.get(at("edit", guide.code)))
    assert guide.items.first().minutes == 5


def test_a_press_on_up_saves_the_minutes_too_and_comes_back_to_the_part(client, guide, draft):
    first, second = draft.items.all()[:2]
    sent = sent_agenda(draft, do=f"up:{second.key}", **{AgendaForm.name_of(first): "7"})
    assert client.post(at("edit", guide.code), sent).url == at("edit", guide.code) + f"#part-{second.key}"
    assert [(item.key, item.minutes) for item in draft.items.all()[:2]] == [(second.key, 5), (first.key, 7)]
    sent = sent_agenda(draft, do=f"up:{second.key}")
    client.post(at("edit", guide.code), sent)
    assert draft.items.first().key == second.key, "further up than first it cannot go"


@pytest.mark.parametrize(("typed", "says"), [("", "needs an answer"), ("ten", "whole number"), ("0", "1 or more")])
def test_minutes_that_are_none_keep_everything_typed(client, guide, draft, typed, says):
    first, second = draft.items.all()[:2]
    sent = sent_agenda(draft, **{AgendaForm.name_of(first): typed, AgendaForm.name_of(second): "33"})
    page = text(client.post(at("edit", guide.code), sent), 422)
    assert says in page and f"Minutes of {first.title}" in page and 'value="33"' in page
    assert draft.items.first().minutes == 5


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(client, browser_of, guide, draft):
    other = UserFactory(name="Olive Other", role="lead")
    first, second = draft.items.all()[:2]
    mine = sent_agenda(draft, **{AgendaForm.name_of(first): "17"})
    theirs = sent_agenda(draft, do=f"down:{first.key}", **{AgendaForm.name_of(second): "6"})
    assert browser_of(other).post(at("edit", guide.code), theirs).status_code == 302
    answer = client.post(at("edit", guide.code), mine)
    page = text(answer, 409)
    assert "Olive Other changed this at" in page and 'value="17"' in page
    assert [item.minutes for item in draft.items.all()[:2]] == [6, 5], "nothing of theirs is overwritten"
    again = {bound.html_name: bound.value() for bound in answer.context["form"]} | {"do": "save"}
    assert client.post(at("edit", guide.code), again).status_code == 302
    assert [(item.key, item.minutes) for item in draft.items.all()[:2]] == [(second.key, 5), (first.key, 17)]


def test_the_script_is_answered_in_its_own_way(client, guide, draft):
    accept = {"headers": {"Accept": "application/json"}}
    first = draft.items.first()
    sent = sent_agenda(draft, **{AgendaForm.name_of(first): "6"})
    answer = client.post(at("edit", guide.code), sent, **accept)
    assert answer.json() == {"seen": fingerprint_of_agenda(draft)}
    answer = client.post(at("edit", guide.code), sent, **accept)
    assert answer.status_code == 409 and "You, in another window, changed this" in answer.json()["sentence"]
    answer = client.post(at("edit", guide.code), sent_agenda(draft, **{AgendaForm.name_of(first): "x"}), **accept)
    assert answer.status_code == 422 and "whole number" in answer.json()["sentence"]
    sent = sent_agenda(draft)
    editing.discard(guide=guide, by=UserFactory())
    answer = client.post(at("edit", guide.code), sent, **accept)
    assert answer.status_code == 409 and "published or thrown away" in answer.json()["sentence"]
    assert "published or thrown away" in text(client.post(at("edit", guide.code), sent), 409)


# --- A part ----------------------------------------------------------------------------------------------


def test_a_part_is_changed_in_every_respect(client, guide, draft):
    item = draft.items.get(position=2)
    film = guide.programme.guides.get(number=1).items.get(kind="film").uses_in_order.get().resource
    sent = sent_item(
        item,
        title="Arriving",
        kind="activity",
        minutes="12",
        counted="",
        lead="parent",
        after="start",
        prompts="One\n- a\n-  b \n\nTwo\n- c",
        speakers="Police\n\n Health ",
        uses=[str(film.pk)],
    )
    answer = client.post(at("item", guide.code, item.key), sent, follow=True)
    assert "“Arriving” is saved in the draft." in text(answer)
    item.refresh_from_db()
    assert fields_of(item) == {
        "title": "Arriving",
        "kind": "activity",
        "minutes": 12,
        "counted": False,
        "lead": "parent",
        "prompts": [{"One": ["a", "b"]}, {"Two": ["c"]}],
        "speakers": ["Police", "Health"],
    }
    assert item.position == 1 and [use.resource for use in item.uses_in_order.all()] == [film]


def test_opening_a_part_and_saving_it_changes_nothing(client, guide, draft, everything):
    before = everything(draft)
    for item in draft.items.all():
        form = client.get(at("item", guide.code, item.key)).context["form"]
        sent = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
        assert client.post(at("item", guide.code, item.key), sent).status_code == 302
    assert everything(draft) == before


def test_a_part_with_mistakes_keeps_what_was_typed(client, guide, draft):
    item = draft.items.first()
    sent = sent_item(item, title="", minutes="lots", prompts=f"Kept\n- {MARKUP}", speakers="x" * 90)
    page = text(client.post(at("item", guide.code, item.key), sent), 422)
    for told in ["“Title” needs an answer", "“Minutes” must be a whole number", "up to 80 letters", "Kept", "x" * 90]:
        assert told in page
    assert "<b>bold" not in page and "&lt;b&gt;bold" in page
    assert draft.items.first().title == item.title


def test_the_same_part_changed_by_two_is_told_and_saved_again_takes_its_place(client, guide, draft):
    item = draft.items.first()
    other = UserFactory(name="Olive Other", role="lead")
    editing.change_item(guide=guide, key=item.key, by=other, title="Theirs")
    answer = client.post(at("item", guide.code, item.key), sent_item(item, title="Mine"))
    assert "Olive Other changed this at" in text(answer, 409) and 'value="Mine"' in answer.content.decode()
    assert draft.items.first().title == "Theirs"
    again = sent_item(item, title="Mine", seen=answer.context["form"]["seen"].value())
    assert client.post(at("item", guide.code, item.key), again).status_code == 302
    assert draft.items.first().title == "Mine"


def test_different_parts_are_changed_by_two_without_a_word(client, guide, draft):
    first, second = draft.items.all()[:2]
    editing.change_item(guide=guide, key=first.key, by=UserFactory(), title="Theirs")
    sent = sent_item(second, title="Mine")
    assert client.post(at("item", guide.code, second.key), sent).status_code == 302
    assert [item.title for item in draft.items.all()[:2]] == ["Theirs", "Mine"]


def test_a_part_that_was_taken_out_meanwhile_can_be_put_back(client, guide, draft):
    item = draft.items.first()
    sent = sent_item(item, title="Kept")
    editing.remove_item(guide=guide, key=item.key, by=UserFactory(name="Olive Other", role="lead"))
    answer = client.post(at("item", guide.code, item.key), sent)
    assert "Olive Other took this part out of the guide meanwhile" in text(answer, 409)
    assert 'value="Kept"' in answer.content.decode()
    assert client.get(at("item", guide.code, item.key)).status_code == 404
    assert client.post(at("item", guide.code, item.key), sent | {"seen": ""}).status_code == 302
    assert draft.items.first().title == "Kept"


def test_a_part_typed_while_the_draft_was_published_is_not_lost(client, guide, draft):
    item = draft.items.first()
    editing.change_item(guide=guide, key=item.key, by=UserFactory(), minutes=8)
    editing.publish(guide=guide, why="Done.", by=UserFactory())
    answer = client.post(at("item", guide.code, item.key), sent_item(item, prompts="An hour of typing"))
    page = text(answer, 409)
    assert "published or thrown away meanwhile" in page and "An hour of typing" in page


def test_a_new_part_comes_before_clearing_up_and_twice_is_once(client, guide, draft):
    page = client.get(at("add_item", guide.code))
    sent = {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() not in (None, False)}
    sent |= {"title": "Breathing", "minutes": "5"}
    for _ in range(2):
        assert client.post(at("add_item", guide.code), sent).status_code == 302
    assert [item.title for item in draft.items.all()][-2:] == ["Breathing", "Clear up and stay for questions"]
    assert draft.items.count() == 8


def test_a_part_is_taken_out_after_being_asked(client, guide, draft):
    item = draft.items.first()
    answer = client.post(at("edit", guide.code), sent_agenda(draft, do=f"remove:{item.key}"))
    assert answer.url == at("remove_item", guide.code, item.key)
    assert f"Remove “{item.title}”?" in text(client.get(answer.url))
    assert draft.items.count() == 7
    for _ in range(2):
        assert client.post(answer.url).url == at("edit", guide.code)
    assert draft.items.count() == 6 and guide.items.count() == 7


@pytest.mark.parametrize("name", ["programmes:guide", "programmes:print"])
def test_markup_is_plain_text(client, guide, draft, name):
    item = draft.items.first()
    sent = sent_item(item, title=MARKUP, prompts=f"{MARKUP}\n- {MARKUP}", speakers=MARKUP)
    client.post(at("item", guide.code, item.key), sent)
    for page in (client.get(reverse(name, args=[draft.code])), client.get(at("edit", guide.code))):
        assert "<script>alert" not in page.content.decode() and "<b>bold" not in page.content.decode()
        assert "&lt;script&gt;alert" in page.content.decode() or "\\u003Cscript" in page.content.decode()


# --- The rest ---------------------------------------------------------------------------------------------


def test_title_aims_and_materials(client, guide, draft):
    sent = {
        "title": "Ways",
        "aims": "One\n\n Two ",
        "materials": "Pens",
        "seen": fingerprint_of_about(draft),
    }
    page = text(client.post(at("about", guide.code), sent | {"title": "", "aims": "Kept"}), 422)
    assert "“Title” needs an answer" in page and "Kept" in page
    assert client.post(at("about", guide.code), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.aims, draft.materials) == ("Ways", ["One", "Two"], ["Pens"])
    page = text(client.post(at("about", guide.code), sent | {"title": "Mine"}), 409)
    assert "changed this at" in page and 'value="Mine"' in page


def test_handouts_on_the_page(client, guide, draft):
    first = draft.handouts.get()
    second = guide.programme.guides.get(number=1).handouts.first()
    url = at("handouts", guide.code)
    assert client.post(url, {"do": "add", "handout": second.pk}).url == at("edit", guide.code) + "#handouts"
    client.post(url, {"do": f"up:{second.code}"})
    assert [one.resource for one in draft.handouts_in_order.all()] == [second, first]
    client.post(url, {"do": f"remove:{first.code}"})
    assert [one.resource for one in draft.handouts_in_order.all()] == [second]
    assert [one.resource for one in guide.handouts_in_order.all()] == [first]
    answer = client.post(url, {"do": "add"}, follow=True)
    assert "Choose what to add" in text(answer)
    assert client.post(url, {"do": "up:nothing"}).status_code == 404


def test_publishing_says_what_is_different_and_asks_why(client, guide, draft, lead):
    url = at("publish", guide.code)
    page = text(client.get(url))
    assert "the draft is the same" in page and "What was changed, and why?" not in page
    first, second = draft.items.all()[:2]
    editing.change_item(guide=guide, key=first.key, by=lead, minutes=9, prompts=[])
    editing.remove_item(guide=guide, key=second.key, by=lead)
    form = client.get(url)
    page = text(form)
    for told in ["Made longer, 5 → 9 minutes", "Prompts changed", f"{second.title}: Left out"]:
        assert told in page
    seen = form.context["form"]["seen"].value()
    assert "Say what was changed and why" in text(client.post(url, {"why": " ", "seen": seen}), 422)
    editing.change_item(guide=guide, key=first.key, by=UserFactory(name="Olive Other"), minutes=10)
    page = text(client.post(url, {"why": "More time.", "seen": seen}), 409)
    assert "Olive Other changed this at" in page and "More time." in page
    seen = client.get(url).context["form"]["seen"].value()
    answer = client.post(url, {"why": "More time.", "seen": seen}, follow=True)
    assert "Version 2 is published." in text(answer)
    page = text(client.get(guide.get_absolute_url()))
    assert "This is version 1, which was replaced." in page and guide.current().get_absolute_url() in page
    versions = text(client.get(at("versions", guide.code)))
    assert "More time." in versions and "In use" in versions and "Lena Lead" in versions
    page = text(client.post(url, {"why": "Again.", "seen": seen}), 409)
    assert "published or thrown away meanwhile" in page and "Again." in page


def test_throwing_the_draft_away(client, guide, draft):
    assert "Discard the draft?" in text(client.get(at("discard", guide.code)))
    assert guide.draft()
    assert client.post(at("discard", guide.code)).url == guide.get_absolute_url()
    assert guide.draft() is None
    assert client.post(at("discard", guide.code)).status_code == 409


def test_the_editor_costs_the_same_with_many_parts_and_versions(
    client, guide, draft, same_queries, django_assert_max_num_queries
):
    def grow():
        for position in range(100, 130):
            AgendaItemFactory(guide=draft, position=position)
        for version in range(3, 20):
            Guide.versions.create(
                programme=guide.programme, number=4, version=version, title="Old", state="old", changed_by=UserFactory()
            )

    for name in ("edit", "versions", "publish"):
        client.get(at(name, guide.code))
    same_queries(client, at("edit", guide.code), grow)
    for url in (at("edit", guide.code), guide.get_absolute_url(), at("versions", guide.code)):
        with django_assert_max_num_queries(10):
            client.get(url)
