"""Whether PPG_KEYS opens what is stored.

A canary is a word under one key. There is one from the first `migrate` on; a worker that finds another key in front
adds one under it. `manage.py rotate_keys` renews them with everything else, so a canary that nothing opens means: a key
was taken out, or replaced, before all was encrypted anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from ppg.encryption import crypto, rotation
from ppg.models import Canary

WORD = "canary"


def canaries() -> dict[int, str]:
    """Each as it lies in the database."""
    return dict(Canary.objects.annotate(sealed=Cast("word", TextField())).values_list("pk", "sealed"))


def opens(token: str) -> bool:
    try:
        crypto.decrypt(token)
    except crypto.Unreadable:
        return False
    return True


def is_under_newest(token: str) -> bool:
    return crypto.renewed(token) == token


def fit() -> bool:
    """Every canary opens, and there is one."""
    there = canaries().values()
    return bool(there) and all(map(opens, there))


@transaction.atomic
def plant() -> None:
    """One canary under the newest key. None while something does not open: then the keys may be the wrong ones, and
    whatever is written under them makes it worse."""
    there = canaries()
    if not all(map(opens, there.values())) or not all(map(opens, samples())):
        return
    newest = [pk for pk, token in there.items() if is_under_newest(token)]
    if not newest:
        Canary.objects.create(word=WORD)
    Canary.objects.filter(pk__in=newest[1:]).delete()  # after a change of keys all of them are


def plant_after_migrate(using: str, apps: Apps = apps, **kwargs: Any) -> None:
    """After each `migrate`; one that stops before what is encrypted is there, or goes back before it, plants none.
    apps: the models as they are after it."""
    if using == "default" and all(map(partial(_is_there, apps), rotation.places())):
        plant()


def _is_there(apps: Apps, place: rotation.Place) -> bool:
    try:
        model = apps.get_model(place.model._meta.label)
    except LookupError:
        return False
    return {*place.columns} <= {field.attname for field in model._meta.concrete_fields}


def samples() -> Iterator[str]:
    """The oldest and the newest that lies in each place, as it lies there: a few rows of each table."""
    for place in rotation.places():
        if place.inside:
            continue
        rows = place.model._base_manager.values_list(*place.texts().values())
        for row in chain(rows.order_by("pk")[:2], rows.order_by("-pk")[:2]):
            yield from filter(None, row)
