"""The variables of the environment: each is read once, and what is missing or unfit is a sentence.

`Environment` is django-environ with its faults collected, so that a technician hears all of them at once. Each function
below it turns the text of one kind of variable into its value, or raises `Unfit` with what is wrong with it. Spaces
around a value and around the parts of a list are taken off; a variable that is set but blank is a fault, because it is
mostly a secret that was not filled in. No sentence repeats a secret.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from ppg import logs


class Unfit(ValueError):
    """What is wrong with a variable; its name goes before."""


class NotStarted(ImproperlyConfigured):
    """Every fault of the environment, one sentence a line."""


class Environment(environ.Env):
    """Reads variables and keeps what is wrong with them until `stop_if_unfit`."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def read(
        self,
        name: str,
        fit: Callable[[str], Any],
        *,
        otherwise: str | None = None,
        needed: bool = False,
        remedy: str = "",
    ) -> Any:
        """The variable as `fit` makes it; None where it is unfit, or not set and there is no `otherwise`."""
        try:
            text = self._text(name)
            if text is None and needed:
                raise Unfit("is not set.")
            text = otherwise if text is None else text
            return None if text is None else fit(text)
        except Unfit as why:
            self.faults.append(f"{name} {why} {remedy}".rstrip())
            return None

    def _text(self, name: str) -> str | None:
        if name not in self:
            return None
        # django-environ takes such a value for the name of another variable. Here it is one that nobody filled in.
        if self.ENVIRON[name].strip().startswith("$"):
            raise Unfit("begins with $: a variable in it was not filled in. Write the value itself.")
        text = self.str(name).strip()
        if not text:
            raise Unfit("is set, but blank. Give it a value, or take it out.")
        return text

    def both_or_neither(self, first: str, second: str) -> None:
        if (first in self) != (second in self):
            given, missing = (first, second) if first in self else (second, first)
            self.faults.append(f"{given} is set, and {missing} is not. Set both or neither.")

    def stop_if_unfit(self) -> None:
        if self.faults:
            raise NotStarted("\n".join(self.faults))


