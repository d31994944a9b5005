"""Who gets in: every role at every address, with codes of their own and of others, by every verb."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from ppg import urls
from ppg.access.permissions import Role
from programmes.models import TeamMember
from tests.guards.records import records_of
from tests.guards.security.rows import changed, every_row, writes
from tests.guards.test_permissions import (  # noqa: F401  clients is a fixture
    STAFF_PAGES,
    TABLE,
    TEMPLATES,
    VIEWS,
    address,
    allowed,
    clients,
    refused,
)
from tests.public_pages import public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

OURS = {"ppg", "programmes", "caregivers", "sessions_app", "feedback", "evaluation"}
# Parts of an address that are no record of one group: which of a list they are stands in the source.
IN_EVERY_GROUP = {"line", "evaluation", "pile"}
TWO_CODES = [
    name for name in STAFF_PAGES if len(kinds := TABLE[name][0].split()) == 2 and not set(kinds) & IN_EVERY_GROUP
]


def may_not(role: str) -> list[str]:
    return [name for name in STAFF_PAGES if not allowed(name, role)]


def answers(client: Client, names: list[str], records: dict[str, str], verb: str) -> dict[str, tuple[int, set[str]]]:
    """Name → the answer's status, and what it wrote."""
    found = {}
    for name in names:
        with writes() as tables:
            status = getattr(client, verb)(address(name, records)).status_code
        found[name] = (status, tables)
    return found


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Anything")


urlpatterns = [*urls.urlpatterns, path("unmarked/", unmarked)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def test_statement_01_a_view_that_says_nothing_is_refused_to_everybody(clients, settings):  # noqa: F811
    """Should the build be passed over: whoever is signed in is refused, and a stranger asked to sign in."""
    settings.ROOT_URLCONF = __name__
    assert {role: browser.get("/unmarked/").status_code for role, browser in clients.items()} == dict.fromkeys(
        Role, 403
    )
    assert Client().get("/unmarked/").status_code == 302


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMINISTRATOR])
def test_statement_02_no_address_takes_a_verb_that_no_form_sends(clients, cohort, role):  # noqa: F811
    """For those whom the table lets in too."""
    records = records_of(cohort)
    names = [name for name in STAFF_PAGES if allowed(name, role)]
    taken = {name: found for name, found in answers(clients[role], names, records, "put").items() if found[0] != 405}
    assert not taken, f"Say by @require_safe, @require_POST or the like what the view takes: {taken}"


def all_over() -> int:
    """Every moment that has not come yet has come: sent, closed, opened, published, withdrawn, left, over. What the
    database itself does not let be so stays as it is. Says in how many fields."""
    done = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model._meta.app_label in OURS else ():
            empty = {f"{field.name}__isnull": True}
            if not field.null or not isinstance(field, models.DateField):
                continue
            moment = timezone.now() if isinstance(field, models.DateTimeField) else timezone.localdate()
            try:
                with transaction.atomic():
                    done += bool(model._default_manager.filter(**empty).update(**{field.name: moment}))
            except (DatabaseError, TypeError):  # a rule of the table; the trail is never changed
                continue
    return done


@pytest.mark.parametrize("role", Role)
def test_statement_02_whom_the_table_refuses_is_refused_by_every_verb_in_every_state(clients, cohort, role):  # noqa: F811
    """What the table does not let a role do is refused however it is asked for, and what was sent, closed, published,
    withdrawn or left is open to nobody more than before."""
    records, names = records_of(cohort), may_not(role)
    should = {name: (refused(name), set()) for name in names}
    assert answers(clients[role], names, records, "post") == should
    assert all_over() > 20
    assert answers(clients[role], names, records, "get") == should


