"""The README says what the code says."""

import re
from pathlib import Path

from ppg.management.commands import paste, rooms
from ppg.management.commands.permissions import table

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_the_permission_table_as_it_is():
    shown = re.search(r"<!-- permissions:.*?-->\n(.*?)<!-- end -->", (ROOT / "README.md").read_text(), re.S)
    assert shown and shown.group(1).strip() == table(), "Run `manage.py paste`: the README has an older table."


def test_every_picture_and_page_the_readme_names_is_there():
    named = re.findall(r"\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text())
    assert named and not [name for name in named if not (ROOT / name).exists()]


def test_the_list_of_rooms_is_what_their_docstrings_say():
    shown = re.search(r"<!-- rooms:.*?-->\n(.*?)<!-- end -->", (ROOT / "docs/rooms.md").read_text(), re.S)
    assert shown and shown.group(1).strip() == rooms.tables(), "Run `manage.py paste`: docs/rooms.md is older."


def test_what_commands_print_is_pasted_where_the_marks_are():
    old = "before\n<!-- rooms: printed by `manage.py rooms`, compared by a test -->\nold\n<!-- end -->\nafter\n"
    new = paste.pasted(old)
    assert new == old.replace("old\n", f"{rooms.tables()}\n", 1) and paste.pasted(new) == new


def test_every_document_that_a_guard_compares_is_pasted():
    texts = [path.read_text(encoding="utf-8") for path in paste.documents(ROOT)]
    commands = {command for text in texts for _mark, command, _end in paste.PRINTED.findall(text)}
    assert commands == {"permissions", "rooms", "hooks", "pictures", "processing_record"}


def test_every_room_says_what_lives_there():
    silent = [line for line in rooms.tables().splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert not silent, f"Say in the docstring of its __init__.py what lives there: {silent}"
