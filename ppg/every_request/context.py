"""What every template can use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from ppg.access import lasting
from ppg.access.permissions import P, Permission, Role, can
from ppg.accounts import proof
from ppg.models import User
from ppg.service_details import service as service_details


class May:
    """`{% if may.REGISTER_MARK %}` in a template: what the person's role allows, by the name in the one table."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __getitem__(self, name: str) -> bool:
        return can(self.user, Permission[name])


def service(request: HttpRequest) -> dict[str, Any]:
    if not hasattr(request, "user"):  # refused before anybody looked who it is: a wrong host
        request.user = AnonymousUser()
    return {
        "may": May(request.user),
        "council": settings.COUNCIL_SIGN_IN,
        "factor_missing": SimpleLazyObject(lambda: proof.lacks_factor(request)),
        "signed_in_for": SimpleLazyObject(lambda: signed_in_for(request)),
        "service": SimpleLazyObject(service_details.current),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def signed_in_for(request: HttpRequest) -> dict[str, Any]:
    """When the page's script asks how long is left, and where: it is not less than this, and mostly more."""
    left = lasting.left(request)
    url = reverse("stay_for", args=[left.evening]) if left.evening else reverse("stay")
    return {"seconds": min(left.seconds, settings.SESSION_IDLE_SECONDS - lasting.NOTED_EVERY), "url": url}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The few places a person's role can go to, as label, url and whether we are there."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated or proof.lacks_factor(request):
        return []
    places = [
        (_("Home"), "home", True),
        (_("Your part"), "feedback:your_part", can(user, P.OWN_PART)),
        (_("People"), "caregivers:board", can(user, P.PEOPLE_SEE)),
        (_("Concerns"), "caregivers:concerns", can(user, P.CONCERN)),
        (_("Guides"), "programmes:index", can(user, P.GUIDE_READ)),
        (_("Information log"), "caregivers:information_list", can(user, P.CONCERN_CLOSE)),
        (_("Codes"), "evaluation:answers_codes", can(user, P.ANSWERS_CODE)),
        (_("Compare groups"), "evaluation:across", can(user, P.ACROSS)),
        (_("Data"), "evaluation:data", user.role == Role.EVALUATOR and can(user, P.DATA_TAKE)),
        (_("Questions"), "feedback:questionnaires", can(user, P.QUESTIONS_EDIT)),
        (_("Slips"), "feedback:slips", can(user, P.SLIPS_PRINT)),
        (_("Staff accounts"), "users", can(user, P.USER_MANAGE)),
        (_("Privacy and consents"), "caregivers:wordings", can(user, P.WORDING_EDIT)),
        (_("Health"), "health", can(user, P.HEALTH_SEE)),
        (_("Retention"), "sessions:retention", can(user, P.RETENTION)),
        (_("Audit trail"), "audit", can(user, P.AUDIT_SEE)),
    ]
    return [
        {"label": label, "url": (url := reverse(name)), "current": request.path == url}
        for label, name, allowed in places
        if allowed
    ]
