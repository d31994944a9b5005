"""Everything held about one person, as one file that is handed over to them.

The same rows make the JSON and the PDF. Staff appear as "a member of staff", other caregivers not at all; what others
wrote about the person stands as they wrote it. Concerns and the information log are not in it: they have a rule of
their own, and the file says whom to ask. Nor is whom they are kept apart from: that is about another person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import gettext as _

from caregivers import record_parts
from caregivers.models import Caregiver, SafeWay
from ppg.encryption import crypto
from ppg.encryption.rotation import Passing
from ppg.models import User
from ppg.service_details import service
from ppg.time_of_day import clock, day_and_clock

KEPT_SECONDS = 60 * 60  # the PDF, encrypted, until it is fetched
MAKING_SECONDS = 3 * 60  # after that the button is there again
PASSING = Passing("a file about one person", timedelta(seconds=KEPT_SECONDS), module=__name__)


@dataclass(frozen=True)
class File:
    """What is handed over: parts by heading, each a list of rows of words and values."""

    made_at: datetime
    parts: Mapping[str, list[Mapping[str, Any]]]

    def as_json(self) -> str:
        about = {_("Made"): self.made_at, _("Not in this file"): not_in_it()}
        return json.dumps({_("About this file"): about, **self.parts}, default=_plain, ensure_ascii=False, indent=2)

    def as_html(self) -> str:
        """The page that becomes the PDF."""
        parts = [(heading, [_shown(row) for row in rows]) for heading, rows in self.parts.items()]
        words = {"parts": parts, "made_at": self.made_at, "not_in_it": not_in_it(), "service": service.current()}
        return render_to_string("caregivers/rights/handover_print.html", words)


def file_of(caregiver: Caregiver, now: datetime) -> File:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for held in [_own(caregiver), *(part.held(caregiver) for part in record_parts.parts if part.held)]:
        for heading, rows in held.items():
            found[heading] = [row for row in rows if row]
    return File(now, {heading: rows for heading, rows in found.items() if rows})


def not_in_it() -> str:
    return _(
        "What was written down to keep somebody safe, and notes about what somebody noticed, are kept by a rule of "
        "their own. Ask our safeguarding lead. Answers that were given without a name cannot be found by name."
    )


def who(user: User | None) -> str:
    return _("a member of staff") if user else _("themselves")


def _own(person: Caregiver) -> record_parts.Held:
    """What caregivers' own models hold. The other apps add theirs (`RecordPart.held`)."""
    return {
        _("Details"): [_details(person)],
        _("Emergency contacts"): [
            {_("Name"): contact.name, _("Phone"): contact.phone, _("Who they are to you"): contact.relation}
            for contact in person.emergency_contacts.order_by("id")
        ],
        _("How you reached us"): [
            {_("Group"): str(referral.cohort), _("How"): str(referral), _("When"): referral.received_on}
            | {_("First talked to"): referral.contacted_on}
            for referral in person.referrals.select_related("cohort").order_by("id")
        ],
        _("Police checks"): [
            {_("Outcome"): str(check), _("Date"): check.on, _("Written down by"): who(check.recorded_by)}
            for check in person.checks.select_related("recorded_by").order_by("id")
        ],
        _("Places"): [_place(place) for place in person.places.select_related("cohort").order_by("id")],
        _("What you agreed to"): [_consent(consent) for consent in _consents(person)],
        _("Times that suit you"): [
            {
                _("Group"): str(answer.slot.cohort),
                _("When"): str(answer.slot),
                _("Answer"): str(answer),
                _("Said on"): answer.at,
            }
            for answer in person.slot_answers.select_related("slot__cohort").order_by("id")
        ],
        _("Links that were made for you"): [
            {_("For"): str(link), _("Group"): str(link.cohort), _("Good until"): link.expires_at}
            | {_("Used"): link.used_at, _("Ended"): link.revoked_at}
            for link in person.links.select_related("cohort").order_by("id")
        ],
        _("Links that were sent to you"): [
            {_("To"): str(mail), _("Group"): str(mail.cohort), _("When"): mail.at}
            | {_("What happened"): mail.get_fate_display()}
            for mail in person.link_mails.select_related("cohort")
        ],
        _("Calls, visits and talks"): [_follow_up(follow_up) for follow_up in _follow_ups(person)],
        _("Messages"): [
            {_("Written on"): copy.message.sent_at, _("About"): str(copy.message), _("Text"): copy.message.text}
            | {_("Way"): copy.get_way_display(), _("What happened"): str(copy), _("Why"): copy.get_why_display()}
            for copy in person.message_copies.select_related("message").order_by("id")
        ],
        _("The privacy notice you were shown"): _notice(person),
    }


