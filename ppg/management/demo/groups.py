"""Builds the demo's three groups through the same actions that people use, with their dates in the past."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from caregivers.concerns import actions as concerns
from caregivers.models import Caregiver, HandoutsBy, Place
from caregivers.police_checks import actions as police_checks
from caregivers.referrals import actions as referrals
from caregivers.registering import actions as registering
from caregivers.times import actions as asking_times
from evaluation.collecting import collect
from evaluation.models import Wave
from evaluation.reports import actions as reports
from evaluation.rounds import actions as rounds
from feedback.answering import actions as answering
from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.focus_group import actions as focus_group
from feedback.models import Form, SlipSheet, Way
from feedback.quotes import actions as quotes
from feedback.quotes import queries as quote_queries
from feedback.sealing import Answers, Quotable
from feedback.slips import actions as slips
from feedback.slips.codes import codes_of
from feedback.suggestions import actions as suggestions
from feedback.themes import actions as themes
from ppg.management.demo import people
from ppg.management.demo.people import Person
from ppg.models import User
from programmes.models import Cohort, Programme
from programmes.support import actions as support
from sessions_app.closing import actions as closing
from sessions_app.closing.changes import CHANGED
from sessions_app.models import ATTENDED, Delivery, MarkState, RegisterMark, Session, SessionStep, Speaker
from sessions_app.packs import actions as packs
from sessions_app.planning import actions as planning
from sessions_app.planning.changes import ItemPlan, seen
from sessions_app.register import actions as register
from sessions_app.running import actions as running
from sessions_app.running.clock import outcomes
from sessions_app.setting_up import actions as setting_up
from sessions_app.speakers import actions as speakers

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

    def __init__(self, name: str, area: str, venue: str, days: list[date], team: list[User], seed: int) -> None:
        self.programme = Programme.objects.get(slug="peer-parent-group")
        self.lead, self.parent, self.team = team[0], team[2], team
        self.first, self.chance = days[0], Random(seed)  # noqa: S311  the same demo every time
        self.cohort: Cohort = setting_up.set_up(
            programme=self.programme,
            name=name,
            area=area,
            venue=venue,
            days=days,
            at=time(18, 30),
            places=8,
            by=self.lead,
            team=team[1:],
            made_on=days[0] - timedelta(days=40),
        )
        self.sessions: list[Session] = list(self.cohort.sessions.order_by("number"))
        self.people: dict[str, tuple[Caregiver, Place | None]] = {}

    def day(self, offset: int, hour: int = 11) -> datetime:
        """A moment so many days after the first session."""
        return timezone.make_aware(datetime.combine(self.first + timedelta(days=offset), time(hour)))

    def refer(self, person: Person, *, days: int, check: str = "clear") -> Caregiver:
        number = len(self.people) + 1 + 10 * self.cohort.pk
        first_name = person.name.split()[0].lower()
        caregiver = referrals.refer(
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
            police_checks.record_check(caregiver=caregiver, outcome=check, on=self.day(days + 4).date(), by=self.lead)
        self.people[person.name] = (caregiver, None)
        return caregiver

    def register(self, person: Person, *, days: int) -> Place:
        caregiver = self.people[person.name][0]
        by_staff = None if person.how == "online" else self.lead
        done = registering.register(
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
            "emergency_contacts": person.emergency_contacts(),
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

    def hear(self, session: Session, *, answered: int, late: bool = False) -> Form:
        """Everybody who was there draws a slip, and some say what they think. The form closes the evening after and its
        slips are counted out; one that was forgotten and opened `late` is open still."""
        sheet = slips.make(cohort=self.cohort, session=session, by=self.parent, at=session.starts_at)
        opened_at = timezone.now() if late else session.starts_at + timedelta(minutes=75)
        form = asking.open_form(session=session, by=self.team[1], at=opened_at)
        self.answer(form, sheet, answered, at=session.ends_at, on_paper=1)
        if not late:
            asking.close_form(form=form, by=None, at=form.closes_at)
            self.count_out(form, sheet, people=self.attended(session))
        return form

    def answer(self, form: Form, sheet: SlipSheet, answered: int, *, at: datetime, on_paper: int = 0) -> None:
        for number, slip in enumerate(codes_of(sheet)[:answered]):
            answering.receive(
                form=form,
                answers=self.opinion(form),
                nonce=f"demo-{form.code}-{number}",
                slip=slip,
                way=Way.PAPER if number < on_paper else Way.ONLINE,
                at=at,
            )

    def count_out(self, form: Form, sheet: SlipSheet, *, people: int) -> None:
        """The parent who held the bowl and the lead count what nobody drew."""
        for by in (self.parent, self.lead):
            counting.count(form=form, left=sheet.made - people, people=people, by=by, at=form.closes_at)

    def hear_at_the_end(self, *, answered: int) -> None:
        """The form after the programme, answered by most, and closed."""
        sheet = slips.make(cohort=self.cohort, session=None, by=self.parent, at=self.day(35))
        form = asking.open_final_form(cohort=self.cohort, by=self.team[1], at=self.day(35))
        self.answer(form, sheet, answered, at=self.day(38))
        asking.ask_to_close(form=form, by=self.team[1])
        asking.close_early(form=form, by=self.lead, was_not_there=True, at=self.day(44))
        self.count_out(form, sheet, people=answered)

    def talk(self, notes: str, said: list[tuple[str, str, str]]) -> None:
        """The focus group: its notes, and words of people who agreed to be quoted, each under a theme."""
        held = focus_group.record(
            cohort=self.cohort, held_on=self.day(42).date(), people=6, notes=notes, by=self.team[1]
        )
        for name, words, theme in said:
            quote = quotes.quote_somebody(
                focus_group=held,
                caregiver=self.people[name][0],
                words=words,
                themes=[themes.theme_called(theme, self.lead)],
                by=self.lead,
            )
            quotes.sign_off(quote=quote, seen=quote_queries.stamp(quote), by=self.team[1])

    def suggest(self, words: list[tuple[str, str, str, str, int]]) -> None:
        """What the group asked for, and what became of it; the last ones still wait for their answer."""
        suggestions.open_box(cohort=self.cohort, by=self.lead, at=self.day(0))
        for text, told_as, became, why, day in words:
            made = suggestions.add(
                cohort=self.cohort, text=text, way="box", caregiver=None, by=self.team[1], at=self.day(day)
            )
            if became:
                suggestions.answer(
                    suggestion=made,
                    became=became,
                    why=why,
                    told_as=told_as,
                    caregiver=None,
                    by=self.lead,
                    at=self.day(day + 2),
                )

    def ask(self, point: str, *, days: int, missing: tuple[str, ...] = ()) -> None:
        """Before or after: those who agreed answer, most by their link and some on paper; then the wave closes."""
        wave = rounds.open_wave(cohort=self.cohort, point=point, by=self.lead)
        agreed = collect.consenting_places(self.cohort)
        for name, (_caregiver, place) in self.people.items():
            if place is None or place.pk not in agreed or name in missing:
                continue
            rounds.receive(
                wave=wave,
                place=place,
                answers=self.measured(wave, better=point == "after"),
                nonce=f"demo-{wave.code}-{place.code}",
                way=Way.PAPER if self.chance.random() < 0.3 else Way.ONLINE,
                at=self.day(days),
            )
        rounds.close_wave(wave=wave, by=self.lead, at=self.day(days + 5))

    def measured(self, wave: Wave, *, better: bool) -> dict[str, int | str]:
        """Answers to the measure: lower before, mostly higher after, and never the same for everybody."""
        answers: dict[str, int | str] = {}
        mood = self.chance.choice([0.4, 0.55, 0.7, 0.8, 0.9] if better else [0.15, 0.3, 0.4, 0.5, 0.65])
        turned = {item.question_id for item in wave.measure.items.all() if item.reverse}
        for question in wave.form.questionnaire.questions.all():
            most = len(question.choices) - 1
            number = round(most * min(1.0, max(0.0, mood + self.chance.uniform(-0.2, 0.2))))
            answers[question.slug] = most - number if question.pk in turned else number
        return answers

    def publish(self, text: dict[str, str], *, days: int) -> None:
        reports.save_text(cohort=self.cohort, text=text, by=self.lead, at=self.day(days - 1))
        for what, owner, due in people.RECOMMENDATIONS:
            reports.recommend(cohort=self.cohort, text=what, owner=owner, due_on=self.day(due).date(), by=self.lead)
        for quote in quote_queries.standing(self.cohort):
            reports.choose_quote(cohort=self.cohort, code=quote.code, by=self.lead)
        reports.publish(cohort=self.cohort, by=self.lead, at=self.day(days))

    def opinion(self, form: Form) -> Answers:
        answers: Answers = {}
        for question in form.questionnaire.questions.all():
            most = len(question.choices) - 1
            if question.behaviour.is_words:
                if self.chance.random() < 0.45:
                    words = self.chance.choice(people.COMMENTS)
                    may_quote = question.quotable and self.chance.random() < 0.7
                    answers[question.slug] = Quotable(text=words, may_quote=True) if may_quote else words
            elif question.behaviour.takes_several:
                answers[question.slug] = sorted(self.chance.sample(range(most - 1), 3))
            elif not question.behaviour.is_ordered:
                answers[question.slug] = self.chance.choice([1, 1, 1, 0, 2])
            elif question.behaviour.is_number:
                answers[question.slug] = self.chance.choice([7, 8, 8, 9, 10])
            else:
                answers[question.slug] = self.chance.choice([most, most, most - 1, most - 1, most - 2])
        return answers

    def run(self, session: Session, *, longer: dict[str, int], later: str = "") -> None:
        """By the clock: `longer` says by how many minutes the items whose title begins so took longer, or less."""
        now = session.starts_at + timedelta(minutes=2)

        def press(kind: str, **more: Any) -> None:
            number = session.steps.count()
            running.step(
                session=session, kind=kind, key=f"demo-{session.code}-{number}", by=self.team[1], at=now, **more
            )

        press(SessionStep.Kind.START)
        for item in session.items.filter(counted=True, left_out=False):
            now += timedelta(minutes=item.minutes)
            for title, minutes in longer.items():
                now += timedelta(minutes=minutes if item.title.startswith(title) else 0)
            press(SessionStep.Kind.FINISH)
        press(SessionStep.Kind.END)
        if later:
            running.note_question(
                session=session, text=later, key=f"demo-later-{session.code}", by=self.team[1], at=session.ends_at
            )

    def contacted(self, everybody: list[Person]) -> None:
        """A first talk with each of them, the day after they were referred."""
        for person in everybody:
            referral = self.people[person.name][0].referrals.get(cohort=self.cohort)
            referrals.contacted(referral=referral, on=referral.received_on + timedelta(days=1), by=self.lead)

    def times(self, weekdays: list[int], starts: list[time], can: dict[str, str]) -> None:
        """Times proposed, and what each of the people answered by their link."""
        slots = asking_times.propose(cohort=self.cohort, weekdays=weekdays, starts=starts, by=self.lead)
        for name, words in can.items():
            asking_times.answer(
                cohort=self.cohort,
                caregiver=self.people[name][0],
                answers={slot.code: word for slot, word in zip(slots, words.split(), strict=True)},
                how="online",
                at=self.day(-20),
            )

    def support(self, *, before: int, during: tuple[int, ...] = (), after: int | None = None) -> None:
        """Support for the team: days after the first session on which it was held. It was offered three days before."""
        members = {member.job: member for member in self.cohort.team.all()}
        held = [("clinical", "parent", before)]
        held += [("reflective", job, day) for day in during for job in ("parent", "facilitator")]
        held += [("after", "parent", after)] if after is not None else []
        for kind, job, day in held:
            support.record(
                member=members[job],
                kind=kind,
                offered_on=self.day(day - 3).date(),
                held_on=self.day(day).date(),
                by=self.lead,
            )

    def disclose(self, name: str, concern: dict[str, Any], information: dict[str, Any]) -> None:
        """Somebody told the facilitator something after the first session."""
        evening, who = self.day(0, hour=21), self.people[name][0]
        by = self.team[1]
        steps = [concerns.Step(kind, text, evening) for kind, text in concern["steps"]]
        concerns.write_down(
            cohort=self.cohort, words=concern["words"], on=evening.date(), by=by, caregiver=who, steps=steps, at=evening
        )
        concerns.log_information(cohort=self.cohort, about="vehicle", by=by, caregiver=who, at=evening, **information)

    def close(self, session: Session, *, recap: list[str], why: str = "", call: str = "") -> None:
        """Closed that evening; the e-mails went at once, paper was handed over a week later."""
        evening = session.ends_at + timedelta(minutes=40)
        changed = [one.item for one in outcomes(session.items.all(), session.steps.all()) if one.happened in CHANGED]
        closing.close(
            session=session,
            by=self.team[1],
            recap_points=recap,
            remarks=[closing.Remark(item, why, by_group=True) for item in changed[:1] if why],
            calls=[place for name, (_who, place) in self.people.items() if place and name == call],
            at=evening,
        )
        for delivery in Delivery.objects.filter(pack__session=session):
            if delivery.way == HandoutsBy.EMAIL:
                Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, state_at=evening, tries=1)
            elif session.starts_at < timezone.now() - timedelta(weeks=1):
                packs.hand_over(delivery=delivery, by=self.team[1], at=session.starts_at + timedelta(weeks=1))

    def adapt(self, session: Session, title: str, minutes: int, why: str) -> None:
        """An item gets other minutes than its guide gives it."""
        items = list(session.items.all())
        plan = [
            ItemPlan(code=item.code, **{name: getattr(item, name) for name in ItemPlan.FIELDS} | changed)
            for item in items
            for changed in [{"minutes": minutes} if item.title == title else {}]
        ]
        planning.adapt(
            session=session,
            plan=plan,
            opened_at=seen(items),
            why=why,
            by_group=True,
            by=self.lead,
            at=session.starts_at - timedelta(days=5),
        )

    def ask_speakers(self, session: Session) -> None:
        """Four services speak in session 4: two have said yes, one was asked, one is still to be found."""
        for number, speaker in enumerate(Speaker.objects.filter(item__session=session).order_by("id")[:3]):
            asked, confirmed = self.day(3).date(), self.day(9).date() if number < 2 else None
            organisation, name, contact = people.SPEAKERS[number]
            speakers.change_speaker(
                speaker=speaker,
                by=self.lead,
                organisation=organisation,
                name=name,
                contact=contact,
                asked_on=asked,
                confirmed_on=confirmed,
            )

    def attended(self, session: Session) -> int:
        return RegisterMark.objects.filter(session=session).latest().filter(state__in=ATTENDED).count()
