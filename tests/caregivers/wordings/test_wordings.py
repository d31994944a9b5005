"""The council's texts: written, looked at, published in versions that never change."""

import uuid

import pytest
from django.core.checks import run_checks
from django.urls import reverse

from caregivers import text_blocks
from caregivers.models import ConsentWording
from caregivers.wordings import shipped as wordings
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db

NEW = "You may quote me\nWithout my name. If you take this back, we stop. Ask [name]."


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


def go(page, kind="quotes"):
    return reverse(f"caregivers:{page}", args=[kind])


def sent(text=NEW, seen=1, **more):
    return {"text": text, "seen": str(seen), **more}


def publish(browser, text=NEW, seen=1, kind="quotes", key=None):
    return browser.post(go("wording_publish", kind), sent(text, seen, effect_key=key or str(uuid.uuid4())))


def test_every_text_is_listed_with_its_blanks(browser):
    page = browser.get(reverse("caregivers:wordings")).text
    for label in ("Privacy notice", "What is kept how long", "Data protection impact assessment", "Quoting me"):
        assert label in page
    assert "4 blanks to fill in" in page  # the notice
    assert "No blanks" in page


def test_a_text_is_shown_with_its_blanks_marked(browser):
    page = browser.get(go("wording", "notice")).text
    assert '<mark class="blank">[name of the council]</mark>' in page
    assert '<table class="govuk-table govuk-table--stack"' in browser.get(go("wording", "dpia")).text


def test_it_is_looked_at_before_it_is_published_and_looking_changes_nothing(browser):
    page = browser.post(go("wording_change"), sent())
    assert page.status_code == 200 and "As it will be shown" in page.text
    assert '<mark class="blank">[name]</mark>' in page.text and "1 blank to fill in" in page.text
    assert ConsentWording.objects.filter(kind="quotes").count() == 1


def test_going_on_writing_keeps_what_was_typed(browser):
    page = browser.post(go("wording_change"), sent(do="edit"))
    assert page.status_code == 200 and "You may quote me" in page.text and "<textarea" in page.text


def test_publishing_makes_the_next_version_and_keeps_the_old_one(browser, administrator):
    old = ConsentWording.objects.get(kind="quotes")
    assert publish(browser).url == go("wording")
    new = ConsentWording.objects.latest_of("quotes")
    assert (new.version, new.text, new.published_by) == (2, NEW, administrator) and new.published_at
    assert ConsentWording.objects.get(pk=old.pk).text == old.text
    assert old.statement in browser.get(go("wording") + "?version=1").text
    assert AuditEntry.objects.filter(what="consentwording", verb="created", fields=["quotes"]).count() == 1


def test_pressed_twice_it_is_one_version(browser):
    key = str(uuid.uuid4())
    assert {publish(browser, key=key).status_code for _ in range(2)} == {302}
    assert ConsentWording.objects.filter(kind="quotes").count() == 2


def test_whoever_comes_second_is_told_and_keeps_what_they_typed(browser):
    publish(browser)
    page = publish(browser, text="You may quote my words\nBut not my name.")
    assert page.status_code == 409
    assert "Somebody else has published version 2" in page.text and "You may quote my words" in page.text
    assert publish(browser, text="You may quote my words\nBut not my name.", seen=2).status_code == 302


@pytest.mark.parametrize("kind", ["notice", "kept", "access"])
def test_on_a_councils_own_server_a_text_with_blanks_is_not_published(browser, settings, kind):
    newest = ConsentWording.objects.latest_of(kind)
    settings.PRODUCTION = True
    page = publish(browser, kind=kind, text="# Who we are\nWe are [name of the council].", seen=newest.version)
    assert page.status_code == 409 and "square brackets first" in page.text
    assert "[name of the council]" in page.text, "what was typed is still there"
    assert ConsentWording.objects.latest_of(kind) == newest
    assert publish(browser, kind=kind, text="# Who we are\nWe are Demo.", seen=newest.version).status_code == 302


