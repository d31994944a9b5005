"""Odd bodies and queries at forms and addresses: a few hundred of what `script/bench fuzz` sends by the ten thousand.

The forms are read off the pages, filled in, and one to three things of each are made odd. No answer is an error, no
form comes back without a sentence, nobody is led on without anything taken or said, and a field of no form changes
nothing.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from django.urls import reverse

from ppg.access.permissions import Role
from ppg.models import User
from tests.fuzzing.bodies import Body
from tests.fuzzing.pages import valid
from tests.fuzzing.runs import Fuzz, Run, browser, more_stored, standing_still
from tests.guards.records import records_of
from tests.guards.test_permissions import TABLE, address, allowed
from tests.public_pages import public_pages

SEED = 1
PAGES = 70
OF_A_PAGE = 4  # bodies
OF_AN_ADDRESS = 8  # every page has the button that signs out
AT = 1_795_000_000  # a moment in November 2026: the bodies are the same on every day

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture
def moment():
    with standing_still(AT):
        yield


@pytest.fixture
def everybody(moment, lead, facilitator, parent, manager, safeguarding, evaluator, administrator) -> dict[str, User]:
    staff = (lead, facilitator, parent, manager, safeguarding, evaluator, administrator)
    return {user.role: user for user in staff}


def test_odd_bodies_are_answered_in_sentences(everybody, cohort):
    pages = [("", name.split()[0], url) for name, url in public_pages(cohort, everybody[Role.LEAD]).items()]
    records = records_of(cohort)
    opened = [name for name, (_records, status) in TABLE.items() if status == 200]
    pages += [(role, name, address(name, records)) for name in opened for role in Role if allowed(name, role)]
    fuzz = Fuzz({"": browser(None)} | {role: browser(user) for role, user in everybody.items()}, SEED)
    run, number, sent = Run(), 0, Counter[str]()
    for who, name, url in Random(SEED).sample(sorted(pages), PAGES):
        forms = [target for target in fuzz.targets(who, url) if sent[target.name] < OF_AN_ADDRESS]
        for target in Random(url).choices(forms, k=OF_A_PAGE) if forms else []:
            number += 1
            sent[target.name] += 1
            fuzz.send(number, target, run)
        number += 1
        fuzz.query(number, who, name, url, ["page", "person", "lang", "draft"], run)
    assert not run.faults, "\n".join(map(str, run.faults))
    assert number > 200
    assert run.came["taken"] > 20, f"Too few bodies reach what lies behind the forms: {run.came}"


def test_a_key_made_of_the_whole_press_is_no_effect_of_a_field_of_no_form(moment, cohort, facilitator):
    """A link to a calendar is made of all that was sent, so that the same press gives the same link."""
    fuzz = Fuzz({"": browser(facilitator)}, SEED)
    form = next(one.form for one in fuzz.targets("", reverse("sessions:calendar")) if one.name == "sessions:calendar")
    odd = Body([*valid(form, Random(SEED)), ("role", "administrator")], extra={"role"})
    first, plain, again = (fuzz.post("", form.url, body) for body in (odd, odd.without_extra(), odd.without_extra()))
    assert first.wrote and not [*more_stored(first, plain, again)]
