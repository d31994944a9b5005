"""Preparing a session: what to bring, how many copies, who needs what, what is open; ticked by anybody of the team."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import Caregiver
from ppg.models import AuditEntry
from programmes.models import Resource
from sessions_app.models import LaterQuestion, Prepared, SessionHandout, SessionItemResource, Speaker
from sessions_app.preparing import actions as preparing
from sessions_app.preparing import parts as prepare_parts
from sessions_app.preparing import queries as prepare_queries
from sessions_app.preparing import things as prepare
from sessions_app.register.actions import mark
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, SessionItemFactory
from tests.hooks import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=2, materials=["Flipchart paper and pens", "Feedback box"])


def comes(cohort, name, seat, **fields):
    fields = {"registered_at": timezone.now(), "registered_how": "spoken", **fields}
    return PlaceFactory(cohort=cohort, seat=seat, caregiver=CaregiverFactory(cohort=cohort, name=name, **fields))


def resource(title, kind="handout", **more):
    return Resource.objects.create(slug=title.lower().replace(" ", "-")[:50], title=title, kind=kind, **more)


def take_home(session, *resources):
    for position, resource in enumerate(resources, start=1):
        SessionHandout.objects.create(session=session, resource=resource, position=position)


def show(session, resource, **item):
    made = SessionItemFactory(session=session, **item)
    SessionItemResource.objects.create(item=made, resource=resource, position=1)
    return made


def page_of(session, name="prepare"):
    return reverse(f"sessions:{name}", args=[session.code])


def text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def lines(rows):
    return [(thing.title, thing.detail) for thing in rows]


def things(session):
    return prepare_queries.things(session, prepare.group(prepare_queries.places_of(session)))


# --- Quantities ------------------------------------------------------------------------------------------


@pytest.fixture
def four_people(cohort):
    """One by e-mail, one on paper, one who was not asked, one whose e-mail is not safe; and one who only waits."""
    comes(cohort, "Ewa Email", 1, handouts_by="email", email="ewa@families.example", safe_ways=["email"])
    comes(cohort, "Pia Paper", 2, handouts_by="paper")
    comes(cohort, "Noor New", 3, registered_at=None, registered_how="")
    comes(cohort, "Una Unsafe", 4, handouts_by="email", email="una@families.example", safe_ways=["text"])
    PlaceFactory(cohort=cohort, seat=None, state="waiting", taken_on=None, waiting_since=timezone.now())


def test_copies_are_for_those_on_paper_or_for_everybody(session, four_people):
    take_home(
        session,
        resource("Safety plan", url="https://council.example/plan.pdf"),
        resource("Tools booklet", kind="booklet", url="https://council.example/tools.pdf", print_for_everyone=True),
        resource("Personal alarm", kind="item"),
        resource("Privacy leaflet", kind="leaflet"),
        resource("Nothing to send yet", kind="handout"),
    )
    on_paper = "3 copies, for those who have it on paper; 1 of them is not asked yet"
    assert lines(things(session).print) == [
        ("Safety plan", on_paper),
        ("Tools booklet", "4: one for each person"),
        ("Personal alarm", "4: one for each person"),
        ("Privacy leaflet", "4: one for each person"),
        ("Nothing to send yet", "4: one for each person"),
    ]


def test_films_taken_home_are_one_page_of_links_for_those_on_paper(session, four_people):
    take_home(session, resource("First film", kind="film"), resource("Helpful site", kind="website"))
    assert [title for title, _ in lines(things(session).print)] == ["Page of links to the films and websites"]


def test_where_everybody_has_e_mail_nothing_is_printed(session, cohort):
    comes(cohort, "Ewa Email", 1, handouts_by="email", email="ewa@families.example", safe_ways=["email"])
    take_home(session, resource("Safety plan", url="https://council.example/plan.pdf"), resource("Film", kind="film"))
    assert lines(things(session).print) == [("Safety plan", "None: everybody has it by e-mail")]


def test_a_thing_is_not_listed_twice(session):
    session.materials = [
        "Personal alarms",
        "Handout: list of sites",
        "Bend, Don't Break: one printed copy each",
        "Handouts",
        "Handouts",
        " ",
    ]
    alarm, booklet = resource("Personal alarm", kind="item"), resource("Bend, Don't Break (for learners)", "booklet")
    take_home(session, alarm, booklet, resource("List of sites"))
    assert [title for title, _ in lines(things(session).bring)] == ["Handouts"]


def test_what_is_shown_is_tried_out_and_what_is_read_is_there_once(session):
    show(session, resource("Big questions", kind="film", starts_at="2:20"))
    show(session, resource("A mother's story", kind="story"))
    show(session, resource("Skipped film", kind="film"), left_out=True)
    found = things(session)
    assert lines(found.open) == [("Big questions", "Starts at 2:20")]
    assert lines(found.print) == [("A mother's story", "One copy to read from")]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"kind": "film"}, "Link missing"),
        ({"kind": "website"}, "Link missing"),
        ({"kind": "film", "url": "https://films.example"}, ""),
        ({"kind": "handout"}, "File or link missing"),
        ({"kind": "handout", "file": "resources/x.pdf"}, ""),
        ({"kind": "item"}, ""),
    ],
)
def test_what_is_still_missing(facts, missing):
    assert prepare.Thing("what", "title", resource=Resource(**facts)).missing == missing


def test_needs_are_by_name_and_a_no_is_none(session, cohort):
    comes(cohort, "Zoe Last", 1, allergies="Nuts", language="English", travel="none.")
    comes(cohort, "Amira First", 2, allergies="Milk", language="Polish", childcare="A baby comes along")
    comes(cohort, "Noor New", 3, registered_at=None, registered_how="")
    places = prepare_queries.places_of(session)
    assert prepare.needs(places) == [
        ("allergies", "Allergies", [("Amira", "Milk"), ("Zoe", "Nuts")]),
        ("childcare", "Childcare", [("Amira", "A baby comes along")]),
        ("language", "Language: is an interpreter booked?", [("Amira", "Polish")]),
    ]
    assert prepare.not_asked(places) == ["Noor"]


def test_what_was_chosen_reads_as_it_was_asked():
    assert prepare.said_of(Caregiver(handouts_by="paper"), "handouts_by") == "On paper"


def test_two_of_the_same_name_are_told_apart(session, cohort):
    comes(cohort, "Sam Aldous", 1, allergies="Nuts")
    comes(cohort, "Sam Birch", 2, allergies="Milk")
    assert prepare.needs(prepare_queries.places_of(session))[0][2] == [("Sam A.", "Nuts"), ("Sam B.", "Milk")]


# --- The page --------------------------------------------------------------------------------------------


def test_everything_is_on_one_page(browser_of, facilitator, lead, cohort, session):
    before = SessionFactory(
        cohort=cohort,
        number=1,
        title="Getting to know us",
        starts_at=session.starts_at - timedelta(days=7),
        recap_points=["Trust your gut", "Whom to call"],
    )
    SessionFactory(
        cohort=cohort,
        number=9,
        starts_at=session.starts_at - timedelta(days=2),
        cancelled_at=timezone.now(),
        recap_points=["Never held"],
    )
    asked = {"at": timezone.now(), "by": lead}
    LaterQuestion.objects.create(session=before, text="What does the school see?", key="1", **asked)
    LaterQuestion.objects.create(session=before, text="Taken up", key="2", answered_at=timezone.now(), **asked)
    item = show(session, resource("Big questions", kind="film"))
    Speaker.objects.create(item=item, service="Police", name="PC Example", asked_on=timezone.localdate())
    Speaker.objects.create(item=item, service="Education")
    place = comes(cohort, "Rosa Marsh", 1, allergies="Peanuts", refreshments="Mint tea", access_needs="Large print")
    follow_ups.offer(caregiver=place.caregiver, cohort=cohort, kind="call", by=lead)
    comes(cohort, "Later Example", 2)
    late = follow_ups.offer(
        caregiver=CaregiverFactory(cohort=cohort, name="Ola After"),
        cohort=cohort,
        kind="call",
        due_on=session.day + timedelta(days=1),
        by=lead,
    )
    for name in ("prepare", "prepare_print"):
        page = text(browser_of(facilitator).get(page_of(session, name)))
        for sentence in (
            "Flipchart paper and pens",
            "Big questions",
            "Link missing",
            "Peanuts",
            "Mint tea",
            "Large print",
            "To recap from session 1, Getting to know us",
            "Trust your gut",
            "What does the school see?",
            "PC Example",
            "2 people are in the group.",
        ):
            assert sentence in page, (name, sentence)
        for hidden in ("Taken up", "Never held", late.caregiver.called, "01632 960001"):
            assert hidden not in page, (name, hidden)
        assert "Phone call: Rosa" in page, name
    page = text(browser_of(facilitator).get(page_of(session)))
    assert page.index("Police") < page.index("Asked</strong>") < page.index("Education") < page.index("Not asked yet<")


def test_a_lead_adds_the_missing_link_and_a_facilitator_is_told_whom_to_ask(browser_of, lead, facilitator, session):
    film = resource("Big questions", kind="film")
    show(session, film)
    link = reverse("programmes:resource", args=[film.code])
    assert link in browser_of(lead).get(page_of(session)).text
    page = browser_of(facilitator).get(page_of(session)).text
    assert link not in page and "Ask your programme lead" in page


def test_who_sent_apologies_is_not_expected(browser_of, facilitator, cohort, session):
    first, second = comes(cohort, "Rosa Marsh", 1), comes(cohort, "Ben Example", 2)
    for place, state in ((first, "apologies"), (second, "apologies"), (second, "open")):
        mark(session=session, place=place, state=state, key=str(uuid4()), by=facilitator)
    assert "1 has sent apologies: expect 1." in text(browser_of(facilitator).get(page_of(session)))


@pytest.mark.parametrize("name", ["prepare", "prepare_print"])
def test_whose_needs_were_read_is_in_the_trail(browser_of, facilitator, cohort, session, name):
    first, second = comes(cohort, "Rosa Marsh", 1), comes(cohort, "Ben Example", 2)
    browser_of(facilitator).get(page_of(session, name))
    entries = AuditEntry.objects.filter(verb="saw")
    assert {entry.person for entry in entries} == {first.caregiver.code, second.caregiver.code}
    for entry in entries:
        assert (entry.user, entry.cohort, entry.fields) == (facilitator, cohort.code, sorted(prepare.FIELDS))


def test_other_apps_add_a_section_that_shows_while_it_has_lines(browser_of, lead, session, monkeypatch):
    said: list[str] = []
    box = prepare_parts.Part("What the suggestion box asks for", lambda session, user: said)
    only(monkeypatch, prepare_parts.parts, box)
    client = browser_of(lead)
    assert "suggestion box" not in client.get(page_of(session)).text
    said.append("More <time> for tea")
    page = client.get(page_of(session)).text
    assert "What the suggestion box asks for" in page and "More &lt;time&gt; for tea" in page


# --- Ticking ---------------------------------------------------------------------------------------------


def first_thing(session):
    return things(session).bring[0].what


def test_a_tick_stays_says_who_and_can_be_taken_back(browser_of, facilitator, lead, session):
    client, what = browser_of(facilitator), first_thing(session)
    answer = client.post(page_of(session, "prepare_tick"), {"what": what, "done": "yes"})
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(session)}#{what}")
    client.post(page_of(session, "prepare_tick"), {"what": what, "done": "yes"})  # sent twice
    browser_of(lead).post(page_of(session, "prepare_tick"), {"what": what, "done": "yes"})  # and by somebody else
    assert Prepared.objects.get().by == facilitator
    page = text(client.get(page_of(session)))
    assert "Ready: Femi" in page and "1 of 2" in page and page.count('aria-pressed="true"') == 1
    for _ in range(2):
        client.post(page_of(session, "prepare_tick"), {"what": what, "done": "no"})
    assert not Prepared.objects.exists()


def test_a_tick_belongs_to_its_thing_and_its_session(session, lead, cohort):
    what = first_thing(session)
    preparing.tick(session=session, what=what, done=True, by=lead)
    session.materials = ["Tea", *session.materials]
    session.save()
    known = prepare_queries.things(session, prepare.group([]), session.prepared.all())
    ticked = [thing.title for thing in known.bring if thing.tick]
    assert ticked == ["Flipchart paper and pens"]
    other = SessionFactory(cohort=cohort, number=3, materials=session.materials)
    assert prepare_queries.things(other, prepare.group([]), other.prepared.all()).ticked == 0


@pytest.mark.parametrize(
    "sent",
    [{}, {"what": "bring-1", "done": "yes"}, {"what": prepare.named("bring", "Elephants"), "done": "yes"}],
)
def test_what_is_not_on_the_list_is_not_ticked(browser_of, lead, session, sent):
    assert browser_of(lead).post(page_of(session, "prepare_tick"), sent).status_code == 409
    assert not Prepared.objects.exists()


# --- Who may, and what it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["prepare", "prepare_print", "prepare_tick"])
def test_only_the_groups_own_team(browser_of, stranger, session, other_facilitator, parent, manager, lead, name):
    url, method = page_of(session, name), "post" if name == "prepare_tick" else "get"
    assert getattr(browser_of(other_facilitator), method)(url).status_code == 404
    for nobody in (parent, manager):
        assert getattr(browser_of(nobody), method)(url).status_code == 403
    assert getattr(stranger, method)(url)["Location"].startswith(reverse("account_login"))
    wrong = "get" if method == "post" else "post"
    assert getattr(browser_of(lead), wrong)(url).status_code == 405


def test_it_costs_the_same_with_one_and_with_thirty(browser_of, lead, cohort, session, same_queries):
    comes(cohort, "Rosa Marsh", 1, allergies="Nuts")
    before = SessionFactory(cohort=cohort, number=1, starts_at=session.starts_at - timedelta(days=7))

    def grow():
        for number in range(30):
            film = resource(f"Film {number}", kind="film")
            item = show(session, film)
            SessionHandout.objects.create(session=session, resource=film, position=number)
            Speaker.objects.create(item=item, service=f"Service {number}")
            asked = {"at": timezone.now(), "by": lead}
            LaterQuestion.objects.create(session=before, text="Why?", key=str(number), **asked)
            follow_ups.offer(
                caregiver=CaregiverFactory(cohort=cohort, name=f"Sam Call{number}"), cohort=cohort, kind="call", by=lead
            )
        for seat in range(2, 9):
            comes(cohort, f"Sam Example{seat}", seat, allergies="Nuts")
        for thing in things(session).every():
            preparing.tick(session=session, what=thing.what, done=True, by=lead)

    same_queries(browser_of(lead), page_of(session), grow)


def test_it_costs_at_most_eleven_queries(browser_of, lead, cohort, session, django_assert_max_num_queries):
    comes(cohort, "Rosa Marsh", 1, allergies="Nuts")
    client = browser_of(lead)
    client.get(page_of(session))
    with django_assert_max_num_queries(11):
        client.get(page_of(session))
