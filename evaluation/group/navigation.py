"""The one navigation of a group: it stands on each page that is about a group, whichever app the page is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from evaluation.group.sections import SECTIONS, section_of
from ppg.access.permissions import P, can
from ppg.components.local_navigation import Destination, LocalNavigation
from ppg.models import User
from programmes.models import Cohort

# What a page is about, by the name that it is shown under. Concerns are not among them: who wrote one down may have
# left the group since.
ABOUT = ("cohort", "session", "place", "referral", "follow_up", "message", "suggestion", "wave", "report", "speaker")


def of_a_group(request: HttpRequest, page: Mapping[str, Any]) -> LocalNavigation | None:
    """Nothing on the pages that are held in the hand while the group meets: their first screen is the register's and
    the clock's."""
    at, user = request.resolver_match, getattr(request, "user", None)
    if at is None or user is None or not can(user, P.COHORT_SEE) or getattr(at.func, "stays_open", False):
        return None
    cohort = group_of(page, user)
    if cohort is None:
        return None
    here = section_of(at.view_name)
    places = [("cohort", "overview", _("Overview"))]
    places += [(one.name, one.slug, str(one.label)) for one in SECTIONS if can(user, one.needs)]
    made = []
    for name, slug, label in places:
        url = reverse(name, args=[cohort.code])
        current = "page" if at.view_name == name else "true" if slug == here else ""
        made.append(Destination(label, url, current))
    return LocalNavigation(cohort.name, made)


def group_of(page: Mapping[str, Any], user: User) -> Cohort | None:
    """The group that the page is about, where the page has it already. Of a caregiver it is asked for: the one group
    in which the person may see them."""
    for name in ABOUT:
        thing = page.get(name)
        if isinstance(thing, Model):
            found = thing if isinstance(thing, Cohort) else thing._state.fields_cache.get("cohort")
            if isinstance(found, Cohort):
                return found
    somebody = page.get("caregiver")
    if isinstance(somebody, Caregiver) and can(user, P.PEOPLE_SEE):
        groups = list(Cohort.objects.visible_to(user).filter(referrals__caregiver=somebody).distinct()[:2])
        return groups[0] if len(groups) == 1 else None
    return None
