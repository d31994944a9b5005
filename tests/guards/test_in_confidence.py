"""What a form promised that nobody would read is readable to nobody: no page, file, e-mail, job, log or archive lays
somebody's answers beside their name.

Two people answer before and after, one says all is well, the other the contrary. Every page and file is read as every
role. Then the two are exchanged in the confidential key, so that each has the other's answers, and all of it is read
again: not a byte may be different. Only the page that each of them opens for themselves may tell.
"""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from caregivers.rights import handover
from evaluation.models import PseudonymKey, WaveLink
from evaluation.own_answers.queries import own_sheets
from evaluation.rounds import actions as rounds
from feedback.answering.forms import new_nonce
from ppg.access.marks import SIGNED_IN
from ppg.access.permissions import GRANTS, Role
from ppg.holdings import archives
from ppg.models import AuditEntry
from tests.evaluation.conftest import agree, answers, mark
from tests.factories import PlaceFactory, SessionFactory
from tests.feedback.test_not_yet_enough import FRESH, differing, read
from tests.guards.records import records_of
from tests.guards.test_permissions import NEW_EACH_TIME, TABLE, VIEWS, clients  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

JOBS = apps.get_model("django_tasks_database", "DBTaskResult")
ROOT = Path(__file__).resolve().parents[2]
# Each look adds to them, or they show a key made for each look. The trail is read by itself below.
OF_ITSELF = {"audit", "audit_export", "caregivers:concern_readers", "caregivers:information_readers"}
OF_ITSELF |= {"programmes:add_item"}
COUNTED = {"tables.csv", "description.json", "contents.json"}  # how many rows the trail has
NOT_THE_GROUPS = {"gallery", "feedback:paper_sheet"}  # made-up people; a sheet to print, which takes a second
TOKEN = re.compile(rb'csrfmiddlewaretoken" value="\w+"|\b\d{10}\.\d+\b|nonce-[\w-]+|data-[\w-]*key="[\w-]+"')
# Who may bring a name and answers together, and why.
MAY_READ = {
    "evaluation/own_answers/views.py": "shows them to the person, in the answer to the press that uses the link up",
}


@pytest.fixture
def two(cohort, lead, settings) -> list[Place]:
    """Two people who were at the same sessions and answered both times, as differently as can be; and six more, so that
    the figures show something."""
    taken = timezone.localdate() - timedelta(days=60)
    places = [PlaceFactory(cohort=cohort, seat=seat, taken_on=taken) for seat in range(1, 8)]
    sessions = [SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=9 * n)) for n in (1, 2)]
    for place in places:
        agree(place)
        for session in sessions:
            mark(session, place)
    for point in ("before", "after"):
        wave = rounds.open_wave(cohort=cohort, point=point, by=lead)
        for number, place in enumerate(places):
            given = answers(4 if number % 2 else 0, goal=number)
            rounds.receive(wave=wave, place=place, answers=given, nonce=new_nonce())
        if point == "before":
            rounds.close_wave(wave=wave, by=lead)
    rounds.close_wave(wave=wave, by=lead)
    return places[:2]


def exchange(two: list[Place]) -> None:
    """Each has the other's pseudonym from now on, and so the other's answers."""
    keys = [PseudonymKey.objects.get(place=place) for place in two]
    names = [key.pseudonym for key in keys]
    for key, name in zip(keys, reversed(names), strict=True):
        key.pseudonym = name
        key.save()


@pytest.fixture
def look(two, cohort, clients, tmp_path, monkeypatch) -> Callable[[], dict[str, bytes]]:  # noqa: F811
    """`look()`: everything that any role can read, by its name."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    records = records_of(cohort)
    urls = {
        name: reverse(name, args=[records[part] for part in kind.split()])
        for name, (kind, status) in TABLE.items()
        if status == 200 and name not in OF_ITSELF | NOT_THE_GROUPS | NEW_EACH_TIME
    }
    for number, place in enumerate(two):  # records_of has a person of its own, who answered nothing
        person = place.caregiver
        for name in ("record", "handover", "handover_json", "details", "erase"):
            urls[f"caregivers:{name} {number}"] = reverse(f"caregivers:{name}", args=[person.code])

    def seen() -> dict[str, bytes]:
        readings = {}
        for name, url in urls.items():
            for role in Role:
                access = VIEWS[name.split()[0]].access
                if access == SIGNED_IN or access in GRANTS[role]:
                    readings[f"{name} {role}"] = TOKEN.sub(b"", FRESH.sub(rb"\1", read(clients[role], url)))
        for number, place in enumerate(two):
            readings[f"pdf {number}"] = handover.file_of(place.caregiver, now).as_html().encode()
        for name, body in taken_out(tmp_path).items():
            readings[f"archive {name}"] = body
        readings["jobs"] = json.dumps(list(JOBS._default_manager.values_list("args_kwargs", flat=True))).encode()
        readings["e-mails"] = "".join(f"{one.to} {one.subject} {one.body}" for one in mail.outbox).encode()
        return readings

    return seen


def taken_out(folder: Path) -> dict[str, bytes]:
    """What is in the archive of everything, but for what each look adds to."""
    folder.mkdir(exist_ok=True)
    path = folder / "taken.archive"
    path.unlink(missing_ok=True)
    archives.write(path, timezone.now(), key="key")
    with path.open("rb") as file:
        opened = io.BufferedReader(archives.Opener(file, ["key"]))
        whole = io.BytesIO(opened.read())
    with zipfile.ZipFile(whole) as parts:
        return {name: parts.read(name) for name in parts.namelist() if "AuditEntry" not in name and name not in COUNTED}


def test_no_page_file_or_archive_says_who_gave_which_answers(look, two):
    look()  # what is made when a page is first opened
    before = look()
    assert len(before) > 400
    exchange(two)
    after = look()
    assert not differing(before, after), "Whose answers they are can be told from these."


def test_exchanging_them_changes_what_each_reads_of_their_own(two):
    """Otherwise the test above would compare nothing."""
    before = [own_sheets(place) for place in two]
    exchange(two)
    assert [own_sheets(place) for place in two] == before[::-1] != before


def test_no_answer_stands_in_the_file_that_staff_hand_over(two, now):
    """Its words and numbers by themselves: not one question of the measure is in it."""
    for place in two:
        held = handover.file_of(place.caregiver, now)
        for sheet in own_sheets(place):
            for question, _answer in sheet.answers:
                assert question not in held.as_json() and question not in held.as_html()


def test_the_trail_the_links_and_the_log_know_only_that_they_answered(two, caplog, lead):
    names = {key.pseudonym for key in PseudonymKey.objects.all()}
    told = json.dumps([list(row) for row in AuditEntry.objects.values_list()], default=str) + caplog.text
    assert not [name for name in names if name in told]
    assert {timezone.localtime(link.used_at).time().isoformat() for link in WaveLink.objects.all()} == {"00:00:00"}


@pytest.mark.parametrize("name", ["own_sheets"])
def test_only_these_lay_answers_beside_a_name(name):
    """Who calls it shows it to somebody: a new caller needs a thought, and a reason above."""
    callers = set()
    for app in ("ppg", "programmes", "caregivers", "sessions_app", "feedback", "evaluation"):
        for path in (ROOT / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
            if name in used:
                callers.add(str(path.relative_to(ROOT)))
    assert callers == set(MAY_READ)
