"""How long a page takes that a stranger opens with a link that does not work: wrong, used, revoked or run out.

    .venv/bin/python bench/links.py                500 tries of each kind on each page
    .venv/bin/python bench/links.py --tries 20

Real settings and database, Django's client. The kinds are asked in turn, so that a busy moment falls on all of them.
Ends with 1 where two kinds of one page differ by more than 5 ms at the median, or in a single byte.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MOST_MS = 5.0
EACH = 20  # different links of a kind


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tries", type=int, default=500)
    tries = arguments.parse_args().tries
    with tempfile.TemporaryDirectory(prefix="ppg-links-") as var:
        os.environ.update(PPG_VAR=var, DJANGO_SETTINGS_MODULE="ppg.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        good = [measure(page, kinds, tries) for page, kinds in pages().items()]
        return 0 if all(good) else 1


def measure(page: str, kinds: dict[str, list[str]], tries: int) -> bool:
    from django.test import Client

    client, times, seen = Client(), {kind: [] for kind in kinds}, set()
    for turn in range(tries + EACH):  # the first round fills the caches and is not counted
        for kind, addresses in kinds.items():
            began = time.perf_counter()
            answer = client.get(addresses[turn % len(addresses)])
            took = (time.perf_counter() - began) * 1000
            seen.add((answer.status_code, answer.content))
            if turn >= EACH:
                times[kind].append(took)
    medians = {kind: statistics.median(took) for kind, took in times.items()}
    apart = max(medians.values()) - min(medians.values())
    told = ", ".join(f"{kind} {median:.2f}" for kind, median in medians.items())
    good = apart <= MOST_MS and len(seen) == 1
    print(f"{page:12} median ms: {told}; {apart:.2f} apart, {len(seen)} different pages {'' if good else 'FAILED'}")
    return good


def pages() -> dict[str, dict[str, list[str]]]:
    """Page → kind of link → addresses."""
    from django.db import transaction
    from django.urls import reverse
    from django.utils import timezone

    from caregivers.models import PersonalLink
    from evaluation.models import WaveLink
    from evaluation.rounds.actions import open_wave
    from feedback.asking.actions import close_form, open_form
    from ppg.links.codes import new_code
    from programmes.shipped.actions import load_shipped
    from tests.factories import CohortFactory, PlaceFactory, SessionFactory, UserFactory

    now = timezone.now()
    ended: dict[str, dict[str, Any]] = {
        "used": {"used_at": now},
        "revoked": {"revoked_at": now},
        "run out": {"expires_at": now - timedelta(days=1)},
    }
    with transaction.atomic():
        load_shipped()
        cohort = CohortFactory(team=[UserFactory()], places=EACH)
        places = [PlaceFactory(cohort=cohort, seat=seat + 1) for seat in range(EACH)]
        wave = open_wave(cohort=cohort, point="before", by=None)

        def personal(name: str, purpose: str) -> dict[str, list[str]]:
            def make(dates: dict[str, Any], person: Any) -> str:
                link = PersonalLink.objects.issue(caregiver=person, cohort=cohort, purpose=purpose, **dates)
                return reverse(name, args=[link[1]])

            return {kind: [make(dates, place.caregiver) for place in places] for kind, dates in ended.items()}

        def asked(dates: dict[str, Any], place: Any) -> str:
            return reverse("measure_answer", args=[WaveLink.objects.issue(wave=wave, place=place, **dates)[1]])

        def form(**dates: Any) -> str:
            opened = open_form(session=SessionFactory(cohort=CohortFactory(team=[])), by=None)
            type(opened).objects.filter(pk=opened.pk).update(**dates)
            if not dates:
                close_form(form=opened, by=None)
            return reverse("answer_form", args=[opened.code])

        addresses = {
            "register": personal("register", PersonalLink.Purpose.REGISTER),
            "own page": personal("own_page", PersonalLink.Purpose.OWN_PAGE),
            "measure": {kind: [asked(dates, place) for place in places] for kind, dates in ended.items()},
            "feedback": {
                "closed": [form() for _ in places],
                "run out": [form(closes_at=now - timedelta(days=1)) for _ in places],
            },
        }
    names = {"register": "register", "own page": "own_page", "measure": "measure_answer", "feedback": "answer_form"}
    for page, kinds in addresses.items():
        kinds["wrong"] = [reverse(names[page], args=[new_code()]) for _ in places]
    return addresses


if __name__ == "__main__":
    sys.exit(main())
