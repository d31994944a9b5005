"""What evaluation adds to a caregiver's record: when they answered and how they alone can read it, quotes with their
consent, and what a withdrawal does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from caregivers.record_parts import Event, Held, InConfidence, OwnPress, RecordPart
from evaluation.models import AnswersLink, PseudonymKey, Wave, WaveLink
from evaluation.own_answers.queries import Kept, kept, responses_of
from evaluation.withdrawing.actions import withdrawn
from evaluation.withdrawing.receipt import consent_lines
from feedback import sealing
from feedback.models import Form, Quote, Submission
from feedback.quotes import actions as quotes
from ppg.models import User


def held(caregiver: Caregiver) -> Held:
    """Answers are only said to be there, whether their round is open or closed: staff hand this file over."""
    links = WaveLink.objects.filter(place__caregiver=caregiver).select_related("wave__cohort", "wave__form")
    quotes = Quote.objects.filter(caregiver=caregiver).select_related("cohort")
    return {
        _("Questions before and after"): [_asked(link) for link in links.order_by("id")],
        _("Your answers before and after"): [_kept(row) for row in kept(caregiver)],
        _("Your words chosen for a report"): [
            {_("Group"): str(quote.cohort), _("Words"): quote.words, _("Taken out"): quote.taken_out_at}
            for quote in quotes
        ],
    }


def _asked(link: WaveLink) -> dict[str, Any]:
    answered = timezone.localdate(link.used_at) if link.used_at else None
    sealed = _("Your answers are sealed until this round closes.")
    return {
        _("Group"): str(link.wave.cohort),
        _("When"): str(link.wave),
        _("Link good until"): link.expires_at,
        _("Answered on"): answered,
        _("Remark"): sealed if answered and not link.wave.form.opened_with_id else "",
    }


def _kept(row: Kept) -> dict[str, Any]:
    """That they are there. Whoever makes this file must not read them: the form said so."""
    in_confidence = _(
        "Kept in confidence: no member of staff can read them, so they are not in this file. You can have a link that "
        "shows them to you alone. Ask us for it, or press for it on your own page."
    )
    return {_("Group"): str(row.place.cohort), _("Your answers"): in_confidence}


def in_confidence(caregiver: Caregiver) -> Iterable[InConfidence]:
    """For staff: a link that is sent and never shown to them; where none can be sent, one that opens with a code."""
    rows = kept(caregiver)
    if any(row.way for row in rows):
        yield InConfidence(
            what=_("Answers before and after"),
            to_staff=_(
                "The link goes to the e-mail or number that they had when they first answered. Nobody here sees it."
            ),
            label=_("Send them a link to their answers"),
            url=reverse("evaluation:answers_send", args=[caregiver.code]),
        )
    for row in rows:
        if not row.way:
            yield InConfidence(
                what=_("Answers before and after, %(group)s") % {"group": row.place.cohort},
                to_staff=_(
                    "We cannot send a link: no e-mail or number of theirs is both safe and the one that they had when "
                    "they first answered. Make a link and give it to them. It opens with a code that the "
                    "safeguarding lead tells them in person."
                ),
                label=_("Make a link that opens with a code"),
                url=reverse("evaluation:answers_link", args=[row.place.code]),
            )


def own_page(caregiver: Caregiver) -> Iterable[OwnPress]:
    rows = kept(caregiver)
    if any(row.way for row in rows):
        yield OwnPress(
            _("What you answered"),
            _("Only you can read it. We send you a link by e-mail or text."),
            _("Send me the link"),
            "own_answers_send",
        )
    elif rows:
        yield OwnPress(
            _("What you answered"), _("Only you can read it. We cannot send it to you. Ask us how you can have it.")
        )


def counts(caregivers: QuerySet[Caregiver]) -> Mapping[str, int]:
    links = WaveLink.objects.filter(place__caregiver__in=caregivers, used_at=None)
    return {_("Links to questions not used"): links.count()}


def erase(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    """At their request their answers, the key to them and their quotes go. When the time is over they stay: the key
    leads to a place, and nothing says any more whose it was."""
    WaveLink.objects.filter(place__caregiver=caregiver, used_at=None).delete()
    AnswersLink.objects.filter(place__caregiver=caregiver).delete()
    PseudonymKey.objects.filter(place__caregiver=caregiver).update(reach="")
    if keep_figures:
        return
    WaveLink.objects.filter(place__caregiver=caregiver).delete()
    responses = responses_of(caregiver)
    sheets = list(responses.values_list("submission", flat=True))
    _take_out_of_open_boxes(caregiver)
    Submission.objects.filter(pk__in=sheets).delete()  # with their answers and responses
    PseudonymKey.objects.filter(place__caregiver=caregiver).delete()
    quotes.erase(caregiver, at)


def _take_out_of_open_boxes(caregiver: Caregiver) -> None:
    """Envelopes of a round that is still open: the one under their pseudonym goes, unread."""
    names = {key.pseudonym for key in PseudonymKey.objects.filter(place__caregiver=caregiver)}
    waves = Wave.objects.filter(cohort__place_set__caregiver=caregiver)
    for form in Form.objects.select_for_update().filter(pk__in=waves.values("form")).unopened():
        for sealed in form.sealed.all():
            if sealing.pseudonym_in(form, sealed) in names:
                sealed.delete()


def events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """For a caregiver's record: when they were asked and answered, by the day."""
    waves = Wave.objects.visible_to(user)
    links = WaveLink.objects.filter(place__caregiver=caregiver, wave__in=waves, used_at__isnull=False)
    for link in links.select_related("wave__cohort"):
        text = _("Answered the questions: %(when)s") % {"when": str(link.wave).lower()}
        yield Event(timezone.localdate(link.used_at), text, str(link.wave.cohort))


PARTS = [
    RecordPart("evaluation", events=events, withdrawn=withdrawn, left_behind=consent_lines),
    RecordPart("answers", held=held, in_confidence=in_confidence, own_page=own_page, counts=counts, erase=erase),
]
