"""Builds the demo's three groups through the same actions that people use, with their dates in the past."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from caregivers import actions as caregivers
from caregivers.models import Caregiver, Place
from evaluation import actions as evaluation
from evaluation import collect
from evaluation.models import Wave
from feedback import actions as feedback
from feedback.models import Form, Question, Way
from ppg.management.demo import people
from ppg.management.demo.people import Person
from ppg.models import User
from programmes.models import Cohort, Programme
from sessions_app.actions import register, setting_up
from sessions_app.dates import weekly
from sessions_app.models import ATTENDED, MarkState, RegisterMark, Session

MARKS = {
    "P": MarkState.PRESENT,
    "L": MarkState.LATE,
    "E": MarkState.LEFT_EARLY,
    "A": MarkState.APOLOGIES,
    "N": MarkState.NOT_HERE,
}
KINDS = {"e": "evaluation", "q": "quotes", "c": "chat", "a": "after"}


class Group:
    """One group of the demo while it is being built."""

    def __init__(self, name: str, area: str, venue: str, first: date, team: list[User], seed: int) -> None:
        self.programme = Programme.objects.get(slug="peer-parent-group")
        self.lead, self.team = team[0], team
        self.first, self.chance = first, Random(seed)  # noqa: S311  the same demo every time
        self.cohort: Cohort = setting_up.set_up(
            programme=self.programme,
            name=name,
            area=area,
            venue=venue,
            days=weekly(first, 6),
            at=time(18, 30),
            places=8,
            by=self.lead,
            team=team[1:],
            made_on=first - timedelta(days=40),
        )
        self.sessions: list[Session] = list(self.cohort.sessions.order_by("number"))
        self.people: dict[str, tuple[Caregiver, Place | None]] = {}

    def day(self, offset: int, hour: int = 11) -> datetime:
        """A moment so many days after the first session."""
        return timezone.make_aware(datetime.combine(self.first + timedelta(days=offset), time(hour)))

    def refer(self, person: Person, *, days: int, check: str = "clear") -> Caregiver:
        number = len(self.people) + 1 + 10 * self.cohort.pk
        first_name = person.name.split()[0].lower()
        caregiver = caregivers.refer(
            cohort=self.cohort,
            name=person.name,
            liked_name=person.liked,
            phone=f"07700 900{number:03}",
            email=f"{first_name}{number}@families.example",
            source=person.source,
            received_on=self.day(days).date(),
            by=self.lead,
        )
        if check:
            caregivers.record_check(caregiver=caregiver, outcome=check, on=self.day(days + 4).date(), by=self.lead)
        self.people[person.name] = (caregiver, None)
        return caregiver

    def register(self, person: Person, *, days: int) -> Place:
        caregiver = self.people[person.name][0]
        by_staff = None if person.how == "online" else self.lead
        done = caregivers.register(
            caregiver=caregiver,
            cohort=self.cohort,
            answers=self.answers(person, caregiver),
            consents={kind: letter in person.agreed for letter, kind in KINDS.items()},
            how=person.how,
            by=by_staff,
            at=self.day(days),
        )
        self.people[person.name] = (caregiver, done.place)
        return done.place

    def answers(self, person: Person, caregiver: Caregiver) -> dict[str, Any]:
        return {
            "name": person.name,
            "liked_name": person.liked,
            "phone": caregiver.phone,
            "email": caregiver.email if "email" in person.safe or person.handouts == "email" else "",
            "safe_ways": list(person.safe),
            "safe_when": person.when,
            "language": person.language,
            "access_needs": person.access,
            "childcare": person.childcare,
            "travel": person.travel,
            "refreshments": "",
            "allergies": person.allergies,
            "availability": "Evenings",
            "handouts_by": person.handouts,
            "emergency_contacts": [
                {"name": name, "phone": phone, "relation": relation} for name, phone, relation in person.contacts
            ],
        }

    def tick(self, session: Session, everybody: list[Person]) -> None:
        """The register as each person's letters say."""
        for person in everybody:
            letter = person.came[session.number - 1 : session.number]
            place = self.people[person.name][1]
            if letter in MARKS and place:
                register.mark(
                    session=session,
                    place=place,
                    state=MARKS[letter],
                    key=f"demo-{session.code}-{place.code}",
                    by=self.team[1],
                    at=session.starts_at + timedelta(minutes=12),
                )

    def hear(self, session: Session, *, answered: int, close: bool = True) -> Form:
        """Some of those who were there say what they think; the form closes before the next session."""
        form = feedback.open_form(session=session, by=self.team[1], at=session.starts_at + timedelta(minutes=75))
        for number in range(answered):
            feedback.receive(
                form=form,
                answers=self.opinion(form),
                nonce=f"demo-{form.code}-{number}",
                way=Way.PAPER if number == 0 else Way.ONLINE,
                at=session.ends_at,
            )
        if close:
            feedback.close_form(form=form, by=self.team[1], at=session.ends_at + timedelta(days=3))
        return form

    def ask(self, point: str, *, days: int, missing: tuple[str, ...] = ()) -> None:
        """Before or after: those who agreed answer, most by their link and some on paper; then the wave closes."""
        wave = evaluation.open_wave(cohort=self.cohort, point=point, by=self.lead)
        agreed = collect.consenting_places(self.cohort)
        for name, (_caregiver, place) in self.people.items():
            if place is None or place.pk not in agreed or name in missing:
                continue
            evaluation.receive(
                wave=wave,
                place=place,
                answers=self.measured(wave, better=point == "after"),
                nonce=f"demo-{wave.code}-{place.code}",
                way=Way.PAPER if self.chance.random() < 0.3 else Way.ONLINE,
                at=self.day(days),
            )
        evaluation.close_wave(wave=wave, by=self.lead, at=self.day(days + 5))

    def measured(self, wave: Wave, *, better: bool) -> dict[str, int | str]:
        """Answers to the measure: lower before, mostly higher after, and never the same for everybody."""
        answers: dict[str, int | str] = {}
        mood = self.chance.choice([0.4, 0.55, 0.7, 0.8, 0.9] if better else [0.15, 0.3, 0.4, 0.5, 0.65])
        turned = {item.question_id for item in wave.measure.items.all() if item.reverse}
        for question in wave.form.questionnaire.questions.all():
            most = 10 if question.kind == Question.Kind.NUMBER else len(question.options) - 1
            number = round(most * min(1.0, max(0.0, mood + self.chance.uniform(-0.2, 0.2))))
            answers[question.slug] = most - number if question.pk in turned else number
        return answers

    def publish(self, text: dict[str, str], *, days: int) -> None:
        evaluation.save_text(cohort=self.cohort, text=text, seen="", by=self.lead, at=self.day(days - 1))
        evaluation.publish(cohort=self.cohort, by=self.lead, at=self.day(days))

    def opinion(self, form: Form) -> dict[str, int | str]:
        answers: dict[str, int | str] = {}
        for question in form.questionnaire.questions.all():
            if question.kind == Question.Kind.TEXT:
                if self.chance.random() < 0.45:
                    answers[question.slug] = self.chance.choice(people.COMMENTS)
            elif question.kind == Question.Kind.CHOICE:
                answers[question.slug] = self.chance.choice([1, 1, 1, 0, 2])
            else:
                most = len(question.options) - 1
                answers[question.slug] = self.chance.choice([most, most, most - 1, most - 1, most - 2])
        return answers

    def attended(self, session: Session) -> int:
        return RegisterMark.objects.filter(session=session).latest().filter(state__in=ATTENDED).count()
