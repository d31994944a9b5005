"""What somebody has agreed to and taken back: their latest word on each kind, and how it came to us."""

from __future__ import annotations

from django.utils.translation import gettext as _

from caregivers.models import (
    Caregiver,
    Consent,
    ConsentKind,
    How,
)


def evidence(consent: Consent) -> str:
    """ "Wording 1, online" or "Wording 1, spoken, written down by Ann Lee"."""
    how = How(consent.how).label.lower()
    by = consent.recorded_by
    words = {"version": consent.wording.version, "how": how, "by": by}
    if by:
        return _("Wording %(version)s, %(how)s, written down by %(by)s") % words
    return _("Wording %(version)s, %(how)s, by themselves") % words


def consents_of(caregiver: Caregiver) -> list[dict[str, object]]:
    """Each kind with its latest word."""
    current = {row.kind: row for row in caregiver.consents.current().select_related("wording", "recorded_by")}
    return [
        {"kind": kind, "row": (row := current.get(kind.value)), "evidence": evidence(row) if row else ""}
        for kind in ConsentKind
    ]
