"""A cohort half way: eight people who agreed to the evaluation, sessions held, both rounds of questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caregivers.models import Consent, ConsentWording, Place
from evaluation.cards import actions as cards
from evaluation.models import Report, ReportVersion, Wave
from evaluation.reports import actions as reports
from evaluation.rounds import actions as rounds
from feedback.answering.forms import new_nonce
from ppg.links.codes import new_code
from programmes.models import Cohort
from sessions_app.models import MarkState, RegisterMark, Session
from tests.evaluation.cards_counted import counted_out
from tests.factories import PlaceFactory, SessionFactory

SLUGS = ["less-alone", "problem-solving", "spot-signs", "how-it-works", "whom-to-call"]
SLUGS += ["challenge", "keep-talking", "trust", "keep-safe"]


def agree(place: Place, given: bool = True) -> None:
    """The newest wording of the consent to the evaluation."""
    wording = ConsentWording.objects.filter(kind="evaluation").order_by("-version").first()
    wording = wording or ConsentWording.objects.create(kind="evaluation", version=1, text="Use of my answers")
    Consent.objects.create(
        caregiver=place.caregiver, kind="evaluation", wording=wording, given=given, how="online", at=timezone.now()
    )


def agree_to_be_contacted(place):
    wording, _ = ConsentWording.objects.get_or_create(kind="after", version=1, defaults={"text": "Later"})
    Consent.objects.create(
        caregiver=place.caregiver, kind="after", wording=wording, given=True, how="online", at=timezone.now()
    )


def answers(level: int, goal: int = 5) -> dict[str, int]:
    """Every item at this level from 0 to 4, the reversed one turned round."""
    return dict.fromkeys(SLUGS, level) | {"not-to-blame": 4 - level, "goal": goal}


def mark(session: Session, place: Place, state: str = MarkState.PRESENT) -> None:
    RegisterMark.objects.create(
        session=session,
        place=place,
        state=state,
        key=new_code(),
        made_at=session.starts_at,
        recorded_by=session.cohort.team.first().user,
    )


@pytest.fixture
def places(cohort: Cohort) -> list[Place]:
    taken = timezone.localdate() - timedelta(days=60)
    made = [PlaceFactory(cohort=cohort, seat=seat, taken_on=taken) for seat in range(1, 9)]
    for place in made:
        agree(place)
    return made


@pytest.fixture
def held(cohort: Cohort, places: list[Place]) -> list[Session]:
    """Six sessions, the last a week ago; everybody at all of them but the last person, who came once."""
    start = timezone.now() - timedelta(weeks=7)
    sessions = [
        SessionFactory(cohort=cohort, number=n, title=f"Session {n}", starts_at=start + timedelta(weeks=n - 1))
        for n in range(1, 7)
    ]
    for session in sessions:
        for place in places:
            away = place is places[-1] and session.number > 1
            mark(session, place, MarkState.NOT_HERE if away else MarkState.PRESENT)
    return sessions


@pytest.fixture
def waves(cohort: Cohort) -> list[Wave]:
    return [rounds.open_wave(cohort=cohort, point=point, by=None) for point in ("before", "after")]


@pytest.fixture
def give() -> Callable[..., bool]:
    """`give(wave, place, level)`: this person answers."""

    def answer(wave: Wave, place: Place, level: int, goal: int = 5, way: str = "online") -> bool:
        return rounds.receive(wave=wave, place=place, answers=answers(level, goal), nonce=new_nonce(), way=way)

    return answer


def answered_again(cohort: Cohort, places: list[Place], level: int = 4) -> None:
    """Three months later these people answer, and the round closes."""
    day = timezone.now() + timedelta(days=91)
    wave = rounds.open_wave(cohort=cohort, point="later", by=None, at=day)
    for place in places:
        agree_to_be_contacted(place)
        rounds.receive(wave=wave, place=place, answers=answers(level), nonce=f"later {place.pk}", at=day)
    rounds.close_wave(wave=wave, by=None, at=day)


@pytest.fixture
def answered(held, places, waves, give) -> list[Wave]:
    """Seven answered both times and the last person before only; both rounds are closed."""
    for k, place in enumerate(places):
        give(waves[0], place, k % 3, goal=2)
        if place is not places[-1]:
            give(waves[1], place, k % 3 + 1, goal=6)
    for wave in waves:
        rounds.close_wave(wave=wave, by=None)
    return waves


def pressed(client: Client, page: str) -> dict[str, str]:
    """What the page's button sends."""
    return dict(re.findall(r'name="(version|seen|effect_key)" value="([^"]*)"', client.get(page).content.decode()))


TEXT = {
    "in_short": "They came and they stayed.",
    "learned": "People felt believed.",
    "professionals": "Ring first.",
    "recommendations": "- Go on",
}


@pytest.fixture
def report(cohort: Cohort, lead) -> Report:
    return reports.save_text(cohort=cohort, text=TEXT, by=lead)


@pytest.fixture
def no_pdf(monkeypatch) -> None:
    """Drawing a PDF takes a second."""
    for module in ("evaluation.reports.jobs", "evaluation.across.redrawing"):
        monkeypatch.setattr(f"{module}.render_pdf", lambda html: b"%PDF " + html.encode())


@pytest.fixture
def published(answered, report, lead, django_capture_on_commit_callbacks, monkeypatch) -> ReportVersion:
    """Version 1. Drawing a PDF takes a second, so what stands in place of both is the page they are made of."""
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr("evaluation.reports.jobs.render_pdf", lambda html: b"%PDF " + html.encode())
        return reports.publish(cohort=report.cohort, by=lead)


# --- A group that answers by cards -----------------------------------------------------------------------


@pytest.fixture
def codes(cohort, places, lead, parent) -> list[str]:
    """Ten: one for each of eight, and two spare."""
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    return cards.make_cards(cohort=cohort, by=parent)


@pytest.fixture
def before(codes, cohort) -> Wave:
    return rounds.open_wave(cohort=cohort, point="before", by=None)


@pytest.fixture
def use() -> Callable[..., None]:
    """`use(wave, code, level)`: whoever holds this card answers."""

    def answer(wave: Wave, code: str, level: int, way: str = "online") -> None:
        cards.receive_by_card(wave=wave, code=code, answers=answers(level), nonce=new_nonce(), way=way)

    return answer


@pytest.fixture
def both(held, codes, before, cohort, use) -> list[Wave]:
    """Seven cards before and after, an eighth before only; both rounds are closed, and what was left is counted out."""
    after = rounds.open_wave(cohort=cohort, point="after", by=None)
    for k, code in enumerate(codes[:8]):
        use(before, code, k % 3)
        if k < 7:
            use(after, code, k % 3 + 1)
    closed = [rounds.close_wave(wave=wave, by=None) for wave in (before, after)]
    counted_out(cohort)
    return closed
