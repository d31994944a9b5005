"""Writing to the people of a group: what, to whom, a look at who gets it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import safe
from caregivers.messages import actions, jobs
from caregivers.messages import recipients as receiving
from caregivers.messages.forms import MessageForm
from caregivers.models import Message, MessageCopy, Place
from caregivers.names import called
from caregivers.seen import referral_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once, with_content
from ppg.forms.fields import EffectKeyField
from ppg.links.codes import site
from ppg.sending import texts
from ppg.time_of_day import day_and_clock
from ppg.typed import dialled
from programmes.models import Cohort

State, Way, Why, About = MessageCopy.State, MessageCopy.Way, MessageCopy.Why, Message.About
LINKS = (About.REGISTER, About.OFFER, About.OWN_PAGE)  # that go to one person
COLOURS = {
    State.LEFT_OUT: "grey",
    State.WAITING: "blue",
    State.SENDING: "blue",
    State.SENT: "green",
    State.FAILED: "red",
    State.UNKNOWN: "yellow",
}
PRESSING = [State.FAILED, State.UNKNOWN, State.WAITING, State.SENDING, State.LEFT_OUT, State.SENT]


def group(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.MESSAGE)
@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    cohort = group(request, code)
    found = Message.objects.visible_to(request.user).filter(cohort=cohort).with_counts().select_related("sent_by")
    return render(request, "caregivers/messages/list.html", {"cohort": cohort, "sent": found.defer("text")[:200]})


@requires(P.MESSAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Two steps at one address: writing, then a look at who gets it. Only the second one's button sends."""
    cohort = group(request, code)
    wanted = request.GET.get("about", "")
    initial = {"about": wanted if wanted in About.values else About.PLAIN, "to": MessageForm.EVERYBODY}
    form = MessageForm(request.POST or None, initial=initial)
    step = request.POST.get("step", "")
    if form.is_valid() and step != "change":
        if why := actions.why_not_write(cohort, form.cleaned_data["about"]):
            form.add_error("about", why)
        elif step == "send":
            return send(request, cohort, form)
        else:
            return check(request, cohort, form)
    elif step == "change":
        form = MessageForm(initial={name: request.POST.get(name, "") for name in MessageForm.base_fields})
    page = {"cohort": cohort, "form": form}
    return render(request, "caregivers/messages/new.html", page, status=422 if form.is_bound else 200)


def check(request: HttpRequest, cohort: Cohort, form: MessageForm, problem: str = "") -> HttpResponse:
    """Who gets it by which way, and who is left out and why."""
    values = form.message()
    recipients = receiving.recipients(cohort, values["about"], only_in_group=values["only_in_group"])
    going = receiving.written(recipients)
    audit.saw(request, recipients, cohort=cohort, fields=["name", "phone"])
    page = {
        "cohort": cohort,
        "form": form,
        "typed": {name: form.data.get(name, "") for name in ("about", "to", "text", "effect_key")},
        "seen": actions.fingerprint(recipients),
        "by_email": [one for one in going if one.way == Way.EMAIL],
        "by_text": [one for one in going if one.way == Way.TEXT],
        "texts_go": texts.can_send(),
        "to_ring": [one for one in receiving.left_out(recipients) if one.why != Why.LEFT],
        "left": [one for one in recipients if one.why == Why.LEFT],
        "words": form.cleaned_data["text"] or jobs.usual_text(values["about"]),
        "has_link": values["about"] != About.PLAIN,
        "subject": jobs.subject(Message(about=values["about"])),
        "problem": problem,
    }
    return render(request, "caregivers/messages/check.html", page, status=409 if problem else 200)


def send(request: HttpRequest, cohort: Cohort, form: MessageForm) -> HttpResponse:
    key = form.cleaned_data["effect_key"]
    values: dict[str, Any] = {**form.message(), "seen": request.POST.get("seen", ""), "site": site(request)}
    try:
        code = once(
            key,
            lambda: actions.send(cohort=cohort, by=request.user, **values).code,
            by=request.user,
            of=f"message {cohort.code}",
        )
    except Refused as refusal:
        return check(request, cohort, form, str(refusal))
    return redirect("caregivers:message", code)


@requires(P.MESSAGE)
@require_POST
def send_link(request: HttpRequest, code: str) -> HttpResponse:
    """A link to one person, from their record. Where texts are not sent from here the answer has the words for one's
    own phone."""
    referral = referral_of(request, code)
    about, way = request.POST.get("about", ""), request.POST.get("way", "")
    if about not in LINKS:
        raise Refused(_("There is no such link. Open their record and choose again."))
    copy_code = once(
        with_content(EffectKeyField().clean(request.POST.get("effect_key")), request.POST),
        lambda: (
            actions.send_link(
                cohort=referral.cohort,
                caregiver=referral.caregiver,
                about=about,
                way=way,
                by=request.user,
                site=site(request),
            ).code
        ),
        by=request.user,
        of=f"link {referral.code}",
    )
    copy = mine(request, copy_code)
    if not actions.goes_by_itself(copy):
        return by_hand(request, copy_code)
    messages.success(request, _("It is on its way. “What happened” says what became of it."))
    return redirect(referral.caregiver)


