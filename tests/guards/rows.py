"""Rows of every kind that pages list, in every state that they list, as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from caregivers.concerns.actions import close
from caregivers.models import (
    Caregiver,
    Concern,
    Consent,
    ConsentKind,
    ConsentWording,
    EmergencyContact,
    Erased,
    FollowUp,
    KeptApart,
    LinkMail,
    Message,
    MessageCopy,
    PersonalLink,
    Place,
    PoliceCheck,
    Referral,
    Slot,
)
from evaluation.models import (
    AcrossGroup,
    ChosenQuote,
    PseudonymKey,
    Report,
    ReportVersion,
    Response,
    SectionText,
    Wave,
    WaveLink,
)
from evaluation.reports.sections import ALL as SECTIONS
from feedback.models import (
    Answer,
    Form,
    PaperPile,
    Question,
    Questionnaire,
    Quote,
    SlipCount,
    SlipSheet,
    Submission,
    Suggestion,
)
from feedback.sealing import new_key
from ppg.audit_trail import audit
from ppg.links.codes import digest, new_code
from ppg.models import Invitation, SignIn, User
from programmes.models import Cohort, Guide, ItemResource, SupportRequest, TeamMember, TeamSupport
from sessions_app.models import (
    Adaptation,
    Delivery,
    Given,
    ItemRemark,
    LaterQuestion,
    MarkState,
    RegisterMark,
    RetentionHold,
    RetentionWarning,
    Session,
    SessionItem,
    SessionStep,
)
from tests.factories import (
    AgendaItemFactory,
    CaregiverFactory,
    CohortFactory,
    GuideFactory,
    PlaceFactory,
    ResourceFactory,
    SessionFactory,
    SessionItemFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.guards.records import (
    commented,
    concern_of,
    information_of,
    not_sent,
    over_many,
    quoted,
    recommended,
    talked,
    way_to_answers,
)

FAR = 30_000  # from the numbers that factories give
STATES = 6  # from so many rows on there is one in every state of its kind


@dataclass(frozen=True)
class Group:
    """What the rows are added to: the group, the records whose addresses are opened, and who is its lead."""

    cohort: Cohort
    records: dict[str, str]
    lead: User
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def session(self) -> Session:
        return self.cohort.sessions.get(code=self.records["session"])


def add_rows(cohort: Cohort, records: dict[str, str], numbers: Iterable[int]) -> None:
    """For each number some of everything; whatever has one of several states has the next one each time."""
    group = Group(cohort, records, cohort.team.get(user__code=records["member"]).user, timezone.now())
    for number in numbers:
        places = people(group, number)
        for add in (around_groups, planned, of_session, written_to, restricted, heard, asked, reported):
            add(group, number, places)


def in_turn(states: Iterable[Any], number: int) -> Any:
    states = list(states)
    return states[number % len(states)]


# --- Whom a group knows -----------------------------------------------------------------------------


def people(group: Group, number: int) -> list[Place]:
    """One in every state on the way to a place, and out of it; those who have or had a place come back, who is in the
    group first."""
    cohort, now, today = group.cohort, group.now, group.today
    new = {state: CaregiverFactory(cohort=cohort, check_outcome=check) for state, check in CHECKS.items()}
    PoliceCheck.objects.filter(caregiver=new["not checked"]).delete()
    for person in (new["taken"], new["waiting"], new["offered, registered"]):
        registered(person, group)
    Referral.objects.filter(caregiver__in=[new["asked"], new["concern"]]).update(contacted_on=today)
    soon, past = now + timedelta(days=7), now - timedelta(hours=1)
    places = [
        PlaceFactory(cohort=cohort, caregiver=new["taken"], seat=100 + number),
        place_of(cohort, new["offered"], state="offered", seat=200 + number, offered_until=soon),
        place_of(cohort, new["offered, registered"], state="offered", seat=300 + number, offered_until=soon),
        place_of(cohort, new["ran out"], state="offered", seat=400 + number, offered_until=past),
        place_of(cohort, new["waiting"], state="waiting", waiting_since=now),
        place_of(cohort, new["left"], state="left", left_on=today),
        place_of(cohort, new["erased"], state="left", left_on=today),
    ]
    followed_up(new["taken"], group, number)
    invited(new["asked"], group, number)
    first, second = sorted([new["waiting"], new["not checked"]], key=lambda person: person.pk)
    KeptApart.objects.create(first=first, second=second, recorded_on=today, recorded_by=group.lead)
    answer = in_turn(["yes", "maybe", "no"], number)
    for slot in slots(group, number):
        slot.answers.create(caregiver=new["waiting"], can=answer, how="online", at=now)
    erased(new["erased"], now)
    return places


CHECKS = {
    "taken": "clear",
    "offered": "clear",
    "offered, registered": "clear",
    "ran out": "clear",
    "waiting": "clear",
    "left": "clear",
    "erased": "clear",
    "asked": "asked",
    "concern": "concern",
    "not checked": "asked",
}


def place_of(cohort: Cohort, caregiver: Caregiver, **fields: Any) -> Place:
    return Place.objects.create(cohort=cohort, caregiver=caregiver, **fields)


def registered(person: Caregiver, group: Group) -> None:
    """With everything agreed to, and one of them taken back."""
    wordings = ConsentWording.objects.newest()
    person.registered_at, person.registered_how, person.notice = group.now, "online", wordings["notice"]
    person.email, person.safe_ways = "sam@example.org", ["email"]
    person.save()
    EmergencyContact.objects.create(caregiver=person, name="Jo Example", phone="01632 960002")
    for kind, given in [*((kind, True) for kind in ConsentKind.values), (ConsentKind.values[0], False)]:
        wording = wordings[kind]
        Consent.objects.create(caregiver=person, kind=kind, wording=wording, given=given, how="online", at=group.now)


def followed_up(person: Caregiver, group: Group, number: int) -> None:
    """One that is planned, and one that is done."""
    told = {"caregiver": person, "cohort": group.cohort, "kind": "call", "offered_on": group.today}
    outcome = in_turn(FollowUp.Outcome.values, number)
    done = FollowUp.objects.create(
        **told, reason="asked", outcome=outcome, done_at=group.now, next_step="Ring again", recorded_by=group.lead
    )
    FollowUp.objects.create(**told, reason="next", follows=done, owner=group.lead)


def invited(person: Caregiver, group: Group, number: int) -> None:
    told = {"caregiver": person, "cohort": group.cohort}
    LinkMail.objects.create(**told, about="own page", fate=in_turn(LinkMail.Fate.values, number), at=group.now)
    PersonalLink.objects.issue(**told, purpose="register", expires_at=group.now + timedelta(days=7))


def slots(group: Group, number: int) -> list[Slot]:
    """Times that are proposed: the one of before, and another."""
    made, _ = Slot.objects.get_or_create(cohort=group.cohort, weekday=number % 7, starts=time(8 + number // 7))
    return [group.cohort.slots.get(code=group.records["slot"]), made]


def erased(person: Caregiver, now: datetime) -> None:
    """As erasing leaves them."""
    Erased.objects.create(code=person.code, at=now)
    person.checks.all().delete()
    Caregiver.objects.filter(pk=person.pk).update(name="", phone="", erased_at=now)


# --- Programmes, teams, sessions ----------------------------------------------------------------------


def around_groups(group: Group, number: int, places: list[Place]) -> None:
    """Other groups and reports over them, staff, devices, and lines of the trail."""
    other = CohortFactory(team=[group.lead])
    SessionFactory(cohort=other)
    PlaceFactory(cohort=other)
    CaregiverFactory(cohort=other)
    AcrossGroup.objects.create(report=over_many(group.lead), cohort=other)
    kept_longer(other, group)
    invited_user = UserFactory(joined_at=None)
    Invitation.objects.issue(user=invited_user, expires_at=group.now + timedelta(days=7))
    member = TeamMember.objects.create(cohort=group.cohort, user=UserFactory(role="parent"), job="parent")
    own = group.cohort.team.filter(job="parent").earliest("pk")  # who reads of their own support
    for one in (member, own):
        TeamSupport.objects.create(member=one, kind="clinical", offered_on=group.today)
        SupportRequest.objects.create(member=one, asked_on=group.today)
    gone = UserFactory(role="facilitator", is_active=False)
    TeamMember.objects.create(cohort=group.cohort, user=gone, job="facilitator", left_on=group.today)
    for user in (group.lead, member.user):
        SignIn.objects.create(user=user, session_key=new_code(), device="Chrome on Windows")
    not_sent(UserFactory())
    for place in places[:1]:
        audit.record(group.lead, audit.Verb.SAW, place, person=place.caregiver, cohort=group.cohort)


def kept_longer(other: Cohort, group: Group) -> None:
    by, later = {"made_at": group.now, "made_by": group.lead}, group.today + timedelta(days=100)
    RetentionHold.objects.create(cohort=other, until=later, why="A complaint is open", **by)
    RetentionWarning.objects.create(cohort=other, over_on=later, warned_on=group.today, looked_on=group.today)


def planned(group: Group, number: int, places: list[Place]) -> None:
    """Guides with parts and handouts, and sessions to come."""
    guide: Guide = group.cohort.programme.guides.get(code=group.records["guide"])
    item = AgendaItemFactory(guide=guide, position=FAR + number)
    resource = ResourceFactory()
    guide.handouts_in_order.create(resource=resource, position=FAR + number)
    ItemResource.objects.create(item=item, resource=resource, position=1)
    GuideFactory(programme=group.cohort.programme, number=FAR + number)
    session = SessionFactory(
        cohort=group.cohort, number=FAR + number, starts_at=group.now + timedelta(days=30 + number)
    )
    sheet = SlipSheet.objects.create(
        cohort=group.cohort, session=session, key=new_key(), made=10, made_on=group.today, made_by=group.lead
    )
    SlipCount.objects.create(sheet=sheet, by=group.lead, left=2, people=8)


def of_session(group: Group, number: int, places: list[Place]) -> None:
    """Parts with guests and handouts, what was changed, ticks, questions, and the pack."""
    session, by = group.session, {"at": group.now, "by": group.lead}
    item: SessionItem = SessionItemFactory(session=session, position=FAR + number)
    SpeakerFactory(item=item)
    resource = ResourceFactory()
    item.uses_in_order.create(resource=resource, position=1)
    session.handouts_in_order.create(resource=resource, position=FAR + number)
    adapted(session, item, by, number)
    ItemRemark.objects.create(item=item, why="They asked", **by)
    SessionStep.objects.create(session=session, kind="extend", item=item, minutes=1, key=f"step-{number}", **by)
    LaterQuestion.objects.create(session=session, text="Why?", key=f"later-{number}", **by)
    RegisterMark.objects.create(
        session=session,
        place=places[0],
        state=in_turn(MarkState.values, number),
        key=f"{session.code}-{number}",
        made_at=group.now,
        recorded_by=group.lead,
    )
    state = in_turn(Delivery.State.values, number)
    handed_by = group.lead if state == Delivery.State.HANDED else None
    delivery = session.pack.deliveries.create(
        place=places[0], way=in_turn(["email", "paper"], number), state=state, state_at=group.now, handed_by=handed_by
    )
    Given.objects.create(delivery=delivery, resource=resource, **by)


def adapted(session: Session, item: SessionItem, by: dict[str, Any], number: int) -> None:
    changes: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "moved": ({"starts_at": "2027-01-05T10:00:00+00:00"}, {"starts_at": "2027-01-06T10:00:00+00:00"}),
        "cancelled": ({"cancelled_at": None}, {"cancelled_at": "2027-01-06T10:00:00+00:00"}),
        "added": ({}, {}),
        "agenda": ({"minutes": 10}, {"minutes": 15}),
    }
    kind = in_turn(Adaptation.Kind.values, number)
    before, after = changes[kind]
    changed = item if kind == Adaptation.Kind.AGENDA else None
    Adaptation.objects.create(
        session=session, kind=kind, why="They asked", before=before, after=after, item=changed, **by
    )


# --- What is written, said and answered ------------------------------------------------------------------


def written_to(group: Group, number: int, places: list[Place]) -> None:
    """A message, and a copy of the one that is opened."""
    Message.objects.create(cohort=group.cohort, text="Bring a cup", sent_at=group.now, sent_by=group.lead)
    message = Message.objects.get(code=group.records["message"])
    state = in_turn(MessageCopy.State.values, number)
    how: dict[str, str] = {"why": "not safe"} if state == MessageCopy.State.LEFT_OUT else {"way": "email"}
    MessageCopy.objects.create(message=message, caregiver=places[0].caregiver, state=state, changed_at=group.now, **how)


def restricted(group: Group, number: int, places: list[Place]) -> None:
    """Open ones, closed ones, and some whose time is over."""
    for at in (None, group.now, group.now - timedelta(days=366 * 7)):
        for make in (concern_of, information_of):
            thing = make(group.cohort, places[0].caregiver, group.lead)
            if at:
                close(thing=thing, by=group.lead, text="Over", at=at)
    opened = Concern.objects.get(code=group.records["concern"])
    opened.steps.create(kind="told", text="The school", at=group.now, by=group.lead)


def heard(group: Group, number: int, places: list[Place]) -> None:
    """Comments, focus groups, suggestions, and quotes that wait, are signed off, and are taken out."""
    commented(group.cohort)
    _waits, stands, gone = (quoted(talked(group.cohort), places[0].caregiver) for _ in range(3))
    other = group.cohort.team.exclude(user=group.lead).first().user
    Quote.objects.filter(pk__in=[stands.pk, gone.pk]).update(signed_off_by=other)
    Quote.objects.filter(pk=gone.pk).update(taken_out_at=group.now)
    report = Report.objects.get(cohort=group.cohort)
    ChosenQuote.objects.create(report=report, quote=stands, position=FAR + number)
    told = {"cohort": group.cohort, "text": "More tea", "caregiver": places[0].caregiver}
    for answer in ("", in_turn(Suggestion.Became.values, number)):
        answered = {"answered_on": group.today, "answered_by": group.lead, "told_as": "More tea"} if answer else {}
        way = in_turn(Suggestion.Way.values, number)
        Suggestion.objects.create(**told, way=way, answer=answer, recap=group.session, **answered)


def asked(group: Group, number: int, places: list[Place]) -> None:
    """Forms with sheets, a pile that is being typed, questionnaires with questions, and links to a round."""
    form = Form.objects.get(code=group.records["form"])
    PaperPile.objects.create(form=form, typed_by=group.lead, first=[None])
    Submission.objects.create(form=Form.objects.filter(cohort=group.cohort).exclude(closed_at=None).first())
    draft = Questionnaire.objects.get(code=group.records["questionnaire"])
    Question.objects.create(questionnaire=draft, position=FAR + number, slug=f"more-{number}", text="And?", kind="text")
    Questionnaire.objects.create(slug=f"more-{number}", version=1, kind=draft.kind, title="More questions")
    wave = Wave.objects.get(code=group.records["wave"])
    WaveLink.objects.create(wave=wave, place=places[0], token_hash=digest(new_code()))
    way_to_answers(places[0])
    key = PseudonymKey.objects.create(place=places[0], pseudonym=new_code())
    sheet = Submission.objects.create(form=wave.form)
    Response.objects.create(wave=wave, pseudonym=key.pseudonym, submission=sheet)
    question = wave.measure.items.exclude(domain="").first().question
    Answer.objects.create(form=wave.form, submission=sheet, question=question, number=number % 3)


def reported(group: Group, number: int, places: list[Place]) -> None:
    """Earlier texts, recommendations and versions."""
    report = Report.objects.get(cohort=group.cohort)
    recommended(report)
    section = in_turn([section.key for section in SECTIONS], number)
    SectionText.objects.create(
        report=report, section=section, text=f"Text {number}", by=group.lead, sitting=new_code(), at=group.now
    )
    version = ReportVersion.objects.get(code=group.records["version"])
    version.pk, version.code, version.number = None, new_code(), FAR + number
    version.save(force_insert=True)
