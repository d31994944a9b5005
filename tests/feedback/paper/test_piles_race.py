"""Pressed at the same moment, a pile is sent once; and a form that closes meanwhile has all of its sheets or none."""

from __future__ import annotations

import pytest

from feedback.asking import actions as asking
from feedback.models import PaperPile, Submission
from feedback.paper import actions as paper
from ppg.access.refusals import Refused
from tests.feedback.factories import answered, by_link, came, opened_form
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_presses_and_a_closing_send_a_pile_once(cohort, facilitator):
    form, before = (opened_form(by_link(cohort)) for _ in range(2))
    answered(before, 1)
    answered(form, 5)
    came(before, 1)
    came(form, 8)
    asking.close_form(form=before, by=None)
    pile = paper.begin_pile(form=form, sheets=3, by=facilitator)
    for number in (1, 2, 3):
        paper.type_sheet(pile=pile, again=False, number=number, sheet={"today": number})

    def send() -> bool:
        return paper.send_pile(pile=pile, chosen={})

    def close() -> None:
        asking.close_form(form=form, by=None)

    results = at_once(send, send, send, close, send, send, send)
    sent = [one for one in results if one is True]
    shown = Submission.objects.count()
    refused = [one for one in results if isinstance(one, Refused)]
    assert (len(sent), shown, PaperPile.objects.count()) in {(1, 9, 0), (0, 6, 1)}, results
    assert bool(refused) == (not sent)
