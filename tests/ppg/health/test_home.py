"""The administrator's home begins with what the service still needs, then says how it is; their page says more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import ConsentWording
from ppg.backups import nightly
from ppg.health import looks, steps
from ppg.models import AccountMail, HealthLook, Service
from ppg.service_details import service
from ppg.time_of_day import clock
from tests.factories import GuideFactory, UserFactory

pytestmark = pytest.mark.django_db
HOME, HEALTH, TRY = "/", "/health/", "/health/try-mail/"


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


@pytest.fixture(autouse=True)
def lies_in(folder):
    """Backups of this test."""


def backed_up() -> None:
    nightly.make(timezone.now())


def seen(name: str, state: str, sentence: str, remedy: str = "", *, at=None, since=None) -> None:
    at = at or timezone.now()
    HealthLook.objects.create(
        name=name, host="web1", state=state, sentence=sentence, remedy=remedy, since=since or at, looked_at=at
    )


def sent_to(user) -> None:
    at = timezone.now()
    AccountMail.objects.create(kind="trial", user=user, state="sent", happened_at=at, asked_at=at, changed_at=at)


def do_everything(administrator) -> None:
    Service.objects.create(organisation="Example Council", phone="01632 960100")
    ConsentWording.objects.all().delete()
    GuideFactory()
    UserFactory(role="administrator")
    UserFactory(role="lead", joined_at=None)
    UserFactory(role="safeguarding")
    sent_to(administrator)
    backed_up()


# --- Steps -----------------------------------------------------------------------------------------------


def test_on_the_first_day_the_home_begins_with_the_steps_and_the_first_of_them(browser):
    page = browser.get(HOME).text
    assert "0 of 7" in page and page.index("Set up the service") < page.index("Health of the service")
    first, second = page.index("Say what the service is called"), page.index("Fill in the texts of your council")
    assert first < page.index(">Next<") < second
    for words in ("second administrator", "Invite the people who run groups", "first backup", "Load the programmes"):
        assert words in page
    assert "Programme lead, Safeguarding lead" in page


def test_a_step_that_is_done_ticks_itself_and_goes_behind(browser):
    Service.objects.create(organisation="Example Council", email="help@council.example")
    page = browser.get(HOME).text
    assert "1 of 7" in page
    assert page.index("Fill in the texts of your council") < page.index(">Next<")
    assert page.index("Make the first backup") < page.index("Say what the service is called")


def test_when_all_are_done_they_are_gone(browser, administrator):
    do_everything(administrator)
    page = browser.get(HOME).text
    assert "Set up the service" not in page and "of 7" not in page and "Health of the service" in page


@pytest.mark.parametrize("number", range(7))
def test_each_step_is_done_by_its_own_fact(administrator, number):
    names = [step.label for step in steps.steps().rows]
    assert len(names) == 7 and not steps.steps().done
    facts = [
        lambda: Service.objects.create(organisation="Example Council", phone="01632 960100"),
        lambda: ConsentWording.objects.all().delete(),
        lambda: GuideFactory(),
        lambda: sent_to(administrator),
        lambda: UserFactory(role="administrator"),
        lambda: [UserFactory(role=role) for role in ("lead", "safeguarding")],
        backed_up,
    ]
    facts[number]()
    assert [step.label for step in steps.steps().done] == [names[number]]


def test_a_second_administrator_who_leaves_is_missed_again(browser, administrator):
    do_everything(administrator)
    type(administrator).objects.filter(role="administrator").exclude(pk=administrator.pk).update(is_active=False)
    page = browser.get(HOME).text
    assert "6 of 7" in page and "You are the only one." in page


def test_what_a_step_says_is_not_said_again_by_health(browser):
    assert browser.get(HOME).text.count("texts have blanks") == 1
    assert "texts have blanks" not in browser.get(HEALTH).text


def test_nobody_else_sees_any_of_it(browser_of, lead, manager, safeguarding):
    seen("mail", "fault", "It is away.", "Mend it.")
    for user in (lead, manager, safeguarding):
        page = browser_of(user).get(HOME).text
        assert "Set up the service" not in page and "Health of the service" not in page and "It is away" not in page
        assert browser_of(user).get(HEALTH).status_code == 403
        assert browser_of(user).post(TRY).status_code == 403


# --- Health ----------------------------------------------------------------------------------------------


@pytest.fixture
def well(administrator, beating):
    do_everything(administrator)
    service.forget()


def test_all_is_well_in_three_words_with_its_age(browser, well):
    at = timezone.now() - timedelta(minutes=3)
    seen("mail", "good", "It answers, and lets us in.", at=at)
    page = browser.get(HOME).text
    assert "All is well." in page and f"Looked at {clock(at)}." in page
    assert "It answers" not in page and "Warning" not in page and "These pages are open to you" not in page


def test_what_is_wrong_is_told_with_since_when_and_what_to_do(browser, well, now):
    since = timezone.localtime(now) - timedelta(hours=2)
    seen("mail", "fault", "It does not answer.", "Put PPG_EMAIL_URL right.", since=since)
    seen("disk", "warning", "Only 1.5 GB are free.", "Move old backups.")
    page = browser.get(HOME).text
    assert "All is well" not in page
    assert "Mail server: It does not answer." in page and "Put PPG_EMAIL_URL right." in page
    assert f"at {clock(since)}. Put" in page
    assert page.index("It does not answer.") < page.index("Only 1.5 GB")


def test_a_worker_that_is_gone_is_said_at_once_and_what_it_saw_is_called_old(browser, administrator, heard):
    do_everything(administrator)
    heard(hours=2)
    seen("mail", "good", "It answers, and lets us in.", at=timezone.now() - timedelta(hours=2))
    page = browser.get(HOME).text
    assert "No worker has been heard of since" in page and "Start manage.py worker" in page
    assert "ago: nothing looks while no worker runs" in page


def test_before_the_worker_has_looked_nobody_says_that_all_is_well(browser, well):
    page = browser.get(HOME).text
    assert "All is well" not in page and "Nobody has looked yet." in page


def test_the_mail_server_is_not_asked_while_the_page_loads(browser, well, monkeypatch):
    from ppg.health import work

    monkeypatch.setattr(work, "_ask", lambda server: 1 / 0)
    monkeypatch.setattr(work, "mail_server_answers", lambda now: 1 / 0)
    monkeypatch.setattr(work, "get_connection", lambda: 1 / 0)
    assert browser.get(HOME).status_code == browser.get(HEALTH).status_code == 200


def test_the_page_lists_everything_what_is_wrong_first(browser, well):
    seen("backup", "good", "The last one was made today.")
    seen("mail", "fault", "It does not answer.", "Put PPG_EMAIL_URL right.")
    page = browser.get(HEALTH).text
    assert page.index("It does not answer.") < page.index("The last one was made today.")
    assert ">Fault<" in page and "Good" in page and "The worker runs, on" in page


def test_the_worker_s_look_is_on_the_page(browser, well, now):
    looks.sweep(now)
    page = browser.get(HEALTH).text
    for words in ("There is none: e-mails are written to files.", "GB are free", "The first key in PPG_KEYS"):
        assert words in page


# --- An e-mail to oneself --------------------------------------------------------------------------------


def test_an_e_mail_to_oneself_is_sent_and_what_became_of_it_is_shown(
    browser, administrator, mailoutbox, django_capture_on_commit_callbacks
):
    assert "Send yourself one." in browser.get(HEALTH).text
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(TRY, follow=True)
    assert answer.redirect_chain == [(HEALTH, 302)] and "on its way to your own address" in answer.text
    [mail] = mailoutbox
    assert mail.to == [administrator.email] and "It has arrived" in mail.body
    assert ": Sent." in browser.get(HEALTH).text
    assert [step.label for step in steps.steps().done] == ["Send yourself an e-mail"]


def test_pressing_twice_sends_one_while_the_first_is_on_its_way(browser, administrator):
    for _ in range(2):
        browser.post(TRY)
    assert administrator.account_mails.count() == 1


def test_only_a_press_sends_it(browser, administrator):
    assert browser.get(TRY).status_code == 405
    assert not administrator.account_mails.exists() and reverse("try_mail") == TRY
