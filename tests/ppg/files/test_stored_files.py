"""Uploaded files lie in the database, encrypted, for every machine; what lay elsewhere moves in and nothing is lost."""

from __future__ import annotations

import importlib
import os
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ppg.backups import backup_file
from ppg.encryption import rotation
from ppg.files.stored_files import PIECE, DatabaseFiles, names_in
from ppg.models import FilePiece, StoredFile
from tests import traces

pytestmark = pytest.mark.django_db

BIG = os.urandom(PIECE * 2 + 17)
moved_in = importlib.import_module("ppg.migrations.0008_files_moved_in")


@pytest.fixture
def folder(settings, tmp_path):
    """Of one machine, where earlier versions kept files."""
    settings.VAR = tmp_path
    return FileSystemStorage(location=tmp_path / "files")


def read(name: str, store=default_storage) -> bytes:
    with store.open(name) as file:
        return file.read()


def move(**options) -> str:
    out = StringIO()
    call_command("move_files", stdout=out, **options)
    return out.getvalue()


# --- A store like any other --------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"x", BIG[:PIECE], BIG], ids=["nothing", "a letter", "one piece", "three"])
def test_what_is_saved_comes_back_as_it_was(content):
    name = default_storage.save("resources/leaflet.pdf", ContentFile(content))
    assert name == "resources/leaflet.pdf" and isinstance(default_storage, DatabaseFiles)
    assert read(name) == content and default_storage.size(name) == len(content)
    assert FilePiece.objects.count() == -(-len(content) // PIECE)


def test_a_name_that_is_taken_gets_another_beside_it():
    first = default_storage.save("resources/a.pdf", ContentFile(b"1"))
    second = default_storage.save("resources/a.pdf", ContentFile(b"2"))
    assert first != second and (read(first), read(second)) == (b"1", b"2")


def test_a_name_that_is_taken_at_the_same_moment_gets_another_too(monkeypatch):
    default_storage.save("a.pdf", ContentFile(b"1"))
    looked = []
    exists = DatabaseFiles.exists

    def too_early(self, name):
        looked.append(name)
        return len(looked) > 1 and exists(self, name)

    monkeypatch.setattr(DatabaseFiles, "exists", too_early)
    name = default_storage.save("a.pdf", ContentFile(b"2"))
    assert name != "a.pdf" and read(name) == b"2" and read("a.pdf") == b"1"


def test_what_is_deleted_is_gone_and_missing_is_said_as_with_any_file():
    default_storage.save("a.pdf", ContentFile(BIG))
    default_storage.delete("a.pdf")
    default_storage.delete("a.pdf")
    assert not default_storage.exists("a.pdf") and not FilePiece.objects.exists()
    for ask in (default_storage.open, default_storage.size, default_storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("a.pdf")


def test_one_of_which_a_piece_is_missing_is_no_file():
    default_storage.save("a.pdf", ContentFile(BIG))
    FilePiece.objects.filter(number=1).delete()
    with pytest.raises(FileNotFoundError):
        read("a.pdf")


def test_folders_are_listed_as_on_a_disk(folder):
    for store in (default_storage, folder):
        for name in ("b.txt", "resources/a.pdf", "resources/deep/c.pdf", "resourcesnot/d.pdf"):
            store.save(name, ContentFile(b"x"))
    for path in ("", "resources", "resources/deep"):
        listed = [tuple(map(sorted, store.listdir(path))) for store in (default_storage, folder)]
        assert listed[0] == listed[1]
    assert list(names_in(default_storage)) == list(names_in(folder))


def test_nobody_changes_a_file_that_is_there():
    default_storage.save("a.pdf", ContentFile(b"1"))
    with pytest.raises(ValueError, match="never changed"):
        default_storage.open("a.pdf", "wb")


def test_it_is_kept_or_not_with_the_transaction_that_saved_it():
    with transaction.atomic():
        default_storage.save("a.pdf", ContentFile(b"1"))
        transaction.set_rollback(True)
    assert not default_storage.exists("a.pdf")


# --- Encrypted, and in what everything is in ---------------------------------------------------------------


def test_nobody_reads_it_in_the_database():
    default_storage.save("a.txt", ContentFile(b"Zwxq in a handout"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM ppg_filepiece")
        [(lies,)] = cursor.fetchall()
    assert "Zwxq" not in lies and rotation.TOKEN.fullmatch(lies)
    assert {where for where in traces.occurrences() if "pieces" in where} == set()


def test_it_gets_the_newest_key(settings):
    new = Fernet.generate_key().decode()
    default_storage.save("a.pdf", ContentFile(BIG))
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = [new]
    assert read("a.pdf") == BIG


@pytest.mark.django_db(transaction=True)
def test_a_backup_has_it_once_and_brings_it_back(cohort, settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"
    default_storage.save("resources/a.pdf", ContentFile(BIG))
    call_command("backup", tmp_path / "a.backup", stdout=StringIO())
    made = backup_file.check(tmp_path / "a.backup")
    assert made.files == {} and made.tables["ppg.FilePiece"][0] == 3
    default_storage.delete("resources/a.pdf")
    call_command("restore", tmp_path / "a.backup", replace=True, stdout=StringIO())
    assert read("resources/a.pdf") == BIG


# --- Moving in ---------------------------------------------------------------------------------------------


def test_the_migration_copies_every_file_and_leaves_the_originals(folder):
    folder.save("resources/a.pdf", ContentFile(BIG))
    folder.save("resources/b.pdf", ContentFile(b""))
    moved_in.copy_in(apps, None)
    assert read("resources/a.pdf") == BIG and read("resources/b.pdf") == b""
    assert folder.exists("resources/a.pdf")


def test_going_back_writes_what_was_uploaded_since_into_the_folder(folder):
    folder.save("resources/a.pdf", ContentFile(b"as it was"))
    moved_in.copy_in(apps, None)
    default_storage.save("resources/new.pdf", ContentFile(BIG))
    moved_in.copy_out(apps, None)
    assert read("resources/new.pdf", folder) == BIG and read("resources/a.pdf", folder) == b"as it was"


def test_without_a_folder_there_is_nothing_to_do(folder):
    moved_in.copy_in(apps, None)
    assert not StoredFile.objects.exists()
    assert "Moved and read back: 0. 0 files" in move()


def test_the_command_takes_the_originals_away_once_they_are_read_back(folder):
    folder.save("resources/a.pdf", ContentFile(BIG))
    folder.save("resources/b.pdf", ContentFile(b"b"))
    assert "Moved and read back: 2. 2 files" in move(keep=True) and folder.exists("resources/a.pdf")
    assert "Moved and read back: 0. 2 files" in move() and list(names_in(folder)) == []
    assert read("resources/a.pdf") == BIG


def test_another_file_of_the_same_name_is_not_touched(folder):
    folder.save("a.pdf", ContentFile(b"one"))
    default_storage.save("a.pdf", ContentFile(b"another"))
    with pytest.raises(CommandError, match=r"a\.pdf lies there with another content"):
        move()
    assert read("a.pdf", folder) == b"one" and read("a.pdf") == b"another"
