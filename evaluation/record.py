"""What evaluation adds to a caregiver's record: answers given under their pseudonym and quotes with their consent, when
they answered, and what a withdrawal does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from caregivers.record_parts import Event, Held, RecordPart
from evaluation.models import PseudonymKey, Response, Wave, WaveLink
from evaluation.withdrawing.actions import withdrawn
from evaluation.withdrawing.receipt import consent_lines
from feedback import sealing
from feedback.models import Form, Quote, Submission
from feedback.quotes import actions as quotes
from ppg.models import User


def held(caregiver: Caregiver) -> Held:
    """Answers as they were given; those of a round that is still open are only said to be there."""
    links = WaveLink.objects.filter(place__caregiver=caregiver).select_related("wave__cohort", "wave__form")
    quotes = Quote.objects.filter(caregiver=caregiver).select_related("cohort")
    return {
        _("Questions before and after"): [_asked(link) for link in links.order_by("id")],
        _("Your answers before and after"): [row for response in _responses(caregiver) for row in _answers(response)],
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


def _responses(caregiver: Caregiver) -> QuerySet[Response]:
    """Found by the confidential key. Answers under a coded card are nobody's that we know."""
    names = [key.pseudonym for key in PseudonymKey.objects.filter(place__caregiver=caregiver)]
    responses = Response.objects.filter(pseudonym__in=names).select_related("wave", "submission")
    return responses.prefetch_related("submission__answers__question").order_by("wave")


def _answers(response: Response) -> list[dict[str, Any]]:
    answers = sorted(response.submission.answers.all(), key=lambda answer: answer.question.position)
    return [
        {_("When"): str(response.wave), _("Question"): str(answer.question), _("Answer"): _in_words(answer)}
        for answer in answers
    ]


def _in_words(answer: Any) -> str:
    return str(answer.question.in_words(answer.number) if answer.number is not None else answer.text)


def counts(caregivers: QuerySet[Caregiver]) -> Mapping[str, int]:
    links = WaveLink.objects.filter(place__caregiver__in=caregivers, used_at=None)
    return {_("Links to questions not used"): links.count()}


def erase(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    """At their request their answers, the key to them and their quotes go. When the time is over they stay: the key
    leads to a place, and nothing says any more whose it was."""
    WaveLink.objects.filter(place__caregiver=caregiver, used_at=None).delete()
    if keep_figures:
        return
    WaveLink.objects.filter(place__caregiver=caregiver).delete()
    responses = _responses(caregiver)
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
    RecordPart("answers", held=held, counts=counts, erase=erase),
]
