"""One record of each kind in a cohort, for walking every address."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from caregivers.apart.actions import keep_apart
from caregivers.concerns.actions import close, log_information, write_down
from caregivers.follow_ups.actions import offer
from caregivers.models import Caregiver, Concern, Information, Message, MessageCopy, Place, Slot
from caregivers.posters.actions import switch_poster
from evaluation.figures.calculation import figures
from evaluation.figures.shapes import SHARED
from evaluation.measures.actions import own_measure
from evaluation.models import AcrossReport, AnswersLink, Recommendation, Report, ReportVersion
from evaluation.rounds.actions import open_wave
from feedback import sealing
from feedback.asking.actions import open_form
from feedback.models import Answer, Coded, FocusGroup, Form, Quote, Suggestion, Theme
from feedback.questions.actions import start as start_questions
from feedback.questions.questionnaires import final_form, session_feedback
from feedback.suggestions import actions as suggestions
from ppg.accounts import mail as accounts
from ppg.links.codes import digest, new_code
from ppg.models import AccountMail, User
from programmes.editing.actions import start
from programmes.models import Cohort, Resource, TeamSupport
from sessions_app.packs.actions import make
from sessions_app.running.actions import note_question
from tests.factories import (
    AgendaItemFactory,
    CaregiverFactory,
    GuideFactory,
    PlaceFactory,
    ResourceFactory,
    SessionFactory,
    SpeakerFactory,
)


def records_of(cohort: Cohort) -> dict[str, str]:
    """Kind of record → its code."""
    place = PlaceFactory(cohort=cohort)
    session = SessionFactory(cohort=cohort)
    switch_poster(cohort=cohort, on=True, by=None, site="")
    form = open_form(session=session, by=None)
    guide = GuideFactory(programme=cohort.programme)
    item = AgendaItemFactory(guide=guide)
    start(guide=guide, by=cohort.team.first().user)
    pack = make(session=session, resources=[ResourceFactory()], by=cohort.team.first().user)
    team = cohort.team.first().user
    concerns = [concern_of(cohort, place.caregiver, team) for _ in range(2)]
    information = [information_of(cohort, place.caregiver, team) for _ in range(2)]
    for old in (concerns[1], information[1]):
        close(thing=old, by=team, text="Over", at=timezone.now() - timedelta(days=366 * 7))
    return {
        "concern": concerns[0].code,
        "old_concern": concerns[1].code,
        "information": information[0].code,
        "old_information": information[1].code,
        "cohort": cohort.code,
        "session": session.code,
        "form": form.code,
        "pile": "of-somebody-else",
        "speaker": SpeakerFactory(item__session=session).code,
        "question": note_question(
            session=session, text="Why?", key=f"question-{session.code}", by=cohort.team.first().user
        ).code,
        "delivery": pack.deliveries.get(place=place).code,
        "caregiver": place.caregiver.code,
        "referral": place.caregiver.referrals.get().code,
        "follow_up": offer(caregiver=place.caregiver, cohort=cohort, kind="call", by=None).code,
        "line": "group-advertised",  # of the checklist, ticked by hand
        "apart": keep_apart(caregiver=place.caregiver, other=CaregiverFactory(cohort=cohort), by=None).code,
        "evaluation": "evaluation",  # the kind of a consent
        "wording": "notice",  # the kind of a text
        "slot": slot_of(cohort).code,
        "suggestion": suggested(cohort).code,
        "message": (copy := copy_of(cohort, place.caregiver)).message.code,
        "copy": copy.code,
        "place": place.code,
        "member": cohort.team.first().user.code,  # of the team
        "account": cohort.team.first().user.code,  # as an administrator sees them
        "support": support_given(cohort).code,
        "programme": cohort.programme.code,
        "guide": guide.code,
        "item": item.key,
        "resource": with_file().code,
        "focus_group": (talk := talked(cohort)).code,
        "comment": str(commented(cohort).pk),
        "quote": quoted(talk, place.caregiver).code,
        "questionnaire": start_questions(questionnaire=session_feedback(), by=team).code,
        "asked": "today",  # a question's slug
        "language": "cy",
        "measure": own_measure().questionnaire.code,
        "wave": open_wave(cohort=cohort, point="before", by=None).code,
        "version": (version := published(cohort)).code,
        "recommendation": recommended(version.report).code,
        "answers_link": way_to_answers(place).code,
        "across": over_many(team).code,
        "account_mail": not_sent(team).code,
    }


def way_to_answers(place: Place) -> AnswersLink:
    """A link to somebody's own answers that waits for its code."""
    token, until = digest(f"answers {place.code}"), timezone.now() + timedelta(days=3)
    return AnswersLink.objects.create(place=place, needs_code=True, token_hash=token, expires_at=until)


