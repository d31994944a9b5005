"""Forms and answers for tests, made the way the product makes them: by slips, closed, and counted out by two people.

    form = opened_form(cohort)      # with slips enough for everybody
    answered(form, 5)               # each with a slip of their own
    closed(form)                    # and its slips counted out, so that its box is opened

A form by link: `opened_form(by_link(cohort))`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver, Place
from feedback.answering import actions as answering
from feedback.answering.actions import spent_nonce
from feedback.answering.forms import new_nonce
from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.models import Form, SlipSheet
from feedback.slips import actions as slips
from feedback.slips.codes import codes_of, nonce_of
from feedback.slips.queries import is_ticked, people_here, sheet_of, with_slip
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import MarkState, RegisterMark
from tests.factories import PlaceFactory, SessionFactory, UserFactory

GOOD, WORDS = {"q-today": "4", "q-useful": "3", "q-safe-to-speak": "4", "q-time": "1"}, "More time to talk."
SLIPS = 80  # on one sheet: tests send more than a group of eight does


def opened_form(cohort: Cohort, **session: Any) -> Form:
    form = asking.open_form(session=SessionFactory(cohort=cohort, **session), by=None)
    if form.slips:
        printed(form)
    return form


def printed(form: Form, made: int = SLIPS) -> SlipSheet:
    """The form's slips, printed by nobody in particular."""
    sheet = slips.make(cohort=form.cohort, session=form.session, by=None)
    SlipSheet.objects.filter(pk=sheet.pk).update(made=made)
    sheet.refresh_from_db()
    return sheet


def by_link(cohort: Cohort) -> Cohort:
    """The group, once its lead has chosen that it answers by the link alone."""
    slips.choose_link(cohort=cohort, link=True, by=UserFactory(role="lead"))
    return cohort


def drawn(form: Form) -> str:
    """The code of a slip that nobody has used yet."""
    sheet = sheet_of(form) or printed(form)
    used = set(form.spent.values_list("nonce_hash", flat=True))
    return next(code for code in codes_of(sheet) if spent_nonce(form, nonce_of(sheet, code)).nonce_hash not in used)


def answered(form: Form, *answers: dict[str, Any] | int, **kwargs: Any) -> None:
    """Sends sheets straight to the box, each with a slip where the form asks for one: dicts of answers, or how many
    that say "OK"."""
    for one in answers:
        sheets = [{"today": 2}] * one if isinstance(one, int) else [one]
        for sheet in sheets:
            slip = drawn(form) if form.slips else ""
            assert answering.receive(form=form, answers=sheet, nonce=new_nonce(), slip=slip, **kwargs)


def closed(form: Form, by: User | None = None, at: datetime | None = None) -> Form:
    """Closed, and its slips counted out by two people who agree; everybody who used one is on the register."""
    form = asking.close_form(form=form, by=by, at=at)
    return counted_out(form) if form.slips and not form.counted_at and not form.opened_with_id else form


def counted_out(form: Form) -> Form:
    sheet, used = sheet_of(form) or printed_late(form), with_slip(form)
    came(form, used)
    for name in ("Cara Counts", "Colin Counts"):
        by = User.objects.filter(name=name).first() or UserFactory(name=name)
        counting.count(form=form, left=sheet.made - used, people=used, by=by)
    form.refresh_from_db()
    return form


def printed_late(form: Form) -> SlipSheet:
    """Of a form that nobody answered: slips that nobody drew."""
    return SlipSheet.objects.create(cohort=form.cohort, session=form.session, made=10, made_on=timezone.localdate())


def came(form: Form, n: int) -> None:
    """At least so many people are on the register of the form's session, or in the group after the programme. Those who
    are missing came that once and left the group: the other tests' own people stay as they are."""
    missing = n - people_here(form)
    if form.session_id is None:
        PlaceFactory.create_batch(max(missing, 0), cohort=form.cohort)
        return
    missing += 0 if is_ticked(form) or missing > 0 else 1
    people = Caregiver.objects.bulk_create([Caregiver(name=f"Came once {number}") for number in range(missing)])
    gone = {"cohort": form.cohort, "state": Place.State.LEFT, "left_on": timezone.localdate()}
    places = Place.objects.bulk_create([Place(caregiver=person, **gone) for person in people])
    by = User.objects.filter(name="Ticks").first() or UserFactory(name="Ticks")
    made = {"session": form.session, "state": MarkState.PRESENT, "made_at": timezone.now(), "recorded_by": by}
    RegisterMark.objects.bulk_create(
        [RegisterMark(place=place, key=f"came {form.pk} {place.pk}", **made) for place in places]
    )


def url_of(form: Form) -> str:
    return reverse("answer_form", args=[form.code])


def by_slip(form: Form) -> str:
    """The address of a slip that nobody has used yet."""
    code = drawn(form)
    return next(url for url in slips_of(form) if code in url)


def slips_of(form: Form) -> list[str]:
    """The address of each of its slips."""
    sheet = sheet_of(form) or printed(form)
    return [reverse("slip", args=[sheet.code, code]) for code in codes_of(sheet)]
