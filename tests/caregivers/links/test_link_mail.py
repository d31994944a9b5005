"""An e-mail with somebody's own link: what became of it is in their record, and no link lives that did not leave."""

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.links import jobs
from caregivers.links import mail as link_mail
from caregivers.models import LinkMail, PersonalLink
from ppg.sending import mail

pytestmark = pytest.mark.django_db
SITE = "https://groups.example"


@pytest.fixture
def person(register):
    person = register("Rosa Marsh").caregiver
    person.email, person.safe_ways = "rosa@home.example", ["email"]
    person.save()
    PersonalLink.objects.all().delete()
    return person


def fails_with(monkeypatch, error):
    def send(**kwargs):
        raise error

    monkeypatch.setattr(mail, "send", send)


def sent(person, cohort):
    jobs.send_own_page.call(person.code, cohort.code, SITE)


def in_record(browser_of, lead, person):
    return browser_of(lead).get(reverse("caregivers:record", args=[person.code])).text


def test_one_that_left_is_in_the_record(person, cohort, browser_of, lead, mailoutbox):
    sent(person, cohort)
    assert [(one.subject, one.to) for one in mailoutbox] == [("Your details", ["rosa@home.example"])]
    assert "Link to their own page: sent" in in_record(browser_of, lead, person)
    assert PersonalLink.objects.live(timezone.now()).count() == 1


def test_one_that_was_refused_is_shown_to_staff_and_its_link_is_ended(person, cohort, browser_of, lead, monkeypatch):
    fails_with(monkeypatch, mail.NotSent(later=False))
    sent(person, cohort)
    page = in_record(browser_of, lead, person)
    assert "their own page: not sent" in page and "give them the link in another way" in page
    assert not PersonalLink.objects.live(timezone.now()).exists()


def test_one_whose_fate_nobody_knows_keeps_its_link(person, cohort, browser_of, lead, monkeypatch):
    fails_with(monkeypatch, mail.FateUnknown())
    sent(person, cohort)
    assert "nobody knows whether it arrived" in in_record(browser_of, lead, person)
    assert PersonalLink.objects.live(timezone.now()).count() == 1


def test_a_server_that_is_away_is_tried_again_and_then_given_up(person, cohort, monkeypatch):
    put_off = []

    def try_again(job, args, tries):
        put_off.append((args, tries))
        return tries < link_mail.MOST_TRIES

    monkeypatch.setattr(link_mail, "try_again", try_again)
    fails_with(monkeypatch, mail.NotSent(later=True))
    for tries in (1, 2, 3):
        jobs.send_own_page.call(person.code, cohort.code, SITE, tries)
        assert list(LinkMail.objects.values_list("fate", flat=True)) == (["failed"] if tries == 3 else [])
    assert [tries for _args, tries in put_off] == [1, 2, 3]
    assert not PersonalLink.objects.live(timezone.now()).exists()


def test_the_queue_holds_the_next_try_until_its_time(person, cohort, settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    args = (person.code, cohort.code, SITE)
    assert link_mail.try_again(jobs.send_own_page, args, 1)
    job = DBTaskResult.objects.get()
    assert job.run_after > timezone.now() and job.args_kwargs["args"] == [*args, 2]
    assert not link_mail.try_again(jobs.send_own_page, args, 3)


def test_whoever_said_meanwhile_that_e_mail_is_not_safe_gets_none(person, cohort, mailoutbox):
    person.safe_ways = ["call"]
    person.save()
    sent(person, cohort)
    assert not mailoutbox and not LinkMail.objects.exists()
