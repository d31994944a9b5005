"""What an administrator hears of caregivers: texts with blanks, and messages that did not go out. Numbers only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import ConsentWording, MessageCopy
from ppg import health
from ppg.health import steps

A_WEEK = timedelta(days=7)


def texts_step() -> steps.Step:
    left = len(ConsentWording.objects.unfinished())
    return steps.Step(_("Fill in the texts of your council"), not left, _blanks(left), reverse("caregivers:wordings"))


def texts_are_whole(now: datetime) -> health.Finding:
    if left := len(ConsentWording.objects.unfinished()):
        return health.warning(_blanks(left), _("Open Texts, and fill in what stands in square brackets."))
    return health.good(_("Every text of the council is filled in."))


def _blanks(left: int) -> str:
    sentence = ngettext(
        "%(n)s text has blanks that only your council can fill in.",
        "%(n)s texts have blanks that only your council can fill in.",
        left,
    )
    return sentence % {"n": left}


def messages_went_out(now: datetime) -> health.Finding:
    lately = MessageCopy.objects.filter(changed_at__gt=now - A_WEEK)
    wrong = lately.filter(state__in=[MessageCopy.State.FAILED, MessageCopy.State.UNKNOWN]).count()
    some = ngettext(
        "%(n)s message of the last seven days did not go out, or nobody knows.",
        "%(n)s messages of the last seven days did not go out, or nobody knows.",
        wrong,
    )
    return health.for_teams(wrong, _("Every message of the last seven days went out."), some)


CHECKS = [
    health.Check("messages", gettext_lazy("Messages to groups"), messages_went_out),
    health.Check("texts", gettext_lazy("Privacy notice and consents"), texts_are_whole, live=True, step=True),
]

TEXTS = steps.Maker(20, texts_step)
