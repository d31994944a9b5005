"""The sealed box of a form: answers go in one by one, and come out all at once in an order nobody knows.

Each answer is encrypted under a key made for its form. All envelopes are equally long and none says when it was
sealed, so one envelope tells no more than another. See docs/decisions/sealed-answers.md.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from cryptography.fernet import Fernet, InvalidToken
from django.utils.translation import gettext as _

from feedback.models import Form, SealedAnswer
from ppg import typed
from ppg.access.refusals import Refused
from ppg.encryption.crypto import Unreadable

CONTENT_BYTES = 8192  # every answer is filled up to this: some 8,000 letters, or 2,000 of the widest script


class Quotable(TypedDict):
    """Words whose writer ticked that they may be quoted; without the tick they are a plain `str`."""

    text: str
    may_quote: bool


# An answer: a number or the index of an option; the indexes of several options, in order; words.
Given = int | list[int] | str | Quotable
Answers = dict[str, Given]  # question's slug → answer; what was left out is not there


class Payload(TypedDict, total=False):
    """What one person sent: how it came, what they answered, whether with a slip, and for a measure the pseudonym."""

    way: str
    answers: Answers
    slip: bool
    pseudonym: str


class TooLong(Refused):
    """More was written than an envelope holds."""


def new_key() -> str:
    """A form's own key. It lies in the form wrapped by the installation's key, and ends with the box."""
    return Fernet.generate_key().decode()


def answered(answers: Mapping[str, Any]) -> Answers:
    """What was really answered: words of signs that nobody sees are none (`ppg.typed`). A sheet of which nothing is
    left counts nowhere, so this is asked before it is sealed, as nobody can look afterwards."""
    seen = {slug: typed.answer(given) for slug, given in answers.items()}
    return {slug: given for slug, given in seen.items() if given not in (None, [])}


def seal(form: Form, payload: Payload) -> SealedAnswer:
    """The payload in its envelope, not yet saved."""
    content = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) > CONTENT_BYTES:
        raise TooLong(_("Your answers are too long to send. Please write a little less."))
    # Fernet writes the second of sealing in clear into its token; here it is always 1970.
    token = Fernet(form.key).encrypt_at_time(content.ljust(CONTENT_BYTES), current_time=0)
    return SealedAnswer(form=form, envelope=token.decode())


def open_box(forms: Iterable[Form]) -> list[Payload]:
    """Everything in the boxes of these forms, shuffled together. Destroys nothing. Sheets without an answer were sealed
    before anybody looked whether anything on them is seen, and are left out."""
    payloads = [_unseal(form, sealed) for form in forms for sealed in form.sealed.all()]
    for payload in payloads:
        payload["answers"] = answered(payload["answers"])
    payloads = [payload for payload in payloads if payload["answers"]]
    shuffle(payloads)
    return payloads


def shuffle(things: list[Any]) -> None:
    secrets.SystemRandom().shuffle(things)


def pseudonym_in(form: Form, sealed: SealedAnswer) -> str:
    """Under which pseudonym a measure was answered: to take one person's envelope out when they are erased."""
    return _unseal(form, sealed).get("pseudonym", "")


def _unseal(form: Form, sealed: SealedAnswer) -> Payload:
    try:
        return json.loads(Fernet(form.key).decrypt(sealed.envelope.encode()))
    except (InvalidToken, ValueError) as error:
        raise Unreadable("A sealed answer cannot be opened with its form's key.") from error
