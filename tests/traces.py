"""One person with a word of their own in every field there is, and a look into every corner for these words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from caregivers.models import Caregiver, Concern, ConsentWording, Information, Place
from ppg.encryption.crypto import EncryptedBytesField, EncryptedJSONField, EncryptedTextField, Unreadable, decrypt
from ppg.links.codes import CodeField, digest
from ppg.models import User
from programmes.models import Cohort
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory

WORD = "Zwxq"
# Kept by their own rule, whatever is erased.
OWN_RULE = (Concern, Information)
MADE_BY_CODE = ("pseudonym", "token_hash", "spoken_hash")
# What a row needs beside the first choice of each list.
GIVEN: dict[str, dict[str, Any]] = {
    "caregivers.MessageCopy": {"state": "sent", "way": "email"},
    "caregivers.Consent": {"given": True},
    "caregivers.FollowUp": {"done_at": datetime(2026, 3, 9, 12, tzinfo=UTC), "outcome": "taken"},
    "sessions_app.Delivery": {"state": "failed"},
}


def filled(cohort: Cohort, by: User) -> Any:
    """Somebody with a row in every table that points at a person or a place, and a word of theirs in every text."""
    numbers = itertools.count()
    caregiver = CaregiverFactory(cohort=cohort)
    taken_on = timezone.localdate() - timedelta(days=60)
    place = PlaceFactory(cohort=cohort, caregiver=caregiver, seat=1, taken_on=taken_on)
    known: dict[Any, Any] = {
        Caregiver: caregiver,
        Place: place,
        Cohort: cohort,
        User: by,
        type(_session(cohort)): _session(cohort),
    }
    if wording := ConsentWording.objects.filter(kind="evaluation").first():
        known[ConsentWording] = wording
    write_words(caregiver, numbers)
    write_words(place, numbers)
    for model, name in pointing_at(Caregiver, Place):
        target = caregiver if model._meta.get_field(name).related_model is Caregiver else place
        if name == "second":  # kept apart: the one before has the lower key
            continue
        row = model._default_manager.filter(**{name: target}).first()
        if row is None:
            more = {"second": CaregiverFactory(cohort=cohort)} if name == "first" else {}
            row = a_row(model, known, **{name: target, **more})
        write_words(row, numbers)
    return place


def _session(cohort: Cohort) -> Any:
    return cohort.sessions.first() or SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=30))


def pointing_at(*targets: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """(model, field) of everything that holds something about a person."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.concrete_fields:
            if one.is_relation and one.related_model in targets and model not in (*targets, *OWN_RULE):
                found.append((model, one.name))
    return found


def a_row(model: type[models.Model], known: dict[Any, Any], **given: Any) -> Any:
    """The least row there can be: the first of every choice, today, one, and rows it points at likewise."""
    values = {**GIVEN.get(model._meta.label, {}), **given}
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or field.has_default() or field.null or field.blank:
            continue
        if field.is_relation:
            target: Any = field.related_model
            values[field.name] = known.get(target) or target._default_manager.first() or a_row(target, known)
            known[target] = values[field.name]
        elif field.choices:
            values[field.name] = next(choice for choice, _label in field.flatchoices if choice != "")
        elif isinstance(field, models.DateTimeField):
            values[field.name] = timezone.now()
        elif isinstance(field, models.DateField):
            values[field.name] = timezone.localdate()
        elif isinstance(field, models.TimeField):
            values[field.name] = timezone.now().time()
        elif isinstance(field, models.IntegerField):
            values[field.name] = 1
        elif isinstance(field, models.BooleanField):
            values[field.name] = False
        elif isinstance(field, EncryptedBytesField):
            values[field.name] = model._meta.label.encode()
        elif field.name == "token_hash":
            values[field.name] = digest(model._meta.label)
        else:
            values[field.name] = model._meta.label[-field.max_length :] if field.max_length else model._meta.label
    return model._default_manager.create(**values)


def write_words(row: Any, numbers: Iterator[int]) -> None:
    """Every text that somebody could have written, and not what the code wrote."""
    for one in row._meta.concrete_fields:
        machine = isinstance(one, CodeField) or one.unique or one.choices or one.name in MADE_BY_CODE
        if isinstance(one, models.TextField | models.CharField) and not machine:
            word = f"{WORD}{next(numbers)}"
            given = word.encode() if isinstance(one, EncryptedBytesField) else word
            setattr(row, one.attname, [word] if isinstance(one, EncryptedJSONField) else given)
    row.save()


# --- Looking for them ------------------------------------------------------------------------------------


def everything() -> Iterator[tuple[str, str]]:
    """(where, text) of every cell of every table, what is encrypted also opened; every file in the folder."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a table of ours
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", _opened(value)


def _opened(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    text = str(value)
    try:
        return f"{text} {decrypt(text)}" if text.startswith("gAAAA") else text
    except Unreadable:  # under a form's own key
        return text


def occurrences(word: str = WORD) -> set[str]:
    """Where the words still are."""
    return {where for where, text in everything() if word in text} | {
        str(path) for path in files() if word.encode() in path.read_bytes()
    }


def files() -> list[Path]:
    """The database's own files and its log, uploads, e-mails, the ledger."""
    var = Path(settings.VAR)
    inside = [path for path in var.rglob("*") if path.is_file() and path.suffix != ".backup"]
    database = Path(str(connection.settings_dict["NAME"]))
    return [path for path in inside if not path.name.startswith("tests") or path.name.startswith(database.name)]


def sealed_values(model: type[models.Model]) -> set[str]:
    """What is encrypted in a table as it lies there."""
    columns = [str(one.column) for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)}")  # noqa: S608
        return {value for row in cursor.fetchall() for value in row if value}