def start(exit_code: int = 1, *, heading: str = "") -> None:
    """Reads the settings. Where they are unfit their sentences go to stderr and the process ends, without a traceback:
    nobody but a programmer finds the sentence in one. `heading` goes before them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
    logs.take_over()
    try:
        settings.INSTALLED_APPS  # noqa: B018  the first look at one reads them all
    except NotStarted as why:
        print(heading + str(why), file=sys.stderr)
        raise SystemExit(exit_code) from None


# --- Words and numbers ---------------------------------------------------------------------------


def one_of(*choices: str) -> Callable[[str], str]:
    def fit(text: str) -> str:
        if text not in choices:
            raise Unfit(f'is "{text}". Set it to {" or ".join(choices)}.')
        return text

    return fit


def never(text: str) -> None:
    raise Unfit("is set. Production does not run with it; take it out.")


def proxies(text: str) -> int:
    """Nobody has ten of them in a row: more is a port or a slip of the finger."""
    if not re.fullmatch(r"[0-9]", text):
        raise Unfit(f'is "{text}". It is a number from 0 to 9.')
    return int(text)


# --- Secrets -------------------------------------------------------------------------------------

# Of Fernet's own specification, and of examples for other programs that people copy.
PUBLISHED = {
    "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
    "46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho=",
    "81HqDtbqAywKSOumSha3BhWNOdQ26slT6K0YaZeZyPs=",
}
EXAMPLE = re.compile(
    r"insecure|change.?me|change.?this|replace.?me|example|secret.?key|your.?(own|key|secret)|guess", re.I
)
LEAST_LETTERS, LEAST_DIFFERENT = 50, 10


def secret_key(text: str) -> str:
    if len(text) < LEAST_LETTERS:
        raise Unfit(f"has fewer than {LEAST_LETTERS} characters.")
    if len(set(text)) < LEAST_DIFFERENT:
        raise Unfit("repeats the same few characters, and can be guessed.")
    if EXAMPLE.search(text):
        raise Unfit("is an example, which others know too.")
    return text


def fernet_keys(text: str) -> list[str]:
    keys = parts(text)
    for number, key in enumerate(keys, start=1):
        _fernet_key(key, f"(key {number} of {len(keys)}) " if len(keys) > 1 else "")
    if len(set(keys)) < len(keys):
        raise Unfit("holds the same key twice.")
    return keys


def _fernet_key(key: str, which: str) -> None:
    try:
        random = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        random = b""
    if len(random) != 32:
        raise Unfit(f"{which}is no Fernet key: 44 characters that end with =.")
    if key in PUBLISHED:
        raise Unfit(f"{which}is a published example, which others know too.")
    if len(set(random)) < LEAST_DIFFERENT or all(32 <= byte < 127 for byte in random):
        raise Unfit(f"{which}was not made by chance, and can be guessed.")


def parts(text: str) -> list[str]:
    """What stands between the commas. A blank part is a slip: something that was meant to be there is not."""
    listed = [part.strip() for part in text.split(",")]
    if "" in listed:
        raise Unfit("has a blank entry: two commas in a row, or one at an end.")
    return listed


# --- Hosts and addresses ---------------------------------------------------------------------------

NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.I)


def hosts(text: str) -> list[str]:
    """Exact names. The first one stands in e-mails, so it has to lead somewhere from another machine."""
    listed = [host.lower() for host in parts(text)]
    for host in listed:
        if "*" in host:
            raise Unfit("is open (*).")
        if host.startswith("."):
            raise Unfit(f'holds "{host}", which is every name that ends so.')
        if not (NAME.fullmatch(host) or _is_ipv6(host)):
            raise Unfit(f'holds "{host}", which is no host\'s name. A name has no scheme, port, path or space in it.')
    if len(set(listed)) < len(listed):
        raise Unfit("holds the same name twice.")
    if listed[0] in ("localhost", "[::1]") or listed[0].startswith("127."):
        raise Unfit(
            f'begins with "{listed[0]}". The first name stands in e-mails: begin with the one that people type.'
        )
    return listed


def _is_ipv6(host: str) -> bool:
    try:
        return host.startswith("[") and host.endswith("]") and bool(ipaddress.IPv6Address(host[1:-1]))
    except ValueError:
        return False


def split(text: str) -> SplitResult:
    """An address with a scheme. What cannot be read is mostly a password with # / ? @ or : in it."""
    try:
        address = urlsplit(text)
        readable = bool(address.scheme) and not re.search(r"\s", text) and not address.fragment
        if readable and "," not in address.netloc:
            _ = address.port  # read only now, and refused where it is no number
    except ValueError:
        readable = False
    if not readable:
        raise Unfit(
            "cannot be read as an address. In a user's name or password write # / ? @ : as %23 %2F %3F %40 %3A."
        )
    return address


def database_url(text: str) -> dict[str, Any]:
    address = split(text)
    if address.scheme not in ("postgres", "postgresql", "sqlite"):
        raise Unfit("names a kind of database that this product does not know.")
    if address.scheme == "sqlite" and (address.netloc or not re.match("//.", address.path)):
        raise Unfit("names no file from the root: sqlite:////folder/file, with four strokes.")
    if address.scheme != "sqlite" and len(address.path) < 2:
        raise Unfit("names no database after the host.")
    database = environ.Env.db_url_config(text)
    database["HOST"] = unquote(database["HOST"])  # a socket's folder is written with %2F, as PostgreSQL has it
    return database


@dataclass(frozen=True)
class MailServer:
    """A password goes through TLS only: from the start (smtps), or begun before it is said (smtp)."""

    host: str
    port: int
    user: str
    password: str
    tls_from_the_start: bool

    @property
    def tls_before_the_password(self) -> bool:
        return bool(self.user) and not self.tls_from_the_start


def email_url(text: str) -> MailServer:
    address = split(text)
    if address.scheme not in ("smtp", "smtps"):
        raise Unfit("is of a kind that this product does not know.")
    if not address.hostname:
        raise Unfit("names no mail server.")
    if address.path not in ("", "/") or address.query:
        raise Unfit("goes on after the host. In a user's name or password write # / ? @ : as %23 %2F %3F %40 %3A.")
    if bool(address.username) != bool(address.password):
        raise Unfit("names a user without a password, or a password without a user.")
    secure = address.scheme == "smtps"
    port = address.port or (465 if secure else 587)
    user, password = unquote(address.username or ""), unquote(address.password or "")
    return MailServer(address.hostname, port, user, password, secure)


def sender(text: str) -> str:
    try:
        validate_email(parseaddr(text)[1])
    except ValidationError:
        raise Unfit(f'is "{text}", which is no e-mail address.') from None
    return text


