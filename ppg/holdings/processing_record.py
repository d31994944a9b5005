"""What the product holds: every table and field, what it is, about whom, how sensitive, how long it is kept.

What only a person can say stands beside the models, in each app's `held.yaml`; the rest is read off the models. The
record of processing (`manage.py processing_record`), the archive of everything (`archives.py`) and the guards read it
here. A field without an entry fails `tests/guards/test_holdings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from ppg.encryption import rotation
from ppg.encryption.crypto import EncryptedJSONField
from ppg.files import shipped
from ppg.links.codes import CodeField

# How sensitive a field is.
LEVELS = {
    "key": "a number or code without a meaning outside",
    "service": "about the service or the group, about nobody in person",
    "staff": "about somebody at work: who they are, what they did",
    "personal": "about a caregiver, or somebody they named",
    "sensitive": "health, safety, offences, or dangerous if others knew it",
    "anonymous": "answers and words without a name",
    "link": "could tie answers to a person",
    "sealed": "answers that wait to be opened with all the others",
    "private": "what somebody wrote for themselves alone",
    "gaps": "a running number whose gaps would tell how many rows are kept from the reader",
    "secret": "opens something: a password, a key, a link",
}
# How each lies in the database. What lies otherwise has its reason in `readable`, in held.yaml.
AT_REST = {
    "key": "readable",
    "service": "readable",
    "staff": "readable",
    "personal": "words encrypted; days, choices, numbers and rows readable: no name stands beside them",
    "sensitive": "encrypted",
    "anonymous": "words encrypted, numbers and choices readable: they belong to nobody",
    "link": "encrypted, or as a hash",
    "sealed": "encrypted",
    "private": "encrypted",
    "gaps": "readable",
    "secret": "encrypted, or as a hash",
}
NEVER_TAKEN = ("secret", "sealed", "link", "private", "gaps")  # by nobody, in no archive

WHOSE = {
    "caregiver": "caregivers",
    "contact": "people that others named: emergency contacts, speakers",
    "staff": "staff and parents with lived experience",
    "anonymous": "whoever answered, without a name",
    "nobody": "nobody in person",
}


@dataclass(frozen=True)
class Rule:
    """How long something is kept, and what removes it."""

    kept: str
    removed_by: str


DETAILS_GO = "the worker, 14 days after a warning; “Retention”; at their request, the button that erases them"
KEPT_LONGER = "; longer where somebody has written down why"
RULES = {
    "details": Rule(
        "until the months of the setting after the last session of their group are over" + KEPT_LONGER, DETAILS_GO
    ),
    "warning": Rule("until what was warned of has gone, or its day has changed", "the worker"),
    "reach": Rule("for ever, as a row without a name behind it once their details have gone", "nothing"),
    "at_request": Rule(
        "for ever, without a name behind it once their details have gone",
        "at their request, the button that erases them",
    ),
    "answer": Rule(
        "for ever: nobody can find whose it is",
        "nothing; under a coded card, its holder with the code; before and after answers, erasing at their request",
    ),
    "quote": Rule(
        "for ever; a withdrawn quote has no words", "taking the consent back, or the button that erases them"
    ),
    "box": Rule("until the form has closed and enough have answered", "closing the form, in one transaction"),
    "pile": Rule("until the pile is sent off or thrown away", "sending it, throwing it away, or leaving of its typist"),
    "concern": Rule("until the years of the setting after it was closed are over", "the safeguarding lead, by hand"),
    "stays": Rule("for ever: it keeps a restored backup from bringing somebody back", "nothing"),
    "trail": Rule("for ever", "nothing in the product"),
    "group": Rule("for ever, as the service’s own record of its work", "nothing"),
    "guide": Rule("for ever, in versions", "discarding a draft; what was published stays"),
    "report": Rule("for ever, in versions", "nothing; a withdrawn quote loses its words"),
    "account": Rule(
        "for ever: an account is blocked, not deleted, since the trail names it",
        "taking an invitation back; leaving ends their links",
    ),
    "private": Rule(
        "until its writer empties it, or their account is blocked or gets another role",
        "its writer; an administrator who blocks the account or changes its role",
    ),
    "factor": Rule("until it is removed or replaced", "its owner, or an administrator who resets it"),
    "council_account": Rule("until it is disconnected", "its owner"),
    "account_mail": Rule("30 days", "the worker"),
    "alert": Rule("until they were told, which is a quarter of an hour at most", "the worker"),
    "sign_in": Rule("ten hours at most, half an hour without a page", "signing out, or the time"),
    "limit": Rule("a day at most", "the worker"),
    "press": Rule("30 days; a random code without a meaning", "the worker"),
    "job": Rule("14 days after it ended; codes only", "the worker; erasing of somebody it is about"),
    "day": Rule("a day after it ends", "the worker"),
    "chore": Rule("three months", "the worker"),
    "settings": Rule("as long as the service", "nothing"),
}


@dataclass(frozen=True)
class Field:
    """One column: what is read off the model, and what its entry says."""

    model_field: Any
    level: str
    meaning: str
    unit: str
    rule: str
    why_readable: str = ""

    @property
    def name(self) -> str:
        return str(self.model_field.attname)

    @property
    def kind(self) -> str:
        return next(words for kind, words in KINDS if isinstance(self.model_field, kind))

    @property
    def refers_to(self) -> str:
        found = self.model_field.related_model
        return str(found._meta.label) if found else ""

    @property
    def choices(self) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.model_field.flatchoices}

    @property
    def encrypted(self) -> bool:
        """In the database, under a key that lies elsewhere."""
        return (self.model_field.model._meta.label, self.name) in _encrypted() or self.level == "sealed"

    @property
    def is_taken(self) -> bool:
        return self.level not in NEVER_TAKEN


KINDS: list[tuple[type[models.Field[Any, Any]], str]] = [
    (models.ForeignKey, "number of a row in another table"),
    (EncryptedJSONField, "list or object"),
    (models.JSONField, "list or object"),
    (models.FileField, "file"),
    (models.BinaryField, "file"),
    (models.BooleanField, "true or false"),
    (models.DateTimeField, "date and time"),
    (models.DateField, "date"),
    (models.TimeField, "time of the day"),
    (models.UUIDField, "random number"),
    (models.AutoField, "number of the row"),
    (models.IntegerField, "whole number"),
    (models.TextField, "text"),
    (models.CharField, "text"),
]


@dataclass(frozen=True)
class Table:
    model: type[models.Model]
    meaning: str
    whose: str
    rule: str
    fields: tuple[Field, ...]

    @property
    def label(self) -> str:
        return str(self.model._meta.label)


class Unknown(Exception):
    """A table or field that has no entry, or an entry that is of no field."""


# --- Entries -------------------------------------------------------------------------------------------

ENTRY = re.compile(r"(?P<level>\w+), (?P<meaning>[^\[{]+?)(?: \[(?P<unit>[^\]]+)\])?(?: \{(?P<rule>\w+)\})?")


@cache
def entries() -> dict[str, Any]:
    """What the apps' own files say, by table."""
    files = [Path(app.path) / "held.yaml" for app in apps.get_app_configs()]
    return {label: entry for file in files if file.exists() for label, entry in shipped.read(file).items()}


