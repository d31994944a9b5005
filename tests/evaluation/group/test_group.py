"""A group's page by phase, its sections, and the navigation that stands on all its pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Referral
from evaluation.group.sections import SECTIONS
from feedback.asking import actions as asking
from feedback.models import Form
from ppg.access.permissions import GRANTS, P
from ppg.models import AuditEntry
from programmes.models import ChecklistLine, TeamMember
from sessions_app.models import RegisterMark, Session
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 6, 8, 12, tzinfo=UTC)  # a Tuesday, 1pm in London
WEEK = timedelta(weeks=1)


@pytest.fixture
def at(monkeypatch):
    """`at(moment)`: what time it is."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def weekly(cohort):
    """Three sessions, on three Tuesdays at half past six; NOON is the second's day."""
    evening = NOON.replace(hour=17, minute=30)
    return [SessionFactory(cohort=cohort, number=n, starts_at=evening + (n - 2) * WEEK, minutes=90) for n in (1, 2, 3)]


def referred(cohort, name):
    """Somebody whom nobody has rung yet."""
    somebody = CaregiverFactory(cohort=cohort, name=name)
    somebody.checks.all().delete()
    return somebody


def read(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return " ".join(answer.text.split())


def part(page: str, heading: str) -> str:
    """From a heading to the next."""
    begins = page.index(f">{heading}</h2>") if f">{heading}</h2>" in page else page.index(f"> {heading} </h2>")
    return page[begins : page.find("<h2", begins + 1)]


def button(page: str) -> tuple[str, str]:
    """The address and the words of the one button under "Next"."""
    found = re.findall(r'<a href="([^"]+)"[^>]*class="govuk-button[^>]*>\s*(.*?)\s*</a>', part(page, "Next"))
    assert len(found) == 1, part(page, "Next")
    return found[0]


def to(name: str, session) -> str:
    return reverse(f"sessions:{name}", args=[session.code])


# --- Where it stands ----------------------------------------------------------------------------------------


def test_the_head_says_the_phase_and_when_the_group_meets_next(browser_of, lead, cohort, weekly, at):
    url = cohort.get_absolute_url()
    at(NOON - 3 * WEEK)
    assert "Starts on 1 June" in read(browser_of(lead), url)
    at(NOON)
    page = read(browser_of(lead), url)
    assert "Week 2 of 3" in page and "Next: Tuesday 8 June, 6:30pm" in page
    at(NOON + 2 * WEEK)
    page = read(browser_of(lead), url)
    assert "Finished on 15 June" in page and "Next: T" not in page


def test_a_cancelled_week_and_an_extra_session_are_not_counted(browser_of, lead, cohort, weekly, at):
    at(NOON)
    Session.objects.filter(pk=weekly[0].pk).update(cancelled_at=NOON - 2 * WEEK)
    SessionFactory(cohort=cohort, number=9, extra=True, starts_at=NOON + 3 * WEEK)
    assert "Week 1 of 2" not in read(browser_of(lead), cohort.get_absolute_url())  # the first is still to come
    assert "Starts on 8 June" in read(browser_of(lead), cohort.get_absolute_url())


def test_a_group_without_sessions_says_so(browser_of, lead, cohort):
    page = read(browser_of(lead), cohort.get_absolute_url())
    assert "No dates yet" in page and "This group has no sessions" in page


# --- The one thing to do next -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "page", "words"),
    [
        (NOON - timedelta(days=1), "prepare", "Prepare"),
        (NOON, "register", "Register"),
        (NOON.replace(hour=18), "run", "Run the session"),
        (NOON.replace(hour=20), "close", "Close the session"),
        (NOON + timedelta(days=2), "close", "Close the session"),  # nobody has closed it: it is asked for still
    ],
)
def test_the_one_press_goes_with_the_time_of_day(browser_of, facilitator, cohort, weekly, at, moment, page, words):
    at(moment)
    Session.objects.filter(pk=weekly[0].pk).update(closed_at=weekly[0].ends_at)
    shown = read(browser_of(facilitator), cohort.get_absolute_url())
    assert button(shown) == (to(page, weekly[1]), words)


