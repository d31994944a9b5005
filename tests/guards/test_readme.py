"""The README says what the code says."""

import re
from pathlib import Path

from ppg.management.commands import rooms
from ppg.management.commands.permissions import table

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_the_permission_table_as_it_is():
    shown = re.search(r"<!-- permissions:.*?-->\n(.*?)<!-- end -->", (ROOT / "README.md").read_text(), re.S)
    assert shown and shown.group(1).strip() == table(), "Paste what `manage.py permissions` prints into the README."


def test_every_picture_and_page_the_readme_names_is_there():
    named = re.findall(r"\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text())
    assert named and not [name for name in named if not (ROOT / name).exists()]


def test_the_list_of_rooms_is_what_their_docstrings_say():
    shown = re.search(r"<!-- rooms:.*?-->\n(.*?)<!-- end -->", (ROOT / "docs/rooms.md").read_text(), re.S)
    assert shown and shown.group(1).strip() == rooms.tables(), "Paste what `manage.py rooms` prints into docs/rooms.md."


def test_every_room_says_what_lives_there():
    silent = [line for line in rooms.tables().splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert not silent, f"Say in the docstring of its __init__.py what lives there: {silent}"
