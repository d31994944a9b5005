"""What was typed outlives the sign-in: it goes along with whoever typed it, sealed, and lies nowhere on the server.

Each form of staff says in a signed mark who opened its page. Where such a form arrives and nobody is signed in any
more, its fields are sealed with the installation's keys for that person and carried by the sign-in page's own form;
they are opened for that person only. See docs/decisions/signed-out-while-typing.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.http import escape_leading_slashes

from ppg.access.marks import PUBLIC
from ppg.encryption import crypto
from ppg.encryption.rotation import Passing
from ppg.models import User

MARK = "opened_by"  # in each form of staff: who opened the page
SEALED = "carried"  # in the sign-in page's form: what that person typed
KEPT_SECONDS = 24 * 60 * 60  # pressed in the evening, found the next morning
MOST_BYTES = 1_000_000  # sealed and sent again this is well below DATA_UPLOAD_MAX_MEMORY_SIZE
PURPOSE = "what was typed, 1\n"  # nothing else that lies encrypted opens as such; another number when Typed changes
NEVER = {"account_logout", "account_change_password", "confirm", "factor_app"}  # no password or code is kept

PASSING = Passing("what was typed when a sign-in ended", timedelta(seconds=KEPT_SECONDS), module=__name__)

signer = Signer(salt="ppg.carried")


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: by whom, where to, from which page."""

    by: str  # the person's code
    path: str
    page: str
    fields: list[tuple[str, str]]
    files: bool  # there were some, and they are not kept

    @property
    def words(self) -> list[str]:
        """What reads as words: choices, marks and keys hold no space."""
        return [value for _name, value in self.fields if " " in value.strip()]


def mark(user: User) -> str:
    return signer.sign(user.code)


def marked(text: str) -> str:
    """The code of who opened the page, or nothing."""
    try:
        return signer.unsign(text)
    except BadSignature:
        return ""


def typed(request: HttpRequest) -> Typed | None:
    """What this request brought, if it may be carried: a page's form, of staff, from a page of ours that its sender
    opened. A script gets the answer it knows; a foreign site knows nobody's mark and names itself as the origin."""
    match = request.resolver_match
    if request.method != "POST" or match is None or getattr(match.func, "access", PUBLIC) == PUBLIC:
        return None
    if match.view_name in NEVER or "text/html" not in request.headers.get("Accept", "") or not from_us(request):
        return None
    by = marked(request.POST.get(MARK, ""))
    if not by or any("password" in name.lower() for name in request.POST):
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (MARK, "csrfmiddlewaretoken")
        for value in values
    ]
    return Typed(by, request.get_full_path(), came_from(request), fields, bool(request.FILES))


def from_us(request: HttpRequest) -> bool:
    """Browsers name the origin of every form they send; very old ones only the page."""
    return is_ours(request, request.headers.get("Origin") or request.headers.get("Referer", ""))


def is_ours(request: HttpRequest, address: str) -> bool:
    try:
        said = urlsplit(address)
    except ValueError:
        return False
    origin = f"{said.scheme}://{said.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def came_from(request: HttpRequest) -> str:
    """The page of ours that the form was on; some addresses take forms only."""
    said = request.headers.get("Referer", "")
    if not is_ours(request, said):
        return request.get_full_path()
    return escape_leading_slashes(urlsplit(said)._replace(scheme="", netloc="", fragment="").geturl() or "/")


def seal(what: Typed) -> str:
    """Readable by us only; nothing where it is too large."""
    text = json.dumps(asdict(what), ensure_ascii=False)
    return crypto.encrypt(PURPOSE + text) if len(text.encode()) <= MOST_BYTES else ""


def unseal(sealed: str, user: User) -> Typed | None:
    """For whoever typed it, within a day; for everybody else it is nothing."""
    try:
        text = crypto.decrypt(sealed, within=KEPT_SECONDS)
    except crypto.Unreadable:
        return None
    if not text.startswith(PURPOSE):
        return None
    what = Typed(**json.loads(text.removeprefix(PURPOSE)))
    return what if what.by == user.code else None