def test_weeks_before_the_press_is_the_first_open_task(browser_of, lead, cohort, weekly, at):
    at(NOON - 4 * WEEK)
    shown = read(browser_of(lead), cohort.get_absolute_url())
    assert button(shown) == (reverse("caregivers:people", args=[cohort.code]), "People referred")


def test_after_the_last_session_it_leads_from_the_form_to_the_report(browser_of, lead, cohort, weekly, at):
    at(NOON + 2 * WEEK)
    Session.objects.update(closed_at=NOON + WEEK + timedelta(hours=8))
    browser, url = browser_of(lead), cohort.get_absolute_url()
    assert button(read(browser, url)) == (reverse("feedback:after", args=[cohort.code]), "Open the form")
    ticked = {"ticked_at": NOON + 2 * WEEK, "ticked_by": lead}
    ChecklistLine.objects.create(cohort=cohort, phase="after", slug="focus-group", **ticked)
    Form.objects.filter(pk=asking.open_final_form(cohort=cohort, by=lead).pk).update(closed_at=NOON + 2 * WEEK)
    assert button(read(browser, url)) == (reverse("evaluation:report", args=[cohort.code]), "Write the report")


def test_a_parent_is_led_to_the_plan_and_a_manager_to_nothing_they_may_not_open(
    browser_of, parent, manager, cohort, weekly, at
):
    at(NOON)
    page = read(browser_of(parent), cohort.get_absolute_url())
    assert button(page) == (weekly[1].get_absolute_url(), "See the plan") and "not closed" not in page
    assert "/sessions/" not in read(browser_of(manager), cohort.get_absolute_url()).replace(
        reverse("group_sessions", args=[cohort.code]), ""
    )


# --- The tasks of the phase ---------------------------------------------------------------------------------


def test_before_the_group_its_tasks_stand_with_their_counts(browser_of, lead, cohort, weekly, at):
    at(NOON - 4 * WEEK)
    for name in ("Nadia Rahman", "Zora Quillfeather"):
        referred(cohort, name)
    page = part(read(browser_of(lead), cohort.get_absolute_url()), "Before the first session")
    assert "2 people for 8 places" in page and "0 of 2" in page and "No times have been proposed yet." in page
    for label in ("First contact", "Police checks", "Registrations", "Files and links", "Poster", "Off", "Checklist"):
        assert label in page, label


def test_this_week_is_a_way_of_steps_each_with_its_state(browser_of, facilitator, cohort, weekly, at):
    places = [PlaceFactory(cohort=cohort, seat=n) for n in (1, 2)]
    at(NOON.replace(hour=20))
    for n, place in enumerate(places):
        RegisterMark.objects.create(
            session=weekly[1],
            place=place,
            state=["present", "not_here"][n],
            key=f"key{n}",
            made_at=NOON,
            recorded_by=facilitator,
        )
    page = part(read(browser_of(facilitator), cohort.get_absolute_url()), "Session 2, Tuesday 8 June, 6:30pm")
    order = [page.index(word) for word in ("Prepare", "Register", "Run the session", "Feedback", "Close", "Packs")]
    assert order == sorted(order) and "1 of 2 here" in page
    assert page.count(">Done</strong>") == 2 and "Not yet" in page  # prepared, and the register was taken


# --- Who sees what ------------------------------------------------------------------------------------------


def test_a_manager_reads_no_name_and_finds_the_figures(browser_of, manager, cohort, weekly):
    nadia = CaregiverFactory(cohort=cohort, name="Nadia Rahman")
    PlaceFactory(cohort=cohort, caregiver=nadia, seat=1)
    page = read(browser_of(manager), cohort.get_absolute_url())
    assert "Nadia" not in page and "Needs you" not in page
    evaluation = reverse("group_evaluation", args=[cohort.code])
    assert evaluation in page
    assert reverse("evaluation:figures", args=[cohort.code]) in read(browser_of(manager), evaluation)


