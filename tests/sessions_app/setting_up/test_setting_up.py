"""Setting up a group: the action, and the two pages that lead to it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.models import AuditEntry, User
from programmes.models import Cohort
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Session, SessionItem
from sessions_app.setting_up.actions import set_up
from tests.factories import UserFactory
from tests.markup import on_one_line
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes(db):
    return load_shipped()


@pytest.fixture
def facts(programmes, lead, facilitator, parent):
    return {
        "programme": programmes[0],
        "name": "Ipswich, January 2027",
        "area": "Ipswich",
        "venue": "Library",
        "days": weekly(date(2027, 1, 12), 6),
        "at": time(18),
        "places": 8,
        "by": lead,
        "team": [facilitator, parent],
    }


# --- The action --------------------------------------------------------------------------------------


def test_sessions_own_a_copy_of_all_that_their_guides_hold(facts):
    cohort = set_up(**facts)
    for session, guide in zip(cohort.sessions.with_plan(), facts["programme"].guides.with_plan(), strict=True):
        assert (session.number, session.title, session.minutes) == (guide.number, guide.title, 90)
        assert (session.aims, session.materials, session.guide) == (guide.aims, guide.materials, guide)
        assert [one.resource for one in session.handouts_in_order.all()] == [
            one.resource for one in guide.handouts_in_order.all()
        ]
        copied = ["position", "title", "kind", "minutes", "counted", "lead", "prompts", "speakers"]
        for item, source in zip(session.items.all(), guide.items.all(), strict=True):
            assert item.source == source
            assert [getattr(item, name) for name in copied] == [getattr(source, name) for name in copied]
            assert [one.resource for one in item.uses_in_order.all()] == [
                one.resource for one in source.uses_in_order.all()
            ]
    assert [session.counted_minutes() for session in cohort.sessions.all()] == [90, 90, 80, 85, 90, 90]


def test_changing_the_guide_afterwards_changes_no_session(facts):
    cohort = set_up(**facts)
    guide = facts["programme"].guides.get(number=1)
    guide.items.all().delete()
    guide.delete()
    session = cohort.sessions.get(number=1)
    assert session.counted_minutes() == 90
    assert (session.guide, session.items.first().source) == (None, None)


def test_the_lead_is_in_the_team_and_nobody_twice(facts, lead, facilitator, parent):
    cohort = set_up(**facts | {"team": [facilitator, parent, lead, facilitator]})
    assert sorted((member.user.name, member.job) for member in cohort.team.all()) == [
        ("Femi Facilitator", "facilitator"),
        ("Lena Lead", "lead"),
        ("Pat Parent", "parent"),
    ]
    for user in (lead, facilitator, parent):
        assert cohort in Cohort.objects.visible_to(user)


def test_every_role_that_can_be_in_a_team_has_a_job(facts, manager, evaluator):
    cohort = set_up(**facts | {"team": [manager, evaluator]})
    assert {member.job for member in cohort.team.all()} == {"lead", "manager", "evaluation"}


def test_evenings_stay_at_the_same_time_of_day_when_summer_time_ends(facts):
    cohort = set_up(**facts | {"days": weekly(date(2026, 10, 13), 6)})
    starts = [session.starts_at for session in cohort.sessions.all()]
    assert {f"{timezone.localtime(start):%H:%M}" for start in starts} == {"18:00"}
    assert [start.astimezone(tz=None).utctimetuple().tm_hour for start in starts] == [17, 17, 18, 18, 18, 18]


def test_one_guide_makes_one_session(programmes, facts):
    cohort = set_up(**facts | {"programme": programmes[1], "days": [date(2027, 1, 12)], "places": 18})
    session = cohort.sessions.get()
    assert (session.minutes, session.counted_minutes()) == (120, 120)


def test_the_past_is_allowed_and_the_day_it_was_made_can_be_told(facts):
    cohort = set_up(**facts | {"days": weekly(date(2025, 1, 14), 6)}, made_on=date(2024, 12, 1))
    assert Cohort.objects.get(pk=cohort.pk).made_on == date(2024, 12, 1)


def test_two_groups_of_one_team_may_meet_on_the_same_evening(facts):
    set_up(**facts)
    set_up(**facts | {"name": "Another"})
    assert Session.objects.filter(starts_at__date=date(2027, 1, 12)).count() == 2


def test_it_is_in_the_trail(facts, lead):
    cohort = set_up(**facts)
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.verb, entry.what, entry.ref) == (lead, "created", "cohort", cohort.code)


def test_the_same_key_makes_one_group(facts):
    first = set_up(**facts, effect_key="once")
    assert set_up(**facts, effect_key="once") == first
    assert (Cohort.objects.count(), Session.objects.count(), AuditEntry.objects.count()) == (1, 6, 1)


def test_more_places_than_the_programme_takes_are_refused_and_nothing_is_left(facts):
    with pytest.raises(Refused, match="up to 8"):
        set_up(**facts | {"places": 9}, effect_key="once")
    assert not Cohort.objects.exists()
    assert set_up(**facts, effect_key="once").places == 8  # the refused press has not used the key up


def test_dates_for_fewer_sessions_than_there_are_guides_are_refused(facts):
    with pytest.raises(Refused, match="has changed"):
        set_up(**facts | {"days": facts["days"][:5]})
    assert not Cohort.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_press_from_many_threads_makes_one_group(facts):
    groups = at_once(*[lambda: set_up(**facts, effect_key="once")] * 5)
    assert len({group.code for group in groups}) == 1
    assert (Cohort.objects.count(), SessionItem.objects.count()) == (1, 47)


# --- The pages ---------------------------------------------------------------------------------------


@pytest.fixture
def typed(programmes, facilitator, parent):
    return {
        "programme": programmes[0].code,
        "area": "Ipswich",
        "name": "",
        "where": ["venue"],
        "venue": "Chantry Library",
        "starts_on_day": "12",
        "starts_on_month": "1",
        "starts_on_year": "2027",
        "at": "6pm",
        "places": "",
        "facilitators": [facilitator.code],
        "parents": [parent.code],
    }


def begin(client) -> str:
    """The address of an empty form, with its draft's key."""
    answer = client.get(reverse("sessions:set_up"))
    assert answer.status_code == 302
    return answer.headers["Location"]


