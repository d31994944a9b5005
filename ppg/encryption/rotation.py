"""Gives everything that lies encrypted the newest key of PPG_KEYS, while the site runs.

A place is a table with columns that hold tokens of `ppg.encryption.crypto`. Encrypted fields of models are places by
themselves; where tokens stand inside other text, as in JSON, the app adds the column (`inside`). What is encrypted and
lies in no table, or for hours only, is added to `passing`: it says for how long an older key is still needed.

Each value says by itself under which key it lies, so nothing is kept about how far a run has come: it can be killed at
any moment, and the next one goes on. A value is replaced only if it is still the one that was read: what the site saves
or empties meanwhile stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection, models, transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from ppg.encryption.crypto import EncryptedTextField, Unreadable, renewed
from ppg.hooks import Hook

ROWS_AT_ONCE = 100  # each lot is one short transaction: whoever saves something hardly waits
TOKEN = re.compile(r"gAAAAA[\w-]{92,}={0,2}", re.ASCII)  # of one letter it has 98 signs and two =


@dataclass(frozen=True)
class Place:
    """Columns of one table. `inside`: the tokens stand in other text."""

    model: type[models.Model]
    columns: tuple[str, ...]
    inside: bool = False

    @property
    def kind(self) -> str:
        """How its rows are counted in what is said: by app. That there are concerns is nobody's business here."""
        return str(self.model._meta.app_config.verbose_name) if self.model._meta.app_config else ""

    def texts(self) -> dict[str, Cast]:
        """Each column as it lies in the database."""
        return {f"sealed_{name}": Cast(F(name), TextField()) for name in self.columns}

    def renewed(self, text: str | None) -> str | None:
        if not text:
            return text
        return TOKEN.sub(lambda token: _if_ours(token[0]), text) if self.inside else renewed(text)


def _if_ours(token: str) -> str:
    """Text that only looks like a token is left alone."""
    try:
        return renewed(token)
    except Unreadable:
        return token


@dataclass(frozen=True)
class Passing:
    """Something encrypted that ends by itself."""

    words: str
    kept: timedelta
    module: str  # that encrypts it


@dataclass(frozen=True)
class Inside:
    """`module` puts tokens into this column, among other text."""

    label: str
    column: str
    module: str


inside: Hook[Inside] = Hook("Columns whose text holds encrypted pieces, which get the newest key like the rest.")
passing: Hook[Passing] = Hook("What is encrypted and ends by itself: for how long an older key is still needed.")


def modules() -> set[str]:
    """Those that encrypt and have said where it goes."""
    return {one.module for one in passing} | {one.module for one in inside}


def places() -> list[Place]:
    own = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    fields = [
        (model, [one for one in model._meta.local_fields if isinstance(one, EncryptedTextField)]) for model in own
    ]
    whole = [Place(model, tuple(one.attname for one in encrypted)) for model, encrypted in fields if encrypted]
    among_text = dict.fromkeys((one.label, one.column) for one in inside)
    return whole + [Place(apps.get_model(label), (column,), inside=True) for label, column in among_text]


# --- Looking -------------------------------------------------------------------------------------------


@dataclass
class KeyCounts:
    """Rows by kind: under an older key, and with something that no key opens."""

    older: Counter[str]
    unreadable: Counter[str]


def look() -> KeyCounts:
    """Reads everything and changes nothing."""
    counts = KeyCounts(Counter(), Counter())
    for place in places():
        for rows in lots(place):
            for row in rows:
                new, unreadable = _anew(place, row)
                counts.older[place.kind] += bool(new)
                counts.unreadable[place.kind] += unreadable
    return counts


def lots(place: Place) -> Iterator[list[dict[str, Any]]]:
    """A few rows at a time, each lot read for itself: nothing is held open between two."""
    every = place.model._base_manager.order_by("pk").values("pk", **place.texts())
    rows = list(every[:ROWS_AT_ONCE])
    while rows:
        yield rows
        rows = list(every.filter(pk__gt=rows[-1]["pk"])[:ROWS_AT_ONCE])


def _anew(place: Place, row: dict[str, Any]) -> tuple[dict[str, str], bool]:
    """(column → its new text, whether something cannot be read); columns under the newest key are not in it."""
    new, unreadable = {}, False
    for name in place.columns:
        before = row[f"sealed_{name}"]
        try:
            after = place.renewed(before)
        except Unreadable:
            unreadable = True
            continue
        if after is not None and after != before:
            new[name] = after
    return new, unreadable


# --- Encrypting anew -----------------------------------------------------------------------------------


def rotate(after_each_lot: Callable[[str, int], object] = lambda kind, rows: None) -> Counter[str]:
    """Everything once; rows by kind that have the newest key now and had an older one before."""
    done: Counter[str] = Counter()
    for place in places():
        for rows in lots(place):
            changed = [(row, new) for row in rows if (new := _anew(place, row)[0])]
            if changed:
                number = _replace(place, changed)
                done[place.kind] += number
                after_each_lot(place.kind, number)
    forget_what_ended()
    return done


def _replace(place: Place, changed: list[tuple[dict[str, Any], dict[str, str]]]) -> int:
    """What somebody else holds just now is left for later: waiting for it while holding others could stop both."""
    manager = place.model._base_manager
    with transaction.atomic():
        free = manager.select_for_update(skip_locked=True, no_key=True).filter(
            pk__in=[row["pk"] for row, _new in changed]
        )
        mine = set(free.values_list("pk", flat=True))
        return sum(_swap(place, row, new) for row, new in changed if row["pk"] in mine)


def _swap(place: Place, row: dict[str, Any], new: dict[str, str]) -> int:
    """0 where a value is no longer the one that was read."""
    as_read = {f"sealed_{name}": row[f"sealed_{name}"] for name in new}
    fields: dict[str, Any] = {name: place.model._meta.get_field(name) for name in new}
    values = {name: Cast(Value(text, TextField()), fields[name]) for name, text in new.items()}
    texts = {name: text for name, text in place.texts().items() if name in as_read}
    return place.model._base_manager.annotate(**texts).filter(pk=row["pk"], **as_read).update(**values)


def forget_what_ended() -> None:
    """A cache in the database keeps what has ended until somebody asks for it: under its old key, for nothing."""
    quote, now = connection.ops.quote_name, connection.ops.adapt_datetimefield_value(timezone.now())
    tables = [getattr(cache, "_table", "") for cache in caches.all() if isinstance(cache, BaseDatabaseCache)]
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {quote(table)} WHERE {quote('expires')} < %s", [now])  # noqa: S608  our own table
