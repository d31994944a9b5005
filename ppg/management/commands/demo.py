"""Fills an empty database with invented people and three groups, and says how to sign in as each role."""

from __future__ import annotations

import os
import secrets
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.consents import actions as consents
from caregivers.links import actions as links
from caregivers.models import Caregiver, ConsentWording, Poster
from caregivers.places import actions as places
from caregivers.posters.actions import switch_poster
from caregivers.wordings import shipped as wordings
from feedback.models import Form, SuggestionBox
from feedback.questions import questionnaires
from feedback.quotes import queries as quotes
from feedback.slips.codes import codes_of
from feedback.slips.queries import sheet_of
from ppg.management.demo import people
from ppg.management.demo.groups import Group
from ppg.models import Service, User
from ppg.service_details import service
from programmes.models import Cohort
from programmes.shipped.actions import load_shipped
from sessions_app.dates import WEEK, weekly

INVITED_TO = "Ipswich, Chantry"
TUESDAY, THURSDAY = 1, 3
SESSIONS = 6


def last_weekday(day: date, weekday: int) -> date:
    """The last such day of the week up to `day`: groups do not meet on a Sunday because the demo began on one."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def is_quiet(day: date) -> bool:
    """From Christmas Eve to New Year's Day nobody meets, whenever the demo begins."""
    return (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)


def days_over(today: date) -> list[date]:
    """Six weeks in a row, over for a while."""
    days = weekly(last_weekday(today - timedelta(weeks=12), TUESDAY), SESSIONS)
    while any(map(is_quiet, days)):
        days = [day - WEEK for day in days]
    return days


def days_running(today: date) -> list[date]:
    """Two are over, and the third is tomorrow, or on the first day on which groups meet again."""
    day = today + timedelta(days=1)
    while is_quiet(day):
        day += timedelta(days=1)
    before = [past for past in (day - WEEK * weeks for weeks in range(1, 5)) if not is_quiet(past)][:2]
    return [*reversed(before), *days_from(day, SESSIONS - len(before))]


def days_planned(today: date) -> list[date]:
    return days_from(last_weekday(today + timedelta(weeks=3), THURSDAY), SESSIONS)


def days_from(first: date, count: int) -> list[date]:
    return weekly(first, count, list(filter(is_quiet, weekly(first, count + 2))))