def test_statement_03_two_codes_of_different_groups_in_one_address_are_like_a_made_up_one(
    browser_of, lead, cohort, other_cohort
):
    """A group of theirs opens nothing of another group, nor the other way round: whatever the page does about a code
    that there is not it does about this one."""
    browser, ours, foreign = browser_of(lead), records_of(cohort), records_of(other_cohort)
    names = [name for name in TWO_CODES if allowed(name, lead.role) and TABLE[name][0].split()[0] not in TEMPLATES]
    assert len(names) > 5
    hits, before = {}, every_row()
    for name in names:
        first, second = TABLE[name][0].split()
        for mixed, made_up in (
            ([ours[first], foreign[second]], [ours[first], "A" * 22]),
            ([foreign[first], ours[second]], ["A" * 22, ours[second]]),
        ):
            for verb in ("get", "post"):
                with writes() as tables:
                    got = getattr(browser, verb)(reverse(name, args=mixed)).status_code
                like = getattr(browser, verb)(reverse(name, args=made_up)).status_code
                wrote = changed(before, every_row()) if tables else set()  # to delete nothing writes nothing
                if wrote or got != like or got == 200:
                    hits[name, verb] = (got, like, wrote)
    assert not hits, "Look for the second among those of the first: get_object_or_404(first.seconds, code=…)."


def test_statement_03_whatever_is_sent_to_an_address_of_another_group_changes_nothing(browser_of, other_cohort, lead):
    """Pages, files and forms alike: to read, to write and to take away."""
    records = records_of(other_cohort)
    names = [name for name in STAFF_PAGES if set(TABLE[name][0].split()) - TEMPLATES and allowed(name, lead.role)]
    found = answers(browser_of(lead), names, records, "post")
    # What only takes GET refuses the verb before it looks for a record.
    assert {name: one for name, one in found.items() if one not in ((404, set()), (405, set()))} == {}


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PARENT])
def test_statement_06_a_role_that_was_lost_opens_nothing_from_the_next_request_on(clients, cohort, lead, role):  # noqa: F811
    """Somebody signed in as a lead becomes something less while their browser is open."""
    browser, records = clients[Role.LEAD], records_of(cohort)
    lost = [name for name in STAFF_PAGES if allowed(name, Role.LEAD) and not allowed(name, role)]
    assert browser.get(address(lost[0], records)).status_code != 403
    type(lead).objects.filter(pk=lead.pk).update(role=role)  # by whatever way: the next test is of the page's own
    assert answers(browser, lost, records, "get") == {name: (refused(name), set()) for name in lost}


def test_statement_06_a_team_that_was_left_is_closed_from_the_next_request_on(browser_of, cohort, facilitator):
    """Every address of the group, with the same browser."""
    browser, records = browser_of(facilitator), records_of(cohort)
    names = [name for name in STAFF_PAGES if set(TABLE[name][0].split()) - TEMPLATES and TABLE[name][1] == 200]
    names = [name for name in names if allowed(name, Role.FACILITATOR) and "concern" not in name and "info" not in name]
    assert answers(browser, names, records, "get") == {name: (200, set()) for name in names}
    TeamMember.objects.filter(cohort=cohort, user=facilitator).update(left_on=timezone.localdate())
    assert {found[0] for found in answers(browser, names, records, "get").values()} == {404}


def reader_of(name: str) -> str:
    """A role that the page opens to."""
    return next(
        role
        for role in (Role.LEAD, Role.ADMINISTRATOR, Role.SAFEGUARDING, Role.MANAGER, Role.PARENT)
        if allowed(name, role)
    )


def test_statement_07_no_get_changes_data(clients, cohort, lead):  # noqa: F811
    """A crawler, a preview of links or a picture in an e-mail changes nothing: every address there is, also those of
    caregivers, opened by somebody who may. What is written by it is who read what and when they were there."""
    records = records_of(cohort)
    public, nobody = public_pages(cohort, lead), Client()
    before, wrote = every_row(), {}
    for name in STAFF_PAGES:
        [(_, tables)] = answers(clients[reader_of(name)], [name], records, "get").values()
        wrote[name] = tables
    for name, url in public.items():
        with writes() as tables:
            nobody.get(url)
        wrote[name] = tables
    wrote = {name: tables for name, tables in wrote.items() if tables}
    assert not wrote, f"Write when somebody presses a button, by POST: {wrote}"
    assert not changed(before, every_row())
