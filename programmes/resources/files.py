"""Uploaded handouts: what a file is, by its content and not by its name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.text import get_valid_filename

from ppg.files import zips

MOST_BYTES = 5 * 1024 * 1024
MOST_PARTS = 1_000  # of a Word document, which is a ZIP
MOST_UNPACKED = 50 * 1024 * 1024  # a telephone has to open it
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "docx": DOCX}
BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def kind_of(file: IO[Any]) -> str:
    """ "pdf", "png", "jpg" or "docx"; "" for anything else. Leaves the file at its beginning."""
    file.seek(0)
    beginning = file.read(8)
    file.seek(0)
    for magic, kind in BEGINNINGS.items():
        if beginning.startswith(magic):
            return kind
    return "docx" if beginning.startswith(b"PK\x03\x04") and is_docx(file) else ""


def is_docx(file: IO[Any]) -> bool:
    """A Word document without macros. Only its table of contents is read, nothing is unpacked."""
    try:
        with zips.opened(file, most_files=MOST_PARTS, most_unpacked=MOST_UNPACKED) as archive:
            names = set(archive.namelist())
    except (zips.Unfit, zips.TooMuch):
        return False
    finally:
        file.seek(0)
    return {"[Content_Types].xml", "word/document.xml"} <= names and not any("vbaProject" in name for name in names)


def download_name(name: str, kind: str) -> str:
    """What the file is called for the person who downloads it: its own name, with the ending of what it is."""
    stem = get_valid_filename(PurePosixPath(name.replace("\\", "/")).stem or "file").strip("._") or "file"
    return f"{stem[:100]}.{kind}"


def content_type(name: str) -> str:
    return TYPES.get(name.rpartition(".")[2], "application/octet-stream")
