"""A world in which anybody presses anything: sequences of every action as every role, over HTTP.

After each step the database is asked whether what must never happen has happened. A run is made again by its seed.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.cache import caches
from django.db.models import Exists, F, OuterRef, Subquery
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from caregivers.models import Caregiver, KeptApart, Place, PoliceCheck, Referral
from caregivers.places import actions
from ppg.access.permissions import Role
from programmes.models import Cohort
from sessions_app.models import Session
from tests.factories import CaregiverFactory, CohortFactory, ProgrammeFactory, SessionFactory, UserFactory
from tests.guards.test_permissions import TABLE

MOST_PEOPLE = 12
WAITING, OFFERED, TAKEN, LEFT = Place.State.WAITING, Place.State.OFFERED, Place.State.TAKEN, Place.State.LEFT
KINDS = ["evaluation", "quotes", "chat", "after"]


def addresses(resolver: Any = None, namespace: str = "", params: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Every address of the caregivers' pages, staff's and public: its name and what its parts are."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        parts = (*params, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            found += addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, parts)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("caregivers."):
            name = f"{namespace}{entry.name}"
            found.append((name, TABLE[name][0].split() if name in TABLE else list(parts)))
    return found


class World:
    """Two groups of two places, led by two leads; eight people, some of them referred to both groups."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.log: list[str] = []
        self.did: Counter[str] = Counter()
        roles = {role: UserFactory(role=role) for role in Role}
        other_lead = UserFactory(role=Role.LEAD)
        programme = ProgrammeFactory(group_size_max=3)
        team = [roles[Role.LEAD], roles[Role.FACILITATOR], roles[Role.PARENT]]
        self.cohorts = [CohortFactory(programme=programme, places=2, team=team)]
        self.cohorts.append(CohortFactory(programme=programme, places=2, team=[other_lead, *team]))
        self.sessions = [SessionFactory(cohort=cohort, starts_at=timezone.now()) for cohort in self.cohorts]
        for number in range(8):
            person = CaregiverFactory(cohort=self.cohorts[number % 2])
            if number % 3 == 0:
                self.refer(person, self.cohorts[1 - number % 2])
        users = [*roles.values(), other_lead, None]
        self.clients = {user.role if user else "stranger": Client() for user in users}
        for user in roles.values():
            self.clients[user.role].force_login(user)
        self.clients["other lead"] = Client()
        self.clients["other lead"].force_login(other_lead)
        self.tokens = ["A" * 22]
        self.addresses = addresses()
        self.seated: dict[int, str] = {}
        self.given = self.requests = 0

    @staticmethod
    def refer(person: Caregiver, cohort: Cohort) -> None:
        Referral.objects.create(
            caregiver=person, cohort=cohort, source=Referral.Source.HUB, received_on=timezone.localdate()
        )

    # --- Choosing -----------------------------------------------------------------------------------

    def person(self) -> Caregiver:
        return self.chance.choice(list(Caregiver.objects.only("code")))

    def referral(self, *states: str) -> Referral:
        """Anybody; every second time somebody with a place in one of these states, where there is one."""
        rows = Referral.objects.select_related("caregiver")
        if states and self.chance.random() < 0.5:
            fits = Place.objects.filter(cohort=OuterRef("cohort"), caregiver=OuterRef("caregiver"), state__in=states)
            rows = rows.filter(Exists(fits)) or rows
        return self.chance.choice(list(rows))

    def client(self) -> tuple[str, Client]:
        """Mostly somebody who may: the others are refused everything, which is soon known."""
        role = Role.LEAD if self.chance.random() < 0.7 else self.chance.choice(list(self.clients))
        return role, self.clients[role]

    def post(self, name: str, args: list[str], data: dict[str, Any] | None = None) -> Any:
        role, client = self.client()
        form = {"effect_key": str(uuid.UUID(int=self.chance.getrandbits(128)))} | (data or {})
        answer = client.post(reverse(name, args=args), form)
        self.requests += 1
        self.log.append(f"{role} {name} {args} {data or ''} → {answer.status_code}")
        assert answer.status_code < 500, self.log[-1]
        return answer

    # --- Steps --------------------------------------------------------------------------------------

    def step(self) -> None:
        steps: list[tuple[int, Callable[[], object]]] = [
            (3, self.check),
            (2, self.mark),
            (1, self.unmark),
            (6, self.offer),
            (6, self.give),
            (2, self.wait),
            (5, self.leave),
            (2, self.invite),
            (4, self.by_link),
            (4, self.by_staff),
            (2, self.decline),
            (3, self.own_answer),
            (4, self.walk_in),
            (2, self.time_passes),
            (1, self.sweep),
            (1, self.size),
            (1, self.somebody_new),
            (3, self.anything),
        ]
        chosen = self.chance.choices([do for _, do in steps], [weight for weight, _ in steps])[0]
        self.log.append(chosen.__name__)
        self.did[chosen.__name__] += 1
        chosen()
        if len(self.log) % 20 == 0:
            for cache in caches.all():
                cache.clear()  # of who tried too often
        self.nothing_happened_that_must_not()

    def check(self) -> None:
        outcome = self.chance.choice(["clear", "clear", "clear", "asked", "concern"])
        person = self.referral(OFFERED, TAKEN).caregiver
        self.post("caregivers:check", [person.code], {"outcome": outcome, "on": "2026-03-09"})

    def mark(self) -> None:
        self.post("caregivers:apart", [self.person().code], {"other": self.person().code})

    def unmark(self) -> None:
        if marks := list(KeptApart.objects.select_related("first")):
            mark = self.chance.choice(marks)
            self.post("caregivers:apart_end", [mark.first.code, mark.code])

    def reason(self) -> dict[str, str]:
        return {"why_first": "Cannot come later"} if self.chance.random() < 0.7 else {}

    def offer(self) -> None:
        until = (timezone.localdate() + timedelta(days=self.chance.randint(0, 9))).isoformat()
        self.post(
            "caregivers:offer",
            [self.referral(WAITING, LEFT).code],
            self.chance.choice([{}, {"until": until}]) | self.reason(),
        )

    def give(self) -> None:
        self.post("caregivers:give", [self.referral(WAITING, LEFT).code], self.reason())

    def wait(self) -> None:
        self.post("caregivers:wait", [self.referral().code])

    def leave(self) -> None:
        self.post("caregivers:leave", [self.referral(OFFERED, TAKEN).code])

    def invite(self) -> None:
        for name in ("caregivers:invite", "caregivers:own_page"):
            answer = self.post(name, [self.referral().code])
            if address := (answer.context or {}).get("address"):
                self.tokens.append(address.rstrip("/").rsplit("/", 1)[1])

    def by_link(self) -> None:
        self.invite()
        self.post("register", [self.tokens[-2 if len(self.tokens) > 1 else -1]], {"name": "Sam"} | self.agreed())
        self.post("register", [self.chance.choice(self.tokens)], {"name": "Sam"} | self.agreed())

    def by_staff(self) -> None:
        told = {"how": "spoken", "name": "Sam"} | self.agreed()
        self.post("caregivers:register_by_staff", [self.referral().code], told)

    def agreed(self) -> dict[str, str]:
        return {f"agree_{kind}": "on" for kind in KINDS if self.chance.random() < 0.5}

    def decline(self) -> None:
        self.post("decline", [self.chance.choice(self.tokens)])

    def own_answer(self) -> None:
        """An offer answered on their own page: sometimes the page of somebody who has one, mostly an old one."""
        if offered := list(Place.objects.filter(state=Place.State.OFFERED).select_related("caregiver")):
            referral = self.chance.choice(offered).caregiver.referrals.first()
            answer = self.post("caregivers:own_page", [referral.code])
            if address := (answer.context or {}).get("address"):
                self.tokens.append(address.rstrip("/").rsplit("/", 1)[1])
        self.post("own_place", [self.tokens[-1]], {"answer": self.chance.choice(["yes", "yes", "no"])})

    def walk_in(self) -> None:
        told = {"person": self.person().code, "key": str(uuid.UUID(int=self.chance.getrandbits(128)))}
        session: Session = self.chance.choice(self.sessions)
        self.post("sessions:somebody_else", [session.code], told | self.reason())

    def time_passes(self) -> None:
        """Some offers run out now: nobody has pressed anything, and the worker may not have come yet."""
        ago = timezone.now() - timedelta(seconds=1)
        for place in Place.objects.filter(state=Place.State.OFFERED):
            if self.chance.random() < 0.6:
                Place.objects.filter(pk=place.pk).update(offered_until=ago)

    def sweep(self) -> None:
        actions.end_offers(timezone.now())

    def size(self) -> None:
        self.post("caregivers:size", [self.chance.choice(self.cohorts).code], {"places": self.chance.randint(0, 4)})

    def somebody_new(self) -> None:
        if Caregiver.objects.count() < MOST_PEOPLE:
            told = {"name": "New Sam", "source": "hub", "received_on": "2026-03-02"}
            self.post("caregivers:add", [self.chance.choice(self.cohorts).code], told)

    def anything(self) -> None:
        """Any address of the caregivers' pages, with codes that exist and a form that fits by chance."""
        name, parts = self.chance.choice(self.addresses)
        codes = {
            "caregiver": self.person().code,
            "referral": self.referral().code,
            "cohort": self.chance.choice(self.cohorts).code,
            "token": self.chance.choice(self.tokens),
            "kind": self.chance.choice(KINDS),
            "evaluation": self.chance.choice(KINDS),
        }
        form = {
            "outcome": "clear",
            "on": "2026-03-09",
            "other": self.person().code,
            "person": self.person().code,
            "places": "3",
            "how": "spoken",
            "name": "Sam",
            "why_first": "Why not",
            "until": (timezone.localdate() + timedelta(days=3)).isoformat(),
            "answer": self.chance.choice(["yes", "no"]),
        }
        sent = {name: value for name, value in form.items() if self.chance.random() < 0.8}
        some = list(codes.values())
        self.post(name, [codes.get(part) or self.chance.choice(some) for part in parts], sent)

    # --- What must never be -----------------------------------------------------------------------------

    def nothing_happened_that_must_not(self) -> None:
        latest = PoliceCheck.objects.filter(caregiver=OuterRef("caregiver")).order_by("-id").values("outcome")[:1]
        rows = list(
            Place.objects.exclude(state__in=[Place.State.WAITING, Place.State.LEFT])
            .annotate(outcome=Subquery(latest), size=F("cohort__places"))
            .values_list("pk", "cohort_id", "caregiver_id", "state", "size", "outcome")
        )
        trail = "\n".join(self.log[-12:])
        held = Counter(row[1] for row in rows)
        sizes = {row[1]: row[4] for row in rows}
        assert all(held[cohort] <= size for cohort, size in sizes.items()), f"More people than places.\n{trail}"
        for pk, _cohort, _person, state, _size, outcome in rows:
            given = self.seated.get(pk) != state
            self.given += given
            assert not given or outcome == "clear", f"A place without a clear check.\n{trail}"
            assert state != Place.State.OFFERED or outcome == "clear", f"An offer without a clear check.\n{trail}"
        self.seated = {row[0]: row[3] for row in rows}
        together = {(cohort, person) for _pk, cohort, person, *_rest in rows}
        for first, second in KeptApart.objects.values_list("first_id", "second_id"):
            both = [cohort for cohort in held if {(cohort, first), (cohort, second)} <= together]
            assert not both, f"Two people who are kept apart share a group.\n{trail}"
