"""What is done in evaluation: asking before and after, writing and publishing the report, and withdrawing from it.

Each one is atomic, in the audit trail, with keyword arguments. `at` is when it happened (now, where left out);
`by` is None where a caregiver did it by their link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, ConsentKind, Place, SafeWay
from evaluation import collect, disclosure
from evaluation.jobs import LINK_LASTS, make_pdf, send_wave_link
from evaluation.measures import own_measure
from evaluation.models import PseudonymKey, Report, ReportVersion, Response, Wave, WaveLink
from evaluation.report import Cover
from evaluation.sections import ALL
from feedback import actions as answering
from feedback import sealing
from feedback.models import Form, Way
from ppg import audit, service
from ppg.jobs import enqueue_on_commit
from ppg.links import digest, new_code
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort

# --- Asking before and after -----------------------------------------------------------------------


@transaction.atomic
def open_wave(*, cohort: Cohort, point: str, by: User | None) -> Wave:
    """Puts our measure before the people of a cohort. Pressed twice, it is the same wave.

    The questions after are those that were asked before, though a newer version may be there by then.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if wave := Wave.objects.filter(cohort=cohort, point=point).first():
        return wave
    first = Wave.objects.filter(cohort=cohort).select_related("measure__questionnaire").order_by("pk").first()
    measure = first.measure if first else own_measure()
    form = Form.objects.create(questionnaire=measure.questionnaire, cohort=cohort, key=sealing.new_key())
    wave = Wave.objects.create(cohort=cohort, measure=measure, point=point, form=form)
    audit.record(by, audit.Verb.CREATED, wave, cohort=cohort, fields=["point"])
    return wave


@transaction.atomic
def make_link(*, wave: Wave, place: Place, by: User | None, token: str = "", at: datetime | None = None) -> str:
    """A personal link to the questions; every earlier one of this person stops working. Returns its token."""
    now, token = at or timezone.now(), token or new_code()
    wave = _open_for(wave, place, now)
    if not WaveLink.objects.filter(token_hash=digest(token)).exists():
        WaveLink.objects.live(now).filter(wave=wave, place=place).update(revoked_at=now)
        link = WaveLink.objects.create(wave=wave, place=place, token_hash=digest(token), expires_at=now + LINK_LASTS)
        audit.record(by, audit.Verb.CREATED, link, person=place.caregiver, cohort=wave.cohort)
    return token


@transaction.atomic
def send_links(*, wave: Wave, by: User, site: str, at: datetime | None = None) -> int:
    """E-mails the link to everybody who agreed, has not answered, and said that e-mail is safe. Returns how many."""
    now = at or timezone.now()
    if not wave.is_open(now):
        raise Refused(_("These questions have closed."))
    agreed, done = collect.consenting_places(wave.cohort), answered(wave)
    people = Place.objects.filter(cohort=wave.cohort).in_group().select_related("caregiver")
    told = [
        place
        for place in people
        if place.pk in agreed - done and place.caregiver.email and SafeWay.EMAIL in place.caregiver.safe_ways
    ]
    for place in told:
        enqueue_on_commit(send_wave_link, wave.code, place.code, site)
        audit.record(by, audit.Verb.CHANGED, wave, person=place.caregiver, cohort=wave.cohort, fields=["sent"])
    return len(told)


def answered(wave: Wave) -> set[int]:
    """Places of those who have answered: that they did, never what."""
    return set(WaveLink.objects.filter(wave=wave, used_at__isnull=False).values_list("place", flat=True))


@transaction.atomic
def receive(
    *,
    wave: Wave,
    place: Place,
    answers: dict[str, int | str],
    nonce: str,
    way: str = Way.ONLINE,
    by: User | None = None,
    at: datetime | None = None,
) -> bool:
    """Seals one person's answers under their pseudonym. False: they had answered before, and that counts.

    The wave is locked, so that two devices at once leave one answer.
    """
    now = at or timezone.now()
    wave = _open_for(wave, place, now)
    links = WaveLink.objects.filter(wave=wave, place=place)
    if links.exclude(used_at=None).exists():
        return False
    key, _made = PseudonymKey.objects.get_or_create(place=place, defaults={"pseudonym": new_code()})
    answering.receive(form=wave.form, answers=answers, nonce=nonce, way=way, pseudonym=key.pseudonym, at=now)
    # To the day: the order of answering could else be laid beside other orders.
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    if not links.update(used_at=today):
        WaveLink.objects.create(wave=wave, place=place, token_hash=digest(new_code()), used_at=today)
    if by:  # written down from paper or the phone: that somebody did is in the trail, as with any form they fill in
        audit.record(by, audit.Verb.CREATED, wave, person=place.caregiver, cohort=wave.cohort, fields=["answers"])
    return True


