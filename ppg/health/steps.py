"""What a new installation needs before the first group: steps that tick themselves, for the administrator's home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ppg.access.permissions import Role
from ppg.backups import nightly
from ppg.health.findings import State
from ppg.hooks import Hook
from ppg.models import AccountMail, Chore, HealthLook, Invitation, User
from ppg.service_details import service


@dataclass(frozen=True)
class Step:
    label: Any
    done: bool
    hint: Any = ""  # what is missing, and where it is done if not in the browser
    url: str = ""


@dataclass(frozen=True)
class Steps:
    rows: list[Step]

    @property
    def open(self) -> list[Step]:
        """What is next comes first."""
        return [step for step in self.rows if not step.done]

    @property
    def done(self) -> list[Step]:
        return [step for step in self.rows if step.done]


@dataclass(frozen=True)
class Maker:
    """They come in the order of their places, which is that in which the steps are done."""

    place: int
    make: Callable[[], Step]


makers: Hook[Maker] = Hook("Steps that a new installation needs before its first group.", order=lambda one: one.place)


def steps() -> Steps:
    return Steps([one.make() for one in makers])


# --- Those of the foundation -----------------------------------------------------------------------------


def contacts() -> Step:
    ours = service.newest()
    return Step(
        _("Say what the service is called and whom people call"),
        bool(ours.organisation and (ours.phone or ours.email)),
        _("It stands on every page and in every e-mail. Before you invite anybody."),
        reverse("service_details"),
    )


def mail_tried() -> Step:
    """One arrived as far as we can know: the mail server took it, or somebody followed the link in it."""
    sent = AccountMail.objects.filter(state=AccountMail.State.SENT).exists()
    joined = Invitation.objects.filter(used_at__isnull=False, invited_by__isnull=False).exists()
    return Step(
        _("Send yourself an e-mail"),
        sent or joined,
        _("Then you know that invitations arrive."),
        reverse("health"),
    )


def two_administrators() -> Step:
    return Step(
        _("Invite a second administrator"),
        User.objects.administrators().count() > 1,
        _("You are the only one. If you lose your phone and your codes, nobody here can help you."),
        reverse("user_invite"),
    )


def people() -> Step:
    there = set(User.objects.active().values_list("role", flat=True))
    missing = [str(role.label) for role in (Role.LEAD, Role.SAFEGUARDING) if role not in there]
    return Step(
        _("Invite the people who run groups"),
        not missing,
        _("Nobody is invited yet as: %(roles)s.") % {"roles": ", ".join(missing)},
        reverse("user_invite"),
    )


def first_backup() -> Step:
    """A page does not wait for a store elsewhere: of that it tells what the workers wrote down."""
    if nightly.in_folder():
        made = nightly.last_made() is not None
    else:
        by_night = Chore.objects.done().filter(name=nightly.NIGHTLY)
        made = by_night.exists() or HealthLook.objects.filter(name="backup", state=State.GOOD).exists()
    return Step(
        _("Make the first backup"),
        made,
        _("The worker makes one every night, at two. Whoever runs the server makes one at once: manage.py backup."),
    )


OURS = [
    Maker(10, contacts),
    Maker(40, mail_tried),
    Maker(50, two_administrators),
    Maker(60, people),
    Maker(70, first_backup),
]
