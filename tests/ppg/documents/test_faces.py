"""The fonts of our PDFs: every letter that we offer, the same on every machine, and nothing that pages load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from ppg import settings as production
from ppg import system_checks
from ppg.documents import faces, in_words
from ppg.documents.pdf import render_pdf
from ppg.files.apps import StaticFilesOfPages
from ppg.health import server
from tests.letters import EVERY_LETTER, NAMES
from tests.pdfs import boxes_in, fonts_of

PAGE = '<!doctype html><html lang="en-GB"><head><title>A title</title></head><body>{}</body></html>'
HANGUL = "김철수"
OURS = {face.name for face in faces.all_faces()}


def drawn(words: str) -> bytes:
    return render_pdf(PAGE.format(words))


def test_every_letter_is_drawn_and_with_our_own_fonts_alone():
    made = drawn(f"<p>{EVERY_LETTER}</p><p><strong>{NAMES}</strong></p>")
    assert boxes_in(made) == 0
    used = {name.removesuffix("-Bold").rstrip(",") for name in fonts_of(made)}
    assert "arimo" in used and "noto-sans-ethiopic" in used and used <= OURS


def test_a_letter_that_no_font_has_would_be_seen_as_a_box(monkeypatch):
    """So the tests that find none can fail."""
    monkeypatch.setattr(in_words, "all_in_words", lambda text: text)
    assert boxes_in(drawn(f"<p>{HANGUL}</p>")) == len(HANGUL)


def test_what_no_font_has_stands_in_the_pdf_in_words():
    made = drawn(f"<p>{HANGUL} 👍🏽 ☐ ❤️ \ue000</p>")
    assert boxes_in(made) == 0 and {name.removesuffix("-Bold") for name in fonts_of(made)} == {"arimo"}


def test_a_document_loads_the_fonts_of_its_letters_alone():
    files = re.compile(r"fonts/([\w-]+?)-(?:400|700|wght)\.ttf")
    assert set(files.findall(faces.style_of("Łódź, Ŵyr, София").rules)) == {"arimo"}
    assert set(files.findall(faces.style_of("Amina أمينة").rules)) == {"arimo", "noto-sans-arabic"}
    assert len(set(files.findall(faces.style_of("您").rules))) == 2


def test_urdu_is_written_as_its_readers_write_it():
    assert "Nastaliq" not in faces.style_of('<p lang="ar">شكرا</p>').rules.title()
    rules = faces.style_of('<p lang="ur">شکریہ</p>').rules
    assert rules.index(":lang(ur)") < rules.rindex("noto-nastaliq-urdu") < rules.rindex("noto-sans-arabic")


def test_a_chart_has_the_same_fonts():
    made = drawn('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">أمينة 您</text></svg>')
    assert boxes_in(made) == 0 and "noto-sans-arabic" in fonts_of(made)


def test_codes_to_type_have_signs_of_one_width():
    style = '<link rel="stylesheet" href="/static/css/slips.css">'
    assert "cousine-Bold" in fonts_of(drawn(f'{style}<div class="slip"><p class="slip__sign">ABC 234</p></div>'))


def test_without_our_fonts_nothing_is_drawn_and_it_is_said(monkeypatch, now):
    assert not faces.missing() and system_checks.fonts_are_there(None) == []
    monkeypatch.setattr(faces.finders, "find", lambda name: None if name.endswith("arabic-700.ttf") else __file__)
    assert faces.missing()
    with pytest.raises(RuntimeError, match="script/install"):
        drawn("Words")
    assert system_checks.fonts_are_there(None)[0].hint == "Run script/install."
    assert "no PDF can be made" in server.fonts_are_there(now).sentence


PRINTED = ("cards", "handover", "paper-print", "poster", "print", "report", "slips")


@pytest.mark.parametrize("name", PRINTED)
def test_each_style_of_a_pdf_takes_the_letters_that_it_is_given(name):
    """And on a page of the browser, where nobody gives any, the device's own."""
    style = Path(settings.BASE_DIR, "static/css", f"{name}.css").read_text()
    named = re.findall(r"[{; ]font(?:-family)?: ([^;}]*\"[^;}]*)", style)
    assert [rule for rule in named if not re.search(r"var\(--(letters|signs), ", rule)] == []


def test_each_page_that_becomes_a_pdf_is_known():
    """Whoever renders one links styles that are tried here."""
    printed = [
        path for path in Path(settings.BASE_DIR, "templates").rglob("*print.html") if "<html" in path.read_text()
    ]
    linked = {name for path in printed for name in re.findall(r"css/([\w-]+)\.css", path.read_text())}
    assert linked <= set(PRINTED)


def test_pages_load_none_of_them(monkeypatch):
    said = [path for path in Path(settings.BASE_DIR, "static").rglob("*.css") if "@font-face" in path.read_text()]
    assert said == []
    assert "ppg.files.apps.StaticFilesOfPages" in production.INSTALLED_APPS
    monkeypatch.setattr(apps.get_app_config("staticfiles"), "ignore_patterns", StaticFilesOfPages.ignore_patterns)
    assert not [name for name in server._sources() if "fonts/" in name]


def test_each_font_is_delivered_with_its_licence():
    folder = Path(settings.BASE_DIR, "static", faces.FOLDER)
    for face in faces.all_faces():
        family = face.family.lower().replace(" ", "-")
        assert "SIL OPEN FONT LICENSE" in (folder / f"{family}-LICENSE.txt").read_text().upper()
