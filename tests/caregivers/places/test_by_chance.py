"""Whatever anybody presses, in whatever order: no ninth, none without a clear check, no two apart together.

`bench/places.py` runs the same for thousands of steps, by PLACES_SEEDS and PLACES_STEPS.
"""

import os
from pathlib import Path

import pytest

from tests.caregivers.places.by_chance import World

pytestmark = pytest.mark.django_db
SEEDS = int(os.environ.get("PLACES_SEEDS", "2"))
STEPS = int(os.environ.get("PLACES_STEPS", "80"))
FIGURES = os.environ.get("PLACES_FIGURES")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_anybody_presses_no_place_is_given_that_must_not_be(seed):
    world = World(seed)
    for _ in range(STEPS):
        world.step()
    if FIGURES:
        with Path(FIGURES).open("a") as figures:
            figures.write(f"{STEPS} {world.requests} {world.given}\n")
    assert world.given > 0
