"""Why nothing can be pressed any more while a session is run. Why it cannot be closed: `closing.changes`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def why_shut(session: Any) -> str:
    """A sentence; nothing while it is open."""
    if session.cancelled_at:
        return _("This session was cancelled.")
    if session.closed_at:
        return _("This session is closed.")
    return ""
