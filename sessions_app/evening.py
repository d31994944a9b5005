"""What the pages of an evening have in common: a script gets JSON, and they stay open until it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from ppg.access import lasting
from sessions_app.models import Session

BEFORE = timedelta(hours=1)  # the room is set up, people come
AFTER = timedelta(hours=2)  # it overruns, is cleared up, and the last ticks are put right


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def stay_signed_in(request: HttpRequest, session: Session, runs_until: datetime | None = None) -> None:
    """Register and run of this session stay open through its evening, and nothing else does: `ppg.access.lasting`.

    `runs_until`: of a session that is running, on whatever day it was planned.
    """
    now = timezone.now()
    ends = [runs_until] if runs_until else []
    if session.starts_at - BEFORE <= now < session.ends_at + AFTER:
        ends.append(session.ends_at)
    if ends:
        lasting.open_evening(request, session.code, (max(ends) + AFTER).timestamp())