def _open_for(wave: Wave, place: Place, now: datetime) -> Wave:
    """The wave, locked, if this person may be asked; a sentence otherwise."""
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form", "cohort").get(pk=wave.pk)
    if not wave.is_open(now):
        raise answering.Closed(_("These questions have closed."))
    if place.cohort_id != wave.cohort_id or place.pk not in collect.consenting_places(wave.cohort):
        raise Refused(_("This person has not agreed to the evaluation, so they are not asked."))
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, at: datetime | None = None) -> Wave:
    """Takes no more answers; opens the box and writes the answers under their pseudonyms. Pressed twice: no more."""
    now = at or timezone.now()
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form").get(pk=wave.pk)
    form = answering.close_form(form=wave.form, by=by, at=now)
    rows = answering.write_submissions(form, answering.open_form_box(form))
    Response.objects.bulk_create(
        Response(wave=wave, pseudonym=payload["pseudonym"], submission=submission) for payload, submission in rows
    )
    WaveLink.objects.live(now).filter(wave=wave).update(revoked_at=now)
    return wave


# --- The report ------------------------------------------------------------------------------------


class SavedMeanwhile(Refused):
    """Somebody else saved the text after this page was opened."""


def _locked_report(cohort: Cohort) -> Report:
    """The cohort's report, held, so that publishing and withdrawing happen one after the other."""
    Report.objects.get_or_create(cohort=cohort)
    return Report.objects.select_for_update(of=["self"]).select_related("edited_by").get(cohort=cohort)


def stamp(report: Report | None) -> str:
    """Which saved text a page was opened with."""
    return report.edited_at.isoformat() if report and report.edited_at else ""


@transaction.atomic
def save_text(*, cohort: Cohort, text: Mapping[str, str], seen: str, by: User, at: datetime | None = None) -> Report:
    """Keeps the text, unless somebody else did since the page was opened (`seen`, see `stamp`)."""
    report = _locked_report(cohort)
    written = {section.key: text.get(section.key, "") for section in ALL}
    changed = [key for key, words in written.items() if report.text.get(key, "") != words]
    if not changed:
        return report
    if stamp(report) != seen:
        when = timezone.localtime(report.edited_at).strftime("%H:%M") if report.edited_at else ""
        sentence = _(
            "%(name)s saved this text at %(when)s, after you opened it. "
            "What you typed is still here. Press Save again to keep yours in place of theirs."
        )
        raise SavedMeanwhile(sentence % {"name": report.edited_by or _("Somebody"), "when": when})
    report.text, report.edited_at, report.edited_by = written, at or timezone.now(), by
    report.save(update_fields=["text", "edited_at", "edited_by"])
    audit.record(by, audit.Verb.CHANGED, report, cohort=cohort, fields=changed)
    return report


def missing(text: Mapping[str, str]) -> list[str]:
    """Sections a report is not published without, by key."""
    return [section.key for section in ALL if section.needed and not text.get(section.key, "").strip()]


@transaction.atomic
def publish(*, cohort: Cohort, by: User, at: datetime | None = None) -> ReportVersion:
    """Freezes text and figures as the next numbered version; the worker makes its PDF."""
    now = at or timezone.now()
    report = _locked_report(cohort)
    if missing(report.text):
        raise Refused(_("Some parts are still empty. Write them, then publish."))
    figures = collect.shown(cohort, now)
    if not figures.sessions_held:
        raise Refused(_("No session has been held yet, so there is nothing to report."))
    last = report.versions.aggregate(last=Max("number"))["last"] or 0
    version = ReportVersion.objects.create(
        report=report,
        number=last + 1,
        text=report.text,
        figures=figures.to_dict(),
        cover=_cover(cohort, last + 1, now).to_dict(),
        published_at=now,
        published_by=by,
    )
    audit.record(by, audit.Verb.CREATED, version, cohort=cohort, fields=["text", "figures"])
    enqueue_on_commit(make_pdf, version.code)
    return version


def _cover(cohort: Cohort, number: int, now: datetime) -> Cover:
    days = [session.day for session in cohort.sessions.taking_place().order_by("starts_at")]
    ours = service.current()
    return Cover(
        service=ours.name,
        organisation=ours.organisation,
        programme=cohort.programme.title,
        cohort=cohort.name,
        area=cohort.area,
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        number=number,
        published_on=timezone.localdate(now),
    )


# --- Withdrawing -----------------------------------------------------------------------------------


@transaction.atomic
def withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    """Runs in the transaction of a withdrawal, when the consent no longer stands.

    Their answers are in no figure from here on, by `collect`. Links to questions stop working; published versions
    are marked, and their PDFs are gone until they are drawn again with the notice. What the figures told until now
    is remembered as numbers of pairs, so that the next figures hold back what would differ by this person.
    """
    if kind != ConsentKind.EVALUATION:
        return
    for place in Place.objects.filter(caregiver=caregiver).select_related("cohort").order_by("cohort"):
        WaveLink.objects.live(at).filter(place=place).update(revoked_at=at)
        report = _locked_report(place.cohort)
        _remember(report, place, at)
        for version in report.versions.filter(superseded_at=None).only("code"):
            ReportVersion.objects.filter(pk=version.pk).update(superseded_at=at, pdf=None)
            enqueue_on_commit(make_pdf, version.code)


def _remember(report: Report, place: Place, at: datetime) -> None:
    told = disclosure.told(collect.shown(place.cohort, at, with_place=place))
    now = {domain.key: domain.pairs for domain in collect.whole(place.cohort, at).domains}
    differs = {key: pairs for key, pairs in told.items() if now.get(key) != pairs}
    if differs:
        report.told_before = [*report.told_before, differs]
        report.save(update_fields=["told_before"])
