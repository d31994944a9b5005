"""Publishing a text: the next version, never a change of one that somebody may have read or agreed to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import ConsentWording
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from ppg.versions import ChangedMeanwhile


@transaction.atomic
def publish_wording(*, kind: str, text: str, seen: int, by: User, at: datetime | None = None) -> ConsentWording:
    """`seen` is the version that the text was written from. Whoever comes second is told, and keeps what they typed."""
    list(ConsentWording.objects.filter(kind=kind).select_for_update())  # two at once: one after the other
    last = ConsentWording.objects.latest_of(kind)  # asked anew, so that it sees what the other has published
    version = last.version if last else 0
    if version != seen:
        raise ChangedMeanwhile(
            _("Somebody else has published version %(version)s since you began. Compare, then publish yours.")
            % {"version": version}
        )
    row = ConsentWording(kind=kind, version=version + 1, text=text, published_at=at or timezone.now(), published_by=by)
    if kind != ConsentWording.DPIA and not row.may_be_read:
        raise Refused(
            _("Fill in what stands in square brackets first, since everybody reads this: %(blanks)s")
            % {"blanks": ", ".join(row.blanks)}
        )
    if last and last.text == text:
        raise Refused(_("Nothing is different from version %(version)s.") % {"version": version})
    row.save()
    audit.record(by, audit.Verb.CREATED, row, fields=[kind])
    return row
