"""Setting up a group: one form, one page to check it, done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.links.codes import new_code
from ppg.models import User
from ppg.time_of_day import clock
from sessions_app import bookings, dates
from sessions_app.occasions import occasions
from sessions_app.setting_up import actions, drafts
from sessions_app.setting_up.forms import TEAM, SetUpForm, WeeksForm

FACTS = ("programme", "name", "area", "venue", "online_link", "at", "places", "team")


def go(name: str, key: str, **more: str) -> HttpResponseRedirect:
    return redirect(f"{reverse(name)}?{urlencode({'draft': key, **more})}")


@requires(P.COHORT_SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    key = request.GET.get("draft", "")
    if len(key) != 22 or actions.made_with(key, by=request.user):
        key = new_code()
        if request.method != "POST":  # with its key in the address, Back finds what was typed
            return go("sessions:set_up", key, **{k: v for k, v in request.GET.items() if k == "programme"})
    kept = drafts.get(request, key)
    if request.method == "POST":
        form = SetUpForm(request.POST, lead=request.user)
        if form.is_valid():
            typed = form.draft()
            same_start = kept is not None and kept["typed"]["starts_on"] == typed["starts_on"]
            drafts.keep(request, key, {"typed": typed, "skip": kept["skip"] if kept and same_start else None})
            return go("sessions:set_up_check", key)
    elif kept:
        form = SetUpForm(kept["typed"], lead=request.user)
    else:
        form = SetUpForm(initial={"programme": request.GET.get("programme")}, lead=request.user)
    form.form_action = f"?draft={key}"
    status = 422 if request.method == "POST" else 200
    return render(request, "sessions_app/setting_up/set_up.html", {"form": form}, status=status)


@requires(P.COHORT_SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_check(request: HttpRequest) -> HttpResponse:
    key = request.GET.get("draft", "")
    if made := actions.made_with(key, by=request.user):  # pressed twice, or came Back after it was done
        return redirect(made)
    kept = drafts.get(request, key)
    form = SetUpForm(kept["typed"], lead=request.user) if kept else None
    if kept is None or form is None or not form.is_valid():
        return go("sessions:set_up", key)

    facts = {name: form.cleaned_data[name] for name in FACTS}
    guides = list(facts["programme"].guides.all())
    first, count = form.cleaned_data["starts_on"], len(guides)
    if request.method == "POST":
        return pressed(request, key, kept, facts, dates.plan(first, count, request.POST.getlist("skip")))

    weeks = dates.plan(first, count, kept["skip"])
    starts = dates.local_start(first, facts["at"])
    clashes = booked(facts, weeks, request.user)
    said = occasions(weeks.all)
    page = {
        "facts": facts,
        "first": first,
        "times": f"{clock(facts['at'])}–{clock(starts + timedelta(minutes=facts['programme'].session_minutes))}",
        "team": get_text_list([user.name for user in (request.user, *facts["team"])], _("and")),
        "team_anchor": next((f"#id_{name}_0" for name in TEAM if name in form.fields), ""),
        "meetings": [
            {"guide": guide, "day": day, "occasions": said.get(day, [])}
            for guide, day in zip(guides, weeks.days, strict=True)
        ],
        "past": sum(day < timezone.localdate() for day in weeks.days),
        "booked": clashes,
        "shown": in_words(weeks, clashes),
        "form": WeeksForm(weeks, said) if count > 1 else None,
        "change": f"{reverse('sessions:set_up')}?draft={key}",
    }
    return render(request, "sessions_app/setting_up/check.html", page)


def pressed(
    request: HttpRequest, key: str, kept: dict[str, Any], facts: dict[str, Any], weeks: dates.Weeks
) -> HttpResponse:
    """Sets the group up, if it is on the very days that were shown. If not, they are shown."""
    shown = in_words(weeks, booked(facts, weeks, request.user))
    if request.POST.get("press") == "set up" and request.POST.get("shown") == shown:
        cohort = actions.set_up(**facts, days=weeks.days, by=request.user, effect_key=key)
        drafts.drop(request, key)
        messages.success(request, _("The group is set up."))
        return redirect(cohort)
    drafts.keep(request, key, {**kept, "skip": [day.isoformat() for day in weeks.skip]})
    messages.info(request, _("The dates are worked out again. Check them, then set up the group."))
    return go("sessions:set_up_check", key)


def booked(facts: dict[str, Any], weeks: dates.Weeks, by: User) -> list[str]:
    """What of the new group's another group needs on its days, as this person may know it."""
    group = bookings.Group.to_be(facts["venue"], facts["online_link"], [by, *facts["team"]])
    length = timedelta(minutes=facts["programme"].session_minutes)
    starts = [dates.local_start(day, facts["at"]) for day in weeks.days]
    return bookings.clashes(group, [(at, at + length) for at in starts], by=by)


def in_words(weeks: dates.Weeks, clashes: list[str]) -> str:
    """The days, and what another group needs on them, as the page sends them back: nothing is set up but what was
    shown."""
    return " ".join([*(day.isoformat() for day in weeks.days), bookings.stands_for(clashes)]).strip()
