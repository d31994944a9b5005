"""Every page costs the same number of queries with a few rows of each kind and with three times as many."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caregivers.models import FollowUp, MessageCopy, Place, PoliceCheck
from feedback.models import Suggestion
from ppg.access.permissions import GRANTS
from ppg.models import User
from sessions_app.models import Adaptation, Delivery, RegisterMark
from tests.guards.records import records_of
from tests.guards.rows import STATES, add_rows
from tests.guards.test_permissions import TABLE, VIEWS

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
PAGES = sorted(name for name, (_kind, status) in TABLE.items() if status == 200)
MANY = 3 * STATES
BATCHES = 3  # so many statements more, at most, write all who are new: on SQLite one holds 999 values
WRITES_EACH_TIME = {"audit_export"}  # into the trail, whoever stands in the file
MAIN_JOB = {
    "home",
    "sessions:register",
    "sessions:run",
    "caregivers:people",
    "feedback:session",
}
# How things stand is said there of what several apps hold, each of which is asked once.
OVERVIEWS = {"cohort": 15, "sessions:session": 9}


@pytest.fixture
def cost(browser_of, lead, administrator, safeguarding, manager, parent, seconds_stand_still):
    """`cost(name, records)`: how many queries a page takes, opened by somebody who may."""
    browsers = {user: browser_of(user) for user in (lead, administrator, safeguarding, manager, parent)}

    def reader(name: str) -> User:
        access = VIEWS[name].access
        if name in ("home", "programmes:index"):
            return lead
        may = [user for user in (administrator, lead, safeguarding, manager, parent) if access in GRANTS[user.role]]
        return may[0] if may else lead

    def queries(name: str, records: dict[str, str]) -> int:
        url = reverse(name, args=[records[part] for part in TABLE[name][0].split()])
        with CaptureQueriesContext(connection) as found:
            assert browsers[reader(name)].get(url).status_code == 200, name
        return len(found)

    return queries


OURS = [model for app in settings.OUR_APPS for model in apps.get_app_config(app).get_models()]
# What no page lists, or lists no more of than there are already.
NOT_LISTED = {
    "caregivers.ConsentWording": "a form publishes one more of a kind; pages show the newest of each",
    "caregivers.Poster": "one for each group",
    "evaluation.Card": "counted; a group that answers by links has none",
    "evaluation.CardCount": "two at most for each group",
    "evaluation.CardSheet": "one for each group",
    "evaluation.EvaluationPlan": "one for each group",
    "evaluation.Measure": "comes with the product",
    "evaluation.MeasureItem": "comes with the product",
    "evaluation.Report": "one for each group",
    "evaluation.Wave": "three at most for each group",
    "feedback.OpenLink": "one for each group",
    "feedback.SealedAnswer": "counted",
    "feedback.SpentNonce": "looked up",
    "feedback.SuggestionBox": "one for each group",
    "feedback.Translation": "one for each language",
    "ppg.AuditHead": "a check reads the newest",
    "ppg.AuditSeal": "a check reads the newest",
    "ppg.Canary": "one for each key",
    "ppg.Chore": "the worker's turns",
    "ppg.Effect": "looked up",
    "ppg.FilePiece": "read one by one",
    "ppg.HealthLook": "one for each machine",
    "ppg.Heartbeat": "one for each worker",
    "ppg.LedgerFile": "one for each machine",
    "ppg.LedgerLine": "read by the worker",
    "ppg.Limit": "looked up",
    "ppg.PrivateNotes": "one for each parent who co-leads",
    "ppg.Service": "one",
    "ppg.StoredFile": "looked up",
    "programmes.Alert": "read by the worker",
    "programmes.ChecklistLine": "one for each line of the list",
    "sessions_app.CalendarFeed": "one for each person who signs in",
    "sessions_app.Pack": "one for each session",
    "sessions_app.Prepared": "one for each thing of a session",
}
# What is in one of several states, as `rows.py` adds it.
STATED = [(Place, "state"), (PoliceCheck, "outcome"), (FollowUp, "outcome"), (MessageCopy, "state")]
STATED += [(Delivery, "state"), (RegisterMark, "state"), (Suggestion, "answer"), (Adaptation, "kind")]


def test_rows_of_every_kind_are_tried_and_in_every_state(cohort):
    records = records_of(cohort)
    before = {model: model._base_manager.count() for model in OURS}
    add_rows(cohort, records, range(STATES))
    none = {model._meta.label for model, rows in before.items() if model._base_manager.count() < rows + STATES}
    assert none == set(NOT_LISTED), "Add rows of it in rows.py, or say in NOT_LISTED why no page lists them."
    for model, name in STATED:
        choices: Any = model._meta.get_field(name)
        missing = {value for value, _label in choices.flatchoices}
        missing -= set(model._base_manager.values_list(name, flat=True))
        assert not missing, f"Nothing in rows.py has {missing} as {model.__name__}.{name}."


def test_a_few_rows_and_many_cost_the_same(cost, cohort):
    cohort.places = 1000
    cohort.save()
    records = records_of(cohort)
    add_rows(cohort, records, range(STATES))
    for name in PAGES:
        cost(name, records)  # the session's clock is written once a minute
    few = {name: cost(name, records) for name in PAGES}
    most = dict.fromkeys(MAIN_JOB, 8) | OVERVIEWS
    too_many = {name: n for name, n in few.items() if name in most and n > most[name]}
    assert not too_many, f"These are opened all day long, and so many queries are too many: {too_many}"
    add_rows(cohort, records, range(STATES, MANY))
    first = {name: cost(name, records) for name in PAGES}  # who is new on a page is written into the trail
    many = {name: cost(name, records) for name in PAGES}
    more = {name: (first[name], n) for name, n in many.items() if first[name] > n + BATCHES}
    assert not more, f"Who is new on these is not written into the trail at once: {more}"
    dearer = {name: (few[name], n) for name, n in many.items() if n > few[name]}
    # Looked at once more: what a row costs, it costs each time.
    for_each_row = {name: costs for name, costs in dearer.items() if cost(name, records) > few[name]}
    for name in WRITES_EACH_TIME:
        assert few[name] <= many[name] <= few[name] + BATCHES
        for_each_row.pop(name, None)
    assert not for_each_row, f"These ask the database for each row, prefetch or annotate: {for_each_row}"
