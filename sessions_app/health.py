"""What an administrator hears of packs that did not go out: how many, and nothing about whose."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ppg import health
from sessions_app.models import Delivery

A_WEEK = timedelta(days=7)


def packs_went_out(now: datetime) -> health.Finding:
    lately = Delivery.objects.filter(state_at__gt=now - A_WEEK)
    wrong = lately.filter(state__in=[Delivery.State.FAILED, Delivery.State.UNKNOWN]).count()
    some = ngettext(
        "%(n)s pack of the last seven days did not go out, or nobody knows.",
        "%(n)s packs of the last seven days did not go out, or nobody knows.",
        wrong,
    )
    return health.for_teams(wrong, _("Every pack of the last seven days went out."), some)


PACKS = health.Check("packs", gettext_lazy("Packs"), packs_went_out)
