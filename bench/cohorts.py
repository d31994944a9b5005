"""Cohorts by the thousand, as they look after their weeks: people, consents, sessions, registers, answers, reports.

    .venv/bin/python bench/cohorts.py [1000] [sqlite|postgresql]    into a database that is thrown away: how fast
    PPG_VAR=/tmp/many .venv/bin/python bench/cohorts.py fill 1000   into the empty database that the settings name

Eight caregivers and six sessions each; the same seed makes the same cohorts. Everybody's names, numbers and words are
invented and encrypted as the product does. `lead0@bench.example` leads the first ten cohorts, and so on; there is a
`manager@bench.example`. Nobody has a password: pages are opened by `force_login`.
"""

from __future__ import annotations

import sys
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests import machines

COHORTS_OF_A_LEAD = 10
AT_ONCE = 100  # cohorts in a transaction
AREAS = ["Ipswich", "Lowestoft", "Bury St Edmunds", "Felixstowe", "Sudbury", "Haverhill", "Stowmarket", "Mildenhall"]
FIRST = ["Rosa", "Omar", "Lena", "Ines", "Tariq", "Mary", "Joan", "Femi", "Priya", "Karl", "Ewa", "Dawn", "Luis", "Nia"]
LAST = ["Marsh", "Reed", "Khan", "Silva", "Osei", "Field", "Novak", "Benson", "Price", "Larsen", "Shaw", "Ward", "Hale"]
WORDS = ["More time to talk.", "The films were hard to watch, but good.", "Thank you.", "Start a little later.", ""]
SECTION = {"learned": "Parents came back because other parents were there. " * 6}
NOBODYS = "!"  # no password fits
YEARS, UNTIL = 5, date(2026, 11, 1)  # when the first sessions were; fixed, so that the same seed is the same data


def models() -> dict[str, Any]:
    """What is filled, parents first. Not before Django is set up."""
    from caregivers import models as people
    from evaluation import models as asked
    from feedback import models as heard
    from ppg.models import User
    from programmes import models as group
    from sessions_app import models as meeting

    order: list[Any] = [User, group.Cohort, group.TeamMember, people.Caregiver, people.EmergencyContact]
    order += [people.Referral, people.PoliceCheck, people.Consent, people.Place, people.FollowUp]
    order += [meeting.Session, meeting.SessionItem, meeting.SessionStep, meeting.RegisterMark]
    order += [heard.Form, heard.Submission, heard.Answer]
    order += [asked.Wave, asked.WaveLink, asked.PseudonymKey, asked.Response, asked.Report, asked.ReportVersion]
    return {model.__name__: model for model in order}


