"""E3 to E7: what is really drawn, on pages and in files, read back and laid beside each other.

drawn.py does it for two hundred groups, and with everything that guards differences switched off.
"""

from random import Random

import pytest

from tests.secrecy.drawn import Service, search

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


def test_everything_drawn_of_three_groups_says_what_was_done_and_no_difference_leaves_a_few_people_over():
    found = search(Service(Random(7), groups=3))
    assert found.pop("outputs read") > 100 and found.pop("numbers told") > 20
    assert found == {}
