"""Slips are made when they are first printed, and end when their answers are opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Place
from feedback.models import Form, OpenLink, SlipCount, SlipSheet
from feedback.slips.queries import by_link, sheets_of
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session

SPARES = 2


@transaction.atomic
def make(*, cohort: Cohort, session: Session | None, by: User | None, at: datetime | None = None) -> SlipSheet:
    """The slips of this session (None: of the form after the programme), one for each in the group and two spare.

    Made once: printed again they are the same ones. Until the form is opened the sheet grows with the group.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    form = Form.objects.filter(session=session) if session else Form.objects.filter(cohort=cohort).final()
    opened = form.first()
    if opened and opened.closed_at:
        raise Refused(_("This form has closed, so its slips are no use any more."))
    if (opened and not opened.slips) or (not opened and session and by_link(cohort)):
        raise Refused(_("This group answers by its link, without slips."))
    sheet = SlipSheet.objects.filter(cohort=cohort, session=session).first()
    made = (Place.objects.filter(cohort=cohort).in_group().count() or cohort.places) + SPARES
    if sheet is None:
        today = timezone.localdate(at)
        sheet = SlipSheet.objects.create(cohort=cohort, session=session, made=made, made_on=today, made_by=by)
        audit.record(by, audit.Verb.CREATED, sheet, cohort=cohort)
    else:
        if opened is None and made > sheet.made:
            sheet.made = made
            sheet.save(update_fields=["made"])
        audit.record(by, audit.Verb.DOWNLOADED, sheet, cohort=cohort)
    return sheet


def put_away(form: Form, together: Iterable[Form], used: int) -> None:
    """These forms' answers were opened under `form`: their slips lead nowhere any more. How many were used is written
    down once for all of them."""
    sheets = sheets_of(together)
    SlipSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(key="")
    SlipCount.objects.filter(sheet__in=sheets).delete()
    SlipSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets_of([form])]).update(used=used)


@transaction.atomic
def choose_link(*, cohort: Cohort, link: bool, by: User, at: datetime | None = None) -> None:
    """Forms that are opened from now on are answered by the link alone, or by slips again. One that is open stays."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if link == by_link(cohort):
        return
    if link:
        row = OpenLink.objects.create(cohort=cohort, chosen_by=by, chosen_on=timezone.localdate(at))
        audit.record(by, audit.Verb.CREATED, row, cohort=cohort)
    else:
        OpenLink.objects.filter(cohort=cohort).delete()
        audit.record(by, audit.Verb.CHANGED, OpenLink(), cohort=cohort, fields=["link"])