def _details(person: Caregiver) -> dict[str, Any]:
    ways = dict(SafeWay.choices)
    return {
        _("Name"): person.name,
        _("What you like to be called"): person.liked_name,
        _("Phone"): person.phone,
        _("E-mail"): person.email,
        _("Safe ways to reach you"): ", ".join(str(ways.get(way, way)) for way in person.safe_ways),
        _("When it is safe"): person.safe_when,
        _("Language"): person.language,
        _("Access needs"): person.access_needs,
        _("Childcare"): person.childcare,
        _("Travel"): person.travel,
        _("Refreshments"): person.refreshments,
        _("Allergies"): person.allergies,
        _("When you can come"): person.availability,
        _("Handouts"): person.get_handouts_by_display(),
        _("Registered"): person.registered_at,
        _("Registered how"): person.get_registered_how_display(),
    }


def _notice(person: Caregiver) -> list[dict[str, Any]]:
    return [{_("Version"): person.notice.version, _("Text"): person.notice.text}] if person.notice else []


def _place(place: Any) -> dict[str, Any]:
    return {
        _("Group"): str(place.cohort),
        _("State"): place.get_state_display(),
        _("On the waiting list since"): place.waiting_since,
        _("Offered until"): place.offered_until,
        _("In the group since"): place.taken_on,
        _("Left on"): place.left_on,
        _("Why before the others"): place.why_first,
    }


def _consents(person: Caregiver) -> Any:
    return person.consents.select_related("wording", "recorded_by")


def _consent(consent: Any) -> dict[str, Any]:
    return {
        _("About"): str(consent),
        _("Agreed"): _("Yes") if consent.given else _("No"),
        _("When"): consent.at,
        _("How"): consent.get_how_display(),
        _("Written down by"): who(consent.recorded_by),
        _("Wording"): consent.wording.text,
    }


def _follow_ups(person: Caregiver) -> Any:
    return person.follow_ups.select_related("cohort")


def _follow_up(follow_up: Any) -> dict[str, Any]:
    return {
        _("Group"): str(follow_up.cohort),
        _("What"): str(follow_up),
        _("Why"): follow_up.get_reason_display(),
        _("Offered"): follow_up.offered_on,
        _("Due"): follow_up.due_on,
        _("Done"): follow_up.done_at,
        _("What happened"): follow_up.get_outcome_display(),
        _("Minutes"): follow_up.minutes,
        _("Next step"): follow_up.next_step,
    }


# --- Words for people and for machines ---------------------------------------------------------------


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _shown(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is known, in words; what is not is left out on paper."""
    return [(words, _in_words(value)) for words, value in row.items() if value not in (None, "", [])]


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return day_and_clock(value)
    if isinstance(value, time):
        return clock(value)
    return formats.date_format(value, "j F Y") if isinstance(value, date) else str(value)


# --- The PDF waits for its reader, encrypted, for an hour --------------------------------------------


def keep_pdf(caregiver: Caregiver, pdf: bytes) -> None:
    cache.set(f"handover:{caregiver.code}", crypto.encrypt(pdf.hex()), KEPT_SECONDS)
    cache.delete(f"handover-asked:{caregiver.code}")


def kept_pdf(caregiver: Caregiver) -> bytes | None:
    token = cache.get(f"handover:{caregiver.code}")
    return bytes.fromhex(crypto.decrypt(token)) if token else None


def being_made(caregiver: Caregiver) -> bool:
    return bool(cache.get(f"handover-asked:{caregiver.code}"))


def asked_for(caregiver: Caregiver) -> None:
    """A new one is wanted: the last one goes."""
    cache.delete(f"handover:{caregiver.code}")
    cache.set(f"handover-asked:{caregiver.code}", True, MAKING_SECONDS)
