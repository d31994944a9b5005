"""Packs: who gets what by which way, and what is shown about each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from caregivers.record import timeline as record_timeline
from ppg.access.refusals import Refused
from ppg.files.stored_files import DatabaseFiles, Unreachable
from ppg.models import AuditEntry, Service
from ppg.service_details import service
from sessions_app.closing import actions as closing
from sessions_app.models import Delivery, Given, Pack
from sessions_app.packs import actions, jobs
from sessions_app.packs import contents as packs
from tests.factories import SessionFactory
from tests.sessions_app.evening import evening, person, resource, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return evening(cohort)


@pytest.fixture
def people(cohort, session, facilitator):
    by_name = {
        "Aisha": person(cohort, "Aisha Amber"),
        "Ben": person(cohort, "Ben Blue", by="paper"),
        "Carol": person(cohort, "Carol Cyan"),
        "Dawn": person(cohort, "Dawn Dun", safe=["text"]),
    }
    for name, state in [("Aisha", "present"), ("Ben", "late"), ("Carol", "apologies"), ("Dawn", "present")]:
        tick(session, by_name[name], state, facilitator)
    return by_name


@pytest.fixture
def close(session, facilitator, django_capture_on_commit_callbacks):
    """Closes the session; the e-mails leave when `now` is true."""

    def do(now: bool = True, **fields) -> Pack:
        with django_capture_on_commit_callbacks(execute=now):
            closing.close(session=session, by=facilitator, **fields)
        return Pack.objects.get(session=session)

    return do


def of(name: str) -> Delivery:
    return next(
        one for one in Delivery.objects.select_related("place__caregiver") if one.place.caregiver.called == name
    )


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def page(client, session) -> str:
    answer = client.get(reverse("sessions:pack", args=[session.code]))
    assert answer.status_code == 200
    return text(answer)


# --- By which way ----------------------------------------------------------------------------------------


def test_each_gets_theirs_as_they_prefer_and_only_where_it_is_safe(cohort, session, people, close):
    person(cohort, "Ewa Eins", by="")
    person(cohort, "Farid Fern", email="")
    close()
    ways = {one.place.caregiver.called: (one.way, one.state, one.problem) for one in Delivery.objects.all()}
    assert ways == {
        "Aisha": ("email", "sent", ""),
        "Ben": ("paper", "waiting", "They asked for paper."),
        "Carol": ("email", "sent", ""),
        "Dawn": ("paper", "waiting", "E-mail is not safe for them."),
        "Ewa": ("paper", "waiting", "We have not asked yet how they want them."),
        "Farid": ("paper", "waiting", "We have no e-mail address."),
    }


def test_who_left_gets_nothing(session, people, close):
    people["Aisha"].state, people["Aisha"].seat, people["Aisha"].left_on = "left", None, session.day
    people["Aisha"].save()
    close()
    assert Delivery.objects.count() == 3 and [message.to for message in mail.outbox] == [["carol@families.example"]]


def test_a_pack_of_things_alone_is_not_e_mailed(session, people, close):
    close(handouts=[resource("leaflets", kind="leaflet", url="https://leaflet.example/"), resource("sheet")])
    assert {one.way for one in Delivery.objects.all()} == {"paper"} and not mail.outbox
    assert of("Aisha").problem == "Nothing in this pack has a file or a link."


def test_what_is_given_in_the_hand_and_what_is_printed():
    contents = [
        packs.content(resource(slug, **fields))
        for slug, fields in {
            "link": {"url": "https://a.example"},
            "film": {"url": "https://f.example", "kind": "film"},
            "film without a link": {"kind": "film"},
            "everyone": {"url": "https://b.example", "print_for_everyone": True},
            "sheet": {},
            "alarm": {"kind": "item"},
            "leaflet": {"kind": "leaflet", "url": "https://c.example"},
        }.items()
    ]

    def slugs(handouts):
        return [handout["slug"] for handout in handouts]

    assert slugs(packs.mailed(contents)) == ["link", "film", "everyone"]
    assert slugs(packs.by_hand(contents)) == ["everyone", "sheet", "alarm", "leaflet"]
    assert slugs(packs.to_print(contents)) == ["link"] and slugs(packs.addresses(contents)) == ["film"]
    assert slugs(packs.missing(contents)) == ["film without a link"]


def test_a_film_without_its_link_is_nothing_to_hand_over(session, people, close, browser_of, facilitator):
    close(handouts=[resource("a-film", kind="film", title="A new film"), resource("sheet", title="The sheet")])
    shown = page(browser_of(facilitator), session)
    assert shown.count("A new film") == 1 and "Link missing" in shown  # in what the pack holds, and nowhere else
    assert shown.count("The sheet") > 4
    assert "A new film" not in text(browser_of(facilitator).get(reverse("sessions:pack_print", args=[session.code])))


def test_an_e_mail_does_not_promise_a_film_without_its_link(session, people, close):
    close(handouts=[resource("a-page", url="https://s.example"), resource("a-film", kind="film", title="A new film")])
    assert len(mail.outbox) == 2 and not [one for one in mail.outbox if "A new film" in one.body]


# --- The e-mail ------------------------------------------------------------------------------------------


def test_an_e_mail_goes_to_one_person_and_tells_a_locked_screen_nothing(session, people, close):
    Service.objects.create(name="Common Ground", phone="01632 960100", email="hello@demo.example")
    service.forget()
    close()
    assert sorted(message.to for message in mail.outbox) == [["aisha@families.example"], ["carol@families.example"]]
    for message in mail.outbox:
        assert message.recipients() == message.to and not message.cc and not message.bcc
        assert message.subject == "As promised" and message.reply_to == ["hello@demo.example"]
        others = {"Aisha", "Ben", "Carol", "Dawn", "Amber", "Blue", "Cyan", "Dun", "Femi"}
        assert not [name for name in others if name in message.body]
        start = message.body[:250].casefold()
        telling = ["group", "parent", "carer", "child", "session", "exploit", "recruit", "police", "ipswich", "http"]
        assert not [word for word in telling if word in start + message.subject.casefold()]
        assert "The five stages of recruitment\n  https://stages.example/read" in message.body
        assert "We give you these when we meet:" in message.body and "* Jordan’s story" in message.body
        assert "01632 960100" in message.body


def test_who_was_away_gets_theirs_with_an_offer_to_catch_up(session, people, close):
    close()
    bodies = {message.to[0].split("@")[0]: message.body for message in mail.outbox}
    assert "We missed you this time" in bodies["carol"] and "We missed you" not in bodies["aisha"]
    assert of("Carol").catch_up and not of("Aisha").catch_up


def test_files_go_along_under_names_that_say_nothing(session, people, close, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    name = default_storage.save("resources/qwertz", ContentFile(b"%PDF-1.7 text"))
    telling = resource("stages-file", "Stages of recruitment", file=name, file_name="County lines.PDF")
    close(handouts=[telling])
    message = mail.outbox[0]
    assert [(one[0], one[1], one[2]) for one in message.attachments] == [("1.pdf", b"%PDF-1.7 text", "application/pdf")]
    assert "1. Stages of recruitment" in message.body and "County lines" not in message.message().as_string()


def test_a_file_that_is_gone_is_said_and_nothing_leaves(session, people, close):
    close(handouts=[resource("gone", "The sheet", file="resources/gone", file_name="a.pdf")])
    assert (of("Aisha").state, of("Aisha").problem) == ("failed", "The file of “The sheet” is missing.")
    assert not mail.outbox


def test_while_the_store_of_files_is_away_they_wait_and_then_it_is_said(session, people, close, monkeypatch):
    def away(*asked):
        raise Unreachable("The store could not be reached.")

    monkeypatch.setattr(DatabaseFiles, "_open", away)
    close(handouts=[resource("away", file="resources/a", file_name="a.pdf")])
    assert (of("Aisha").state, of("Aisha").tries) == ("waiting", 1) and "We try again" in of("Aisha").problem
    for _time in range(2):
        jobs.send_delivery.func(of("Aisha").code)
    assert (of("Aisha").state, of("Aisha").problem) == ("failed", "The files could not be reached.")
    assert not mail.outbox


def test_files_too_big_for_an_e_mail_are_said(session, people, close, monkeypatch):
    name = default_storage.save("resources/big", ContentFile(b"12345"))
    monkeypatch.setattr(jobs, "MOST_BYTES", 4)
    close(handouts=[resource("big", file=name, file_name="a.pdf")])
    assert of("Aisha").state == "failed" and "too big" in of("Aisha").problem and not mail.outbox


def test_a_later_change_of_the_handout_rewrites_nothing(session, people, close):
    pack = close(now=False)
    session.handouts.filter(slug="stages").update(title="Other", url="https://other.example")
    jobs.send_delivery.func(of("Aisha").code)
    assert pack.contents[0]["title"] == "The five stages of recruitment"
    assert "https://stages.example/read" in mail.outbox[0].body


# --- Between making and sending --------------------------------------------------------------------------


def test_e_mail_that_is_no_longer_safe_goes_on_paper_instead(session, people, close):
    close(now=False)
    caregiver = people["Aisha"].caregiver
    caregiver.safe_ways = ["call"]
    caregiver.save()
    jobs.send_delivery.func(of("Aisha").code)
    assert (of("Aisha").way, of("Aisha").state, of("Aisha").tries) == ("paper", "waiting", 0)
    assert of("Aisha").problem == "E-mail is not safe for them." and not mail.outbox


def test_who_left_since_is_not_written_to(session, people, close):
    close(now=False)
    place = people["Aisha"]
    place.state, place.seat, place.left_on = "left", None, session.day
    place.save()
    jobs.send_delivery.func(of("Aisha").code)
    assert (of("Aisha").state, of("Aisha").problem) == ("failed", "They have left the group.") and not mail.outbox
    with pytest.raises(Refused, match="left the group"):
        actions.send_again(delivery=of("Aisha"), by=session.closed_by, seen="failed")


def test_the_job_run_twice_sends_once(session, people, close):
    close()
    for _ in range(3):
        jobs.send_delivery.func(of("Aisha").code)
    assert len(mail.outbox) == 2 and of("Aisha").tries == 1


# --- The page --------------------------------------------------------------------------------------------


def test_it_says_who_has_theirs_and_what_is_wrong_first(browser_of, facilitator, session, people, close):
    close()
    Delivery.objects.filter(pk=of("Carol").pk).update(state="failed", problem="The mail server did not take it.")
    shown = page(browser_of(facilitator), session)
    assert "Packs given:" in shown and "1 of 4" in shown and "1 e-mail did not go out" in shown
    names = ["Carol", "Ben", "Dawn", "Aisha"]
    assert [shown.index(f">{name}</h2>") for name in names] == sorted(shown.index(f">{name}</h2>") for name in names)
    for sentence in [
        "Not sent",
        "The mail server did not take it.",
        "To hand over on paper",
        "E-mailed, ",
        "Try again",
    ]:
        assert sentence in shown
    assert "families.example" not in shown


def test_an_e_mail_whose_worker_died_is_unknown_even_before_anybody_swept(
    browser_of, facilitator, session, people, close
):
    close(now=False)
    Delivery.objects.filter(pk=of("Aisha").pk).update(state="sending", state_at=timezone.now() - timedelta(minutes=11))
    shown = page(browser_of(facilitator), session)
    assert "Not known whether it was sent" in shown and "Send again anyway" in shown


def test_e_mails_that_wait_too_long_say_whom_to_tell(browser_of, facilitator, session, people, close):
    close(now=False)
    assert "2 e-mails are on their way" in page(browser_of(facilitator), session)
    Delivery.objects.update(state_at=timezone.now() - timedelta(minutes=6))
    assert "background work may have stopped" in page(browser_of(facilitator), session)


def test_paper_and_things_are_ticked_off_and_the_tick_taken_back(browser_of, facilitator, session, people, close):
    close()
    client, ben = browser_of(facilitator), of("Ben")
    for has, state, by in [("yes", "handed", facilitator), ("yes", "handed", facilitator), ("no", "waiting", None)]:
        answer = client.post(reverse("sessions:pack_handed", args=[ben.code]), {"has": has})
        assert answer.headers["Location"].endswith(f"#of-{ben.code}")
        ben.refresh_from_db()
        assert (ben.state, ben.handed_by) == (state, by)
    assert AuditEntry.objects.filter(what="delivery", person=people["Ben"].caregiver.code).count() == 2

    given = reverse("sessions:pack_given", args=[ben.code])
    for has, count in [("yes", 1), ("yes", 1), ("no", 0)]:
        client.post(given, {"thing": "alarm", "has": has})
        assert Given.objects.count() == count
    assert client.post(given, {"thing": "stages", "has": "yes"}).status_code == 409
    assert client.post(reverse("sessions:pack_handed", args=[of("Aisha").code]), {"has": "yes"}).status_code == 409


def test_one_press_ticks_a_thing_for_everybody_who_was_here(browser_of, facilitator, session, people, close):
    close()
    client, url = browser_of(facilitator), reverse("sessions:pack_given_to_those_here", args=[session.code])
    client.post(url, {"thing": "alarm"})
    client.post(url, {"thing": "alarm"})
    assert sorted(one.delivery.place.caregiver.called for one in Given.objects.all()) == ["Aisha", "Ben", "Dawn"]
    assert "3 of 4 have it" in page(client, session)


def test_the_printed_list_says_what_to_print_for_whom(browser_of, facilitator, session, people, close):
    close()
    shown = text(browser_of(facilitator).get(reverse("sessions:pack_print", args=[session.code])))
    assert "Print 2 copies of each" in shown and "The five stages of recruitment" in shown
    assert "https://film.example/watch" in shown and "https://stages" not in shown
    assert "Personal alarm" in shown and "Ben" in shown and "by e-mail" in shown
    assert "Blue" not in shown and "not safe" not in shown


def test_before_the_session_is_closed_there_is_a_way_to_close_it(browser_of, facilitator, session):
    assert reverse("sessions:close", args=[session.code]) in page(browser_of(facilitator), session)
    assert browser_of(facilitator).get(reverse("sessions:pack_print", args=[session.code])).status_code == 404


def test_a_larger_group_costs_the_same(
    browser_of, facilitator, session, people, close, cohort, same_queries, django_assert_max_num_queries
):
    close()
    pack = Pack.objects.get()

    def grow():
        for name in ["Ewa Eins", "Farid Fern", "Grace Gold"]:
            place = person(cohort, name)
            made = Delivery.objects.create(
                pack=pack, place=place, way="paper", state="handed", handed_by=facilitator, state_at=timezone.now()
            )
            actions.give(delivery=made, resource=session.handouts.get(slug="alarm"), by=facilitator)

    actions.give(delivery=of("Ben"), resource=session.handouts.get(slug="alarm"), by=facilitator)
    client, url = browser_of(facilitator), reverse("sessions:pack", args=[session.code])
    same_queries(client, url, grow)
    with django_assert_max_num_queries(8):
        client.get(url)


# --- Again -----------------------------------------------------------------------------------------------


@pytest.fixture
def stuck(session, people, close):
    """Aisha's was not sent, Carol's fate is unknown."""
    close(now=False)
    mail.outbox.clear()
    Delivery.objects.filter(pk=of("Aisha").pk).update(state="failed", tries=3)
    Delivery.objects.filter(pk=of("Carol").pk).update(state="unknown", tries=1)


def test_one_that_was_not_sent_is_tried_again_by_one_press(
    browser_of, facilitator, stuck, django_capture_on_commit_callbacks
):
    client, url = browser_of(facilitator), reverse("sessions:pack_again", args=[of("Aisha").code])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"seen": "failed"})
        client.post(url, {"seen": "failed"})
    assert [message.to for message in mail.outbox] == [["aisha@families.example"]]
    assert (of("Aisha").state, of("Aisha").tries) == ("sent", 4)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"seen": "failed"})  # an old page
    assert len(mail.outbox) == 1


def test_one_whose_fate_is_unknown_is_sent_again_only_after_a_sentence(
    browser_of, facilitator, session, stuck, django_capture_on_commit_callbacks
):
    client, url = browser_of(facilitator), reverse("sessions:pack_again", args=[of("Carol").code])
    assert f'href="{url}"' in page(client, session)  # a page that asks, not a button that sends
    asks = text(client.get(url))
    assert "We do not know whether the first e-mail arrived" in asks and not mail.outbox
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"seen": "failed"})  # what the person saw was another state
    assert not mail.outbox and of("Carol").state == "unknown"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"seen": "unknown"})
    assert len(mail.outbox) == 1 and of("Carol").state == "sent"
    assert client.get(url).status_code == 302


def test_one_that_was_sent_is_not_sent_again(browser_of, facilitator, session, people, close):
    close()
    mail.outbox.clear()
    url = reverse("sessions:pack_again", args=[of("Aisha").code])
    for seen in ["failed", "unknown"]:
        browser_of(facilitator).post(url, {"seen": seen})
    assert browser_of(facilitator).post(url, {"seen": "sent"}).status_code == 409
    assert not mail.outbox and of("Aisha").state == "sent"


@pytest.mark.parametrize("name", ["Aisha", "Carol"])
def test_it_can_go_on_paper_instead(browser_of, facilitator, stuck, name, django_capture_on_commit_callbacks):
    client = browser_of(facilitator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("sessions:pack_paper", args=[of(name).code]))
    assert (of(name).way, of(name).state) == ("paper", "waiting")
    jobs.send_delivery.func(of(name).code)
    assert not mail.outbox


def test_what_is_being_sent_just_now_does_not_go_on_paper(facilitator, session, people, close):
    close(now=False)
    Delivery.objects.filter(pk=of("Aisha").pk).update(state="sending", state_at=timezone.now())
    with pytest.raises(Refused, match="being sent just now"):
        actions.to_paper(delivery=of("Aisha"), by=facilitator)


# --- The record ------------------------------------------------------------------------------------------


def test_the_record_tells_attendance_and_handouts(browser_of, facilitator, session, people, close):
    close()
    actions.give(delivery=of("Ben"), resource=session.handouts.get(slug="alarm"), by=facilitator)
    events = {(one.text, one.detail) for one in record_timeline.timeline(people["Ben"].caregiver, facilitator)}
    assert ("Session 2: Ways in", "Came late") in events
    assert ("Handouts of session 2: on paper", "Waiting. They asked for paper.") in events
    assert ("Given: Personal alarm", "") in events
    url = people["Ben"].caregiver.get_absolute_url()
    assert "Handouts of session 2" in text(browser_of(facilitator).get(url))


def test_the_record_tells_nothing_of_a_group_one_is_not_in(session, people, close, other_facilitator):
    close()
    events = [one.text for one in record_timeline.timeline(people["Ben"].caregiver, other_facilitator)]
    assert not [one for one in events if "ession" in one]


# --- Who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pack_paper", "pack_handed", "pack_given", "pack_again"])
def test_nobody_else_changes_a_delivery(browser_of, people, close, parent, manager, other_facilitator, stranger, name):
    close(now=False)
    url = reverse(f"sessions:{name}", args=[of("Ben").code])
    values = {"has": "yes", "thing": "alarm", "seen": "failed"}
    for user, status in [(parent, 403), (manager, 403), (other_facilitator, 404)]:
        assert browser_of(user).post(url, values).status_code == status
    assert stranger.post(url, values).headers["Location"].startswith(reverse("account_login"))
    assert of("Ben").state == "waiting" and not Given.objects.exists()


def test_the_trail_tells_what_became_of_each(session, people, close, facilitator):
    pack = close()
    made = AuditEntry.objects.get(what="pack")
    assert (made.verb, made.user, made.ref) == ("created", facilitator, pack.code)
    sent = AuditEntry.objects.get(what="delivery", person=people["Aisha"].caregiver.code)
    assert (sent.user, sent.fields, sent.cohort) == (None, ["sent"], session.cohort.code)


def test_a_second_pack_of_a_session_is_never_made(session, people, close, facilitator):
    pack = close()
    again = actions.make(session=session, resources=[], by=facilitator)
    assert again == pack and Delivery.objects.count() == 4


def test_an_empty_pack_page_of_another_session(browser_of, facilitator, cohort):
    other = SessionFactory(cohort=cohort, number=5)
    assert "The pack is made when the session is closed" in page(browser_of(facilitator), other)
