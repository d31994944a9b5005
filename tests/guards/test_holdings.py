"""Every field is known: what it is, about whom, how sensitive, how it lies, how long it is kept. (Statement 34.)"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caregivers.models import Caregiver
from ppg.holdings import processing_record
from ppg.management.commands.processing_record import record

ROOT = Path(__file__).resolve().parents[2]
CHECK = "caregivers.PoliceCheck"
RECORD = ROOT / "docs" / "adopting" / "processing-record.md"


def every_field() -> list[tuple[processing_record.Table, processing_record.Field]]:
    return [(table, one) for table in processing_record.tables() for one in table.fields]


def test_every_field_has_a_class_and_a_retention_rule():
    wrong = processing_record.faults()
    assert not wrong, "\n".join(wrong)


def test_a_new_table_and_a_new_field_are_missed():
    """As they would be on the day somebody adds one: this guard can fail."""
    said = dict(processing_record.entries())
    del said["feedback.Theme"]
    person = said["caregivers.Caregiver"]
    fields = {name: text for name, text in person["fields"].items() if name != "allergies"}
    said["caregivers.Caregiver"] = person | {"fields": fields | {"shoe_size": "personal, not there"}}
    said["programmes.Cohort"] = said["programmes.Cohort"] | {"kept": "a while"}
    said["evaluation.Wave"] = said["evaluation.Wave"] | {"fields": said["evaluation.Wave"]["fields"] | {"point": "odd"}}
    faults = "\n".join(processing_record.faults(said))
    for fault in (
        "feedback.Theme has no entry",
        "Caregiver.allergies has no entry",
        "Caregiver.shoe_size is no field any",
    ):
        assert fault in faults
    assert "programmes.Cohort: say" in faults and "evaluation.Wave.point: not understood" in faults
    assert len(faults.splitlines()) == 5


def test_what_can_be_read_without_the_keys_has_its_reason():
    """A field whose class asks for encryption, and a reason that is none any more, are named."""
    said = dict(processing_record.entries())
    concern, cohort, check = (said[name] for name in ("caregivers.Concern", "programmes.Cohort", CHECK))
    said["caregivers.Concern"] = concern | {"readable": {**concern["readable"], "words": "why not"}}
    said["programmes.Cohort"] = cohort | {"fields": cohort["fields"] | {"area": "personal, where they live"}}
    said[CHECK] = {name: text for name, text in check.items() if name != "readable"}
    assert sorted(processing_record.faults(said)) == [
        "caregivers.Concern.words lies as its class says: take its reason out of `readable`.",
        f"{CHECK}.on is sensitive and can be read: encrypt it, or say why not in `readable`.",
        f"{CHECK}.outcome_before is sensitive and can be read: encrypt it, or say why not in `readable`.",
        "programmes.Cohort.area is personal and can be read: encrypt it, or say why not in `readable`.",
    ]


def test_every_text_of_a_caregiver_is_personal():
    table = next(table for table in processing_record.tables() if table.model is Caregiver)
    mild = [one.name for one in table.fields if one.encrypted and one.level not in ("personal", "sensitive")]
    assert not mild, f"Class {mild} as personal or sensitive in caregivers/held.yaml."


@pytest.mark.parametrize("name", ["password", "token", "hash", "secret", "session_key", "session_code", "pseudonym"])
def test_what_opens_or_ties_something_is_classed_so(name):
    """By the names that such fields have: none of them may come into an archive by a slip."""
    known = {"evaluation.Response.pseudonym"}  # the same in each round; whose it is lies apart
    known |= {
        "ppg.AuditSeal.hash",
        "ppg.AuditHead.hash",
    }  # open nothing, and lie in no archive: it would tell of concerns
    wrong = {
        f"{table.label}.{one.name}" for table, one in every_field() if name in one.name.split("_") or name == one.name
    }
    wrong = {label for label in wrong if next(_field(label)).is_taken} - known
    assert not wrong, f"Class {sorted(wrong)} as secret or link in held.yaml."


def _field(label: str):
    return (one for table, one in every_field() if f"{table.label}.{one.name}" == label)


def test_each_rule_and_each_class_is_used():
    rules = {one.rule for _table, one in every_field()} | {table.rule for table in processing_record.tables()}
    assert rules == set(processing_record.RULES), (
        f"Name {sorted(set(processing_record.RULES) - rules)} in held.yaml at the table or field that is kept so, or "
        "take the rule out of ppg/holdings/processing_record.py."
    )
    assert {one.level for _table, one in every_field()} == set(processing_record.LEVELS)
    assert set(processing_record.AT_REST) == set(processing_record.LEVELS)


def test_the_record_of_processing_is_what_the_models_say():
    shown = re.search(r"<!-- holdings:.*?-->\n(.*?)<!-- end -->", RECORD.read_text(encoding="utf-8"), re.S)
    assert shown and shown.group(1).strip() == record().strip(), f"Run `manage.py paste`: {RECORD.name} is older."