# --- What became of it ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CopyLine:
    """One person's copy as the page shows it."""

    copy: MessageCopy
    name: str
    state: str
    why_not: str  # why it cannot go now, for one that did not go

    @property
    def by_hand(self) -> bool:
        return self.copy.way == Way.TEXT and self.state == State.WAITING and not texts.can_send()

    @property
    def colour(self) -> str:
        return COLOURS[State(self.state)]

    @property
    def says(self) -> str:
        if self.by_hand:
            return _("For you to text")
        if self.state != State.SENT:
            return str(State(self.state).label)
        way = _("E-mailed, %(when)s") if self.copy.way == Way.EMAIL else _("Texted, %(when)s")
        return way % {"when": day_and_clock(self.copy.changed_at, "j F")}

    @property
    def why(self) -> str:
        """Why they were left out, or what is wrong."""
        if self.state == State.LEFT_OUT:
            return safe.why_in_words(self.copy.caregiver, self.copy.why)
        if self.state == State.FAILED:
            return self.why_not or _("Check the address or number on their record, then try again.")
        return ""

    @property
    def rings(self) -> bool:
        """Somebody to be rung instead: their number stands here where ringing is safe."""
        person = self.copy.caregiver
        out = self.state == State.LEFT_OUT or (self.state == State.FAILED and self.why_not)
        return bool(out and self.copy.why != Why.LEFT and person.phone and safe.may_ring(person))


@requires(P.MESSAGE)
@require_safe
def message(request: HttpRequest, code: str) -> HttpResponse:
    found = Message.objects.visible_to(request.user).select_related("cohort", "sent_by")
    sent = get_object_or_404(found, code=code)
    lines = read(sent)
    audit.saw(request, (line.copy for line in lines), cohort=sent.cohort, of=sent, fields=["name", "phone"])
    page = {
        "message": sent,
        "cohort": sent.cohort,
        "lines": lines,
        "words": sent.text or jobs.usual_text(sent.about),
        "went": sum(line.state == State.SENT for line in lines),
        "meant": sum(line.state != State.LEFT_OUT for line in lines),
        "wrong": sum(line.state in (State.FAILED, State.UNKNOWN) for line in lines),
        "to_text": sum(line.by_hand for line in lines),
        "under_way": sum(line.state in (State.WAITING, State.SENDING) and not line.by_hand for line in lines),
    }
    return render(request, "caregivers/messages/message.html", page)


def read(sent: Message) -> list[CopyLine]:
    """What went wrong first, then what waits, then by name. Three queries, however many people."""
    now = timezone.now()
    copies = list(sent.copies.select_related("caregiver"))
    states = dict(Place.objects.filter(cohort=sent.cohort).values_list("caregiver", "state"))
    names = called(copy.caregiver for copy in copies)
    chosen = sent.about == About.TIMES and sent.cohort.slots.exclude(chosen_at=None).exists()
    lines = []
    for copy in copies:
        copy.message = sent
        state = actions.state_at(copy, now)
        place = states.get(copy.caregiver_id)
        why_not = receiving.why_not_now(copy, place, chosen=chosen) if state in (State.FAILED, State.UNKNOWN) else ""
        lines.append(CopyLine(copy, names[copy.caregiver_id], state, why_not))
    return sorted(lines, key=lambda line: (PRESSING.index(State(line.state)), line.name.casefold()))


def mine(request: HttpRequest, code: str) -> MessageCopy:
    copies = MessageCopy.objects.visible_to(request.user).select_related("caregiver", "message__cohort")
    return get_object_or_404(copies, code=code)


def back(copy: MessageCopy) -> HttpResponse:
    return redirect(reverse("caregivers:message", args=[copy.message.code]) + f"#of-{copy.code}")


@requires(P.MESSAGE)
@require_POST
def again(request: HttpRequest, code: str) -> HttpResponse:
    """One that was not sent goes by one press. One whose fate is unknown may arrive twice: the page asks first."""
    copy = mine(request, code)
    seen = request.POST.get("seen", "")
    if seen == State.UNKNOWN and request.POST.get("sure") != "yes":
        audit.saw(request, [copy], cohort=copy.message.cohort, of=copy.message)
        page = {"copy": copy, "message": copy.message, "why_not": jobs.why_not(copy)}
        return render(request, "caregivers/messages/again.html", page)
    actions.send_again(copy=copy, by=request.user, seen=seen, site=site(request))
    return back(copy)


@requires(P.MESSAGE)
@require_POST
def by_hand(request: HttpRequest, code: str) -> HttpResponse:
    """What to text from one's own phone. A link in it is made by this press and shown once, so it is the answer to
    the press itself and no page one could come back to."""
    copy = mine(request, code)
    text = actions.text_by_hand(copy=copy, by=request.user, site=site(request))
    audit.saw(request, [copy], cohort=copy.message.cohort, of=copy.message, fields=["name", "phone", "safe_when"])
    number = dialled(copy.caregiver.phone)
    page = {"copy": copy, "message": copy.message, "text": text, "sms": f"sms:{number}?&body={quote(text)}"}
    return render(request, "caregivers/messages/by_hand.html", page)


@requires(P.MESSAGE)
@require_POST
def texted(request: HttpRequest, code: str) -> HttpResponse:
    copy = mine(request, code)
    actions.texted(copy=copy, by=request.user)
    messages.success(request, _("Noted: they were texted."))
    return back(copy)
