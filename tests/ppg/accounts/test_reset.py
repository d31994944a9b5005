"""A new password for somebody who has forgotten theirs, asked for by anybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as real
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ppg.access.refusals import Refused
from ppg.accounts import mail
from ppg.accounts.adapters import AccountAdapter
from ppg.accounts.mail import Kind
from ppg.accounts.mail import jobs as mail_jobs
from ppg.accounts.mail.links import makers
from ppg.accounts.mail.posting import send_again
from ppg.accounts.reset import links
from ppg.models import AccountMail, AuditEntry, Limit, User
from tests.hooks import only
from tests.ppg.accounts.conftest import PASSWORD, everything_stored, jobs

pytestmark = pytest.mark.django_db
URL = "/password/forgotten/"
NEW = "three words that fit nowhere"
SITE = "https://groups.council.example"
STRANGERS = "nobody@elsewhere.example"


@pytest.fixture
def ask(stranger, django_capture_on_commit_callbacks):
    """Asks for a new password with an address; what was asked is on the queue afterwards."""

    def do(address, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return stranger.post(URL, {"email": address, **more})

    return do


@pytest.fixture
def link(ask, user, queue, work):
    """The path of the link that Lena gets."""

    def do():
        ask(user.email)
        [(_id, _to, text)] = work(AccountMail.objects.filter(state="waiting").get())
        return path_in(text)

    return do


def path_in(text: str) -> str:
    whole = text.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
    return re.search(r"http://testserver(/password/new/\S+)", whole)[1]


def choose(browser, path, new=NEW):
    page = browser.get(path, follow=True)
    return browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)


# --- Asking ------------------------------------------------------------------------------------------------


def blocked(user):
    user.is_active = False
    user.save()
    return user.email


def never_set_up(user):
    user.set_unusable_password()
    user.save()
    return user.email


def nobody(user):
    return STRANGERS


WITHOUT = {"nobody": nobody, "blocked": blocked, "never set up": never_set_up}


@pytest.mark.parametrize("who", WITHOUT)
def test_known_and_unknown_get_the_same_answer_with_the_same_work(ask, stranger, user, queue, who):
    ask("somebody@first.example")  # the salt of the day's limits is made
    answers = []
    for address in (user.email, WITHOUT[who](user)):
        rows, waiting = AccountMail.objects.count(), len(jobs())
        with CaptureQueriesContext(connection) as queries:
            answer = ask(address)
        said = [query["sql"] for query in queries]
        added = (AccountMail.objects.count() - rows, len(jobs()) - waiting)
        page = stranger.get(answer.headers["Location"])
        names = {name for name in answer.headers if name != "Content-Length"}
        answers.append(
            (answer.status_code, answer.headers["Location"], answer.content, names, added, len(said), page.text)
        )
    assert answers[0] == answers[1]
    assert answers[0][0] == 302 and answers[0][4] == (1, 1) and "ppg_user" not in "".join(said)


@pytest.mark.parametrize("who", WITHOUT)
def test_who_has_no_password_here_gets_no_mail_and_nothing_stays(ask, user, queue, work, who):
    ask(WITHOUT[who](user))
    assert work(AccountMail.objects.get()) == []
    assert not AccountMail.objects.exists()


def test_strangers_addresses_do_not_stay_either_when_no_worker_came_in_time(ask, user, queue):
    ask(STRANGERS)
    ask(user.email)
    assert not mail.undelivered(timezone.now() + timedelta(minutes=30)).exists()
    mail_jobs.sweep(timezone.now() + timedelta(minutes=61))
    row = AccountMail.objects.get()
    assert (row.user, row.address, row.state, row.why) == (user, "", "failed", "late")


def test_capital_letters_do_not_matter_and_the_mail_goes_to_the_address_we_know(ask, user, queue, work):
    ask(user.email.upper())
    assert [to for _id, to, _text in work(AccountMail.objects.get())] == [user.email]


def test_neither_address_nor_token_lies_anywhere(ask, user, queue, work, caplog):
    for address in (user.email, STRANGERS):
        ask(address)
    before = everything_stored()
    rows = list(AccountMail.objects.order_by("id"))
    assert sorted(jobs()) == sorted([row.code] for row in rows)
    [(_id, _to, text)] = work(rows[0])
    work(rows[1])
    token = path_in(text).split(f"{user.code}-")[1].rstrip("/")
    for secret in (user.email, STRANGERS, "elsewhere", token):
        assert secret not in before + everything_stored() + caplog.text
    assert not AuditEntry.objects.exists()  # nobody knows yet who asked


def test_whatever_the_mail_server_does_the_request_does_not_hear_of_it(ask, user, queue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.nowhere.EmailBackend"  # whoever talked to it would fail
    assert ask(user.email).headers["Location"] == reverse("account_reset_password_done")
    assert AccountMail.objects.get().state == "waiting"


def test_pressed_twice_it_goes_once(ask, user, queue):
    key = "6a1f3c0e-5d1b-4f1e-9f0a-2b8a4f6d1c11"
    for _ in range(2):
        assert ask(user.email, effect_key=key).status_code == 302
    assert AccountMail.objects.count() == len(jobs()) == 1


@pytest.mark.parametrize(("address", "sentence"), [("", "Enter your e-mail"), ("lena", "must be an e-mail address")])
def test_what_is_no_address_is_refused_with_a_sentence(stranger, address, sentence):
    page = stranger.post(URL, {"email": address})
    assert page.status_code == 422 and sentence in page.text
    assert not AccountMail.objects.exists()


@pytest.mark.parametrize("address", ["lena@council.example", STRANGERS])
def test_who_asks_too_often_waits_and_keeps_what_was_typed(stranger, user, address):
    for _ in range(5):
        assert stranger.post(URL, {"email": address}).status_code == 302
    page = stranger.post(URL, {"email": address})
    assert page.status_code == 429
    assert "Too many tries. Wait" in page.text and f'value="{address}"' in page.text
    assert AccountMail.objects.count() == 5


def test_nobody_fills_somebodys_inbox_from_many_places(ask, user, queue, work):
    """Whoever waits ten minutes in between, or comes from elsewhere, gets no more past the worker either."""
    gone = []
    for _ in range(links.MOST + 2):
        Limit.objects.all().delete()
        ask(user.email)
        gone += work(AccountMail.objects.get(state="waiting"))
    assert len(gone) == links.MOST == AccountMail.objects.count()


def test_wrong_verb(stranger):
    assert stranger.put(URL).status_code == 405
    assert stranger.post(reverse("account_reset_password_done")).status_code == 405


# --- The link ------------------------------------------------------------------------------------------------


def test_the_link_carries_no_number_and_works_once(link, user):
    path = link()
    assert path.startswith(f"/password/new/{user.code}-")
    assert "Your password is changed" in choose(Client(), path).text
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "This link has ended" in Client().get(path, follow=True).text


def test_it_ends_after_three_hours(link, settings, user, monkeypatch):
    assert real.PASSWORD_RESET_TIMEOUT == 3 * 60 * 60
    path = link()
    generator = type(links.CodeTokenForm.token_generator)
    for minutes, sentence in ((179, "Choose a new password"), (181, "This link has ended")):
        then = timezone.localtime().replace(tzinfo=None) + timedelta(minutes=minutes)
        monkeypatch.setattr(generator, "_now", lambda self, then=then: then)
        assert sentence in Client().get(path, follow=True).text


def test_it_ends_when_the_password_was_changed_meanwhile(link, user):
    first, second = link(), link()
    choose(Client(), first)
    assert "This link has ended" in Client().get(second, follow=True).text


def test_it_ends_when_its_person_was_blocked(link, user):
    path = link()
    blocked(user)
    assert "This link has ended" in Client().get(path, follow=True).text


def test_an_open_page_of_a_link_does_not_unblock_its_person(link, user):
    browser, path = Client(), link()
    page = browser.get(path, follow=True)
    blocked(user)
    browser.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert not user.is_active and user.check_password(PASSWORD)


def test_opening_it_changes_nothing(link, user):
    path = link()
    for _ in range(2):
        Client().get(path, follow=True)  # a scanner of e-mails
    assert "Your password is changed" in choose(Client(), path).text


def test_it_signs_nobody_in(link, user):
    browser = Client()
    choose(browser, link())
    assert "_auth_user_id" not in browser.session
    assert browser.get(reverse("home")).status_code == 302


def test_a_stolen_link_of_two_presses_at_the_same_moment_sets_one_password(user):
    one, other = User.objects.get(), User.objects.get()  # as two requests have read them
    AccountAdapter().set_password(one, NEW)
    with pytest.raises(Refused):
        AccountAdapter().set_password(other, "another sentence to type")
    user.refresh_from_db()
    assert user.check_password(NEW)


# --- Afterwards ----------------------------------------------------------------------------------------------


def test_a_new_password_by_a_link_is_in_the_trail_is_told_to_its_owner_and_ends_other_sessions(
    link, user, browser_of, work
):
    elsewhere = browser_of(user)
    assert elsewhere.get(reverse("home")).status_code == 200
    choose(Client(), link())
    assert elsewhere.get(reverse("home")).status_code == 302
    entry = AuditEntry.objects.get(what="user", verb="reset")
    assert (entry.user, entry.ref, entry.fields) == (None, user.code, ["password"])
    [(_id, to, text)] = work(AccountMail.objects.get(kind=Kind.PASSWORD_CHANGED))
    assert to == user.email and "Your password was changed" in text


def test_a_password_changed_by_its_owner_is_in_the_trail_and_told_too(client, user, browser_of, work, queue):
    elsewhere = browser_of(user)
    elsewhere.get(reverse("home"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), sent).status_code == 302
    assert client.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).status_code == 302
    assert AuditEntry.objects.get(what="user", verb="changed").fields == ["password"]
    assert len(work(AccountMail.objects.get(kind=Kind.PASSWORD_CHANGED))) == 1


@pytest.mark.parametrize("before", ["", "!never"])
def test_a_first_password_is_no_change(user, before):
    User.objects.update(password=before)
    AccountAdapter().set_password(User.objects.get(), NEW)
    assert not AccountMail.objects.exists()
    assert AuditEntry.objects.get().fields == ["password"]


def test_the_page_for_asking_takes_no_notice_of_allauths_own_addresses(ask, user, queue, work):
    """An address that only allauth's table knows opens nothing."""
    EmailAddress.objects.create(user=user, email="lena@private.example", verified=True)
    ask("lena@private.example")
    assert work(AccountMail.objects.get()) == [] and not AccountMail.objects.exists()


def test_allauth_sends_nothing_by_itself(mailoutbox):
    with pytest.raises(NotImplementedError):
        AccountAdapter().send_mail("account/email/unknown_account", "lena@council.example", {})
    assert not mailoutbox


def test_a_fault_with_an_address_that_was_typed_shows_who_it_is_for(user, work, queue, monkeypatch):
    only(monkeypatch, makers)
    row = mail.post(Kind.PASSWORD_RESET, None, site=SITE, address=user.email)
    with pytest.raises(mail_jobs.NotWritten):
        work(row)
    assert [one.user for one in mail.undelivered()] == [user]


def test_a_link_that_could_not_leave_in_time_goes_when_somebody_presses(user, queue, work, administrator):
    row = mail.post(Kind.PASSWORD_RESET, user, site=SITE, at=timezone.now() - timedelta(days=1))
    AccountMail.objects.update(state="failed", why="late")
    assert send_again(code=row.code, by=administrator, seen="failed 0")
    [(_id, _to, text)] = work(row)
    assert f"{SITE}/password/new/{user.code}-" in text.replace("=\n", "")
