"""One press, one effect: a form sent twice does its work once and both get the first result.

What makes two sendings one press is the key that the page carries, who sends it, about what, and what stands in it.
Other words under the same key are another effect: somebody came Back and typed the next person. Another user's key is
nothing but a key of one's own (docs/decisions/one-effect.md).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from ppg.forms.carried import MARK
from ppg.models import Effect, User

NOT_CONTENT = ("csrfmiddlewaretoken", MARK)  # another one each time a page is opened, and nobody's words


def with_content(key: str, data: Mapping[str, Any], files: Mapping[str, Any] | None = None) -> str:
    """The key of a press and of all that was sent with it, as a key like any other. Nothing can be read from it: it is
    a hash made with the installation's secret. Forms do it by themselves (`GovMixin.one_effect`)."""
    lists = data.lists() if hasattr(data, "lists") else ((name, [value]) for name, value in data.items())
    typed = {name: [str(value) for value in values] for name, values in lists if not _is_no_content(name)}
    brought = {name: [_print(file) for file in _files(files, name)] for name in files or ()}
    words = json.dumps([key, typed, brought], sort_keys=True, ensure_ascii=False)
    return _as_key("ppg.forms.effects.content", words)


def _is_no_content(name: str) -> bool:
    return name in NOT_CONTENT or name.endswith("effect_key")


def _files(files: Any, name: str) -> list[File]:
    return files.getlist(name) if hasattr(files, "getlist") else [files[name]]


def _print(file: File) -> list[Any]:
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return [file.name, found.hexdigest()]


def key_of(key: str, *, by: User | None, of: str) -> str:
    """The key under which a press is kept: one's own, about this thing."""
    words = "\n".join(["somebody" if by is None else f"user {by.code}", of, key])
    return _as_key("ppg.forms.effects", words)


def _as_key(salt: str, words: str) -> str:
    """As long as the key that a page makes: it fits where rows carry their own."""
    return str(uuid.UUID(bytes=salted_hmac(salt, words, algorithm="sha256").digest()[:16]))


def once(key: str, do: Callable[[], str], *, by: User | None, of: str) -> str:
    """Run `do` for the first arrival of this press and keep what it returns (a code or an address, up to 200
    characters); later arrivals get that. A second request at the same moment waits for the first at the unique key.

    key  of the press and its content, as a form gives it, or `with_content`
    by   who pressed; nobody on a public page
    of   what is done about what, as "refer" and the group's code: buttons of one page share a key
    """
    stored_key = key_of(key, by=by, of=of)
    with transaction.atomic():
        try:
            with transaction.atomic():
                effect = Effect.objects.create(key=stored_key)
        except IntegrityError:
            return Effect.objects.get(key=stored_key).result
        effect.result = do()
        effect.save(update_fields=["result"])
        return effect.result


def token_of_press(*parts: str, by: User | None) -> str:
    """A secret token that belongs to one press of a button by one person: the same press has the same token, and
    anybody else's has another.

    Only a token's hash is kept, yet a form sent twice must lead to the same page both times.
    """
    words = "\n".join(["somebody" if by is None else f"user {by.code}", *parts])
    made = salted_hmac("caregivers.token_of_press", words, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode()[:22]
