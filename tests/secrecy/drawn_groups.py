"""Small groups in the database, and what happens to them, done by the product's own actions. For drawn.py.

What is done is written down beside: who was there, who answered what and still agrees, which sheets were opened
together. That is what numbers on pages are held against.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from statistics import mean
from typing import Any

from evaluation.disclosure.suppression import TEAM
from evaluation.figures.rows import PersonRow, Scores
from tests.secrecy.leaks import SOURCES

METHODS = ("gifts", "debt")
FIRST = date(2026, 1, 6)  # of the first group; one begins a week


@dataclass
class Group:
    """One group as it is in the database, and all that was done with it."""

    number: int
    cohort: Any
    sessions: list[Any]
    people: dict[int, PersonRow] = field(default_factory=dict)
    places: dict[int, Any] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)  # withdrew or were erased
    afterwards: dict[int, Scores] = field(default_factory=dict)  # in the box of the round that is still open
    methods: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    boxes: list[list[tuple[int, dict[str, int]]]] = field(default_factory=list)  # opened: sheets by number
    waiting: list[tuple[int, dict[str, int], str]] = field(default_factory=list)  # and the way it came
    heard: int = 0  # sessions that had a form
    versions: list[Any] = field(default_factory=list)

    def sheets(self) -> dict[str, list[int]]:
        """Question -> the sheets whose answer is in a sum, of boxes in which enough answered it."""
        counted: dict[str, list[int]] = defaultdict(list)
        for box in self.boxes:
            answered = Counter(slug for _number, answers in box for slug in answers)
            for number, answers in box:
                for slug in answers:
                    if answered[slug] >= TEAM:
                        counted[slug].append(number)
        return counted


class World:
    """Groups of one lead, one after the other."""

    def __init__(self, chance: Random) -> None:
        from evaluation.measures.actions import own_measure
        from feedback.questions.questionnaires import session_feedback
        from ppg.access.permissions import Role
        from tests.factories import ProgrammeFactory, UserFactory

        self.chance, self.last = chance, 0
        self.lead = UserFactory(role=Role.LEAD)
        self.evaluator = UserFactory(role=Role.EVALUATOR)
        self.programme = ProgrammeFactory()
        self.area = f"Area {self.programme.pk}"
        self.measure = own_measure()
        self.items = list(self.measure.items.select_related("question"))
        self.asked = [question for question in session_feedback().questions.all() if question.kind != "text"]

    def number(self) -> int:
        self.last += 1
        return self.last

    # --- As it begins ------------------------------------------------------------------------------------

    def group(self, number: int) -> Group:
        from evaluation.rounds import actions as evaluation
        from programmes.models import TeamMember
        from tests.factories import CohortFactory, SessionFactory

        cohort = CohortFactory(programme=self.programme, area=self.area, places=20)
        TeamMember.objects.create(cohort=cohort, user=self.lead, job=TeamMember.Job.LEAD)
        TeamMember.objects.create(cohort=cohort, user=self.evaluator, job=TeamMember.Job.EVALUATION)
        begin = datetime.combine(FIRST + timedelta(weeks=number), time(18), tzinfo=_zone())
        sessions = [
            SessionFactory(
                cohort=cohort, number=n, title=f"Session {'abcdef'[n - 1]}", starts_at=begin + timedelta(weeks=n - 1)
            )
            for n in range(1, 7)
        ]
        made = Group(number, cohort, sessions)
        for _ in range(self.chance.randint(2, 13)):
            self.person(made)
        waves = {point: evaluation.open_wave(cohort=cohort, point=point, by=self.lead) for point in ("before", "after")}
        for key in list(made.people):
            self.answers(made, key, waves)
        evaluation.close_wave(wave=waves["before"], by=self.lead)
        if self.chance.random() < 0.6:
            self.close_round(made)
            if self.chance.random() < 0.5:
                self.three_months_later(made)
        for _ in range(self.chance.randint(1, 5)):
            self.hear(made)
        for method in METHODS:
            for _ in range(self.chance.randint(0, 7)):
                self.log(made, method)
        return made

    def person(self, group: Group, *, late: bool = False) -> None:
        from sessions_app.models import MarkState, RegisterMark
        from tests.evaluation.conftest import agree as consent
        from tests.factories import CaregiverFactory, PlaceFactory

        chance, key = self.chance, self.number()
        source = chance.choices(SOURCES, [5, 4, 2, 1])[0]
        person = CaregiverFactory(cohort=group.cohort)
        person.referrals.update(source=source)
        offered = not late and chance.random() < 0.9
        likely = chance.choice((0.3, 0.9, 0.95))
        attended = frozenset(n for n in range(1, 7) if chance.random() < likely) if offered else frozenset()
        group.people[key] = PersonRow(source, offered=offered, attended=attended, expected=frozenset(range(1, 7)))
        if not offered:
            return
        place = PlaceFactory(
            cohort=group.cohort,
            caregiver=person,
            seat=len(group.places) + 1,
            taken_on=FIRST - timedelta(days=30),
        )
        group.places[key] = place
        if chance.random() < 0.9:
            consent(place)
        else:
            group.gone.add(key)
        RegisterMark.objects.bulk_create(
            RegisterMark(
                session=session,
                place=place,
                state=MarkState.PRESENT if session.number in attended else MarkState.NOT_HERE,
                key=f"{place.pk}.{session.pk}",
                made_at=session.starts_at,
                recorded_by=self.lead,
            )
            for session in group.sessions
        )

    def answers(self, group: Group, key: int, waves: dict[str, Any]) -> None:
        """In each of these rounds, or not."""
        from evaluation.rounds import actions as evaluation

        if key not in group.places or key in group.gone:
            return
        for point in waves:
            if self.chance.random() > 0.85:
                continue
            left_out = self.chance.choice(["", "", "", "goal", "practical"])
            answers = {
                item.question.slug: self.chance.randint(0, 10 if item.question.kind == "number" else 4)
                for item in self.items
                if (item.domain or "goal") != left_out
            }
            way = self.chance.choice(["online", "online", "paper"])
            evaluation.receive(
                wave=waves[point],
                place=group.places[key],
                answers=answers,
                nonce=f"{waves[point].pk}.{key}",
                way=way,
                by=self.lead,
            )
            scores = Scores(self.scores(answers), way)
            if point == "after":
                group.afterwards[key] = scores
            else:
                group.people[key] = replace(group.people[key], **{point: scores})

    def scores(self, answers: dict[str, int]) -> dict[str, float | None]:
        """The mean of a domain's answers, those of turned items turned round; the goal as it is."""
        found: dict[str, list[int]] = {item.domain or "goal": [] for item in self.items}
        for item in self.items:
            if item.question.slug in answers:
                number = answers[item.question.slug]
                found[item.domain or "goal"].append(4 - number if item.reverse else number)
        return {key: mean(numbers) if numbers else None for key, numbers in found.items()}

    # --- What happens --------------------------------------------------------------------------------------

    def happens(self, group: Group) -> None:
        often = [self.withdraw, self.withdraw, self.hear, self.hear]
        seldom = [self.erase, self.refer, self.put_right, self.takes_back, self.note, self.three_months_later]
        self.chance.choice([*often, *seldom, self.close_round])(group)

    def close_round(self, group: Group) -> None:
        """The answers after the programme count from now on."""
        from evaluation.models import Wave
        from evaluation.rounds import actions as evaluation

        evaluation.close_wave(wave=Wave.objects.get(cohort=group.cohort, point="after"), by=self.lead)
        for key, scores in group.afterwards.items():
            group.people[key] = replace(group.people[key], after=scores)
        group.afterwards = {}

    def three_months_later(self, group: Group) -> None:
        from evaluation.models import Wave
        from evaluation.rounds import actions as evaluation
        from tests.evaluation.conftest import agree_to_be_contacted

        if Wave.objects.filter(cohort=group.cohort, point="later").exists():
            return
        wave = evaluation.open_wave(cohort=group.cohort, point="later", by=self.lead)
        for key in sorted(group.places.keys() - group.gone):
            agree_to_be_contacted(group.places[key])
            self.answers(group, key, {"later": wave})
        evaluation.close_wave(wave=wave, by=self.lead)

    def somebody(self, group: Group) -> int | None:
        there = sorted(group.places.keys() - group.gone)
        return self.chance.choice(there) if there else None

    def withdraw(self, group: Group) -> None:
        from caregivers.consents.actions import withdraw

        if key := self.somebody(group):
            withdraw(caregiver=group.places[key].caregiver, kind="evaluation")
            self.takes_out(group, key)

    def erase(self, group: Group) -> None:
        from caregivers.rights import actions as rights

        if key := self.somebody(group):
            rights.erase(caregiver=group.places[key].caregiver, by=self.lead)
            self.takes_out(group, key)

    def takes_out(self, group: Group, key: int) -> None:
        group.gone.add(key)
        group.afterwards.pop(key, None)
        group.people[key] = replace(group.people[key], before=None, after=None, later=None)

    def refer(self, group: Group) -> None:
        self.person(group, late=True)

    def put_right(self, group: Group) -> None:
        """The register of one session, for one person who was at others too."""
        from sessions_app.models import MarkState
        from sessions_app.register import actions as register

        if (key := self.somebody(group)) is None or len(group.people[key].attended) < 2:
            return
        session, attended = self.chance.choice(group.sessions), group.people[key].attended
        now = MarkState.NOT_HERE if session.number in attended else MarkState.PRESENT
        register.mark(
            session=session, place=group.places[key], state=now, key=f"{session.pk} right {self.number()}", by=self.lead
        )
        group.people[key] = replace(group.people[key], attended=attended ^ {session.number})

    def takes_back(self, group: Group) -> None:
        """Every tick of one person, as if they had never come."""
        from sessions_app.models import MarkState
        from sessions_app.register import actions as register

        if (key := self.somebody(group)) is None:
            return
        for number in sorted(group.people[key].attended):
            session = group.sessions[number - 1]
            pressed = f"{session.pk} back {self.number()}"
            register.mark(session=session, place=group.places[key], state=MarkState.NOT_HERE, key=pressed, by=self.lead)
        group.people[key] = replace(group.people[key], attended=frozenset())

    def note(self, group: Group) -> None:
        self.log(group, self.chance.choice(METHODS))

    def log(self, group: Group, method: str) -> None:
        from caregivers.concerns import actions as concerns

        told = {"noticed": "A car", "noticed_when": "often", "how_known": "seen"}
        concerns.log_information(cohort=group.cohort, about="vehicle", by=self.lead, methods=[method], **told)
        group.methods[method].append(self.number())

    def hear(self, group: Group) -> None:
        """The form after the next session: what few answered waits with it for the one after."""
        from feedback.asking import actions as asking
        from sessions_app.models import RegisterMark
        from tests.feedback.factories import answered, closed

        if group.heard == len(group.sessions):
            return
        session = group.sessions[group.heard]
        group.heard += 1
        form = asking.open_form(session=session, by=self.lead)
        here = RegisterMark.objects.filter(session=session).attended().count()
        for _ in range(self.chance.randint(0, min(9, here))):
            answers = {
                question.slug: self.chance.randrange(len(question.options))
                for question in self.asked
                if self.chance.random() < 0.85
            }
            way = self.chance.choice(["online", "online", "paper"])
            answered(form, answers, way=way)
            group.waiting.append((self.number(), answers, way))
        closed(form, by=self.lead)
        if enough([way for _number, _answers, way in group.waiting]):
            group.boxes.append(opened(group.waiting))
            group.waiting = []


def enough(ways: list[str]) -> bool:
    """Whoever typed in paper knows it: so all came on paper, or enough answered by themselves."""
    themselves = len(ways) - ways.count("paper")
    return len(ways) >= TEAM and (not themselves or themselves >= TEAM)


def opened(waiting: list[tuple[int, dict[str, int], str]]) -> list[tuple[int, dict[str, int]]]:
    """The sheets without the answers to questions that enough answered, but too few by themselves."""
    ways: dict[str, list[str]] = defaultdict(list)
    for _number, answers, way in waiting:
        for slug in answers:
            ways[slug].append(way)
    gone = {slug for slug, came in ways.items() if len(came) >= TEAM and not enough(came)}
    return [
        (number, {slug: given for slug, given in answers.items() if slug not in gone})
        for number, answers, _way in waiting
    ]


def _zone() -> Any:
    from django.utils import timezone

    return timezone.get_current_timezone()