class Filler:
    """Fills an empty database."""

    def __init__(self, seed: int = 1) -> None:
        from django.utils import timezone

        from bench.rows import Tables
        from caregivers.models import ConsentWording
        from caregivers.wordings import shipped as wordings
        from evaluation.figures.calculation import figures
        from evaluation.measures.actions import own_measure
        from feedback.questions.questionnaires import session_feedback
        from programmes.shipped.actions import load_shipped

        self.chance, self.zone = Random(seed), timezone.get_current_timezone()
        self.programme = load_shipped()[0]
        self.guides = [(guide, list(guide.items.all())) for guide in self.programme.guides.with_plan()]
        if not ConsentWording.objects.exists():
            wordings.load(ConsentWording.objects)
        self.wordings = {kind: wording.pk for kind, wording in ConsentWording.objects.newest().items()}
        self.questionnaire, self.measure = session_feedback(), own_measure()
        self.asked = list(self.questionnaire.questions.all())
        self.items = list(self.measure.items.select_related("question"))
        self.no_figures = figures(people=[], sessions=[]).to_dict()
        self.models = models()
        self.tables = Tables(list(self.models.values()), self.chance)
        self.staff("manager", "manager")
        self.number = 0

    def add(self, model: str, **fields: Any) -> Any:
        return self.tables[self.models[model]].add(**fields)

    def fill(self, cohorts: int) -> None:
        for number in range(cohorts):
            if number % COHORTS_OF_A_LEAD == 0:
                which = number // COHORTS_OF_A_LEAD
                self.lead, self.facilitator = self.staff("lead", f"lead{which}"), self.staff("facilitator", f"f{which}")
            # by chance, so that the newest twenty are as old as any others, however many there are
            self.cohort(UNTIL - timedelta(days=self.chance.randrange(YEARS * 365)))
            if number % AT_ONCE == AT_ONCE - 1:
                self.tables.write()
        self.tables.write()
        self.tables.finish()

    def staff(self, role: str, login: str) -> int:
        return self.add(
            "User", email=f"{login}@bench.example", name=login.title(), role=role, password=NOBODYS, is_active=True
        )

    # --- One cohort ----------------------------------------------------------------------------------

    def cohort(self, first: date) -> None:
        self.number += 1
        area = self.chance.choice(AREAS)
        made = first - timedelta(days=50)
        self.group = self.add(
            "Cohort", programme_id=self.programme.pk, name=f"{area} {self.number}", area=area, places=8, made_on=made
        )
        for user, job in ((self.lead, "lead"), (self.facilitator, "facilitator")):
            self.add("TeamMember", cohort_id=self.group, user_id=user, job=job)
        people = [self.person(seat, first) for seat in range(1, 9)]
        after: list[tuple[int, datetime, int]] = []
        for number, (guide, items) in enumerate(self.guides):
            after.append(self.session(number, guide, items, self.moment(first, 7 * number, 18), people))
        self.feedback(after)
        self.before_and_after(first, people)
        if self.chance.random() < 0.6:
            self.report(first)

    def moment(self, day: date, days: int, hour: int = 11) -> datetime:
        return datetime.combine(day + timedelta(days=days), clock(hour), self.zone)

    def person(self, seat: int, first: date) -> tuple[int, int | None, bool]:
        """(place, the week in which they left, agreed to the evaluation)."""
        chance, index = self.chance, self.number * 8 + seat
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        phone = f"07700 {index % 1_000_000:06}"
        registered = self.moment(first, -chance.randint(3, 15))
        person = self.add(
            "Caregiver",
            name=name,
            phone=phone,
            email=f"person{index}@families.example",
            safe_ways=["text", "call"],
            handouts_by=chance.choice(["email", "paper"]),
            registered_at=registered,
            registered_how=chance.choice(["online", "spoken"]),
            notice_id=self.wordings["notice"],
        )
        self.add("EmergencyContact", caregiver_id=person, name=f"Jo {chance.choice(LAST)}", phone=phone)
        source = chance.choice(["caseload", "caseload", "hub", "parenting", "early_help", "community", "interest"])
        self.add(
            "Referral",
            caregiver_id=person,
            cohort_id=self.group,
            source=source,
            received_on=first - timedelta(days=40),
            contacted_on=first - timedelta(days=30),
            contacted_by_id=self.lead,
        )
        on = first - timedelta(days=20)
        self.add("PoliceCheck", caregiver_id=person, outcome="clear", on=on, recorded_by_id=self.lead)
        agreed = self.consents(person, registered)
        left = chance.randint(2, 5) if chance.random() < 0.12 else None
        place = self.add(
            "Place",
            cohort_id=self.group,
            caregiver_id=person,
            state="left" if left else "taken",
            seat=None if left else seat,
            taken_on=registered.date(),
            left_on=first + timedelta(days=7 * left - 3) if left else None,
        )
        if left:
            told = {"kind": "call", "reason": "absent", "due_on": first + timedelta(days=7 * left - 4)}
            told["offered_on"] = told["due_on"]
            self.add("FollowUp", caregiver_id=person, cohort_id=self.group, **told)
        return place, left, agreed

    def consents(self, person: int, at: datetime) -> bool:
        standing = False
        for kind, likely in (("evaluation", 0.85), ("quotes", 0.6), ("chat", 0.5), ("after", 0.7)):
            told = {"caregiver_id": person, "kind": kind, "wording_id": self.wordings[kind], "how": "online"}
            given = self.chance.random() < likely
            self.add("Consent", **told, given=given, at=at)
            if kind == "evaluation" and given and self.chance.random() < 0.03:
                self.add("Consent", **told, given=False, at=at + timedelta(days=40))
                given = False
            standing = standing or (kind == "evaluation" and given)
        return standing

    # --- Sessions --------------------------------------------------------------------------------------

    def session(self, number: int, guide: Any, items: list[Any], starts: datetime, people: list[Any]) -> Any:
        """(session, its start, how many were there)."""
        session = self.add(
            "Session",
            cohort_id=self.group,
            guide_id=guide.pk,
            number=number + 1,
            title=guide.title,
            starts_at=starts,
            minutes=90,
            aims=guide.aims,
            materials=guide.materials,
            closed_at=starts + timedelta(minutes=100),
            closed_by_id=self.facilitator,
        )
        self.agenda(session, items, starts)
        there = 0
        for place, left, _agreed in people:
            if left is not None and number >= left:
                continue
            state = self.chance.choices(["present", "late", "apologies", "not_here"], [76, 6, 10, 8])[0]
            there += state in ("present", "late")
            key = f"{session}-{place}"
            told = {"made_at": starts + timedelta(minutes=12), "recorded_by_id": self.facilitator}
            self.add("RegisterMark", session_id=session, place_id=place, state=state, key=key, **told)
        return session, starts, there

    def agenda(self, session: int, items: list[Any], starts: datetime) -> None:
        now = starts
        steps = [("start", None, now)]
        for item in items:
            copied = {name: getattr(item, name) for name in ("position", "title", "kind", "minutes", "counted", "lead")}
            more = {"prompts": item.prompts, "speakers": item.speakers, "source_id": item.pk}
            key = self.add("SessionItem", session_id=session, **copied, **more)
            now += timedelta(minutes=max(1, item.minutes + self.chance.randint(-3, 4)))
            steps.append(("skip" if self.chance.random() < 0.04 else "finish", key, now))
        for number, (kind, key, at) in enumerate([*steps, ("end", None, now)]):
            told = {"kind": kind, "item_id": key, "at": at, "by_id": self.facilitator}
            self.add("SessionStep", session_id=session, key=f"{session}.{number}", **told)

    # --- Answers ---------------------------------------------------------------------------------------

    def form(self, questionnaire: Any, opened_with: int | None, closed: datetime, session: int | None = None) -> int:
        told = {"questionnaire_id": questionnaire.pk, "cohort_id": self.group, "session_id": session}
        return self.add("Form", **told, closes_at=closed, closed_at=closed, opened_with_id=opened_with)

    def feedback(self, sessions: list[tuple[int, datetime, int]]) -> None:
        """Where fewer than five answered, their sheets join those of the next session, as the product does."""
        table = self.tables[self.models["Form"]]
        waiting: list[int] = []
        sheets = 0
        for session, starts, there in sessions:
            sheets += sum(self.chance.random() < 0.85 for _ in range(there))
            form = self.form(self.questionnaire, None, starts + timedelta(days=3), session)
            waiting.append(len(table.rows) - 1)
            if sheets < 5:
                continue
            for row in waiting:
                table.rows[row][table.index["opened_with"]] = form
            self.sheets(form, sheets)
            waiting, sheets = [], 0

    def sheets(self, form: int, how_many: int) -> None:
        for _ in range(how_many):
            sheet = self.add("Submission", form_id=form, way=self.chance.choice(["online", "online", "paper"]))
            for question in self.asked:
                about = {"form_id": form, "question_id": question.pk}
                if question.behaviour.is_words:
                    if (words := self.chance.choice(WORDS)) and self.chance.random() < 0.4:
                        self.add("Answer", **about, text=words)
                elif question.options:
                    most = len(question.options) - 1
                    number = min(most, max(0, round(self.chance.gauss(0.75 * most, 1))))
                    self.add("Answer", **about, submission_id=sheet, number=number)

    def before_and_after(self, first: date, people: list[tuple[int, int | None, bool]]) -> None:
        agreed = [(place, left, self.tables[self.models["Place"]].code()) for place, left, ok in people if ok]
        for place, _left, pseudonym in agreed:
            self.add("PseudonymKey", place_id=place, pseudonym=pseudonym)
        for point, days, mood in (("before", -4, 0.4), ("after", 38, 0.6)):
            closed = self.moment(first, days + 5)
            form = self.form(self.measure.questionnaire, None, closed)
            table = self.tables[self.models["Form"]]
            table.rows[-1][table.index["opened_with"]] = form
            told = {"cohort_id": self.group, "measure_id": self.measure.pk, "form_id": form}
            wave = self.add("Wave", point=point, **told)
            for place, left, pseudonym in agreed:
                if self.chance.random() < (0.08 if point == "before" else 0.7 if left else 0.15):
                    continue
                self.answered(wave, form, place, pseudonym, self.moment(first, days, 0), mood)

    def answered(self, wave: int, form: int, place: int, pseudonym: str, day: datetime, mood: float) -> None:
        self.add("WaveLink", wave_id=wave, place_id=place, token_hash=self.chance.randbytes(32).hex(), used_at=day)
        sheet = self.add("Submission", form_id=form, way=self.chance.choice(["online", "online", "paper"]))
        self.add("Response", wave_id=wave, pseudonym=pseudonym, submission_id=sheet)
        own = mood + self.chance.gauss(0, 0.12)
        for item in self.items:
            most = len(item.question.choices) - 1
            number = min(most, max(0, round(most * (own + self.chance.gauss(0, 0.12)))))
            told = {"form_id": form, "submission_id": sheet, "question_id": item.question_id}
            self.add("Answer", **told, number=most - number if item.reverse else number)

    def report(self, first: date) -> None:
        at = self.moment(first, 55)
        report = self.add(
            "Report", cohort_id=self.group, text=SECTION, edited_at=at, edited_by_id=self.lead, told_before=[]
        )
        told = {"text": SECTION, "figures": self.no_figures, "pdf": b"%PDF-" + bytes(2000)}
        self.add("ReportVersion", report_id=report, number=1, published_at=at, published_by_id=self.lead, **told)