class Command(BaseCommand):
    help = "Fills an empty database with invented people, and prints how to sign in. --reset empties it first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reset", action="store_true", help="throw everything away first")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo does not run in production: its people are invented, and so are its passwords."
            )
        if options["reset"]:
            call_command("flush", interactive=False, verbosity=0)
        if not User.objects.exists():
            with transaction.atomic():
                self.fill()
        elif not User.objects.filter(email="lead@demo.example").exists():
            raise CommandError("This database holds other people. Use an empty one, or --reset to throw it away.")
        self.say_how_to_sign_in()

    def fill(self) -> None:
        load_shipped()
        questionnaires.load_shipped()
        wordings.load(ConsentWording.objects)
        self.adapt_texts()
        Service.objects.create(
            name="Common Ground",
            organisation="Demo Council",
            phone="01632 960100",
            email="hello@demo.example",
            safeguarding_phone="01632 960120",
            out_of_hours_phone="01632 960999",
        )
        service.forget()
        staff = {
            login: User.objects.create_user(f"{login}@demo.example", name=name, role=role)
            for login, name, role in people.STAFF
        }
        lead, parent, manager = staff["lead"], staff["parent"], staff["manager"]
        self.finished([lead, staff["facilitator"], parent, manager, staff["evaluator"]])
        self.running([lead, staff["facilitator"], parent, manager])
        self.planned([lead, staff["facilitator2"], parent])

    def adapt_texts(self) -> None:
        """As a council does: versions of its own of what everybody reads, with what only the council knows."""
        for row in ConsentWording.objects.unfinished():
            if row.kind in people.TEXTS:
                text = row.text
                for blank, words in people.TEXTS[row.kind].items():
                    text = text.replace(blank, words)
                ConsentWording.objects.create(kind=row.kind, version=row.version + 1, text=text)

    def finished(self, team: list[User]) -> None:
        """Six sessions are over; one person left, one came from the waiting list, one withdrew; the report is out."""
        days = days_over(timezone.localdate())
        venue = "Southgate Community Centre"
        group = Group("Bury St Edmunds, Southgate", "Bury St Edmunds", venue, days, team, seed=1)
        self.bring_in(group, people.FINISHED)
        group.ask("before", days=-6, missing=("Femi Okafor",))
        for session in group.sessions:
            if session.number == 3:
                self.swap(group, "Paula Whitmore", "Femi Okafor", days=10)
            if session.number == 3:
                group.adapt(session, "Tools that may help", 35, "The group wanted to try the questions out in pairs")
            group.tick(session, people.FINISHED)
            group.run(session, longer=people.LONGER.get(session.number, {}))
            group.hear(session, answered=4 if session.number == 2 else group.attended(session))
            group.close(session, recap=people.RECAP[session.number], why="There was much to talk about")
        withdrawn, _ = group.people["Rashid Karim"]
        consents.withdraw(caregiver=withdrawn, kind="evaluation", how="spoken", by=group.lead, at=group.day(30))
        group.ask("after", days=36, missing=("Paula Whitmore",))
        group.support(before=-20, during=(8, 22), after=49)
        group.hear_at_the_end(answered=7)
        agreed = quotes.who_agreed(group.cohort)
        group.talk(people.FOCUS, [(one.name, *said) for one, said in zip(agreed, people.SAID, strict=False)])
        group.suggest([one for one in people.SUGGESTIONS if one[2]])
        group.publish(people.NARRATIVE, days=50)

    def running(self, team: list[User]) -> None:
        """In week three: two sessions held, the third is tomorrow."""
        days = days_running(timezone.localdate())
        group = Group("Lowestoft, Kirkley", "Lowestoft", "Kirkley Centre, room 2", days, team, seed=2)
        self.bring_in(group, people.RUNNING)
        group.ask("before", days=-5)
        for session in group.sessions[:2]:
            if session.number == 2:
                self.swap(group, "Claire Benson", "Marta Silva", days=3)
            group.tick(session, people.RUNNING)
            group.run(session, longer=people.LONGER.get(session.number, {}), later=people.LATER.get(session.number, ""))
            group.hear(session, answered=6, late=session.number == 2)
            group.close(session, recap=people.RECAP[session.number], call=people.CALL.get(session.number, ""))
        group.ask_speakers(group.sessions[3])
        group.support(before=-12, during=(8,))
        group.suggest(people.SUGGESTIONS)
        group.disclose("Claire Benson", people.CONCERN, people.INFORMATION)

    def planned(self, team: list[User]) -> None:
        """Three weeks to go: five are in, one waits for the check, one has a link, one was just referred."""
        days = days_planned(timezone.localdate())
        group = Group(INVITED_TO, "Ipswich", "Chantry Library", days, team, seed=3)
        self.bring_in(group, people.PLANNED)
        group.refer(people.WAITING, days=-30, check="asked")
        group.register(people.WAITING, days=-24)
        invited = group.refer(people.INVITED, days=-26)
        links.invite(caregiver=invited, cohort=group.cohort, by=team[0])
        group.refer(people.REFERRED, days=-22, check="")
        group.contacted([*people.PLANNED, people.WAITING, people.INVITED])
        group.times([TUESDAY, THURSDAY], [time(10), time(18, 30)], people.TIMES)
        switch_poster(cohort=group.cohort, on=True, by=group.lead, site=self.site)

    def bring_in(self, group: Group, everybody: list[people.Person]) -> None:
        """Referred, checked and registered one after the other; from the ninth on they wait."""
        for number, person in enumerate(everybody):
            group.refer(person, days=-38 + number)
            group.register(person, days=-28 + number)

    def swap(self, group: Group, gone: str, come: str, *, days: int) -> None:
        """Somebody leaves, and the next person on the waiting list takes the place."""
        leaver, _ = group.people[gone]
        places.leave(cohort=group.cohort, caregiver=leaver, by=group.lead, at=group.day(days))
        newcomer, _ = group.people[come]
        place = places.take_place(cohort=group.cohort, caregiver=newcomer, by=group.lead, at=group.day(days + 1))
        group.people[come] = (newcomer, place)

    def say_how_to_sign_in(self) -> None:
        password = os.environ.get("DEMO_PASSWORD") or f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        staff = User.objects.filter(email__in=[f"{login}@demo.example" for login, _name, _role in people.STAFF])
        known = set(staff.values_list("password", flat=True))
        if len(known) > 1 or not check_password(password, known.pop()):
            staff.update(password=make_password(password))  # hashed once: seven times would be most of the start
        site = self.site
        self.stdout.write(f"\nThe demo: {site}\n\nSign in as")
        for login, name, role in people.STAFF:
            self.stdout.write(f"  {login + '@demo.example':28} {role.label} ({name})")
        self.stdout.write(f"with the password  {password}\n\nPages for caregivers, without signing in:")
        for label, path in self.public_pages():
            self.stdout.write(f"  {label:28} {site}{path}")
        self.stdout.write("")

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"

    def public_pages(self) -> list[tuple[str, str]]:
        """Personal links are kept as hashes only, so they are made anew each time."""
        pages = []
        if form := Form.objects.filter(session__isnull=False, closed_at=None).first():
            pages.append(("Feedback on a session", reverse("answer_form", args=[form.code])))
            if (sheet := sheet_of(form)) and (slips := codes_of(sheet)):
                pages.append(("The same, by a slip", reverse("slip", args=[sheet.code, slips[-1]])))
        cohort = Cohort.objects.filter(name=INVITED_TO).first()
        if box := SuggestionBox.objects.filter(closed_at=None).first():
            pages.append(("Suggestion box", reverse("box", args=[box.code])))
        if poster := Poster.objects.filter(closed_at=None).first():
            pages.append(("The poster's page", reverse("interest", args=[poster.code])))
        invited = next((one for one in Caregiver.objects.all() if one.name == people.INVITED.name), None)
        if cohort and invited and not invited.registered_at:
            token = links.invite(caregiver=invited, cohort=cohort, by=None)
            pages.append(("Registration", reverse("register", args=[token])))
        return pages
