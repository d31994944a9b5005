"""Everything, taken out: the same rows as in the database, in formats that need no product to read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import threading
import tracemalloc
import zipfile
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import BinaryField, FileField
from django.utils import timezone

from caregivers.concerns import jobs as concern_jobs
from caregivers.models import Caregiver, Concern, Message
from evaluation.models import PseudonymKey, ReportVersion, Response
from feedback import sealing
from feedback.asking.actions import open_form
from ppg.audit_trail import audit
from ppg.backups import backup_file
from ppg.encryption import rotation, sealed_stream
from ppg.holdings import archives, processing_record
from ppg.models import AuditEntry
from programmes.models import Resource
from tests import traces
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, ResourceFactory
from tests.guards.records import concern_of, information_of

pytestmark = pytest.mark.django_db
OPENER = Path(settings.BASE_DIR) / "docs" / "adopting" / "open_archive.py"


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    options = {"location": tmp_path / "files"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "everything.archive"


def take_out(path: Path, **more) -> str:
    said = StringIO()
    call_command("take_out", path, stdout=said, **more)
    return said.getvalue()


def opened(path: Path, key: str = "") -> zipfile.ZipFile:
    with path.open("rb") as raw:
        return zipfile.ZipFile(io.BytesIO(sealed_stream.Opener(raw, [key or settings.BACKUP_KEYS[0]]).readall()))


def key_in(said: str) -> str:
    return said.splitlines()[2]


def rows(archive: zipfile.ZipFile, label: str) -> list[dict]:
    return json.loads(archive.read(f"tables/{label}.json"))


def as_csv(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def in_database(table: processing_record.Table) -> list[dict]:
    """Its rows as the models give them, by a way of their own."""
    stored = []
    for row in table.model._base_manager.order_by("pk"):
        values = {}
        for field in table.fields:
            value = getattr(row, field.name)
            if isinstance(field.model_field, BinaryField):
                value = None if value is None else f"files/{table.label}/{row.pk}-{field.name}"
            elif isinstance(field.model_field, FileField):
                value = f"files/{value.name}" if value else ""
            values[field.name] = value
        stored.append(values)
    return stored


def alike(taken: object, held: object) -> bool:
    if isinstance(held, datetime):
        return datetime.fromisoformat(str(taken)) == held
    if isinstance(held, date | time | UUID):
        return taken == str(held)
    if isinstance(held, str) and held.startswith("files/"):
        return str(taken).startswith(held)
    return taken == held


def differences(archive: zipfile.ZipFile, label: str, blank: frozenset = frozenset()) -> list[str]:
    """Field by field; where the archive says that it leaves a field out, that it does."""
    table = next(known for known in processing_record.tables() if known.label == label)
    taken, held = rows(archive, label), in_database(table)
    if label == "ppg.AuditEntry":
        held = [row for row in held if row["what"] not in archives.RESTRICTED]
    problems = [f"{label}: {len(taken)} of {len(held)} rows"] if len(taken) != len(held) else []
    for ours, theirs in zip(taken, held, strict=False):
        for field in table.fields:
            if not field.is_taken:
                problems += [f"{label}.{field.name} is in it"] if field.name in ours else []
            elif label == "feedback.Answer" and theirs["submission_id"] in blank and field.name in ("number", "text"):
                problems += [f"{label}.{field.name} of somebody who withdrew"] if ours[field.name] else []
            elif not alike(ours[field.name], theirs[field.name]):
                problems.append(f"{label}.{field.name}: {ours[field.name]!r} is not {theirs[field.name]!r}")
    return problems


# --- The demo --------------------------------------------------------------------------------------------


def test_of_the_demo_it_holds_every_row_of_every_table(monkeypatch, tmp_path, file, django_capture_on_commit_callbacks):
    """Row by row and field by field; CSV and JSON agree; opened by the script that ships, without Django."""
    monkeypatch.setenv("DEMO_PASSWORD", "a password for the demo")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("demo", stdout=StringIO())
    somebody = Caregiver.objects.exclude(places=None).first()
    group = somebody.places.first().cohort
    concern_of(group, somebody, group.team.first().user)
    information_of(group, somebody, group.team.first().user)
    Resource.objects.filter(file="").update(file=default_storage.save("resources/leaflet.pdf", ContentFile(b"%PDF-")))
    take_out(file)
    key = key_in(said := take_out(tmp_path / "concerns.archive", concerns=True))
    everything = opened_without_the_product(file, settings.BACKUP_KEYS[0])
    apart = opened_without_the_product(tmp_path / "concerns.archive", key)

    withdrew = withdrawn_sheets()
    assert withdrew and "shown once" in said
    wrong, seen = [], set()
    for archive in (everything, apart):
        assert archive.testzip() is None
        labels = {name.removeprefix("tables/").removesuffix(".json") for name in names(archive, "tables/", ".json")}
        for label in sorted(labels):
            if archive is everything or label != "ppg.AuditEntry":
                wrong += differences(archive, label, withdrew)
            wrong += disagreements(archive, label)
        seen |= labels
    assert not wrong, "\n".join(wrong[:20])
    assert seen | set(archives.LEFT_OUT) == {table.label for table in processing_record.tables()}
    trail = rows(everything, "ppg.AuditEntry") + rows(apart, "ppg.AuditEntry")
    written_at = {moment.isoformat() for moment in AuditEntry.objects.values_list("at", flat=True)}
    assert {row["at"] for row in trail} == written_at and len(trail) == AuditEntry.objects.count()
    assert everything.read("files/resources/leaflet.pdf") == b"%PDF-"
    version = ReportVersion.objects.get()
    assert everything.read(f"files/evaluation.ReportVersion/{version.pk}-pdf.pdf") == bytes(version.pdf)


def withdrawn_sheets() -> frozenset:
    """As the demo's Rashid Karim did."""
    theirs = PseudonymKey.objects.filter(
        place__caregiver__in=[one for one in Caregiver.objects.all() if one.name == "Rashid Karim"]
    )
    return frozenset(
        Response.objects.filter(pseudonym__in=[one.pseudonym for one in theirs]).values_list("submission", flat=True)
    )