def fill(cohorts: int, seed: int = 1) -> tuple[dict[str, int], float]:
    """Rows by model, and seconds. The database is there and empty."""
    from django.db import connection

    began = time.monotonic()
    if (
        connection.vendor == "sqlite" and not connection.in_atomic_block
    ):  # nobody needs what a power cut would take: it is made anew
        with connection.cursor() as cursor:
            for pragma in ("synchronous = OFF", "cache_size = -1000000", "secure_delete = OFF", "temp_store = MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
    filler = Filler(seed)
    filler.fill(cohorts)
    return dict(filler.tables.counts()), time.monotonic() - began


def set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def say(cohorts: int, rows: dict[str, int], seconds: float) -> None:
    print(f"{cohorts:,} cohorts: {sum(rows.values()):,} rows in {seconds:.1f} s")
    print(", ".join(f"{count:,} {name}" for name, count in sorted(rows.items(), key=lambda one: -one[1])))


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["fill"]:
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
        set_up()
        cohorts = int(arguments[1])
        say(cohorts, *fill(cohorts))
        return
    cohorts = int(arguments[0]) if arguments else 1000
    with machines.database(arguments[1] if len(arguments) > 1 else "sqlite"):
        set_up()
        say(cohorts, *fill(cohorts))


if __name__ == "__main__":
    main()
