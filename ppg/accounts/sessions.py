"""Where somebody is signed in: a row for each device, kept by sign-in and sign-out themselves."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access import lasting
from ppg.accounts import proof
from ppg.models import SignIn, User

# The first that fits counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
]
SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS"),
    ("Chromebook", r"CrOS"),
    ("Linux", r"Linux"),
]


def device(user_agent: str) -> str:
    """A browser's own name for itself, in words: "Chrome on Windows"."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device we do not know")


def _first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")


def of(user: User) -> QuerySet[SignIn]:
    """The devices on which they are signed in now. A session that has run out is none."""
    alive = Session.objects.filter(expire_date__gt=timezone.now())
    return user.sign_ins.filter(session_key__in=alive.values("session_key"))


@transaction.atomic
def end(sign_in: SignIn) -> None:
    """Signs out there: that browser's next request finds nobody."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.delete()


@transaction.atomic
def end_all(user: User) -> None:
    """Signs out everywhere, also where a session is not in the list."""
    user.end_sessions()
    Session.objects.filter(session_key__in=user.sign_ins.values("session_key")).delete()
    user.sign_ins.all().delete()


def sweep(now: datetime) -> None:
    """Sessions that have run out, and the devices they were on."""
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def keep_here(request: HttpRequest) -> None:
    """After all of somebody's sessions have ended by their own doing, this browser goes on under a new key."""
    update_session_auth_hash(request, request.user)
    note(request, request.user)


def note(request: HttpRequest, user: User) -> None:
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "device": device(request.META.get("HTTP_USER_AGENT", ""))},
    )


def _begun(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    if not request.session.session_key:  # somebody else's was here, and is emptied
        request.session.create()
    lasting.begin(request)
    proof.confirm(request)
    note(request, user)


def _ended(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    SignIn.objects.filter(session_key=request.session.session_key).delete()


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_begun, dispatch_uid="ppg.accounts.sessions")
    user_logged_out.connect(_ended, dispatch_uid="ppg.accounts.sessions")
