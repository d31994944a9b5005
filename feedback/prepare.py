"""What feedback says on the page that prepares a session: suggestions that are owed an answer at its recap."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.models import Suggestion
from ppg.models import User
from sessions_app.models import Session
from sessions_app.preparing.parts import Part


def for_recap(session: Session, user: User) -> Iterable[str]:
    """For the page that prepares a session: how many answers are owed at its recap, and those there are to tell."""
    of_group = Suggestion.objects.visible_to(user).filter(cohort=session.cohort_id)
    owed = Suggestion.objects.owed_by(session.starts_at)
    suggestions = list(of_group.filter(Q(recap=session) | Q(pk__in=owed.values("pk"))).order_by("answered_on", "id"))
    open_still = sum(not suggestion.answer for suggestion in suggestions)
    if open_still:
        words = ngettext("%(n)s suggestion is owed an answer", "%(n)s suggestions are owed an answer", open_still)
        url = reverse("feedback:suggestions", args=[session.cohort.code])
        yield format_html('<a class="govuk-link" href="{}">{}</a>', url, words % {"n": open_still})
    for suggestion in suggestions:
        if suggestion.answer and suggestion.told_as:
            said = {"words": suggestion.told_as, "became": suggestion.get_answer_display(), "why": suggestion.why}
            yield _("You said: “%(words)s” %(became)s: %(why)s") % said


PART = Part(gettext_lazy("You said, we did: to tell at the recap"), lines=for_recap)
