"""Whether a form can be opened yet, and whose paper sheets are not in its box when it closes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Form
from ppg.access.permissions import GRANTS, P
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import ON_THE_DAY, Session, start_of


def why_not_final(cohort: Cohort, at: datetime) -> str:
    """Why the form after the programme cannot be opened yet, or nothing: it can from the last session's day on."""
    last = cohort.sessions.taking_place().order_by("starts_at").last()
    if last is None:
        return _("This group has no session yet.")
    if last.day <= timezone.localdate(at):
        return ""
    return _("The form opens on the day of the last session: %(day)s.") % {"day": date_format(last.day, "j F Y")}


def why_not_close(form: Form, user: User) -> str:
    """Why this person cannot close the form before its time, or nothing. What they say of themselves is asked apart."""
    if form.asked_to_close_by_id is None:
        return _("Somebody else has to ask first that the form is closed before its time.")
    if form.asked_to_close_by_id == user.pk:
        return _("You asked for it, so somebody else has to close it: a person of the team who was not in the room.")
    if form.opened_by_id == user.pk:
        return _("You opened this form, so somebody else has to close it: a person who was not in the room.")
    if form.session and ticked_in_the_room(form.session, user):
        return _("You ticked the register, so somebody else has to close it: a person who was not in the room.")
    return ""


def ticked_in_the_room(session: Session, user: User) -> bool:
    """Whether they ticked on its day or later. Whoever noted apologies beforehand need not have been there."""
    in_the_room = Q(state__in=ON_THE_DAY) | Q(made_at__gte=start_of(session.day))
    return session.marks.filter(in_the_room, recorded_by=user).exists()


def address_of(session: Session) -> str:
    """Where the group answers after this session, while it can; for the room's display."""
    form = Form.objects.filter(session=session, closed_at=None).only("code", "closed_at", "closes_at").first()
    return reverse("answer_form", args=[form.code]) if form and form.is_open(timezone.now()) else ""


def printers(cohort: Cohort) -> list[str]:
    """Who of the team can print the slips; an administrator can for any group."""
    roles = [role for role, granted in GRANTS.items() if P.SLIPS_PRINT in granted]
    team = cohort.team.filter(left_on=None).values("user")
    members = User.objects.filter(pk__in=team, role__in=roles, is_active=True)
    return [str(person) for person in members.order_by("name")]


def typists(form: Form) -> list[str]:
    """Who has sheets of this form typed and not sent."""
    names = User.objects.filter(pk__in=form.piles.values("typed_by")).order_by("name")
    return [str(person) for person in names]
