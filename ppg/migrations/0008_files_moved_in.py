"""Uploaded files lay in a folder of one machine. They are copied into the database; the originals stay where they are
until `manage.py move_files` has compared them. Going back writes what was uploaded since into the folder."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

PIECE = 64 * 1024


def folder():
    return Path(settings.VAR) / "files"


def copy_in(apps, schema_editor):
    if settings.STORAGES["default"]["BACKEND"] != "ppg.files.stored_files.DatabaseFiles":
        return
    files, pieces = apps.get_model("ppg", "StoredFile"), apps.get_model("ppg", "FilePiece")
    for path in sorted(one for one in folder().rglob("*") if one.is_file()):
        content = path.read_bytes()
        row = files.objects.create(name=path.relative_to(folder()).as_posix(), size=len(content))
        for number, at in enumerate(range(0, len(content), PIECE)):
            pieces.objects.create(file=row, number=number, content=content[at : at + PIECE])


def copy_out(apps, schema_editor):
    for row in apps.get_model("ppg", "StoredFile").objects.all():
        path = folder() / row.name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(b"".join(row.pieces.order_by("number").values_list("content", flat=True)))


class Migration(migrations.Migration):
    dependencies = [
        ("ppg", "0007_machines"),
    ]

    operations = [
        migrations.RunPython(copy_in, copy_out),
    ]
