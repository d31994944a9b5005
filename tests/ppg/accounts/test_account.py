"""Everybody's page of their own account."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ppg.accounts.sessions import device, sweep
from ppg.models import AuditEntry, SignIn
from tests.ppg.accounts.factors import PASSWORD, give_password, is_signed_in, with_app, with_password

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def signed_in_on(user, user_agent):
    browser = Client(headers={"User-Agent": user_agent})
    give_password(browser, user)
    return browser


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (IPHONE, "Safari on iPhone"),
        (WINDOWS + " Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 15917.71.0) AppleWebKit/537.36 Chrome/127.0 Safari/537.36",
            "Chrome on Chromebook",
        ),
        ("", "A device we do not know"),
        ("<script>alert(1)</script>", "A device we do not know"),
    ],
)
def test_a_device_is_told_in_words(user_agent, words):
    assert device(user_agent) == words


def test_it_shows_who_one_is_and_where_one_is_signed_in(lead):
    with_password(lead)
    desk = signed_in_on(lead, WINDOWS)
    signed_in_on(lead, IPHONE)
    page = desk.get(reverse("account")).text
    assert "Chrome on Windows" in page and "Safari on iPhone" in page
    assert page.count("· this device") == 1 and page.count("Sign out there") == 1


def test_signing_out_there_ends_that_device_only(lead):
    with_password(lead)
    desk, phone, tablet = (signed_in_on(lead, agent) for agent in (WINDOWS, IPHONE, IPHONE))
    code = SignIn.objects.get(session_key=phone.session.session_key).code
    assert desk.post(reverse("sign_out_there", args=[code])).headers["Location"] == reverse("account")
    assert [is_signed_in(browser) for browser in (desk, phone, tablet)] == [True, False, True]


def test_nobody_signs_somebody_else_out(lead, facilitator, browser_of):
    with_password(lead)
    desk = signed_in_on(lead, WINDOWS)
    code = SignIn.objects.get(session_key=desk.session.session_key).code
    assert browser_of(facilitator).post(reverse("sign_out_there", args=[code])).status_code == 404
    assert is_signed_in(desk)


def test_signing_out_everywhere_ends_this_device_too(lead):
    with_password(lead)
    desk, phone = signed_in_on(lead, WINDOWS), signed_in_on(lead, IPHONE)
    assert phone.post(reverse("sign_out_everywhere")).headers["Location"] == reverse("account_login")
    assert not is_signed_in(desk) and not is_signed_in(phone)


def test_a_session_copied_before_the_sign_out_opens_nothing_after_it(lead):
    with_password(lead)
    desk = signed_in_on(lead, WINDOWS)
    thief = Client()
    thief.cookies["sessionid"] = desk.cookies["sessionid"].value
    assert is_signed_in(thief)
    desk.post(reverse("sign_out_everywhere"))
    assert not is_signed_in(thief)


def test_a_new_password_ends_every_other_session_and_is_told(lead, mail_at_once):
    with_password(lead)
    desk, phone = signed_in_on(lead, WINDOWS), signed_in_on(lead, IPHONE)
    new = "three words that fit nowhere"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desk.post(reverse("account_change_password"), fields).headers["Location"] == reverse("account")
    assert is_signed_in(desk) and not is_signed_in(phone)
    assert [row.device for row in SignIn.objects.filter(user=lead)] == ["Chrome on Windows"]
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    assert AuditEntry.objects.filter(ref=lead.code, verb="changed").get().fields == ["password"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"oldpassword": "wrong", "password1": "x" * 14, "password2": "x" * 14}, "That is not your password"),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "too short"),
        ({"oldpassword": PASSWORD, "password1": "x" * 14, "password2": "y" * 14}, "not the same"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_in_a_sentence(lead, fields, sentence):
    with_password(lead)
    desk = signed_in_on(lead, WINDOWS)
    answer = desk.post(reverse("account_change_password"), fields)
    assert answer.status_code == 422 and sentence in answer.text
    lead.refresh_from_db()
    assert lead.check_password(PASSWORD)


def test_the_name_is_changed_by_its_owner(browser_of, lead):
    browser = browser_of(lead)
    assert browser.post(reverse("account_name"), {"name": "Lena Leader"}).headers["Location"] == reverse("account")
    lead.refresh_from_db()
    assert lead.name == "Lena Leader"


def test_the_page_says_how_many_recovery_codes_are_left(browser_of, lead):
    with_app(lead)
    assert "10 recovery codes left" in browser_of(lead).get(reverse("account")).text


def test_signing_out_takes_the_device_from_the_list(lead):
    with_password(lead)
    desk = signed_in_on(lead, WINDOWS)
    desk.post(reverse("account_logout"))
    assert not SignIn.objects.filter(user=lead).exists()


def test_a_session_that_has_run_out_is_swept_with_its_device(lead):
    with_password(lead)
    desk, phone = signed_in_on(lead, WINDOWS), signed_in_on(lead, IPHONE)
    now = timezone.now()
    Session.objects.filter(session_key=phone.session.session_key).update(expire_date=now - timedelta(seconds=1))
    sweep(now)
    assert [row.device for row in SignIn.objects.all()] == ["Chrome on Windows"]
    assert is_signed_in(desk) and not is_signed_in(phone)


def test_when_one_hears_of_ones_work_is_ones_own_choice(lead):
    browser = Client()
    browser.force_login(lead)
    url = reverse("account_work_mail")
    assert "Once a day" in browser.get(reverse("account")).text  # unless somebody chose
    for choice, label in (("at_once", "At once"), ("off", "Off"), ("off", "Off")):
        assert browser.post(url, {"work_mail": choice}).headers["Location"] == reverse("account")
        lead.refresh_from_db()
        assert lead.work_mail == choice
        assert label in browser.get(reverse("account")).text
        assert f'value="{choice}"' in browser.get(url).text.split(" checked")[0].rsplit("<input", 1)[1]
    assert AuditEntry.objects.filter(fields=["work_mail"]).count() == 2


def test_a_choice_that_there_is_not_changes_nothing(lead):
    browser = Client()
    browser.force_login(lead)
    for sent in ({"work_mail": ""}, {"work_mail": "hourly"}):
        assert browser.post(reverse("account_work_mail"), sent).status_code == 422
    lead.refresh_from_db()
    assert lead.work_mail == "daily"
