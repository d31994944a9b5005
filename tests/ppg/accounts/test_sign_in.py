import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher
from django.urls import reverse

from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db

PASSWORD = "a long sentence to type"


@pytest.fixture
def lead_with_password(lead):
    lead.set_password(PASSWORD)
    lead.save()
    return lead


def sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_the_right_password_opens_the_home_page_and_is_in_the_trail(client, lead_with_password):
    assert sign_in(client, lead_with_password.email, PASSWORD).headers["Location"] == reverse("home")
    assert AuditEntry.objects.get().verb == "signed in"


@pytest.mark.parametrize("email", ["lena@council.example", "nobody@council.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, lead_with_password, email):
    answer = sign_in(client, email, "not the password")
    assert "is not right" in answer.content.decode()
    assert not client.session.get("_auth_user_id")


def test_a_wrong_password_is_tried_once_whether_the_address_is_known_or_not(client, lead_with_password, monkeypatch):
    sign_in(client, lead_with_password.email, PASSWORD)  # allauth keeps the address in a table of its own from now on
    client.logout()
    tried = []
    hasher = type(get_hasher())
    monkeypatch.setattr(hasher, "encode", lambda *args, encode=hasher.encode: tried.append(1) or encode(*args))
    for email in (lead_with_password.email, "nobody@council.example"):
        tried.clear()
        sign_in(client, email, "not the password")
        assert len(tried) == 1, email


def test_an_address_that_only_allauths_own_table_knows_signs_nobody_in(client, lead_with_password):
    EmailAddress.objects.create(user=lead_with_password, email="lena@private.example", verified=True)
    assert "is not right" in sign_in(client, "lena@private.example", PASSWORD).text
    assert not client.session.get("_auth_user_id")


def test_whoever_has_an_address_now_signs_in_with_it_whoever_had_it_before(client, lead_with_password, administrator):
    EmailAddress.objects.create(user=administrator, email=lead_with_password.email, verified=True)
    assert sign_in(client, lead_with_password.email, PASSWORD).headers["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(lead_with_password.pk)


def test_who_is_not_active_cannot_sign_in_and_loses_access_on_the_next_request(browser_of, lead):
    browser = browser_of(lead)
    assert browser.get(reverse("home")).status_code == 200
    lead.is_active = False
    lead.save()
    assert browser.get(reverse("home")).status_code == 302


def test_half_an_hour_without_a_page_signs_out(browser_of, lead):
    browser = browser_of(lead)
    browser.get(reverse("home"))
    session = browser.session
    session["seen"] -= 31 * 60
    session.save()
    assert browser.get(reverse("home")).status_code == 302


def test_nobody_signs_up(client):
    assert client.get("/sign-up/").status_code == 404


def test_a_browser_that_keeps_to_the_referrer_policy_can_send_forms(client):
    """Under "no-referrer" browsers send "Origin: null" with our own forms, which the CSRF check refuses."""
    policy = client.get(reverse("account_login")).headers["Referrer-Policy"]
    assert policy == "same-origin"
