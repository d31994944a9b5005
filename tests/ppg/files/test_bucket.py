"""Where a bucket is set, uploaded files, ledger and backups lie in it; one that is away is said in a sentence."""

from __future__ import annotations

import socket
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Erased
from caregivers.rights import actions as rights
from ppg.access.refusals import Refused
from ppg.backups import backup_file, ledger, nightly
from ppg.files import stored_files
from ppg.files.stored_files import Unreachable, names_in
from ppg.health import steps
from ppg.models import Chore, LedgerLine, Service
from tests.factories import CaregiverFactory, ResourceFactory
from tests.ppg.files.buckets import Server, storage

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

PDF = b"%PDF-1.7 " + b"x" * 200_000


@pytest.fixture(scope="module")
def server():
    started = Server()
    yield started
    started.stop()


@pytest.fixture
def bucket(server, settings, tmp_path) -> str:
    """PPG_STORE is set. Returns the bucket's name."""
    name = f"b-{uuid.uuid4()}"
    use(settings, tmp_path, server.bucket(name))
    return name


@pytest.fixture
def away(settings, tmp_path) -> None:
    """PPG_STORE names a host where nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    use(settings, tmp_path, f"http://key:secret@127.0.0.1:{port}/bucket")


def use(settings, tmp_path, address: str) -> None:
    settings.VAR, settings.LEDGER = tmp_path, tmp_path / "erased.txt"
    places = {"default": "files", "ledger": "ledger", "backups": "backups"}
    settings.STORAGES = settings.STORAGES | {alias: storage(address, what) for alias, what in places.items()}


# --- Uploaded files ----------------------------------------------------------------------------------------


def test_what_is_uploaded_lies_in_the_bucket_and_comes_back(bucket, server, browser_of, lead):
    handout = ResourceFactory(title="Where to go", kind="handout")
    client, sent = browser_of(lead), {"title": handout.title, "kind": "handout", "publisher": handout.publisher}
    answer = client.post(
        reverse("programmes:resource", args=[handout.code]), sent | {"upload": SimpleUploadedFile("go.pdf", PDF)}
    )
    assert answer.status_code == 302
    handout.refresh_from_db()
    assert server.names(bucket) == [f"groups/files/{handout.file.name}"]
    assert client.get(reverse("programmes:download", args=[handout.code])).content == PDF
    assert not stored_files.in_database()


def test_it_lists_and_deletes_as_a_folder_does(bucket, tmp_path):
    folder = FileSystemStorage(location=tmp_path / "beside")
    for store in (default_storage, folder):
        for name in ("b.txt", "resources/a.pdf", "resources/deep/c.pdf"):
            store.save(name, ContentFile(b"x"))
        store.delete("b.txt")
    assert list(names_in(default_storage)) == list(names_in(folder)) == ["resources/a.pdf", "resources/deep/c.pdf"]
    with pytest.raises(FileNotFoundError):
        default_storage.open("b.txt")


def test_files_move_into_the_bucket_from_the_database_and_from_the_folder(bucket, tmp_path):
    stored_files.DatabaseFiles().save("resources/a.pdf", ContentFile(PDF))
    FileSystemStorage(location=tmp_path / "files").save("resources/b.pdf", ContentFile(b"b"))
    out = StringIO()
    call_command("move_files", stdout=out)
    assert "Moved and read back: 2. 2 files" in out.getvalue()
    assert stored_files.read(default_storage, "resources/a.pdf") == PDF
    assert list(names_in(stored_files.DatabaseFiles())) == list(names_in(FileSystemStorage(tmp_path / "files"))) == []


def test_files_move_back_out_of_a_bucket(bucket, server, settings):
    address = server.bucket(f"old-{uuid.uuid4()}")
    settings.STORAGES = settings.STORAGES | {"default": storage(address, "files")}
    default_storage.save("resources/a.pdf", ContentFile(PDF))
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "ppg.files.stored_files.DatabaseFiles"}}
    call_command("move_files", bucket=address, stdout=StringIO())
    assert stored_files.read(default_storage, "resources/a.pdf") == PDF
    with pytest.raises(CommandError, match="--from names no bucket"):
        call_command("move_files", bucket="https://key:secret@host")


def test_a_store_that_is_away_is_said_and_what_was_typed_is_kept(away, browser_of, lead):
    handout = ResourceFactory(title="Where to go", kind="handout", file="resources/a.pdf", file_name="a.pdf")
    client, sent = browser_of(lead), {"title": "Where to turn", "kind": "handout", "publisher": "Us"}
    page = client.post(
        reverse("programmes:resource", args=[handout.code]), sent | {"upload": SimpleUploadedFile("go.pdf", PDF)}
    )
    assert page.status_code == 409 and "could not be saved just now" in page.text and "Where to turn" in page.text
    handout.refresh_from_db()
    assert (handout.title, handout.file.name) == ("Where to go", "resources/a.pdf")
    page = client.get(reverse("programmes:download", args=[handout.code]))
    assert page.status_code == 409 and "cannot be reached just now" in page.text


def test_what_the_store_answers_repeats_no_key(bucket, server, settings):
    wrong = storage("http://AKIA:hush-hush@" + server.address.removeprefix("http://") + "/no-such-bucket", "files")
    settings.STORAGES = settings.STORAGES | {"default": wrong}
    with pytest.raises(Unreachable, match="The store answered: NoSuchBucket") as why:
        default_storage.save("a.pdf", ContentFile(b"1"))
    assert "hush" not in str(why.value)


# --- The ledger --------------------------------------------------------------------------------------------


def test_who_is_erased_stands_in_the_bucket_before_it_is_committed(bucket, server, cohort, lead):
    person = CaregiverFactory(cohort=cohort)
    rights.erase(caregiver=person, by=lead)
    [line] = [line for line in ledger.of_bucket() if line.why == "asked"]
    assert line.code == person.code and set(ledger.of_bucket()) == set(ledger.of_database())
    assert all(name.startswith("groups/ledger/") for name in server.names(bucket))


def test_nobody_is_erased_while_the_bucket_is_away(away, cohort, lead):
    person = CaregiverFactory(cohort=cohort)
    with pytest.raises(Refused, match="nothing was changed"):
        rights.erase(caregiver=person, by=lead)
    person.refresh_from_db()
    assert person.erased_at is None and not Erased.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_bucket_alone_is_enough_on_a_new_machine(bucket, cohort, lead, tmp_path, capsys):
    """Database, disk and every file of before are lost."""
    person = CaregiverFactory(cohort=cohort)
    name, _made = nightly.make(timezone.now())
    rights.erase(caregiver=person, by=lead)
    with transaction.atomic():
        backup_file._empty(backup_file.kept_models())
    LedgerLine.objects.all().delete()
    ledger.path().unlink()
    call_command("restore", name)
    person.refresh_from_db()
    assert person.erased_at and person.name == "" and "Erased again: 1" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_bucket_that_never_was_this_services_knows_nobody(server, settings, tmp_path, cohort, lead, now):
    """The ledger lay in a file. The database is lost, and the new machine is given a bucket for the first time."""
    settings.VAR, settings.LEDGER = tmp_path, tmp_path / "erased.txt"
    person = CaregiverFactory(cohort=cohort)
    ledger.introduce_at_start()
    backup_file.write(tmp_path / "before.backup", timezone.now())
    rights.erase(caregiver=person, by=lead)
    file = ledger.path().rename(tmp_path / "of-the-old-machine.txt")
    with transaction.atomic():
        backup_file._empty(backup_file.kept_models())
    LedgerLine.objects.all().delete()
    name = f"b-{uuid.uuid4()}"
    use(settings, tmp_path, server.bucket(name))
    rights.keep_ledger(now)  # a worker was started before the restore
    with pytest.raises(CommandError, match="was not read of"):
        call_command("restore", tmp_path / "before.backup")
    call_command("restore", tmp_path / "before.backup", ledgers=[file], stdout=StringIO())
    person.refresh_from_db()
    assert person.erased_at and person.name == ""


@pytest.mark.django_db(transaction=True)
def test_a_bucket_that_a_worker_kept_is_enough_without_the_machines(bucket, cohort, lead, now, capsys):
    person = CaregiverFactory(cohort=cohort)
    rights.keep_ledger(now)
    name, _made = nightly.make(timezone.now())
    rights.erase(caregiver=person, by=lead)
    with transaction.atomic():
        backup_file._empty(backup_file.kept_models())
    LedgerLine.objects.all().delete()
    ledger.path().unlink()
    call_command("restore", name)
    assert "Erased again: 1" in capsys.readouterr().out


# --- Backups -----------------------------------------------------------------------------------------------


def test_a_backup_is_read_back_from_the_bucket_before_it_has_its_name(bucket, server, cohort, now, tmp_path):
    default_storage.save("resources/a.pdf", ContentFile(PDF))
    name, made = nightly.make(now)
    assert f"groups/backups/{name}" in server.names(bucket) and not any(".part" in one for one in server.names(bucket))
    assert nightly.last_made() == now.replace(microsecond=0) and list(made.files) == ["resources/a.pdf"]
    assert not list(tmp_path.glob("backup-*"))


def test_one_that_comes_back_otherwise_is_not_kept(bucket, server, cohort, now, monkeypatch):
    fetch = type(storages["backups"]).fetch  # type: ignore[attr-defined]

    def harmed(self, name, path):
        fetch(self, name, path)
        path.write_bytes(path.read_bytes()[:-1])

    monkeypatch.setattr(type(storages["backups"]), "fetch", harmed)
    with pytest.raises(backup_file.Broken):
        nightly.make(now)
    assert server.names(bucket) == [] and nightly.last_made() is None


def test_a_store_that_is_away_is_no_backup(away, cohort):
    with pytest.raises(CommandError, match=r"There is no backup\. The store could not be reached"):
        call_command("backup")


@pytest.mark.django_db(transaction=True)
def test_an_administrators_home_does_not_wait_for_a_store_that_is_away(away, browser_of, administrator, now):
    """Whether there is a backup it knows from what the workers wrote down."""
    step = "Make the first backup"
    page = browser_of(administrator).get(reverse("home"))
    assert page.status_code == 200 and step in page.text
    Chore.objects.create(name=nightly.NIGHTLY, period="2027-06-14", machine="here", began_at=now, ended_at=now)
    assert steps.first_backup().done


def test_files_of_the_bucket_come_back_with_a_restore(bucket, cohort, lead, capsys):
    default_storage.save("resources/a.pdf", ContentFile(PDF))
    call_command("backup")
    default_storage.delete("resources/a.pdf")
    call_command("backup", list=True)
    name = capsys.readouterr().out.splitlines()[-1].split()[0]
    call_command("restore", name, replace=True)
    assert stored_files.read(default_storage, "resources/a.pdf") == PDF


@pytest.mark.django_db(transaction=True)
def test_files_that_were_rows_go_into_the_bucket_with_a_restore(bucket, cohort, settings, tmp_path):
    with_bucket = settings.STORAGES
    settings.STORAGES = with_bucket | {"default": {"BACKEND": "ppg.files.stored_files.DatabaseFiles"}}
    default_storage.save("resources/a.pdf", ContentFile(PDF))
    call_command("backup", tmp_path / "a.backup", stdout=StringIO())
    settings.STORAGES = with_bucket
    call_command("restore", tmp_path / "a.backup", replace=True, stdout=StringIO())
    assert stored_files.read(default_storage, "resources/a.pdf") == PDF
    assert not stored_files.DatabaseFiles().exists("resources/a.pdf")


def test_old_ones_go_from_the_bucket_and_the_newest_stays(bucket, cohort, now):
    Service.objects.create(keep_backup_weeks=2)
    nightly.make(now - timedelta(days=20))
    name, _made = nightly.make(now - timedelta(days=15))
    assert nightly.remove_old(now) == 1 and [one.name for one in nightly.kept()] == [name]
