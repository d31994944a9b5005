"""What else whoever runs a group can press while answers lie sealed, as page visits: sessions are moved, questions
drafted, the group made larger, forms opened at once, piles typed twice, and a colleague says what is not so.

Each says whether it took effect. None may leave one parent's answer alone, also where the product takes the press.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.asking.jobs import close_due_forms
from feedback.models import Form, Questionnaire
from sessions_app.models import Session
from tests.guards.security.pages import PageForm, filled, path, read

MORE_PLACES = 12  # which the programme allows; eight people are in the group


def pressed(browser: Client, url: str, **changes: str) -> bool:
    """The form of this page, filled in as it stands but for the changes; whether it was taken. Where the page asks
    whether it is meant so (another group meets at the same venue), it is."""
    answer = browser.get(url)
    for _ in range(2):
        if (form := form_of(answer, url)) is None:
            return False
        answer = browser.post(form.action, filled(form) | changes)
        if answer.status_code == 302:
            return True
        if not (again := form_of(answer, url)) or again.fields.get("despite") == form.fields.get("despite"):
            return False
    return False


def form_of(answer: Any, url: str) -> PageForm | None:
    if answer.status_code not in (200, 422):
        return None
    return next((one for one in read(url, answer.text).forms if path(one.action) == url and one.method == "post"), None)


def questions_changed(lead: Client, mark: str) -> bool:
    """A version of its own for the next session: other words above the same questions, drafted and published."""
    current = Questionnaire.objects.get(kind=Questionnaire.Kind.SESSION, state=Questionnaire.State.CURRENT)
    at = {name: reverse(f"feedback:{name}_questions", args=[current.code]) for name in ("edit", "about", "publish")}
    lead.post(at["edit"], {"do": "start"})
    return pressed(lead, at["about"], intro=f"We ask {mark}") and pressed(lead, at["publish"])


def group_made_larger(lead: Client, cohort: Any) -> bool:
    """For more slips: a sheet has one for each in the group, and two."""
    return pressed(lead, reverse("caregivers:size", args=[cohort.code]), places=str(MORE_PLACES))


def opened_at_once(browser: Client, sessions: list[Session]) -> bool:
    """The forms of evenings to come, beside the one of this evening."""
    opened = [browser.post(reverse("feedback:open", args=[session.code])).status_code == 302 for session in sessions]
    return any(opened)


def next_session_moved_here(group: Any, session: Session) -> bool:
    """The group "meets again" in an hour, so that this evening's form closes before the others have answered. The clock
    does it: nobody is asked. Then the session is put back to its day."""
    following = Session.objects.filter(cohort=session.cohort, starts_at__gt=session.starts_at).first()
    if following is None:
        return False
    day, soon = following.starts_at, timezone.now() + timedelta(hours=1)
    moved = moved_to(group.reader, following, soon)
    group.clock.now += timedelta(hours=2)
    close_due_forms(group.clock.now)
    assert moved_to(group.reader, following, day) == moved, "A session that was moved is moved back."
    return moved


def moved_to(browser: Client, session: Session, at: Any) -> bool:
    here = timezone.localtime(at)
    day = {"day_day": str(here.day), "day_month": str(here.month), "day_year": str(here.year)}
    url = reverse("sessions:move", args=[session.code])
    return pressed(browser, url, start=f"{here:%H:%M}", which="one", why="A reason", **day)


def closed_by_a_liar(group: Any, form: Form) -> bool:
    """A colleague who was in the room, ticked nobody and opened nothing says that they were not there."""
    group.reader.post(reverse("feedback:close", args=[form.session.code]))
    return pressed(
        group.browser(group.liar_user), reverse("feedback:close_early", args=[form.code]), was_not_there="on"
    )