def own_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


@cache
def tables() -> tuple[Table, ...]:
    """Every table of every model. `Unknown` where one of them has no entry."""
    if wrong := faults():
        raise Unknown("\n".join(wrong))
    return tuple(_table(model) for model in own_models())


def faults(held: Mapping[str, Any] | None = None) -> list[str]:
    """What has no entry, and entries of what is not there, each in a sentence."""
    held = entries() if held is None else held
    by_label = {model._meta.label: model for model in own_models()}
    sentences = [f"{label} is no table any more: take its entry out." for label in sorted(set(held) - set(by_label))]
    for label, model in by_label.items():
        if label not in held:
            sentences.append(
                f"{label} has no entry: say in held.yaml of its app what it is, whose, and how long it is kept."
            )
        else:
            sentences += _faults_of(model, held[label])
    return sentences


def _faults_of(model: type[models.Model], entry: Mapping[str, Any]) -> Iterator[str]:
    label = model._meta.label
    if entry.get("whose") not in WHOSE or entry.get("kept") not in RULES or not entry.get("is"):
        yield f"{label}: say is, whose (one of {', '.join(WHOSE)}) and kept (one of {', '.join(RULES)})."
    texts, names = dict(entry.get("fields", {})), {field.name for field in model._meta.concrete_fields}
    why = entry.get("readable", {})
    for name in sorted(set(why) - {field.name for field in model._meta.concrete_fields if _needs_reason(field, entry)}):
        yield f"{label}.{name} lies as its class says: take its reason out of `readable`."
    for name in sorted(set(texts) - names):
        yield f"{label}.{name} is no field any more: take its entry out."
    for field in model._meta.concrete_fields:
        text = texts.get(field.name, _by_itself(field))
        read = ENTRY.fullmatch(text)
        if not text:
            yield f"{label}.{field.name} has no entry: say in held.yaml how sensitive it is and what it means."
        elif not read or read["level"] not in LEVELS or read["rule"] not in (None, *RULES):
            yield f"{label}.{field.name}: not understood: {text!r}. Write “level, meaning [unit] {{rule}}”."
        elif _needs_reason(field, entry) and field.name not in why:
            yield f"{label}.{field.name} is {read['level']} and can be read: encrypt it, or say why not in `readable`."


def _needs_reason(field: Any, entry: Mapping[str, Any]) -> bool:
    """Whether it lies in the database otherwise than `AT_REST` says of its class."""
    read = ENTRY.fullmatch(entry.get("fields", {}).get(field.name, _by_itself(field)))
    if not read or (field.model._meta.label, field.attname) in _encrypted():
        return False
    words = isinstance(field, models.TextField | models.CharField | models.JSONField) and not field.choices
    match read["level"]:
        case "sensitive":
            return True
        case "personal" | "anonymous":
            return words
        case "secret" | "link":
            return "hash" not in read["meaning"]
    return False


def _by_itself(field: Any) -> str:
    """What every table has and means the same everywhere."""
    if field.primary_key and not field.is_relation and field.name == "id":
        return "key, the number of the row"
    return "key, the random code that addresses carry" if isinstance(field, CodeField) and field.name == "code" else ""


def _table(model: type[models.Model]) -> Table:
    entry = entries()[model._meta.label]
    fields = [_field(one, entry) for one in model._meta.concrete_fields]
    return Table(model, entry["is"], entry["whose"], entry["kept"], tuple(fields))


def _field(field: Any, entry: Mapping[str, Any]) -> Field:
    read = ENTRY.fullmatch(entry["fields"].get(field.name, _by_itself(field)))
    assert read  # noqa: S101  `faults` has looked
    why = entry.get("readable", {}).get(field.name, "")
    return Field(field, read["level"], read["meaning"], read["unit"] or "", read["rule"] or entry["kept"], why)


@cache
def _encrypted() -> frozenset[tuple[str, str]]:
    return frozenset((place.model._meta.label, name) for place in rotation.places() for name in place.columns)
