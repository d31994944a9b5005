"""Whose slips may be printed, which sheet a form has, and what lies in the boxes that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from caregivers.models import Place
from feedback import sealing
from feedback.models import Form, FormQuerySet, OpenLink, SlipSheet, Way
from feedback.slips.adding_up import Box
from ppg.access.permissions import P, can
from ppg.hooks import Hook
from ppg.links import typed_codes
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import RegisterMark, Session

AHEAD, BEHIND = timedelta(days=14), timedelta(days=1)
AFTER_LAST = timedelta(weeks=8)


def sheet_of(form: Form) -> SlipSheet | None:
    return SlipSheet.objects.filter(cohort=form.cohort_id, session=form.session_id).first()


def sheet_with(code: str) -> SlipSheet | None:
    """The sheet whose code stands in an address that somebody may have typed."""
    return SlipSheet.objects.filter(code=typed_codes.typed(code)).first()


def asked_with(sheet: SlipSheet, now: datetime) -> Form | None:
    """The open form that this sheet's slips are for."""
    return _forms_of(sheet).open(now).select_related("questionnaire").first()


def has_closed(sheet: SlipSheet) -> bool:
    """Whether its form takes nothing any more; one that is still to be opened has not."""
    return _forms_of(sheet).exists() or not sheet.key


def _forms_of(sheet: SlipSheet) -> FormQuerySet:
    return Form.objects.anonymous().filter(cohort=sheet.cohort_id, session=sheet.session_id, slips=True)


def by_link(cohort: Cohort | int) -> bool:
    """Whether the lead chose that this group answers by its link alone."""
    return OpenLink.objects.filter(cohort=cohort).exists()


def people_here(form: Form) -> int:
    """Everybody whom the register of the session has as here, visitors too; after the programme, those in the group."""
    if form.session_id is None:
        return Place.objects.filter(cohort=form.cohort_id).in_group().count()
    return RegisterMark.objects.filter(session=form.session_id).attended().count()


def is_ticked(form: Form) -> bool:
    """Whether the register that slips are held against was taken: apologies say nothing of who was there."""
    return form.session_id is None or RegisterMark.objects.filter(session=form.session_id).on_the_day().exists()


def with_slip(form: Form) -> int:
    """How many sheets in a closed form's box came with a slip. Found by opening the envelopes: no row says so."""
    return _with_slip(sealing.open_box([form]))


def _with_slip(payloads: Iterable[sealing.Payload]) -> int:
    return sum(bool(payload.get("slip")) for payload in payloads)


def box_of(form: Form) -> Box:
    payloads = sealing.open_box([form])
    if not form.slips:
        return Box(form.pk, by_slips=False, sheets=len(payloads), here=people_here(form))
    sheet = sheet_of(form)
    typed = [payload for payload in payloads if payload["way"] == Way.PAPER]
    return Box(
        form.pk,
        by_slips=True,
        sheets=len(payloads),
        with_slip=_with_slip(payloads),
        typed=len(typed),
        typed_with_slip=_with_slip(typed),
        counted=sheet is None or form.counted_at is not None,
        adds_up=bool(sheet and sheet.adds_up),
    )


# --- For whoever prints --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToPrint:
    """Slips that can be printed: of a session, or of the form after the programme."""

    cohort: Cohort
    session: Session | None
    sheet: SlipSheet | None
    form: Form | None


def groups_to_print_for(user: User) -> QuerySet[Cohort]:
    """The parent with lived experience prints for their own groups, an administrator for any."""
    if not can(user, P.SLIPS_PRINT):
        return Cohort.objects.none()
    return Cohort.objects.visible_to(user) if can(user, P.COHORT_SEE) else Cohort.objects.all()


def sessions_to_print_for(user: User) -> QuerySet[Session]:
    groups = groups_to_print_for(user)
    return Session.objects.taking_place().filter(cohort__in=groups).select_related("cohort")


def to_print(user: User, now: datetime) -> list[ToPrint]:
    """What meets within two weeks or is open, the soonest first; then groups that meet for the last time, or did."""
    near = Q(starts_at__gte=now - BEHIND, starts_at__lte=now + AHEAD, cohort__open_link=None)
    waiting = Q(feedback_form__slips=True, feedback_form__closed_at=None)
    meetings = sessions_to_print_for(user).filter(near | waiting)
    meetings = meetings.exclude(feedback_form__closed_at__isnull=False).exclude(feedback_form__slips=False)
    rows = [
        ToPrint(session.cohort, session, getattr(session, "slip_sheet", None), getattr(session, "feedback_form", None))
        for session in meetings.order_by("starts_at", "pk").select_related("slip_sheet", "feedback_form")
    ]
    return rows + _after_the_programme(groups_to_print_for(user), now)


def _after_the_programme(groups: QuerySet[Cohort], now: datetime) -> list[ToPrint]:
    last = Max("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    ended = groups.annotate(last=last).filter(last__gte=now - AFTER_LAST, last__lte=now + AHEAD).order_by("last", "pk")
    finals = Prefetch("forms", Form.objects.final(), to_attr="finals")
    sheets = Prefetch("slip_sheets", SlipSheet.objects.filter(session=None), to_attr="sheets")
    rows = []
    for cohort in ended.prefetch_related(finals, sheets):
        form: Form | None = next(iter(cohort.finals), None)
        if form is None or (form.slips and form.closed_at is None):
            rows.append(ToPrint(cohort, None, next(iter(cohort.sheets), None), form))
    return rows


@dataclass(frozen=True)
class Also:
    """A page on which something else is printed or counted out by those who print slips."""

    words: str
    url: str


also: Hook[Callable[[User, datetime], list[Also]]] = Hook(
    "What else is printed and counted out by those who print slips, as links on their page."
)


# --- For whoever counts --------------------------------------------------------------------------------


def forms_to_count(user: User) -> QuerySet[Form]:
    """Forms by slips of the teams somebody is in: also for whoever may not read what is in them."""
    if not can(user, P.SLIPS_COUNT):
        return Form.objects.none()
    groups = Cohort.objects.visible_to(user)
    return Form.objects.filter(slips=True, cohort__in=groups).select_related("cohort", "session", "questionnaire")


def still_to_count(user: User) -> QuerySet[Form]:
    """Closed, with slips that were printed."""
    of_session = SlipSheet.objects.filter(session=OuterRef("session"))
    after = SlipSheet.objects.filter(cohort=OuterRef("cohort"), session=None)
    printed = Exists(of_session) | Q(Exists(after), session=None)
    waiting = forms_to_count(user).exclude(closed_at=None).filter(printed, counted_at=None, opened_with=None)
    return waiting.order_by("closed_at")


# --- Beside the results --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Used:
    """How many slips were made for what was opened together, used and made void because they were left over."""

    made: int
    used: int
    void: int


def used_in(together: Iterable[Form]) -> Used | None:
    """Of forms whose answers were opened together; None where there were no slips."""
    sheets = sheets_of(together)
    if not sheets:
        return None
    return Used(
        made=sum(sheet.made for sheet in sheets),
        used=sum(sheet.used or 0 for sheet in sheets),
        void=sum(sheet.left or 0 for sheet in sheets),
    )


def sheets_of(forms: Iterable[Form]) -> list[SlipSheet]:
    forms = [form for form in forms if form.slips]
    of_sessions = Q(session__in=[form.session_id for form in forms if form.session_id])
    after = Q(session=None, cohort__in=[form.cohort_id for form in forms if form.session_id is None])
    return list(SlipSheet.objects.filter(of_sessions | after)) if forms else []