def test_what_is_due_in_the_group_stands_there_and_nothing_of_another(browser_of, lead, cohort, other_cohort):
    TeamMember.objects.create(cohort=other_cohort, user=lead, job="lead")
    referred(cohort, "Nadia Rahman")
    referred(other_cohort, "Zora Quillfeather")
    page = read(browser_of(lead), cohort.get_absolute_url())
    assert "Nadia" in part(page, "Needs you") and "Zora" not in page


def test_who_reads_a_name_is_in_the_trail(browser_of, lead, cohort):
    somebody = referred(cohort, "Nadia Rahman")
    browser_of(lead).get(cohort.get_absolute_url())
    assert AuditEntry.objects.filter(person=somebody.code).exists()


# --- One navigation -----------------------------------------------------------------------------------------


def navigation(page: str) -> dict[str, str]:
    """Label → what it says of being here."""
    found = re.search(r'<nav class="local-navigation.*?</nav>', page)
    if not found:
        return {}
    links = re.findall(r'<a class="local-navigation__link" href="[^"]+" ?(?:aria-current="(\w+)")?>(.*?)</a>', found[0])
    return {label: current for current, label in links}


EVERY = ["Overview", "People", "Sessions", "Feedback", "Evaluation", "Settings"]


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("lead", EVERY),
        ("facilitator", EVERY),
        ("parent", ["Overview", "Sessions", "Settings"]),
        ("manager", ["Overview", "Evaluation", "Settings"]),
    ],
)
def test_each_role_finds_the_sections_in_which_it_may_open_something(browser_of, request, cohort, role, labels):
    user = request.getfixturevalue(role)
    page = read(browser_of(user), cohort.get_absolute_url())
    assert list(navigation(page)) == labels and navigation(page)["Overview"] == "page"
    for address in re.findall(r'class="local-navigation__link" href="([^"]+)"', page):
        shown = browser_of(user).get(address)
        assert shown.status_code == 200
        doors = re.findall(r'href="([^"]+)"', shown.text[shown.text.index("<main") : shown.text.index("</main")])
        assert [door for door in doors if browser_of(user).get(door).status_code != 200] == []


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("caregivers:people", "People"),
        ("caregivers:size", "Settings"),
        ("programmes:checklist", "Settings"),
        ("feedback:suggestions", "Feedback"),
        ("evaluation:report", "Evaluation"),
    ],
)
def test_it_stands_on_the_pages_below_and_says_where_we_are(browser_of, lead, cohort, name, here):
    found = navigation(read(browser_of(lead), reverse(name, args=[cohort.code])))
    assert list(found) == EVERY
    assert {label: current for label, current in found.items() if current} == {here: "true"}


def test_it_stands_on_a_sessions_pages_but_not_where_the_first_screen_is_the_registers(browser_of, lead, weekly):
    browser = browser_of(lead)
    assert navigation(read(browser, weekly[0].get_absolute_url()))["Sessions"] == "true"
    assert navigation(read(browser, to("plan", weekly[0])))["Sessions"] == "true"
    for held_in_the_hand in ("register", "run"):
        assert navigation(read(browser, to(held_in_the_hand, weekly[0]))) == {}


def test_it_stands_on_a_persons_record_while_they_are_in_one_group_of_mine(browser_of, lead, cohort, other_cohort):
    somebody = referred(cohort, "Nadia Rahman")
    Referral.objects.create(
        caregiver=somebody, cohort=other_cohort, source="caseload", received_on=timezone.localdate()
    )
    url = reverse("caregivers:record", args=[somebody.code])
    assert navigation(read(browser_of(lead), url))["People"] == "true"
    TeamMember.objects.create(cohort=other_cohort, user=lead, job="lead")
    assert navigation(read(browser_of(lead), url)) == {}


def test_every_section_is_opened_by_a_permission_of_somebody_who_sees_groups():
    for section in SECTIONS:
        assert any({P.COHORT_SEE, section.needs} <= held for held in GRANTS.values()), section.slug
