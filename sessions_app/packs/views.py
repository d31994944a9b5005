"""The pack of a session: who has theirs, what went wrong, and the list for the paper ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.models import HandoutsBy
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.time_of_day import day_and_clock
from programmes.models import Resource
from sessions_app.models import Delivery, Pack, Session
from sessions_app.packs import actions
from sessions_app.packs import contents as packs
from sessions_app.packs.jobs import MOST_TRIES
from sessions_app.register import rows as register

State = Delivery.State
COLOURS = {
    State.WAITING: "blue",
    State.SENDING: "blue",
    State.SENT: "green",
    State.HANDED: "green",
    State.FAILED: "red",
    State.UNKNOWN: "yellow",
}
SLOW_SECONDS = 300  # for longer than this no e-mail waits unless the worker stands still


@dataclass(frozen=True)
class DeliveryRow:
    """One person's delivery as the pages show it."""

    delivery: Delivery
    called: str
    state: str
    things: list[tuple[Any, bool]]  # what they are given in the hand, and whether they have it

    @property
    def by_mail(self) -> bool:
        return self.delivery.way == HandoutsBy.EMAIL

    @property
    def on_its_way(self) -> bool:
        return self.by_mail and self.state in (State.WAITING, State.SENDING)

    @property
    def has_theirs(self) -> bool:
        return self.state in packs.THEIRS

    @property
    def colour(self) -> str:
        return COLOURS[State(self.state)]

    @property
    def when(self) -> str:
        return day_and_clock(self.delivery.state_at, "j F")

    @property
    def says(self) -> str:
        """The state in words."""
        if self.state == State.WAITING:
            if not self.by_mail:
                return _("To hand over on paper")
            return _("Waiting to be tried again") if self.delivery.tries else _("Waiting to be sent")
        if self.state == State.SENT:
            return _("E-mailed, %(when)s") % {"when": self.when}
        if self.state == State.HANDED:
            return _("Handed over, %(when)s") % {"when": self.when}
        return str(State(self.state).label)


@requires(P.PACK_SEND)
@require_safe
def pack(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    pack = Pack.objects.visible_to(request.user).filter(session=session).first()
    if pack is None:
        return render(request, "sessions_app/packs/pack.html", {"session": session})
    now = timezone.now()
    lines = read(session, pack, now)
    audit.saw(request, (line.delivery.place for line in lines), cohort=session.cohort, of=session)
    things = packs.by_hand(pack.contents)
    page = {
        "session": session,
        "pack": pack,
        "lines": lines,
        "theirs": sum(line.has_theirs for line in lines),
        "wrong": sum(line.state in (State.FAILED, State.UNKNOWN) for line in lines),
        "paper": any(not line.by_mail for line in lines),
        "on_its_way": sum(line.on_its_way for line in lines),
        "slow": any(
            line.on_its_way and (now - line.delivery.state_at).total_seconds() > SLOW_SECONDS for line in lines
        ),
        "most_tries": MOST_TRIES,
        "missing": packs.missing(pack.contents),
        "things": [(handout, sum(dict_of(line)[handout["slug"]] for line in lines)) for handout in things],
    }
    return render(request, "sessions_app/packs/pack.html", page)


@requires(P.PACK_SEND)
@require_safe
def pack_print(request: HttpRequest, code: str) -> HttpResponse:
    """On paper: who gets what, with boxes to tick. First names only, since the sheet lies about."""
    session = find(request, code)
    pack = get_object_or_404(Pack.objects.visible_to(request.user), session=session)
    lines = sorted(read(session, pack, timezone.now()), key=lambda line: line.called.casefold())
    audit.saw(request, (line.delivery.place for line in lines), cohort=session.cohort, of=session)
    page = {
        "session": session,
        "lines": lines,
        "paper": [line for line in lines if not line.by_mail],
        "sheets": packs.to_print(pack.contents),
        "addresses": packs.addresses(pack.contents),
        "things": packs.by_hand(pack.contents),
    }
    return render(request, "sessions_app/packs/print.html", page)


def find(request: HttpRequest, code: str) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)