def web_address(*schemes: str) -> Callable[[str], str]:
    def fit(text: str) -> str:
        address = split(text)
        if address.scheme not in schemes or not address.hostname:
            raise Unfit(f"does not begin with {' or '.join(schemes)}:// and a host.")
        return text

    return fit


@dataclass(frozen=True)
class OpenIDConnect:
    """A council's own sign-in: what its button says, and what allauth calls an app."""

    name: str
    server: str
    client: str
    secret: str

    @property
    def apps(self) -> list[dict[str, Any]]:
        settings = {"server_url": self.server, "fetch_userinfo": True}
        named = {"provider_id": "council", "name": self.name}
        return [{**named, "client_id": self.client, "secret": self.secret, "settings": settings}]


def openid_connect(*schemes: str) -> Callable[[str], OpenIDConnect]:
    def fit(text: str) -> OpenIDConnect:
        web_address(*schemes)(text)
        address = split(text)
        if not address.username or not address.password:
            raise Unfit("names no client and secret. Write both before the host: https://client:secret@host/path.")
        names = parse_qs(address.query).get("name", [])
        if len(names) != 1 or not names[0].strip():
            raise Unfit("does not end with ?name= and what people call that account.")
        host = address.netloc.rpartition("@")[2]
        server = f"{address.scheme}://{host}{address.path.rstrip('/')}"
        return OpenIDConnect(names[0].strip(), server, unquote(address.username), unquote(address.password))

    return fit


@dataclass(frozen=True)
class Bucket:
    """A bucket in a store that speaks S3's language, and perhaps a folder in it."""

    host: str  # with scheme and port
    name: str
    folder: str
    key: str
    secret: str
    region: str

    def options(self, what: str) -> dict[str, str]:
        """For `ppg.files.bucket.Bucket`; `what` is kept apart from the others in the same bucket."""
        return {
            "endpoint_url": self.host,
            "bucket_name": self.name,
            "location": f"{self.folder}/{what}".strip("/"),
            "access_key": self.key,
            "secret_key": self.secret,
            "region_name": self.region,
        }


def bucket(*schemes: str) -> Callable[[str], Bucket]:
    def fit(text: str) -> Bucket:
        web_address(*schemes)(text)
        address = split(text)
        if not address.username or not address.password:
            raise Unfit("names no key and secret. Write both before the host: https://key:secret@host/bucket.")
        name, _slash, folder = address.path.strip("/").partition("/")
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
            raise Unfit("names no bucket after the host. Its name has 3 to 63 small letters, digits, dots and hyphens.")
        asked = parse_qs(address.query, keep_blank_values=True)
        if set(asked) - {"region"} or len(asked.get("region", [])) > 1:
            raise Unfit("ends with something else than ?region= and the name of a region.")
        region = asked.get("region", ["us-east-1"])[0]
        if not re.fullmatch(r"[a-z0-9-]+", region):
            raise Unfit("ends with ?region= and no region.")
        host = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
        return Bucket(host, name, folder, unquote(address.username), unquote(address.password), region)

    return fit


def folder_or_bucket(*schemes: str) -> Callable[[str], Path | Bucket]:
    return lambda text: folder(text) if text.startswith("/") else bucket(*schemes)(text)


UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def notify_key(text: str) -> str:
    if not re.fullmatch(rf"[\w-]+-{UUID}-{UUID}", text, re.I):
        raise Unfit("is no key of GOV.UK Notify. Copy it whole, from its first letter to its last.")
    return text


def notify_template(text: str) -> str:
    if not re.fullmatch(UUID, text, re.I):
        raise Unfit(f'is "{text}", which is no template\'s ID of GOV.UK Notify.')
    return text


# --- Files -----------------------------------------------------------------------------------------


def folder(text: str) -> Path:
    """It need not be there yet, but it can be made and written to."""
    path = _whole(text)
    there = next(one for one in (path, *path.parents) if one.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise Unfit(f'is "{text}", and nothing can be written there.')
    return path


def file(text: str) -> Path:
    path = _whole(text)
    if path.is_dir():
        raise Unfit(f'is "{text}", which is a folder. Name a file in it.')
    if path.exists():
        if not os.access(path, os.W_OK):
            raise Unfit(f'is "{text}", which cannot be written to.')
    else:
        folder(str(path.parent))
    return path


def _whole(text: str) -> Path:
    """From the root: otherwise web server, worker and a command at night would each mean another file."""
    path = Path(text)
    if not path.is_absolute():
        raise Unfit(f'is "{text}". Write it from the root, beginning with /.')
    return path
