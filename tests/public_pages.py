"""Every page that somebody without an account can open, with an address that works, for the guards and journeys that
walk over all of them."""

from __future__ import annotations

from datetime import time, timedelta

from django.urls import reverse
from django.utils import timezone

from caregivers.consents import actions as consents
from caregivers.links import actions as links_actions
from caregivers.models import How, PersonalLink, Place
from caregivers.posters import actions as posters
from caregivers.registering import actions as registering
from caregivers.times import actions as times
from evaluation.cards import actions as cards
from evaluation.models import AnswersLink
from evaluation.rounds import actions as rounds
from feedback.asking import actions as asking
from feedback.slips import actions as slips
from feedback.slips.codes import codes_of
from feedback.suggestions import actions as suggestions
from feedback.suggestions import queries as suggestion_queries
from ppg.models import User
from programmes.models import Cohort
from tests.evaluation.conftest import agree
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, SessionFactory

# No pages: files, presses (their answers are pages below), and what only staff use to sign in.
NO_PAGES = {
    "sessions:register_worker": "a script",
    "healthz": "for machines",
    "readyz": "for machines",
    "calendar_feed": "a calendar",
    "set_language": "a press",
    "decline": "a press",
    "own_place": "a press",
    "own_answers_send": "a press",
    "own_withdraw": "a press",
    "own_agree": "a press",
    "account_login": "for staff",
    "join": "for staff",
    "mfa_authenticate": "for staff",
    "sign_in_again": "for staff",
    "openid_connect_login": "for staff",
    "openid_connect_callback": "for staff",
    "account_inactive": "for staff",
    "account_reset_password": "for staff",
    "account_reset_password_done": "for staff",
    "account_reset_password_from_key": "for staff",
    "account_reset_password_from_key_done": "for staff",
    "account_signup": "for staff",
}


def public_pages(cohort: Cohort, by: User) -> dict[str, str]:
    """What is read → its address; the first word is the address's name, what follows says in which state."""
    return of_feedback(cohort, by) | of_measures(cohort, by) | of_caregivers(cohort, by)


def of_feedback(cohort: Cohort, by: User) -> dict[str, str]:
    now = timezone.now()
    form = asking.open_form(session=SessionFactory(cohort=cohort), by=by)
    over = CohortFactory(team=[by])
    SessionFactory(cohort=over, starts_at=now - timedelta(days=2))
    final = asking.open_final_form(cohort=over, by=by)
    sheet = slips.make(cohort=cohort, session=form.session, by=by)
    early = slips.make(cohort=cohort, session=SessionFactory(cohort=cohort, starts_at=now + timedelta(days=7)), by=by)
    linked = CohortFactory(team=[by])
    slips.choose_link(cohort=linked, link=True, by=by)
    by_link = asking.open_form(session=SessionFactory(cohort=linked), by=by)
    box = suggestion_queries.box_of(cohort) or suggestions.open_box(cohort=cohort, by=by)
    shut = suggestions.open_box(cohort=over, by=by)
    suggestions.close_box(box=shut, by=by)
    return {
        "answer_form": reverse("answer_form", args=[form.code]),
        "answer_form by link": reverse("answer_form", args=[by_link.code]),
        "slips": reverse("slips", args=[early.code]),
        "slip": reverse("slip", args=[sheet.code, codes_of(sheet)[0]]),
        "slip before the form is opened": reverse("slip", args=[early.code, codes_of(early)[0]]),
        "answer_form after the programme": reverse("answer_form", args=[final.code]),
        "answer_form ended": reverse("answer_form", args=["nothing-has-this-code"]),
        "answer_thanks": reverse("answer_thanks", args=[form.code]),
        "tablet": reverse("tablet", args=[form.code]),
        "tablet_sheet": reverse("tablet_sheet", args=[form.code]),
        "tablet_thanks": reverse("tablet_thanks", args=[form.code]),
        "box": reverse("box", args=[box.code]),
        "box closed": reverse("box", args=[shut.code]),
        "box_thanks": reverse("box_thanks", args=[box.code]),
    }


def of_measures(cohort: Cohort, by: User) -> dict[str, str]:
    place = PlaceFactory(cohort=cohort)
    agree(place)
    links = {}
    for point in ("before", "after"):
        wave = rounds.open_wave(cohort=cohort, point=point, by=by)
        token = rounds.make_link(wave=wave, place=place, by=by)
        links[f"measure_answer {point}"] = reverse("measure_answer", args=[token])
    by_cards, used_up = CohortFactory(team=[by]), CohortFactory(team=[by])
    codes = []
    for group in (by_cards, used_up):
        rounds.choose_plan(cohort=group, mode="coded", measure=None, by=by)
        codes += cards.make_cards(cohort=group, by=by)[:1]
    rounds.open_wave(cohort=by_cards, point="before", by=by)
    links |= {
        "own_answers": reverse("own_answers", args=[of_answers(place, needs_code=False)]),
        "own_answers with a code": reverse("own_answers", args=[of_answers(place, needs_code=True)]),
    }
    return links | {
        "measure_thanks": reverse("measure_thanks", args=["nothing-has-this-code"]),
        "card": reverse("card"),
        "card_answer": reverse("card_answer", args=[codes[0]]),
        "card_answer closed": reverse("card_answer", args=[codes[1]]),
        "card_thanks": reverse("card_thanks"),
        "card_withdraw": reverse("card_withdraw"),
    }


def of_answers(place: Place, needs_code: bool) -> str:
    until = timezone.now() + timedelta(days=3)
    return AnswersLink.objects.issue(place=place, needs_code=needs_code, expires_at=until)[1]


def of_caregivers(cohort: Cohort, by: User) -> dict[str, str]:
    until = timezone.now() + timedelta(days=9)

    def link(purpose: str) -> str:
        person = CaregiverFactory(cohort=cohort)
        told = {"caregiver": person, "cohort": cohort, "purpose": purpose, "expires_at": until}
        return PersonalLink.objects.issue(**told)[1]

    registered = registering.register(
        caregiver=CaregiverFactory(cohort=cohort),
        cohort=cohort,
        answers={"name": "Rosa Marsh", "safe_ways": [], "emergency_contacts": []},
        consents={"evaluation": True, "quotes": True},
        how=How.SPOKEN,
        by=by,
    )
    token = links_actions.make_own_page(caregiver=registered.place.caregiver, cohort=cohort, by=by)
    for kind in ("evaluation", "quotes", "chat", "after"):
        consents.agree(caregiver=registered.place.caregiver, kind=kind)
        if kind != "chat":
            consents.withdraw(caregiver=registered.place.caregiver, kind=kind)
    times.propose(cohort=cohort, weekdays=[1, 3], starts=[time(18)], by=by)
    poster = posters.switch_poster(cohort=cohort, on=True, by=by, site="http://testserver")
    return {
        "register": reverse("register", args=[link("register")]),
        "registered": reverse("registered", args=[token]),
        "own_page": reverse("own_page", args=[token]),
        **{f"own_receipt {kind}": reverse("own_receipt", args=[token, kind]) for kind in ("evaluation", "quotes")},
        "own_receipt after": reverse("own_receipt", args=[token, "after"]),
        "times": reverse("times", args=[link("times")]),
        "declined": reverse("declined"),
        "interest": reverse("interest", args=[poster.code]),
        "interest_thanks": reverse("interest_thanks"),
        "notice": reverse("notice"),
        "kept": reverse("kept"),
        "accessibility": reverse("accessibility"),
        "cookies": reverse("cookies"),
    }
