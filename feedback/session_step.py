"""What feedback adds to a session's steps: its form, from open to closed."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.models import Form
from ppg.access.permissions import P, can
from ppg.models import User
from sessions_app.models import Session
from sessions_app.session.steps import State, Step


def feedback(session: Session, user: User, now: datetime) -> Step | None:
    if not can(user, P.FEEDBACK_SEE):
        return None
    form = (
        Form.objects.filter(session=session)
        .only("closed_at", "closes_at", "opened_with", "slips", "counted_at")
        .first()
    )
    words = ""
    if form is None:
        state = State.OPEN if session.starts_at <= now else State.LATER
    elif form.closed_at:
        state, words = State.DONE, str(form.state(now).label)
    else:
        state, words = State.NOW, str(form.state(now).label)
    return Step("feedback", _("Feedback"), reverse("feedback:session", args=[session.code]), state, words)
