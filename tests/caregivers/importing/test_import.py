"""Bringing in a list: from the file to the group's list, or to every fault by row and column."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date, timedelta
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from caregivers.importing import files as import_files
from caregivers.importing.columns import TEMPLATE, guess, letter
from caregivers.importing.faults import Kind
from caregivers.importing.rows import Defaults, check, known
from caregivers.importing.upload import Upload
from caregivers.models import Caregiver, Consent, Place, PoliceCheck, Referral
from ppg.access.refusals import Refused
from ppg.models import AuditEntry, Effect
from programmes.models import TeamMember
from tests.bombs import ONE_CELL, TEXT, full, workbook
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HEADS = ["Name", "Phone", "E-mail", "Source", "Referral date"]
ROSA = ["Rosa Marsh", "07700 900001", "rosa@example.org", "Early help", "2/3/2026"]
OMAR = ["Omar Reed", "07700 900002", "", "Exploitation hub", "3/3/2026"]


def csv_of(rows, separator=",", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(rows, book=None):
    book = book or openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def list_of(data):
    return import_files.read(data).sheet


class Steps:
    """The three pages, as a lead goes through them."""

    def __init__(self, client, cohort):
        self.client, self.cohort = client, cohort

    def url(self, step="import"):
        return reverse(f"caregivers:{step}", args=[self.cohort.code])

    def file(self, data, name="list.csv"):
        return self.client.post(self.url(), {"upload": SimpleUploadedFile(name, data)})

    def columns(self, page, **changes):
        form = page.context["form"]
        told = {name: form[name].value() or "" for name in form.fields if form[name].value() != []}
        return self.client.post(self.url("import_check"), {**told, "received_on": "2026-03-02", **changes})

    def preview(self, data, **changes):
        return self.columns(self.file(data), **changes)

    def press(self, page, step="import_do", **more):
        return self.client.post(self.url(step), {"sealed": page.context["sealed"], **more})


@pytest.fixture
def steps(browser_of, lead, cohort):
    return Steps(browser_of(lead), cohort)


def faults_of(page):
    return [str(fault) for fault in page.context["checked"].faults]


# --- The way through ---------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_a_list_comes_in_by_three_pages(steps, cohort, lead, make):
    heads = [*HEADS, "Safe ways", "Handouts", "Police check", "Check date"]
    page = steps.preview(
        make([heads, [*ROSA, "text and e-mail", "on paper", "clear", "5/3/2026"], [*OMAR, "", "", "", ""]])
    )
    assert page.status_code == 200 and page.context["checked"].ready
    assert "Bring in 2 people" in page.text and "Rosa Marsh" in page.text
    assert not Caregiver.objects.exists()
    answer = steps.press(page)
    assert answer.headers["Location"] == reverse("caregivers:people", args=[cohort.code])
    rosa, omar = Caregiver.objects.order_by("id")
    assert (rosa.name, rosa.phone, rosa.email) == ("Rosa Marsh", "07700 900001", "rosa@example.org")
    assert (rosa.safe_ways, rosa.handouts_by, rosa.registered_at) == (["text", "email"], "paper", None)
    referral = rosa.referrals.get()
    assert (referral.cohort, referral.source, referral.received_on) == (cohort, "early_help", date(2026, 3, 2))
    police = rosa.checks.get()
    assert (police.outcome, police.on, police.recorded_by) == ("clear", date(2026, 3, 5), lead)
    assert omar.name == "Omar Reed" and not omar.checks.exists()


def test_it_gives_no_place_and_no_consent(steps):
    steps.press(steps.preview(csv_of([[*HEADS, "Police check", "Check date"], [*ROSA, "clear", "5/3/2026"]])))
    assert Caregiver.objects.count() == 1
    assert not Place.objects.exists() and not Consent.objects.exists()


def test_the_trail_names_everybody_and_no_value(steps, cohort, lead):
    steps.press(steps.preview(csv_of([HEADS, ROSA, OMAR])))
    entries = AuditEntry.objects.filter(verb="created", what="caregiver", user=lead, cohort=cohort.code)
    assert {entry.person for entry in entries} == set(Caregiver.objects.values_list("code", flat=True))
    assert entries[0].fields == ["email", "name", "phone", "received_on", "source"]


def test_sent_twice_it_comes_in_once(steps):
    page = steps.preview(csv_of([HEADS, ROSA, OMAR]))
    first, second = steps.press(page), steps.press(page)
    assert first.headers["Location"] == second.headers["Location"]
    assert Caregiver.objects.count() == 2


def test_gone_back_and_pressed_again_it_comes_in_once(steps):
    columns = steps.file(csv_of([HEADS, ROSA, OMAR]))
    steps.press(steps.columns(columns))
    again = steps.columns(columns)
    assert "already in the group’s list" in again.text
    assert steps.press(again).status_code == 302
    assert Caregiver.objects.count() == 2


def test_nothing_is_kept_before_the_last_press(steps):
    before = [model.objects.count() for model in (Caregiver, Referral, PoliceCheck, AuditEntry, Effect)]
    page = steps.preview(csv_of([HEADS, ROSA]))
    assert [model.objects.count() for model in (Caregiver, Referral, PoliceCheck, AuditEntry, Effect)] == before
    assert "Rosa" not in str(dict(steps.client.session)) and page.context["sealed"] not in str(
        dict(steps.client.session)
    )
    assert "Rosa" not in page.context["sealed"]


def test_where_the_list_says_nothing_the_form_does(steps):
    page = steps.file(csv_of([["Name"], ["Rosa Marsh"]]))
    page = steps.columns(page, source="")
    assert page.status_code == 422 and "as no column says so" in page.text
    page = steps.columns(page, source="hub")
    assert page.context["checked"].without_contact == 1
    steps.press(page)
    assert (Referral.objects.get().source, Referral.objects.get().received_on) == ("hub", date(2026, 3, 2))


def test_first_name_and_surname_make_the_name(steps):
    page = steps.preview(csv_of([["First name", "Surname", "Source"], ["Rosa", "Marsh", "Community"]]))
    assert page.context["checked"].people[0].details["name"] == "Rosa Marsh"


# --- Columns -----------------------------------------------------------------------------------------


def test_columns_are_guessed_by_many_spellings():
    heads = ["Parent’s name", "Tel. No.", "Email Address", "Referred by", "Notes", "Mobile", "Child care needs"]
    assert guess(heads) == {"name": 0, "phone": 1, "email": 2, "source": 3, "childcare": 6}
    assert guess([str(label) for label in ("First Name", "Last name")]) == {"first_name": 0, "surname": 1}


def test_the_guess_can_be_put_right(steps):
    page = steps.file(csv_of([["Name", "Who", "Source"], ["x", "Rosa Marsh", "Community"]]))
    page = steps.columns(page, column_0="", column_1="name")
    assert page.context["checked"].people[0].details["name"] == "Rosa Marsh"
    back = steps.press(page, "import_check", do="columns")
    assert back.context["form"]["column_1"].value() == "name"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"column_1": "name"}, "“Name” is column A already"),
        ({"column_0": ""}, "Say which column holds the names"),
        ({"column_1": "surname"}, "not both"),
    ],
)
def test_a_wrong_match_is_said_and_what_was_chosen_stays(steps, changes, said):
    page = steps.columns(steps.file(csv_of([["Name", "Notes", "Source"], ["Rosa Marsh", "x", "Community"]])), **changes)
    assert page.status_code == 422 and said in page.text
    name, value = next(iter(changes.items()))
    assert page.context["form"][name].value() == value
    assert steps.columns(page, column_0="name", column_1="").context["checked"].ready


@pytest.mark.parametrize(
    "heading", ["Child", "Child’s name", "Young person", "YP DOB", "Son/daughter", "School", "Children"]
)
def test_what_is_about_a_child_is_dropped_and_said(steps, heading):
    page = steps.file(csv_of([["Name", heading, "Source"], ["Rosa Marsh", "Little Secret", "Community"]]))
    assert "Column B" in page.text and "seems to be about a child" in page.text
    assert "Little Secret" not in page.text and "column_1" not in page.context["form"].fields
    forced = steps.columns(page, column_1="allergies")
    assert "allergies" not in forced.context["upload"].matched
    assert "Little Secret" not in str(forced.context["upload"].sheet)


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_the_empty_list_has_our_headings(steps):
    answer = steps.client.get(steps.url("import_template"))
    heads = answer.content.decode("utf-8-sig").strip().split(",")
    assert guess(heads) == {name: number for number, name in enumerate(TEMPLATE)}


# --- Faults ------------------------------------------------------------------------------------------

LONG = "x" * 121
FAULTS = {
    Kind.NAME_MISSING: {"Name": ""},
    Kind.NAME_LONG: {"Name": LONG},
    Kind.HEADING: {"Name": "Child’s name"},
    Kind.PHONE: {"Phone": "ask Jo"},
    Kind.EMAIL: {"E-mail": "rosa at home"},
    Kind.SEVERAL: {"Phone": "07700 900001 / 01632 960001"},
    Kind.SOURCE: {"Source": "a friend"},
    Kind.SOURCE_MISSING: {"Source": ""},
    Kind.DATE: {"Referral date": "31/2/2026"},
    Kind.NUMBER: {"Referral date": "46328"},
    Kind.DATE_MISSING: {"Referral date": ""},
    Kind.FUTURE: {"Referral date": "1/1/2096"},
    Kind.SAFE_WAY: {"Safe ways": "carrier pigeon"},
    Kind.SAFE_WAY_BARE: {"Safe ways": "e-mail", "E-mail": ""},
    Kind.HANDOUTS: {"Handouts": "by post"},
    Kind.HANDOUTS_BARE: {"Handouts": "by e-mail", "E-mail": ""},
    Kind.OUTCOME: {"Police check": "probably fine"},
    Kind.CHECK_HALF: {"Police check": "clear", "Check date": ""},
    Kind.LONG: {"Allergies": "y" * 301},
    Kind.FORMULA: {"Phone": "=A1"},
    Kind.TWICE: {"Name": "Person 0", "Phone": "07700 900000"},
    Kind.KNOWN: {"Name": "Known Already", "Phone": "+44 7700 123456"},
}
IN_FAULTS = [head for cells in FAULTS.values() for head in cells]
WIDE = list(dict.fromkeys([*HEADS, "Safe ways", "Handouts", "Police check", "Check date", *IN_FAULTS]))
PLACE_OF = {kind: next(iter(cells)) for kind, cells in FAULTS.items()} | {Kind.CHECK_HALF: "Check date"}


def rows_of(count, faults=()):
    """`count` rows that are well but for `faults`: {index: kind}."""
    rows = []
    for number in range(count):
        row = dict.fromkeys(WIDE, "")
        row |= {"Name": f"Person {number}", "Phone": f"07700 {900000 + number}", "E-mail": f"p{number}@example.org"}
        row |= {"Source": "Community", "Referral date": "2/3/2026", "Safe ways": "text", "Handouts": "On paper"}
        row |= {"Police check": "asked", "Check date": "3/3/2026"}
        row |= FAULTS[faults[number]] if number in faults else {}
        rows.append([row[head] for head in WIDE])
    return [WIDE, *rows]


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)
def test_each_kind_of_fault_is_named_with_row_and_column(kind):
    sheet = list_of(csv_of(rows_of(3, {2: kind})))
    checked = check(
        headings=sheet.headings,
        rows=sheet.rows,
        matched=guess(sheet.headings),
        defaults=Defaults(),
        already=[known("Known Already", "07700 123456", "")],
        today=date(2026, 11, 22),
    )
    place = WIDE.index(PLACE_OF[kind])
    assert [(fault.row, fault.column, fault.kind) for fault in checked.faults] == [(4, place, kind)]
    assert str(checked.faults[0]).startswith(f"Row 4, column {letter(place)} ({WIDE[place]}): ")
    assert len(checked.people) == 2


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_five_hundred_rows_with_sixty_faults_and_then_without(steps, refer, make):
    """Every fault is named, nothing is stored, and it is quick; put right, everybody comes in."""
    refer("Known Already", phone="07700 123456")
    kinds = [kind for kind in Kind if kind not in (Kind.DATE_MISSING, Kind.TWICE, Kind.KNOWN)]
    kinds += [Kind.KNOWN]  # the form fills an empty date; of the same person only the first row is no fault
    faults = {(7 + number * 8): kinds[number % len(kinds)] for number in range(60)}
    began = time.monotonic()
    page = steps.preview(make(rows_of(500, faults)))
    took = time.monotonic() - began
    expected = {(row + 2, letter(WIDE.index(PLACE_OF[kind])), kind) for row, kind in faults.items()}
    checked = page.context["checked"]
    assert {(fault.row, letter(fault.column), fault.kind) for fault in checked.faults} == expected
    assert len(checked.faults) == 60 and len({fault.kind for fault in checked.faults}) >= 12
    assert all(str(fault) in unescape(page.text) for fault in checked.faults)
    assert took < 5
    assert steps.press(page).status_code == 409
    assert Caregiver.objects.count() == 1
    began = time.monotonic()
    page = steps.preview(make(rows_of(500)))
    assert steps.press(page).status_code == 302
    assert Caregiver.objects.count() == 501


def test_the_faults_can_be_downloaded_and_start_no_formula(steps):
    page = steps.preview(csv_of([["Name", "=Phone"], ["Rosa", "=2+2"]]), column_1="phone", source="hub")
    answer = steps.press(page, "import_faults")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,Column,Heading,Kind,What is wrong"
    assert lines[1].startswith("2,B,'=Phone,A formula in place of a value,")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_rows_that_are_there_already_can_be_left_out(steps, refer):
    refer("Rosa Marsh", phone="+44 7700 900001")
    page = steps.preview(csv_of([HEADS, ROSA, OMAR, OMAR]))
    assert faults_of(page) == [
        "Row 2, column A (Name): this person is already in the group’s list.",
        "Row 4, column A (Name): the same person as in row 3.",
    ]
    page = steps.press(page, "import_check", do="leave out")
    assert page.context["checked"].ready and page.context["checked"].left_out == [2, 4]
    steps.press(page, leave_out="yes")
    assert sorted(person.name for person in Caregiver.objects.all()) == ["Omar Reed", "Rosa Marsh"]


def test_two_of_one_name_with_other_numbers_are_two_people(steps):
    assert steps.preview(csv_of([HEADS, ROSA, ["Rosa Marsh", *OMAR[1:]]])).context["checked"].ready


def test_when_everybody_is_there_already_nothing_is_offered(steps, refer):
    refer("Rosa Marsh", phone="07700 900001")
    page = steps.press(steps.preview(csv_of([HEADS, ROSA])), "import_check", do="leave out")
    assert "There is nobody to bring in" in page.text and "Bring in 0" not in page.text


def test_somebody_added_meanwhile_stops_it(steps, refer):
    page = steps.preview(csv_of([HEADS, ROSA, OMAR]))
    refer("Rosa Marsh", phone="07700 900001")
    answer = steps.press(page)
    assert answer.status_code == 409 and "changed since you looked" in answer.text
    assert Caregiver.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nobody(steps, monkeypatch):
    page = steps.preview(csv_of([[*HEADS, "Police check", "Check date"], [*ROSA, "clear", "5/3/2026"]]))
    monkeypatch.setattr(PoliceCheck.objects, "bulk_create", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        steps.press(page)
    assert not Caregiver.objects.exists() and not Effect.objects.exists()


def test_what_stands_in_place_of_an_outcome_is_not_repeated(steps):
    page = steps.preview(csv_of([[*HEADS, "Police check", "Check date"], [*ROSA, "known to the gang", "5/3/2026"]]))
    assert "only “Asked”, “Clear”, “Concern” can be brought in" in page.text
    assert "known to the gang" not in page.text


# --- Files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_csv_is_read(encoding, separator):
    sheet = list_of(csv_of([["Name", "Notes"], ["Zoë Müller", 'two\nlines, "quoted"']], separator, encoding))
    assert sheet.headings == ["Name", "Notes"]
    assert sheet.rows == [(2, ["Zoë Müller", 'two\nlines, "quoted"'])]


def test_excels_own_note_of_the_separator_is_no_row():
    assert list_of(b"sep=;\r\nName;Phone\r\nRosa;1").rows == [(2, ["Rosa", "1"])]


def test_rows_keep_the_numbers_of_the_sheet():
    sheet = list_of(b"\n,,\nName,Phone\n\nRosa,1\n,\nOmar,2\n")
    assert sheet.rows == [(5, ["Rosa", "1"]), (7, ["Omar", "2"])]
    book = openpyxl.Workbook()
    book.active["A3"], book.active["A5"], book.active["A9"] = "Name", "Rosa", "Omar"
    assert [number for number, _cells in list_of(xlsx_of([], book)).rows] == [5, 9]


def test_a_workbooks_dates_and_numbers_are_read():
    sheet = list_of(xlsx_of([["Name", "Date", "Phone", "x"], ["Rosa", date(2026, 3, 2), 7700900001, True]]))
    assert sheet.rows == [(2, ["Rosa", "2026-03-02", "7700900001", "True"])]


def test_the_nought_that_excel_takes_is_put_back(steps):
    page = steps.preview(xlsx_of([HEADS, ["Rosa Marsh", 7700900001, "", "Community", date(2026, 3, 2)]]))
    assert page.context["checked"].people[0].details["phone"] == "07700900001"


def with_parts(**parts):
    """A workbook with more in its ZIP."""
    out = io.BytesIO(xlsx_of([["Name"], ["Rosa"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"xl/{name}", data)
    return out.getvalue()


def a_zip(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


SAID = b"<si><t>Name</t></si>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD = {
    "too large": (b"Name\n" + b"x" * 1_000_000, "larger than 1 MB"),
    "too many": (b"Name\n" + b"Rosa\n" * 1001, "more than 1,000 people"),
    "too wide": (b"Name" + b",x" * 60 + b"\nRosa", "more than 60 columns"),
    "too wide xlsx": (xlsx_of([["Name"] + ["x"] * 60, ["Rosa"]]), "more than 60 columns"),
    "only headings": (b"Name,Phone\n", "nobody in it"),
    "only blanks": (b"\n,,\n", "The file is empty"),
    "quote": (b'Name,Notes\nRosa,"never closed', "Row 2 cannot be read"),
    "binary": (b"\x00\x01\x02", "not a list"),
    "pdf": (b"%PDF-1.7", "not a list"),
    "web page": (b"<html><table>", "not a list"),
    "no encoding": (b"Name\n\x81\x82\x83\xf0\xff", "not a list"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "old excel": (OLE + b"Workbook", "old Excel"),
    "macros": (with_parts(**{"vbaProject.bin": b"x"}), "has macros"),
    "bomb": (with_parts(**{"worksheets/sheet9.xml": b" " * 13_000_000}), "unpacks to far more"),
    "many parts": (with_parts(**{f"p{n}.xml": b"" for n in range(201)}), "unpacks to far more"),
    "entities": (workbook(TEXT, sharedStrings=b'<!DOCTYPE x [<!ENTITY a "b">]><x><si>&a;</si></x>'), "damaged"),
    "hidden entities": (workbook(**{"worksheets/sheet1": "<!DOCTYPE x><x/>".encode("utf-16")}), "damaged"),
    "a text that is not there": (workbook(TEXT), "damaged"),
    "hidden": (workbook(ONE_CELL, hidden=True), "no sheet with a list that is not hidden"),
    "too much text": (full(b"a" * 1_000), "too much text"),
    "one cell far right": (workbook(b'<row><c r="XFD1"><v>1</v></c></row>' + TEXT, SAID), "more than 60 columns"),
    "one cell far down": (workbook(TEXT + b'<row r="1048576"><c><v>1</v></c></row>', SAID), "longer than 20,000 rows"),
    "another zip": (a_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "not an Excel workbook"),
    "damaged": (xlsx_of([["Name"], ["Rosa"]])[:-200], "damaged"),
    "hollow": (a_zip(**{"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "damaged"),
    "far apart": (b"Name\n" + b"\n" * 20_001 + b"Rosa", "longer than 20,000 rows"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_list_is_refused_with_a_sentence(steps, what):
    data, said = BAD[what]
    page = steps.file(data)
    assert page.status_code == 422
    assert said in page.context["form"].errors["upload"][0]


def test_a_file_is_known_by_its_content(steps):
    assert steps.file(xlsx_of([["Name"], ["Rosa"]]), "list.csv").status_code == 200
    assert steps.file(b"Name\nRosa", "list.xlsx").status_code == 200


def test_no_file_and_an_empty_one_are_said(steps):
    assert "Choose a file" in steps.client.post(steps.url(), {}).text
    assert steps.file(b"").context["form"].errors["upload"] == ["The file is empty"]


def test_too_much_text_for_the_way_between_pages_is_refused(steps, monkeypatch):
    monkeypatch.setattr("caregivers.importing.upload.MOST_SEALED", 100)
    assert "too much text" in steps.file(csv_of([HEADS, ROSA])).text


# --- Who, and what is sent in between ------------------------------------------------------------------


@pytest.mark.parametrize("step", ["import_check", "import_do", "import_faults"])
def test_a_list_that_is_not_ours_is_not_opened(steps, browser_of, cohort, other_cohort, lead, step):
    sealed = steps.preview(csv_of([HEADS, ROSA])).context["sealed"]
    second = UserFactory(role="lead")
    for user, group in ((second, cohort), (lead, other_cohort)):
        TeamMember.objects.create(cohort=group, user=user, job="lead")
        answer = browser_of(user).post(reverse(f"caregivers:{step}", args=[group.code]), {"sealed": sealed})
        assert answer.status_code == 422 and "Choose the file again" in answer.text
    for sent in ("", "x", sealed[:-5], sealed.swapcase()):
        assert steps.client.post(steps.url(step), {"sealed": sent}).status_code == 422
    assert not Caregiver.objects.exists()


def test_a_list_is_kept_for_an_hour(steps, lead, cohort):
    upload = Upload.of(import_files.read(csv_of([HEADS, ROSA])))
    now = timezone.now()
    sealed = upload.sealed(lead, cohort, now)
    assert Upload.opened(sealed, lead, cohort, now + timedelta(minutes=59)) == upload
    with pytest.raises(Refused):
        Upload.opened(sealed, lead, cohort, now + timedelta(hours=1))


STEPS = ["import", "import_template", "import_check", "import_faults", "import_do"]


@pytest.mark.parametrize("step", STEPS)
def test_only_a_lead_of_the_group(step, cohort, browser_of, facilitator, manager, stranger):
    url = reverse(f"caregivers:{step}", args=[cohort.code])
    other_lead = UserFactory(role="lead")
    for method in ("get", "post") if step != "import_template" else ("get",):
        assert getattr(browser_of(facilitator), method)(url).status_code == 403
        assert getattr(browser_of(manager), method)(url).status_code == 403
        assert getattr(browser_of(other_lead), method)(url).status_code == 404
        assert getattr(stranger, method)(url).status_code == 302
    assert browser_of(facilitator).put(url).status_code == 403


@pytest.mark.parametrize("step", STEPS)
def test_wrong_verbs(steps, step):
    assert steps.client.put(steps.url(step)).status_code == 405
    if step not in ("import", "import_template"):
        assert steps.client.get(steps.url(step)).headers["Location"] == steps.url()
