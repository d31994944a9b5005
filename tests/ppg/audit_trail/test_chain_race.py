"""Entries are written and sealed at the same moment, by several: nobody waits for the chain, and it stays whole."""

from __future__ import annotations

import pytest
from django.db import transaction

from ppg.audit_trail import audit, chain
from ppg.models import AuditEntry, AuditHead, AuditSeal
from tests.races import at_once, only_postgresql

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, SEALERS, EACH = 4, 2, 15


def test_each_entry_is_sealed_once_whoever_writes_and_seals(lead, cohort):
    def write() -> None:
        for number in range(EACH):
            with transaction.atomic():
                for _each in range(1 + number % 3):
                    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)

    def seal() -> None:
        for _again in range(EACH):
            chain.seal()

    at_once(*[write] * WRITERS, *[seal] * SEALERS)
    chain.seal()
    assert chain.check() == []
    assert AuditSeal.objects.count() == AuditEntry.objects.count() == WRITERS * EACH * 2


@only_postgresql
def test_who_writes_does_not_wait_for_who_seals_nor_who_seals_for_another(lead, cohort):
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)
    chain.seal()
    with transaction.atomic():
        AuditHead.objects.select_for_update().get()  # somebody seals, for as long as it takes
        at_once(lambda: audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort), chain.seal)
        assert AuditEntry.objects.count() == 2
    assert chain.seal() == 1 and chain.check() == []


@only_postgresql
def test_who_seals_does_not_wait_for_a_long_piece_of_work(lead, cohort):
    """An entry that is kept later than others with higher numbers comes behind them in the chain."""
    with transaction.atomic():
        audit.record(lead, audit.Verb.CHANGED, cohort, cohort=cohort)

        def meanwhile() -> int:
            audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)
            return chain.seal()

        assert at_once(meanwhile) == [1]
    assert chain.seal() == 1 and chain.check() == []
    assert [seal.entry.verb for seal in AuditSeal.objects.select_related("entry")] == ["saw", "changed"]
