"""The way to one's own answers: sent, or made to be opened with a spoken code, and opened once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Place
from evaluation.models import AnswersLink
from evaluation.own_answers import queries
from evaluation.own_answers.jobs import send_answers_link
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.links import typed_codes as codes
from ppg.links.codes import digest, new_code
from ppg.models import User

CODE_LASTS = timedelta(days=14)
MOST_TRIES = 5


class Wrong(Refused):
    """Not the code that was told."""


@transaction.atomic
def send(*, caregiver: Caregiver, by: User | None, site: str, at: datetime | None = None) -> int:
    """A link for each group in which they answered, to the person; says how many. `by`: None where they press."""
    now = at or timezone.now()
    Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    ready = [one.place for one in queries.kept(caregiver) if one.way]
    if not ready:
        raise Refused(_("There is no way by which we can send this link."))
    if queries.sent_lately(caregiver, now):
        raise Refused(_("A link was sent within the last hour. Look for it there, or try again later."))
    for place in ready:
        enqueue_on_commit(send_answers_link, place.code, site)
        audit.record(by, audit.Verb.CHANGED, place, person=caregiver, cohort=place.cohort, fields=["answers_link"])
    return len(ready)


@transaction.atomic
def make_link(*, place: Place, by: User, token: str = "", at: datetime | None = None) -> str:
    """A link that staff may see, since it opens with a code that they are not told. Earlier ones of its kind end."""
    now, token = at or timezone.now(), token or new_code()
    Place.objects.select_for_update().get(pk=place.pk)
    if not any(one.place == place for one in queries.kept(place.caregiver)):
        raise Refused(_("They have given no answers here."))
    if not AnswersLink.objects.filter(token_hash=digest(token)).exists():
        AnswersLink.objects.filter(place=place, needs_code=True).revoke(now)
        link, token = AnswersLink.objects.issue(place=place, token=token, needs_code=True, expires_at=now + CODE_LASTS)
        audit.record(by, audit.Verb.CREATED, link, person=place.caregiver, cohort=place.cohort)
    return token


@transaction.atomic
def new_spoken_code(*, link: AnswersLink, by: User) -> str:
    """The code that opens a link, for the safeguarding lead to tell the person. Shown once; an earlier one ends."""
    link = AnswersLink.objects.select_for_update().select_related("place__caregiver", "place__cohort").get(pk=link.pk)
    code = codes.code_of(secrets.randbelow(codes.CODES))
    link.spoken_hash = _hash(link, code)
    link.save(update_fields=["spoken_hash"])
    place = link.place
    audit.record(by, audit.Verb.CHANGED, link, person=place.caregiver, cohort=place.cohort, fields=["spoken_hash"])
    return codes.printed(code)


def open_with(*, token: str, typed: str, at: datetime | None = None) -> Place | None:
    """Whose answers the link opens, once; None where it opens nothing. A wrong code is `Wrong`; the fifth ends it."""
    now = at or timezone.now()
    with transaction.atomic():
        opened = AnswersLink.objects.opened_by(token, now).select_for_update(of=["self"])
        link = opened.select_related("place__caregiver").first()
        if link is None or link.place.caregiver.erased_at:
            return None
        right = not link.needs_code or constant_time_compare(link.spoken_hash, _hash(link, codes.typed(typed)))
        if right:
            link.used_at = now
        else:
            link.tries += 1
            link.revoked_at = now if link.tries >= MOST_TRIES else None
        link.save(update_fields=["used_at", "tries", "revoked_at"])
    if not right:
        raise Wrong(_("That is not the code. Look at it once more, or ask who told you."))
    return link.place


def _hash(link: AnswersLink, code: str) -> str:
    return salted_hmac("evaluation.own_answers", f"{link.code}\n{code}", algorithm="sha256").hexdigest()
