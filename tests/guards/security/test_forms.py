"""What is sent to a form beside what it asks: fields that it does not have, values that it does not offer, and what
somebody sends whose page has no such button."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from itertools import zip_longest
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from ppg.access.permissions import Role
from tests.guards.records import records_of
from tests.guards.security.pages import PageForm, filled, path, read
from tests.guards.security.rows import Written, transactions, undone, writes, written
from tests.guards.security.test_access import OURS, reader_of
from tests.guards.test_permissions import STAFF_PAGES, TABLE, VIEWS, address, allowed, clients, refused  # noqa: F401
from tests.public_pages import public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

CANARY = "qcanaryq"
# What scripts of these pages send beside what stands in the form (sessions_app/register/forms.py, running/forms.py).
OF_A_SCRIPT = {"sessions:register": {"key", "places"}, "sessions:run": {"key", "seen", "on"}}
ENDS_THE_SIGN_IN = {"/sign-out/", "/account/sign-out-everywhere/"}


class Shown(NamedTuple):
    """A form as it stands on a page, and the browser that shows it."""

    page: str
    client: Client
    form: PageForm

    def send(self, sent: Any) -> Any:
        """What it answers. Nothing of it is kept."""
        cookies = copy(self.client.cookies)
        try:
            with undone():
                return self.client.post(self.form.action, sent)
        finally:
            self.client.cookies = cookies


def pages_of(client: Client, names: list[str], records: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        answer = client.get(url := address(name, records))
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield name, read(url, answer.text)


def forms_shown(browsers: dict[str, Client], records: dict[str, str], public: dict[str, str]) -> list[Shown]:
    """Each form once, from the first page that has it."""
    hits: dict[tuple[str, ...], Shown] = {}
    for role in (Role.LEAD, Role.ADMINISTRATOR, Role.SAFEGUARDING, Role.MANAGER, Role.PARENT):
        names = [name for name in STAFF_PAGES if TABLE[name][1] == 200 and reader_of(name) == role]
        for name, page in pages_of(browsers[role], names, records):
            add(hits, name, browsers[role], page.forms)
    for name, url in public.items():
        nobody = Client()
        if (answer := nobody.get(url)).status_code == 200:
            add(hits, name, nobody, read(url, answer.text).forms)
    return list(hits.values())


def add(hits: dict[tuple[str, ...], Shown], name: str, client: Client, forms: list[PageForm]) -> None:
    for form in forms:
        if form.method == "post" and path(form.action) not in ENDS_THE_SIGN_IN:
            key = (resolve(path(form.action)).view_name, *sorted(form.fields), *sorted(form.choices))
            hits.setdefault(key, Shown(name, client, form))


def every_field() -> dict[str, str]:
    """Each field of each of our tables, with what somebody would like it to be."""
    wishes = {}
    for model in apps.get_models():
        for one in model._meta.concrete_fields if model._meta.app_label in OURS else ():
            wishes[one.name] = wishes[one.attname] = wish(one)
    return wishes | {"role": Role.ADMINISTRATOR.value, "is_superuser": "on", "is_active": "on"}


def wish(entry: Any) -> str:
    if entry.is_relation or isinstance(entry, models.IntegerField):
        return "1"
    if isinstance(entry, models.BooleanField):
        return "on"
    if isinstance(entry, models.DateTimeField):
        return "2001-01-01 12:00"
    if isinstance(entry, models.DateField):
        return "2001-01-01"
    return str(entry.flatchoices[-1][0]) if entry.choices else CANARY


OF_THE_PRESS = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def values(happened: Written) -> list[object]:
    """Flat, each statement before what it was given. What is worked out of all that a press sent (ppg.forms.effects)
    is another one for other fields, and says nothing."""
    flat = [value for sql, given in happened for value in (sql, *given)]
    return ["made of the press" if OF_THE_PRESS.fullmatch(str(value)) else value for value in flat]


@pytest.fixture
def shown(clients, cohort, lead, seconds_stand_still):  # noqa: F811
    records = records_of(cohort)
    return forms_shown(clients, records, public_pages(cohort, lead))


def test_statement_05_fields_that_a_form_does_not_have_change_nothing(shown):
    """Every form is sent as it stands, and again with every field that any table has: the same is written, value by
    value. What is random differs between two that are alike, and is left out."""
    wishes, saved, changed = every_field(), 0, {}
    for entry in shown:
        sent = filled(entry.form)
        asked = set(sent) | set(entry.form.choices) | OF_A_SCRIPT.get(entry.page, set())
        more = {name: wish for name, wish in wishes.items() if name not in asked}
        runs = []
        for extra in ({}, {}, more):
            with written() as happened:
                entry.send(sent | extra)
            runs.append(values(happened))
        first, again, with_more = runs
        saved += bool(first)
        differs = [new for old, same, new in zip_longest(first, again, with_more) if old == same and new != old]
        if differs or CANARY in str(with_more):
            changed[entry.page, entry.form.action] = differs
    assert saved > 70, "So many forms save something as they are filled in here: pages.filled."
    assert not changed, f"Let an action take what the form asks, by name: {changed}"


# Shared by all groups: programmes and questions, and who works where, which a lead may change.
SHARED = {"programmes.Programme", "programmes.Guide", "programmes.Resource", "feedback.Theme"}
Numbers = dict[type[models.Model], set[int]]


def numbers() -> Numbers:
    """Model → the keys of its rows."""
    numbered = [model for model in apps.get_models() if model._meta.app_label in OURS - {"ppg"}]
    return {
        one: set(one._default_manager.values_list("pk", flat=True)) for one in numbered if one._meta.label not in SHARED
    }


def others_of(value: str, ours: Numbers, foreign: Numbers) -> Iterator[str]:
    """What another group has where this one has a record by this key or code."""
    for model in ours:
        rows = model._default_manager.filter(pk__in=ours[model])
        theirs = model._default_manager.filter(pk__in=foreign[model])
        by_code = any(one.name == "code" for one in model._meta.fields)
        if by_code and len(value) == 22 and rows.filter(code=value).exists() and (other := theirs.first()):
            yield getattr(other, "code")  # noqa: B009  # only some models have one
        elif value.isdigit() and int(value) in ours[model] and (other := theirs.first()):
            yield str(other.pk)


def reached(tables: set[str], foreign: Numbers, as_they_were: dict[Any, Any]) -> set[str]:
    """Rows of the other group that were changed, and new ones that point at its records."""
    hits = set()
    for model in foreign:
        if model._meta.db_table in tables:
            if (
                list(model._default_manager.filter(pk__in=foreign[model]).order_by("pk").values())
                != as_they_were[model]
            ):
                hits.add(f"{model._meta.label} changed")
            for one in model._meta.concrete_fields:
                if one.related_model in foreign:
                    pointing = model._default_manager.filter(**{f"{one.name}__in": foreign[one.related_model]})
                    if pointing.exclude(pk__in=foreign[model]).exists():
                        hits.add(f"{model._meta.label}.{one.name}")
    return hits


def test_statement_03_a_record_of_another_group_in_an_own_form_reaches_nothing(clients, cohort, other_cohort):  # noqa: F811
    """Where a form offers people, sessions or other records of the group, one of another group is sent instead."""
    before = numbers()
    records = records_of(cohort)
    between = numbers()
    records_of(other_cohort)
    ours = {model: between[model] - before[model] for model in between}
    foreign = {model: found - between[model] for model, found in numbers().items()}
    as_they_were = {
        entry: list(entry._default_manager.filter(pk__in=foreign[entry]).order_by("pk").values()) for entry in foreign
    }
    shown = [entry for entry in forms_shown(clients, records, {}) if entry.client is clients[Role.LEAD]]
    taken, wrong = set(), {}
    for entry in shown:
        others = {
            name: swaps
            for name, offered in (entry.form.fields | entry.form.choices).items()
            if not NO_RECORD.search(name)
            and (swaps := {new for value in offered for new in others_of(value, ours, foreign)})
        }
        sent = as_it_is_taken(entry) if others else None
        taken |= {(entry.page, name) for name in others} if sent else set()
        for name, other in [(name, other) for name, swaps in others.items() for other in swaps]:
            with undone():
                with writes() as tables:
                    answer = entry.client.post(entry.form.action, (sent or filled(entry.form)) | {name: [other]})
                if found := reached(tables, foreign, as_they_were):
                    wrong[entry.page, name] = (answer.status_code, found)
    assert taken >= OF_THE_GROUP, "Fill these in so that they are taken, or another group's record is refused for that."
    assert not wrong, f"Let the form offer what belongs to the group, and take nothing else: {wrong}"


NO_RECORD = re.compile(r"_day$|^q-|^weekdays$")  # a number there is a day, or an answer
# Where people and records of the group are chosen. Each is sent so that it would be taken, but for whose it is.
OF_THE_GROUP = {
    ("caregivers:information_add", "person"),
    ("feedback:suggestion", "person"),
    ("feedback:suggestion_add", "person"),
    ("sessions:register", "place"),
}


def as_it_is_taken(entry: Shown) -> dict[str, list[str]] | None:
    """What is sent so that something is written: some forms ask for days that have been, others for days to come."""
    sent, this_year = filled(entry.form), timezone.localdate().year
    for year in (None, this_year - 1, this_year + 1):
        days = {name: [str(year)] for name in sent if year and name.endswith("_year")}
        with undone(), writes() as tables:
            entry.client.post(entry.form.action, sent | days)
        if tables - {"ppg_effect"}:
            return sent | days
    return None


def test_statement_08_what_a_page_does_not_offer_is_refused_on_the_server(clients, cohort):  # noqa: F811
    """No page of a role has a button or a link that the table refuses it, and what others' pages have and theirs do
    not is refused where it is sent all the same."""
    records = records_of(cohort)
    offered: dict[str, set[str]] = {}
    actions: dict[str, str] = {}
    for role in Role:
        names = [name for name in STAFF_PAGES if TABLE[name][1] == 200 and allowed(name, role)]
        offered[role] = set()
        for _name, page in pages_of(clients[role], names, records):
            for url in [*page.links, *(form.action for form in page.forms)]:
                if (view := leads_to(url)) in TABLE:
                    offered[role].add(view)
            actions |= {leads_to(form.action): path(form.action) for form in page.forms if form.method == "post"}
    useless = {role: {name for name in names if not allowed(name, role)} for role, names in offered.items()}
    assert useless == {role: set() for role in Role}, "Hide what leads there: {% if may.NAME %}"
    hidden = {(name, role) for name in actions if name in TABLE for role in Role if name not in offered[role]}
    refused_to = {(name, role) for name, role in hidden if not allowed(name, role)}
    let_in = {}
    for name, role in refused_to if len(refused_to) > 300 else ():
        if role == min(one for other, one in refused_to if other == name):  # all of them: statement 2
            with writes() as tables:
                status = clients[role].post(actions[name], {}).status_code
            if tables or status != refused(name):
                let_in[name, role] = (status, tables)
    assert len(refused_to) > 300 and not let_in


# More than one transaction, each whole by itself.
A_THEME = "a theme is there for every group, whatever becomes of what was to stand under it"
SHOWN = "the page that comes shows somebody, which is an entry of its own"
STEP_BY_STEP = {
    "caregivers:record": SHOWN,
    "evaluation:waves": SHOWN,
    "evaluation:answers_codes": SHOWN,
    "evaluation:report": "what is typed is kept first, whatever else the press asks for",
    "feedback:comment": A_THEME,
    "feedback:comment_quote": A_THEME,
    "feedback:quote_change": A_THEME,
}


def test_statement_42_what_takes_several_steps_happens_whole_or_not_at_all(shown):
    """Whatever a form writes in more than one place is written in one transaction: a fault, a power cut or a second
    press in the middle leaves nothing half done."""
    several, apart = 0, {}
    for entry in shown:
        with undone(), transactions() as hits:
            cookies = copy(entry.client.cookies)
            entry.client.post(entry.form.action, filled(entry.form))
            entry.client.cookies = cookies
        several += len(hits) > 1
        if entry.page not in STEP_BY_STEP and len(hits) > 1 and (len(set(hits)) > 1 or "" in hits):
            apart[entry.page, entry.form.action] = hits
    assert several > 30 and not apart, f"Put @transaction.atomic over the action: {apart}"


def leads_to(url: str) -> str:
    try:
        return resolve(path(url)).view_name if url.startswith("/") else ""
    except Resolver404:
        return ""