def check(client, typed) -> str:
    """The address of the second page, after the first was filled in."""
    answer = client.post(begin(client), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.headers["Location"].startswith(reverse("sessions:set_up_check"))
    return answer.headers["Location"]


def press(client, url, what="set up", **changed):
    """Press a button on the second page, with all that the page shows."""
    answer = client.get(url)
    assert b'<form method="post" novalidate>' in answer.content  # sent to the page's own address, key and all
    page = answer.context
    data = {"shown": page["shown"], "press": what}
    if page["form"]:
        data["skip"] = page["form"].initial["skip"]
    return client.post(url, data | changed)


def page_text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_lead_sets_up_a_group_in_two_pages(browser_of, lead, typed):
    client = browser_of(lead)
    url = check(client, typed)
    page = page_text(client.get(url))
    for sentence in [
        "Ipswich, January 2027",
        "Chantry Library",
        "6pm–7:30pm",
        "Tuesday 16 February 2027",
        "Femi Facilitator",
    ]:
        assert sentence in page, sentence
    assert not Cohort.objects.exists()  # nothing before the press
    answer = press(client, url)
    cohort = Cohort.objects.get()
    assert answer.headers["Location"] == cohort.get_absolute_url()
    assert (cohort.name, cohort.area, cohort.places, cohort.venue) == (
        "Ipswich, January 2027",
        "Ipswich",
        8,
        "Chantry Library",
    )
    assert [timezone.localdate(one.starts_at) for one in cohort.sessions.all()] == weekly(date(2027, 1, 12), 6)
    assert cohort.team.count() == 3


@pytest.mark.parametrize(("weeks", "said"), [(-8, True), (4, False)])
def test_dates_in_the_past_are_told_before_the_group_is_set_up(browser_of, lead, typed, weeks, said):
    first = timezone.localdate() + timedelta(weeks=weeks)
    client = browser_of(lead)
    when = {"starts_on_day": first.day, "starts_on_month": first.month, "starts_on_year": first.year}
    page = page_text(client.get(check(client, typed | when)))
    assert ("6 of these dates are in the past" in page) is said is ("in the past" in page)


def test_the_programme_a_lead_comes_from_is_chosen(browser_of, lead, programmes):
    client = browser_of(lead)
    answer = client.get(reverse("sessions:set_up"), {"programme": programmes[1].code}, follow=True)
    assert answer.context["form"]["programme"].value() == programmes[1].code


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("programme", "", "Choose the programme"),
        ("programme", "nonsense", "Choose an answer for “Programme”"),
        ("area", "", "Enter the area"),
        ("area", "x" * 51, "“Area” can have up to 50 letters"),
        ("name", "x" * 81, "“Name of the group” can have up to 80 letters"),
        ("where", [], "Say where the group meets"),
        ("venue", "", "Enter the venue’s name and address"),
        ("starts_on_year", "", "must include a year"),
        ("at", "", "Enter the time it starts"),
        ("starts_on_day", "32", "must be a real date"),
        ("starts_on_year", "1066", "must be"),
        ("starts_on_year", "9999", "must be"),
        ("at", "evening", "must be a time"),
        ("places", "9", "Peer Parent Group takes up to 8 people"),
        ("places", "0", "“Places” must be 1 or more"),
        ("places", "many", "“Places” must be a whole number"),
        ("facilitators", ["nobody"], "Choose an answer for “Facilitators”"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser_of, lead, typed, field, value, sentence):
    client = browser_of(lead)
    url = begin(client)
    answer = client.post(url, typed | {"name": "A name of our own", field: value})
    assert answer.status_code == 422
    page = " ".join(answer.content.decode().split())
    assert sentence in page
    if field != "name":
        assert 'value="A name of our own"' in page
    if field != "area":
        assert 'value="Ipswich"' in page
    assert answer.context["form"].helper.form_action == url.removeprefix(reverse("sessions:set_up"))


def test_an_online_group_needs_its_link_and_no_venue(browser_of, lead, typed):
    client = browser_of(lead)
    typed |= {"where": ["online"], "venue": "left over", "online_link": ""}
    assert client.post(begin(client), typed).status_code == 422
    url = check(client, typed | {"online_link": "https://meet.example/abc"})
    assert "left over" not in page_text(client.get(url))
    press(client, url)
    cohort = Cohort.objects.get()
    assert (cohort.venue, cohort.online_link) == ("", "https://meet.example/abc")


def test_a_question_that_another_answer_reveals_never_reads_as_optional(browser_of, lead, typed):
    client = browser_of(lead)
    page = client.post(begin(client), typed | {"where": []}).content.decode()
    assert "Venue</label>" in on_one_line(page) and "Venue (optional)" not in page


def test_change_links_lead_back_to_what_was_typed(browser_of, lead, typed):
    client = browser_of(lead)
    url = check(client, typed)
    change = client.get(url).context["change"]
    form = client.get(change).context["form"]
    assert (form["area"].value(), form["at"].value(), form["facilitators"].value()) == (
        "Ipswich",
        "6pm",
        typed["facilitators"],
    )
    page = client.get(change).content.decode()
    assert 'value="12"' in page and 'value="2027"' in page
    again = client.post(change, typed | {"area": "Stowmarket"}).headers["Location"]
    assert again == url
    assert "Stowmarket, January 2027" in page_text(client.get(again))


def test_two_drafts_in_two_tabs_stay_apart(browser_of, lead, typed):
    client = browser_of(lead)
    first, second = check(client, typed), check(client, typed | {"area": "Lowestoft"})
    press(client, first)
    press(client, second)
    assert set(Cohort.objects.values_list("area", flat=True)) == {"Ipswich", "Lowestoft"}


def test_one_draft_per_person(browser_of, lead, typed):
    url = check(browser_of(lead), typed)
    other = browser_of(UserFactory(role=Role.LEAD))
    assert other.get(url).headers["Location"].startswith(reverse("sessions:set_up"))
    assert other.post(url, {"press": "set up"}).status_code == 302
    assert not Cohort.objects.exists()


def test_bank_holidays_are_ticked_and_can_be_kept(browser_of, lead, typed):
    client = browser_of(lead)
    url = check(client, typed | {"starts_on_day": "22", "starts_on_month": "3"})
    page = client.get(url)
    assert page.context["form"].initial["skip"] == ["2027-03-29", "2027-05-03"]
    assert "Easter Monday" in page.content.decode()
    answer = press(client, url, "dates", skip=["2027-05-03"])
    assert answer.headers["Location"] == url
    kept = client.get(url)
    assert kept.context["form"].initial["skip"] == []  # the last session is now before that one
    assert "Easter Monday" in kept.content.decode()  # and this one is flagged among the sessions
    press(client, url)
    days = [timezone.localdate(one.starts_at) for one in Cohort.objects.get().sessions.all()]
    assert days == weekly(date(2027, 3, 22), 6)


def test_nothing_is_set_up_but_the_dates_that_were_shown(browser_of, lead, typed):
    """A week was ticked and the last button pressed at once: the new dates are shown first."""
    client = browser_of(lead)
    url = check(client, typed)
    answer = press(client, url, skip=["2027-02-16"])
    assert answer.headers["Location"] == url
    assert not Cohort.objects.exists()
    page = page_text(client.get(url))
    assert "The dates are worked out again" in page and "Tuesday 23 February 2027" in page
    press(client, url)
    assert timezone.localdate(Cohort.objects.get().sessions.last().starts_at) == date(2027, 2, 23)


def test_another_first_date_brings_the_suggestion_back_and_the_same_one_does_not(browser_of, lead, typed):
    client = browser_of(lead)
    typed |= {"starts_on_day": "22", "starts_on_month": "3"}
    url = check(client, typed)
    press(client, url, "dates", skip=[])
    change = client.get(url).context["change"]
    client.post(change, typed | {"area": "Stowmarket"})
    assert client.get(url).context["form"].initial["skip"] == []
    client.post(change, typed | {"starts_on_day": "29"})
    assert client.get(url).context["form"].initial["skip"] == ["2027-03-29", "2027-05-03"]


def test_a_double_press_and_back_lead_to_the_one_group(browser_of, lead, typed):
    client = browser_of(lead)
    url = check(client, typed)
    data = {"shown": client.get(url).context["shown"], "press": "set up"}
    first, second = client.post(url, data), client.post(url, data)
    assert first.headers["Location"] == second.headers["Location"] == Cohort.objects.get().get_absolute_url()
    assert client.get(url).headers["Location"] == Cohort.objects.get().get_absolute_url()
    # Back to the first page begins a new group
    form = url.replace("check/", "")
    assert client.get(form).status_code == 302
    assert check(client, typed) != url


def test_a_form_sent_after_its_group_was_made_begins_another(browser_of, lead, typed):
    client = browser_of(lead)
    url = check(client, typed)
    press(client, url)
    again = client.post(url.replace("check/", ""), typed).headers["Location"]
    assert again != url
    press(client, again)
    assert Cohort.objects.count() == 2


def test_a_programme_of_one_session_asks_for_no_weeks(browser_of, lead, programmes, typed):
    client = browser_of(lead)
    typed |= {"programme": programmes[1].code, "starts_on_day": "3", "starts_on_month": "5"}
    url = check(client, typed)
    page = client.get(url)
    assert page.context["form"] is None
    assert "Bank holiday" in page.content.decode()
    press(client, url)
    cohort = Cohort.objects.get()
    assert (cohort.places, timezone.localdate(cohort.sessions.get().starts_at)) == (18, date(2027, 5, 3))


def test_somebody_who_left_since_is_asked_about_again(browser_of, lead, facilitator, typed):
    UserFactory(role=Role.FACILITATOR)
    client = browser_of(lead)
    url = check(client, typed)
    User.objects.filter(pk=facilitator.pk).update(is_active=False)
    answer = client.get(url)
    assert answer.headers["Location"] == url.replace("check/", "")
    page = client.get(answer.headers["Location"])
    assert page.context["form"]["area"].value() == "Ipswich"


def test_nobody_is_offered_twice_or_after_they_left(browser_of, lead, typed):
    UserFactory(name="Gone Away", role=Role.FACILITATOR, is_active=False)
    UserFactory(name="Safe Guard", role=Role.SAFEGUARDING)
    client = browser_of(lead)
    form = client.get(begin(client)).context["form"]
    assert [label for _, label in form.fields["facilitators"].choices] == ["Femi Facilitator"]
    assert "others" not in form.fields  # the lead is in the team anyway, and there is nobody else


def test_the_session_keeps_few_drafts(browser_of, lead, typed):
    client = browser_of(lead)
    urls = [check(client, typed) for _ in range(7)]
    assert client.get(urls[0]).status_code == 302
    assert client.get(urls[-1]).status_code == 200
    assert len(client.session["set_up"]) == 5


@pytest.mark.parametrize("name", ["sessions:set_up", "sessions:set_up_check"])
def test_only_a_lead_sets_up(browser_of, facilitator, manager, parent, stranger, lead, name):
    for user in (facilitator, manager, parent):
        assert browser_of(user).get(reverse(name)).status_code == 403
        assert browser_of(user).post(reverse(name)).status_code == 403
    assert stranger.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))
    assert browser_of(lead).put(reverse(name)).status_code == 405


def test_many_people_and_programmes_cost_no_more_queries(browser_of, lead, typed, same_queries):
    client = browser_of(lead)
    same_queries(client, begin(client), lambda: UserFactory.create_batch(30, role=Role.FACILITATOR))