def not_sent(user: User) -> AccountMail:
    """An e-mail about somebody's account that did not go out."""
    mail = accounts.post(accounts.Kind.ROLE_CHANGED, user)
    AccountMail.objects.filter(pk=mail.pk).update(state="failed", why="refused")
    return mail


def over_many(by: User) -> AcrossReport:
    """A report over many groups that is ready."""
    today = timezone.localdate()
    stored = {"figures": figures(people=[], sessions=[]).to_dict(), "groups": []}
    told = {"from_on": today, "until_on": today, "asked_at": timezone.now(), "finished_at": timezone.now()}
    return AcrossReport.objects.create(state="done", figures=stored, pdf=b"%PDF-", asked_by=by, **told)


def suggested(cohort: Cohort) -> Suggestion:
    """In a group whose box hangs."""
    suggestions.open_box(cohort=cohort, by=None)
    return suggestions.add(cohort=cohort, text="More tea", way="spoken", caregiver=None, by=cohort.team.first().user)


def talked(cohort: Cohort) -> FocusGroup:
    """A focus group in a group that is asked the questions after the programme."""
    if not cohort.forms.final().exists():
        Form.objects.create(questionnaire=final_form(), cohort=cohort, key=sealing.new_key())
    return FocusGroup.objects.create(
        cohort=cohort, held_on=timezone.localdate(), people=6, notes="We laughed", by=cohort.team.first().user
    )


def commented(cohort: Cohort) -> Answer:
    """Words that may be quoted, under a theme, in a form whose answers were opened."""
    now = timezone.now()
    form = Form.objects.create(questionnaire=session_feedback(), cohort=cohort, closed_at=now)
    Form.objects.filter(pk=form.pk).update(opened_with=form)
    question = form.questionnaire.questions.get(kind="text")
    made = Answer.objects.create(form=form, question=question, text="More tea", may_quote=True)
    Coded.objects.create(answer=made, theme=Theme.objects.get_or_create(title=f"Tea {new_code()}")[0])
    return made


def quoted(talk: FocusGroup, caregiver: Caregiver) -> Quote:
    made = Quote.objects.create(
        cohort=talk.cohort, focus_group=talk, caregiver=caregiver, words="I laughed", chosen_by=talk.by
    )
    made.themes.add(Theme.objects.get_or_create(title="Laughing")[0])
    return made


def support_given(cohort: Cohort) -> TeamSupport:
    return TeamSupport.objects.create(member=cohort.team.first(), kind="reflective", offered_on=timezone.localdate())


def concern_of(cohort: Cohort, caregiver: Caregiver | None, by: User) -> Concern:
    return write_down(cohort=cohort, caregiver=caregiver, words="It was said", on=timezone.localdate(), by=by)


def information_of(cohort: Cohort, caregiver: Caregiver | None, by: User) -> Information:
    told = {"about": "vehicle", "noticed": "A van", "noticed_when": "Monday", "how_known": "Seen"}
    return log_information(cohort=cohort, caregiver=caregiver, by=by, methods=["travel"], **told)


def slot_of(cohort: Cohort) -> Slot:
    slot, _ = Slot.objects.get_or_create(cohort=cohort, weekday=1, starts=time(18))
    return slot


def copy_of(cohort: Cohort, caregiver: Caregiver) -> MessageCopy:
    """Of a message that was sent to one person."""
    now = timezone.now()
    message = Message.objects.create(cohort=cohort, text="Bring a cup", sent_at=now, sent_by=cohort.team.first().user)
    return MessageCopy.objects.create(
        message=message, caregiver=caregiver, way="email", state="failed", tries=1, changed_at=now
    )


def with_file() -> Resource:
    if not default_storage.exists("resources/guard.pdf"):
        default_storage.save("resources/guard.pdf", ContentFile(b"%PDF-1.7"))
    return ResourceFactory(file="resources/guard.pdf", file_name="guard.pdf")


def recommended(report: Report) -> Recommendation:
    position = report.recommendations.count() + 1
    return report.recommendations.create(text="Ring first", owner="Family support", position=position)


def published(cohort: Cohort) -> ReportVersion:
    report, _ = Report.objects.get_or_create(cohort=cohort)
    version, _ = ReportVersion.objects.get_or_create(
        report=report,
        number=1,
        defaults={
            "text": {},
            "figures": figures(people=[], sessions=[]).to_dict(),
            "shared_figures": replace(figures(people=[], sessions=[]), edition=SHARED).to_dict(),
            "shared_pdf": b"%PDF",
            "published_at": timezone.now(),
            "published_by": cohort.team.first().user,
            "pdf": b"%PDF",
        },
    )
    return version
