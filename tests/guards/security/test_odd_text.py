"""What somebody types as their name stays text, wherever it is shown: on pages, in tables and workbooks, in calendars,
in e-mails, on paper."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from caregivers.models import Caregiver
from caregivers.rights import handover
from evaluation.data.files import archive, workbook
from evaluation.data.tables import Column, Table
from ppg.documents.pdf import render_pdf
from ppg.documents.spreadsheets import csv_download
from ppg.sending import mail
from ppg.typed import clean
from sessions_app.calendar import ical
from tests.factories import PlaceFactory
from tests.guards.security.pages import read

SIGNS = "<>&\"'`=+-@|%\t\r\n\0{}[]()/\\;,:#!?*\u202e\u202d\u2066\u2069\u200b\u200f\ufeff\u0085\u2028\ud7ff\ufffd漢é🌿٣"
ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></textarea></script><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% debug %}${7*7}",
    '=HYPERLINK("https://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "\u202e=1+1",
    "\0=1+1",
    "a\r\nBcc: everybody@evil.example",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b",
    "file:///etc/passwd",
]
LETTERS = st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8"))
NAMES = st.one_of(st.sampled_from(ATTACKS), st.text(LETTERS, max_size=40))
FEW = drawn(max_examples=40, database=None, derandomize=True)


def marked(text: str) -> str:
    """Between two marks, by which it is found again."""
    return f"Qa{text}Qz"


@pytest.fixture
def named(cohort: Any, lead: Any, browser_of: Any) -> Any:
    """`named(name)` → the pages that show somebody of this name; the form that takes it does so once."""
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    browser = browser_of(lead)
    urls = [
        reverse("caregivers:record", args=[person.code]),
        reverse("caregivers:people", args=[cohort.code]),
        reverse("caregivers:details", args=[person.code]),
    ]

    def show(name: str) -> list[str]:
        Caregiver.objects.filter(pk=person.pk).update(name=name, liked_name="", allergies=name)
        return [browser.get(url).text for url in urls]

    return SimpleNamespace(show=show, person=person, browser=browser, urls=urls)


@pytest.mark.django_db
def test_statement_25_a_name_is_text_on_every_page(named):
    """No sign of it opens or closes a tag or an attribute: the page has as many as with a plain name."""
    plain = [shape(page) for page in named.show(marked("Rosa"))]

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        assert [shape(page) for page in named.show(marked(name.replace("\0", "")))] == plain

    holds()


def shape(page: str) -> list[tuple[str, ...]]:
    """Each tag with the names of its attributes, in order."""
    hits: list[tuple[str, ...]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag != "br":  # the end of a line that somebody typed
                hits.append((tag, *(name for name, _ in attrs)))

    reader = Tags()
    reader.feed(page)
    return hits


def is_formula(cell: str) -> bool:
    """As Excel, LibreOffice and Google Sheets take it, the wide signs of East Asian keyboards too."""
    return cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def as_it_was(cell: str, name: str) -> bool:
    """Nothing is lost but what keeps it from being a formula."""
    return cell.removeprefix("'") == name.removeprefix("'")


def test_statement_25_no_cell_of_a_table_is_a_formula():
    """A program for spreadsheets takes no cell for one, and one cell stays one."""

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        text = csv_download("x.csv", [["before", name, "after"]]).content.decode("utf-8-sig")
        [[first, cell, last]] = csv.reader(io.StringIO(text, newline=""))
        assert (first, last) == ("before", "after") and not is_formula(cell) and as_it_was(cell, name)

    holds()


def test_statement_25_no_cell_of_a_workbook_or_a_data_file_is_a_formula():
    """The files of anonymous data; what a workbook cannot hold is left out, and the rest is there."""

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        table = Table("words", "Words", (Column("word", "A word"), Column("after", "After")), [(name, "after")])
        sheet = openpyxl.load_workbook(io.BytesIO(workbook([table])))["words"]
        [_, (cell, last)] = sheet.iter_rows()
        assert cell.data_type != "f" and not is_formula(cell.value or "") and last.value == "after"
        with zipfile.ZipFile(io.BytesIO(archive([table]))) as files:
            text = files.read("words.csv").decode("utf-8-sig")
        [_, (cell, last)] = csv.reader(io.StringIO(text, newline=""))
        assert not is_formula(cell) and last == "after"

    holds()


def test_statement_25_a_name_adds_nothing_to_a_calendar():
    """One entry stays one, under its own name."""
    at = datetime(2027, 6, 10, 18, tzinfo=UTC)
    goes_on, cancelled = (ical.Meeting("code", at, at, gone, at, 1) for gone in (False, True))

    def feed(name: str) -> list[str]:
        return properties(ical.as_text([goes_on, cancelled], name=name, title=name, cancelled_title=name))

    plain = feed("Rosa")

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        assert feed(name) == plain

    holds()


def properties(feed: bytes) -> list[str]:
    """The name of each line, folded ones put together as the standard says."""
    lines = feed.replace(b"\r\n ", b"").split(b"\r\n")
    return [re.split(rb"[:;]", line)[0].decode() for line in lines]


@pytest.mark.django_db
def test_statement_25_a_name_adds_no_header_to_an_email(mailoutbox):
    """Whoever is written to, and about what: the message has one recipient and no line of its own making, or does not
    leave."""

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        mailoutbox.clear()
        try:
            mail.send(to="rosa@example.org", subject=name, text=name, ref="ref")
        except mail.NotSent:
            assert not mailoutbox and re.search(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", name)
            return
        [message] = mailoutbox
        sent = BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())
        assert message.recipients() == ["rosa@example.org"]
        assert {one.lower() for one in sent} <= HEADERS

    holds()


HEADERS = {"content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date", "message-id"}
HEADERS |= {"reply-to"}


@pytest.mark.django_db
def test_statement_25_a_name_is_text_on_paper(named, now):
    """The file about a person as it is drawn: the same elements as with a plain name, and a PDF without scripts, links
    or files in it."""

    def drawn_for(name: str) -> str:
        Caregiver.objects.filter(pk=named.person.pk).update(name=name, allergies=name)
        return handover.file_of(Caregiver.objects.get(pk=named.person.pk), now).as_html()

    plain = shape(drawn_for(marked("Rosa")))

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        assert shape(drawn_for(marked(name.replace("\0", "")))) == plain

    holds()
    together = " ".join(ATTACKS).replace("\0", "")
    with pikepdf.open(io.BytesIO(render_pdf(drawn_for(together)))) as pdf:
        whole = b"".join(bytes(one.unparse(resolved=False)) for one in pdf.objects)
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|URI|SubmitForm)\b", whole)


@pytest.mark.django_db
def test_statement_25_whatever_is_typed_as_a_name_is_kept_as_text_or_refused_in_a_sentence(named, cohort):
    """NUL among it, which no database keeps."""
    url = reverse("caregivers:details", args=[named.person.code])
    form = next(one for one in read(url, named.browser.get(url).text).forms if "name" in one.fields)

    @FEW
    @given(name=NAMES)
    def holds(name: str) -> None:
        sent = form.fields | {"name": [name]}
        status = named.browser.post(url, sent).status_code
        named.person.refresh_from_db()
        nobody_sees_it = not clean(name)
        assert status == 302 or nobody_sees_it or len(name) > 30
        assert status in (302, 422) and "\0" not in named.person.name

    holds()