def read(session: Session, pack: Pack, now: datetime) -> list[DeliveryRow]:
    """Two queries, however many people: what is wrong first, then what waits, then by name."""
    named = [f"place__{name}" for name in Session.NAMED]
    fields = [field.name for field in Delivery._meta.concrete_fields]
    queryset = pack.deliveries.select_related("place__caregiver", "handed_by").prefetch_related("given__resource")
    deliveries = list(queryset.only(*fields, *named, "handed_by__name"))
    names = register.called(delivery.place for delivery in deliveries)
    lines = []
    for delivery in deliveries:
        has = {given.resource.slug for given in delivery.given.all()}
        things = [(handout, handout["slug"] in has) for handout in packs.by_hand(pack.contents)]
        lines.append(DeliveryRow(delivery, names[delivery.place_id], packs.state_at(delivery, now), things))
    return sorted(lines, key=lambda line: (packs.PRESSING.index(State(line.state)), line.called.casefold()))


def dict_of(line: DeliveryRow) -> dict[str, bool]:
    return {handout["slug"]: has for handout, has in line.things}


# --- What is done about one of them -------------------------------------------------------------------


@requires(P.PACK_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, code: str) -> HttpResponse:
    """One that was not sent goes by one press. One whose fate is unknown may arrive twice: the page asks first."""
    delivery = mine(request, code)
    if request.method == "POST":
        actions.send_again(delivery=delivery, by=request.user, seen=request.POST.get("seen", ""))
        return back(delivery)
    now = timezone.now()
    if packs.state_at(delivery, now) not in (State.FAILED, State.UNKNOWN):
        return back(delivery)
    session = delivery.pack.session
    names = register.called(one.place for one in delivery.pack.deliveries.select_related("place__caregiver"))
    audit.saw(request, [delivery.place], cohort=session.cohort, of=session)
    page = {
        "session": session,
        "delivery": delivery,
        "state": packs.state_at(delivery, now),
        "called": names[delivery.place_id],
        "why_not": actions.why_not_again(delivery),
    }
    return render(request, "sessions_app/packs/again.html", page)


@requires(P.PACK_SEND)
@require_POST
def to_paper(request: HttpRequest, code: str) -> HttpResponse:
    delivery = mine(request, code)
    actions.to_paper(delivery=delivery, by=request.user)
    return back(delivery)


@requires(P.PACK_SEND)
@require_POST
def handed(request: HttpRequest, code: str) -> HttpResponse:
    delivery = mine(request, code)
    actions.hand_over(delivery=delivery, by=request.user, handed=request.POST.get("has") == "yes")
    return back(delivery)


@requires(P.PACK_SEND)
@require_POST
def given(request: HttpRequest, code: str) -> HttpResponse:
    delivery = mine(request, code)
    has = request.POST.get("has") == "yes"
    actions.give(delivery=delivery, resource=thing(request, delivery.pack), by=request.user, given=has)
    return back(delivery)


@requires(P.PACK_SEND)
@require_POST
def given_to_those_here(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    pack = get_object_or_404(Pack.objects.visible_to(request.user), session=session)
    actions.give_to_those_here(pack=pack, resource=thing(request, pack), by=request.user)
    return redirect(reverse("sessions:pack", args=[code]) + "#things")


def mine(request: HttpRequest, code: str) -> Delivery:
    deliveries = Delivery.objects.visible_to(request.user).select_related("place__caregiver", "pack__session__cohort")
    return get_object_or_404(deliveries, code=code)


def thing(request: HttpRequest, pack: Pack) -> Resource:
    slug = request.POST.get("thing", "")
    resource = actions.thing_in(pack, slug)
    if resource is None:
        raise Refused(_("This is not in the pack."))
    return resource


def back(delivery: Delivery) -> HttpResponse:
    return redirect(reverse("sessions:pack", args=[delivery.pack.session.code]) + f"#of-{delivery.code}")