def names(archive: zipfile.ZipFile, begin: str, end: str = "") -> list[str]:
    return [name for name in archive.namelist() if name.startswith(begin) and name.endswith(end)]


def disagreements(archive: zipfile.ZipFile, label: str) -> list[str]:
    sheet, objects = as_csv(archive, f"tables/{label}.csv"), rows(archive, label)
    wrong = [f"{label}: {len(sheet)} rows of CSV, {len(objects)} of JSON"] if len(sheet) != len(objects) else []
    for line, one in zip(sheet, objects, strict=False):
        wrong += [
            f"{label}.{name}: {line[name]!r}, {value!r}" for name, value in one.items() if line[name] != cell(value)
        ]
    return wrong


def cell(value: object) -> str:
    """What the README in the archive says of a CSV."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else str(value)


def opened_without_the_product(path: Path, key: str) -> zipfile.ZipFile:
    """By the script that stands in the documents, in a Python that has neither Django nor us."""
    target = path.with_suffix(".zip")
    done = run_opener(path, target, key)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(target)


def run_opener(path: Path, target: Path, key: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__');"
        "assert not {'django', 'ppg'} & {name.split('.')[0] for name in sys.modules}"
    )
    run = [sys.executable, "-I", "-c", code, OPENER, path, target]
    environment = {"PATH": os.environ["PATH"], "PPG_BACKUP_KEY": key}
    return subprocess.run(run, cwd=path.parent, env=environment, capture_output=True, text=True, check=False)


def test_every_table_of_the_database_is_in_it_or_named_as_left_out():
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    known = {table.model._meta.db_table for table in processing_record.tables()} | set(archives.TABLES_WITHOUT_A_MODEL)
    assert there <= known, "Say in ppg/holdings/archives.py what it is, or take it out."
    taken = [table.label for apart in (False, True) for table in archives.tables_in(apart)]
    assert sorted({*taken, *archives.LEFT_OUT}) == sorted(table.label for table in processing_record.tables())
    assert not backup_file.NOT_KEPT & set(taken), "What is of this machine alone is in no backup, and in no archive."
    assert len(taken) == len(set(taken)) + 1  # the trail is in both, each with its own rows


# --- What it says of itself ------------------------------------------------------------------------------


def test_each_field_is_described_with_kind_meaning_unit_and_choices(cohort, file):
    take_out(file)
    archive = opened(file)
    fields = {(row["table"], row["field"]): row for row in as_csv(archive, "fields.csv")}
    assert set(fields) == {(table.label, one.name) for table in archives.tables_in(False) for one in table.fields}
    minutes = fields["sessions_app.Session", "minutes"]
    assert (minutes["kind"], minutes["unit"], minutes["meaning"]) == ("whole number", "minutes", "how long it is")
    assert json.loads(fields["caregivers.PoliceCheck", "outcome"]["choices"])["clear"] == "Clear"
    assert fields["caregivers.Place", "cohort_id"]["points to"] == "programmes.Cohort"
    assert fields["ppg.User", "password"]["in here"] == "false"
    told = {one["table"]: one for one in json.loads(archive.read("description.json"))}
    assert told["programmes.Cohort"]["rows"] == 1
    assert [one["field"] for one in told["feedback.Theme"]["fields"]] == ["id", "code", "title"]


def test_what_lies_in_it_can_be_checked(cohort, file):
    take_out(file)
    archive = opened(file)
    said = json.loads(archive.read("contents.json"))
    assert set(said["files"]) == set(archive.namelist()) - {"contents.json"}
    for name, (size, fingerprint) in said["files"].items():
        data = archive.read(name)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (size, fingerprint)
    assert said["tables"]["programmes.Cohort"] == 1 and not said["missing"]


def test_no_cell_is_a_formula_and_the_json_is_exact(cohort, file):
    CaregiverFactory(cohort=cohort, name="=HYPERLINK(1)", phone="+44 1632 960100", allergies='nuts,\n"all" – ž')
    take_out(file)
    archive = opened(file)
    sheet, exact = as_csv(archive, "tables/caregivers.Caregiver.csv")[0], rows(archive, "caregivers.Caregiver")[0]
    assert (sheet["name"], sheet["phone"]) == ("'=HYPERLINK(1)", "'+44 1632 960100")
    assert (exact["name"], exact["phone"]) == ("=HYPERLINK(1)", "+44 1632 960100")
    assert sheet["allergies"] == exact["allergies"] == 'nuts,\n"all" – ž'


# --- What is in no archive -------------------------------------------------------------------------------


def test_nothing_that_opens_something_and_nothing_that_is_sealed(cohort, lead, file, tmp_path):
    """What could open a link or an account, and answers that wait, in every table there is."""
    traces.filled(cohort, lead)
    lead.set_password("a long password of hers")
    lead.save()
    PseudonymKey.objects.update(pseudonym="the pseudonym that is hers")
    session = cohort.sessions.first()
    form = open_form(session=session, by=lead)
    sealed = sealing.seal(form, {"way": "online", "answers": {}})
    sealed.save()
    everything = written(file) + written(tmp_path / "apart", apart=True)
    secrets = {lead.password, lead.session_code, form.key, sealed.envelope}
    for table in processing_record.tables():
        for one in table.fields:
            if one.name == "token_hash" or (one.level == "link" and one.kind == "text"):
                secrets |= {str(value) for value in table.model._base_manager.values_list(one.name, flat=True) if value}
    assert len(secrets) >= 7
    assert not [secret for secret in secrets if secret.encode() in everything]
    archive = opened(file, "key")
    assert [set(row) for row in rows(archive, "feedback.SealedAnswer")] == [{"id", "form_id"}]


def written(path: Path, now: datetime | None = None, *, apart: bool = False) -> bytes:
    """All that lies in it, one after the other."""
    archives.write(path, now or timezone.now(), key="key", apart=apart)
    archive = opened(path, "key")
    return b"".join(archive.read(name) for name in archive.namelist())


def test_nothing_in_it_is_still_encrypted():
    """A column that holds tokens of ours among other text would come out as it lies there."""
    inside = {(place.model._meta.label, name) for place in rotation.places() if place.inside for name in place.columns}
    taken = {(table.label, one.name) for table in processing_record.tables() for one in table.fields if one.is_taken}
    assert not inside & taken, "Open it in ppg/holdings/archives.py, or class it as secret."


def test_that_there_are_concerns_is_not_in_the_archive_of_everything(cohort, lead, tmp_path, now):
    """Byte by byte the same, with them and without: an archive may be read by people who may not know."""
    place = PlaceFactory(cohort=cohort)
    before = written(tmp_path / "before", now)
    concern_of(cohort, place.caregiver, lead)
    information_of(cohort, place.caregiver, lead)
    assert written(tmp_path / "after", now) == before
    alone = written(tmp_path / "alone", now, apart=True)
    assert b"It was said" in alone and b"A van" in alone
    assert place.caregiver.name.encode() not in alone


def test_nor_does_a_gap_a_count_or_the_health_of_the_service_tell_of_them(cohort, lead, file, tmp_path):
    """A number that is left out of the trail, how often the reminder was begun, a reminder that failed."""
    concern_of(cohort, PlaceFactory(cohort=cohort).caregiver, lead)
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)
    audit.record(lead, audit.Verb.SAW, Concern(code="hidden"), cohort=cohort)
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)
    concern_jobs.remind_due(timezone.now())
    take_out(file)
    archive = opened(file)
    assert all("id" not in row for row in rows(archive, "ppg.AuditEntry"))
    for label in ("ppg.Chore", "ppg.HealthLook", "ppg.Heartbeat"):
        assert f"tables/{label}.json" not in archive.namelist() and label in archives.LEFT_OUT
    take_out(tmp_path / "apart.archive", concerns=True)


# --- In the trail ----------------------------------------------------------------------------------------


def test_it_stands_in_the_trail_before_anything_is_read(cohort, file, monkeypatch, browser_of, administrator):
    monkeypatch.setattr(archives, "write", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_out(file)
    entry = AuditEntry.objects.get(verb="exported")
    assert (entry.user, entry.what, entry.fields, entry.who) == (
        None,
        "service",
        ["everything"],
        "A command on the server",
    )
    assert "A command on the server" in browser_of(administrator).get("/audit/").text


def test_each_concern_says_that_it_was_taken_out_and_the_administrator_is_told_nothing(cohort, lead, file):
    concern = concern_of(cohort, None, lead)
    noticed = information_of(cohort, None, lead)
    take_out(file, concerns=True)
    for one in (concern, noticed):
        last = audit.of(one).order_by("-pk").first()
        assert (last.verb, last.who) == ("exported", "A command on the server")
    assert not audit.searchable().filter(verb="exported").exists()


def test_concerns_open_with_a_key_of_their_own_only(cohort, lead, file):
    concern_of(cohort, None, lead)
    said = take_out(file, concerns=True)
    with pytest.raises(sealed_stream.Broken):
        opened(file)
    assert rows(opened(file, key_in(said)), "caregivers.Concern")[0]["words"] == "It was said"


# --- Whole, or none --------------------------------------------------------------------------------------


def test_nobody_reads_it_without_the_key_and_harm_is_noticed(cohort, lead, file, tmp_path):
    take_out(file)
    content = file.read_bytes()
    assert lead.name.encode() not in content and b"PK\x03\x04" not in content
    assert file.stat().st_mode & 0o077 == 0
    harmed = {
        "cut": content[:-40],
        "changed": content[:99] + bytes([content[99] ^ 1]) + content[100:],
        "longer": content + b"x",
        "none": b"",
    }
    for harm, data in harmed.items():
        (tmp_path / harm).write_bytes(data)
        done = run_opener(tmp_path / harm, tmp_path / f"{harm}.zip", settings.BACKUP_KEYS[0])
        assert done.returncode and "Traceback" not in done.stderr and not (tmp_path / f"{harm}.zip").exists(), harm
    assert "another key" in run_opener(file, tmp_path / "x.zip", "another").stderr


def test_an_older_key_may_stand_beside_the_newer_one(cohort, file, tmp_path):
    take_out(file)
    done = run_opener(file, tmp_path / "x.zip", f"newer, {settings.BACKUP_KEYS[0]}")
    assert done.returncode == 0 and zipfile.is_zipfile(tmp_path / "x.zip")


def test_a_file_that_is_there_is_not_written_over(cohort, file):
    file.write_text("something")
    with pytest.raises(CommandError, match="there already"):
        take_out(file)
    assert file.read_text() == "something" and not AuditEntry.objects.filter(verb="exported").exists()


def test_what_cannot_be_read_back_is_not_kept(cohort, file, monkeypatch):
    monkeypatch.setattr(archives, "read_back", lambda path, key: "something else")
    with pytest.raises(CommandError, match="There is no archive"):
        take_out(file)
    assert not list(file.parent.glob("everything*"))


def test_what_the_database_says_of_somebody_is_not_repeated(file, monkeypatch):
    def fails(*args, **more):
        raise DatabaseError("Key (email)=(nadia@example.org) already exists")

    monkeypatch.setattr(archives, "write", fails)
    with pytest.raises(CommandError, match="cannot be read") as why:
        take_out(file)
    assert "nadia" not in str(why.value)


def test_a_lost_key_ends_in_a_sentence(cohort, file, settings):
    CaregiverFactory(cohort=cohort)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="Add the older key"):
        take_out(file)
    assert not file.exists()


def test_a_file_that_is_gone_is_named_and_the_rest_is_there(file, capsys):
    default_storage.save("resources/there.pdf", ContentFile(b"%PDF-there"))
    for name in ("gone", "there"):
        ResourceFactory(file=f"resources/{name}.pdf", file_name=f"{name}.pdf")
    take_out(file)
    assert "files/resources/gone.pdf" in capsys.readouterr().err
    archive = opened(file)
    assert archive.read("files/resources/there.pdf") == b"%PDF-there"
    assert json.loads(archive.read("contents.json"))["missing"] == ["files/resources/gone.pdf"]


@pytest.mark.django_db(transaction=True)
def test_it_is_one_moment_and_nobody_waits(cohort, file, monkeypatch):
    """Somebody is added between a table's CSV and its JSON: they are saved at once, and are in neither."""
    cell, saved = archives._cell, []

    def meanwhile(value):
        if not saved:
            saved.append(False)
            thread = threading.Thread(target=add)
            thread.start()
            thread.join(timeout=10)
            saved.append(not thread.is_alive())
        return cell(value)

    def add():
        CaregiverFactory()
        connection.close()

    monkeypatch.setattr(archives, "_cell", meanwhile)
    connection.close()  # a command begins without a connection
    take_out(file)
    assert saved == [False, True] and Caregiver.objects.count() == 1
    archive = opened(file)
    assert rows(archive, "caregivers.Caregiver") == as_csv(archive, "tables/caregivers.Caregiver.csv") == []


def test_a_large_table_is_written_in_little_memory(file):
    """Five megabytes of text, and far less of them at a time."""
    sentence = "x" * 5_000
    Message.objects.bulk_create(
        Message(cohort=cohort, text=sentence, sent_at=timezone.now()) for cohort in [CohortFactory()] * 1_000
    )
    archives.write(file.with_name("first"), timezone.now(), key="key")  # what is loaded once
    tracemalloc.start()
    archives.write(file, timezone.now(), key="key")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
