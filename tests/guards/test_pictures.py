"""The pictures in docs/pictures.md show what the code says."""

import re
from pathlib import Path

from ppg.management.commands.pictures import pictures

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pictures.md"


def test_the_pictures_show_the_code_as_it_is():
    shown = re.search(r"<!-- pictures:.*?-->\n(.*?)<!-- end -->", PAGE.read_text(encoding="utf-8"), re.S)
    assert shown and shown.group(1).strip() == pictures(), "Run `manage.py paste`: docs/pictures.md is older."


def test_a_picture_of_rooms_has_every_room():
    """The picture is of the contracts, and these are exhaustive; here only that each stands in a box."""
    drawing = pictures()
    for room in ("registering", "setting_up", "answering", "reports", "encryption"):
        assert re.search(rf'L\d+\["[^"]*\b{room}\b', drawing), room