def test_the_impact_assessment_is_written_bit_by_bit(browser, settings):
    """Nobody outside reads it."""
    newest = ConsentWording.objects.latest_of("dpia")
    settings.PRODUCTION = True
    answer = publish(browser, kind="dpia", text="# What\nRisk: [low / high]", seen=newest.version)
    assert answer.status_code == 302


def test_nothing_different_is_no_version(browser):
    same = ConsentWording.objects.latest_of("quotes").text
    assert publish(browser, text=same).status_code == 409
    assert ConsentWording.objects.filter(kind="quotes").count() == 1


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("quotes", "", "Write the text"),
        ("quotes", "Only one line", "Say in a second line"),
        ("quotes", "x" * 151 + "\nmore", "150 letters"),
        ("quotes", "Yes\nAsk [name", "square bracket"),
        ("notice", "No heading\nat all", "Begin with a heading"),
        ("notice", "# a\n" + "x" * 20_001, "20000"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, kind, text, sentence):
    seen = ConsentWording.objects.latest_of(kind).version
    for url in (go("wording_change", kind), go("wording_publish", kind)):
        page = browser.post(url, sent(text, seen, effect_key=str(uuid.uuid4())))
        assert page.status_code == 422 and sentence in page.text
        assert text[-20:] in page.text.replace("\r\n", "\n")
    assert ConsentWording.objects.filter(kind=kind).count() == seen


def test_what_people_are_asked_is_the_newest_and_nothing_of_the_councils_own(browser):
    publish(browser)
    newest = ConsentWording.objects.newest()
    assert newest["quotes"].statement == "You may quote me"
    assert "dpia" not in newest and "kept" not in newest


def test_an_unknown_text_or_version_is_not_found(browser):
    assert browser.get(go("wording", "soul")).status_code == 404
    assert browser.get(go("wording") + "?version=7").status_code == 404
    assert publish(browser, kind="soul").status_code == 404


@pytest.mark.parametrize("name", ["wording", "wording_change", "wording_publish"])
def test_only_an_administrator(browser_of, lead, name):
    assert browser_of(lead).post(go(name)).status_code == 403


def test_wrong_verbs(browser):
    assert browser.get(go("wording_publish")).status_code == 405
    assert browser.post(go("wording")).status_code == 405


def test_markup_is_shown_as_it_was_typed(browser):
    publish(browser, text="<b>Yes</b>\nand [<i>who</i>]")
    assert "&lt;b&gt;Yes" in browser.get(go("wording")).text and "<i>who" not in browser.get(go("wording")).text


# --- Reading a text --------------------------------------------------------------------------------------


def test_headings_paragraphs_lists_and_tables():
    found = text_blocks.blocks("# A\nwords\n- one\n- two\n| a | b |\n| 1 | 2 |\n\nmore")
    assert [(block.kind, block.text or block.rows) for block in found] == [
        ("heading", "A"),
        ("text", "words"),
        ("list", ["one", "two"]),
        ("table", [["a", "b"], ["1", "2"]]),
        ("text", "more"),
    ]


def test_blanks_are_counted_once_each():
    assert text_blocks.blanks("[a] and [b] and [a], not [] nor [open") == ["[a]", "[b]"]


def test_what_ships_never_overrules_the_council(administrator):
    ConsentWording.objects.filter(kind="notice", version__gt=1).delete()
    ConsentWording.objects.create(
        kind="notice", version=2, text="# Ours", published_by=administrator, published_at="2026-01-01T00:00Z"
    )
    wordings.load(ConsentWording.objects)
    assert ConsentWording.objects.latest_of("notice").text == "# Ours"


def test_in_production_blanks_are_warned_of(settings):
    def warnings():
        return [one.id for one in run_checks(tags=["database"], databases=["default"])]

    assert "caregivers.W001" not in warnings()
    settings.PRODUCTION = True
    assert warnings().count("caregivers.W001") == 4
    ConsentWording.objects.filter(kind__in=["notice", "kept", "access", "dpia"]).update(text="# Filled in")
    assert "caregivers.W001" not in warnings()
