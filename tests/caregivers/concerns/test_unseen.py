"""That a concern or an entry of the information log exists is shown to nobody but its readers: every page that
somebody else may open is the same, byte for byte, with them and without."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns import actions
from caregivers.models import Concern, Information
from ppg.models import User
from programmes.models import Cohort, TeamMember
from tests.factories import UserFactory
from tests.guards.records import records_of
from tests.guards.test_permissions import NEW_EACH_TIME, TABLE, allowed

pytestmark = pytest.mark.django_db
MARK = "Zqxjkv"  # in every text of the concern and the information
# What differs from one opening to the next: tokens, the keys of presses.
NOISE = re.compile(
    rb'name="(csrfmiddlewaretoken|nonce|page_key)" value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def second_facilitator(cohort: Cohort) -> User:
    user = UserFactory(name="Sid Second", role="facilitator")
    TeamMember.objects.create(cohort=cohort, user=user, job="facilitator")
    return user


def write_down(cohort: Cohort, by: User, records: dict[str, str]) -> None:
    """Under the addresses that were asked for while they were not there."""
    caregiver = cohort.referrals.first().caregiver
    about = {"cohort": cohort, "caregiver": caregiver, "by": by}
    step = actions.Step("told", MARK, NOW)
    concern = actions.write_down(**about, words=MARK, on=NOW.date(), danger=True, steps=[step])
    told = dict.fromkeys(("noticed", "noticed_when", "how_known", "reference"), MARK)
    information = actions.log_information(**about, about="person", methods=["debt"], passed_on=NOW.date(), **told)
    Concern.objects.filter(pk=concern.pk).update(code=records["concern"])
    Information.objects.filter(pk=information.pk).update(code=records["information"])


class Undone(Exception):
    pass


@pytest.mark.parametrize("role", ["second_facilitator", "manager", "administrator", "evaluator", "parent"])
def test_every_page_is_the_same_with_a_concern_and_without(role, request, browser_of, cohort, lead, monkeypatch):
    user = request.getfixturevalue(role)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    records = records_of(cohort)
    Concern.objects.all().delete()
    Information.objects.all().delete()
    browser = browser_of(user)

    def pages() -> dict[str, tuple[int, bytes]]:
        """What each address answers, and as if nobody had looked: the trail holds who looked."""
        answers = {}
        try:
            with transaction.atomic():
                for name in sorted(TABLE):
                    if TABLE[name][1] == 405 or name in NEW_EACH_TIME or not allowed(name, user.role):
                        continue
                    answer = browser.get(reverse(name, args=[records[part] for part in TABLE[name][0].split()]))
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    answers[name] = (answer.status_code, NOISE.sub(b"", body))
                raise Undone
        except Undone:
            return answers

    without = pages()
    write_down(cohort, lead, records)
    mail.outbox.clear()
    with_them = pages()
    assert len(without) > 4
    changed = {name: (without[name], with_them[name]) for name in without if without[name] != with_them[name]}
    assert changed == {}
    assert [name for name, (_status, body) in with_them.items() if MARK.encode() in body] == []
