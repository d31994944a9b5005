"""Signing in with the council's own account, at a real OpenID Connect provider on this machine."""

import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from ppg.access.permissions import Role
from ppg.accounts.joining import actions as joining
from ppg.accounts.staff import actions
from ppg.environment import openid_connect
from ppg.models import AuditEntry, User
from tests.ports import free_port, wait_for
from tests.ppg.accounts.factors import code_of, give_code, is_signed_in, with_app, with_password

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.anywhere,
    pytest.mark.real_clock,
]  # the provider is a process of its own

BEGIN = "/sign-in/with/council/"


@pytest.fixture(scope="module")
def provider():
    """In a process of its own: its library warns of what it will rename, and here a warning is an error."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as running:
        wait_for(port)
        yield f"http://localhost:{port}"
        running.terminate()


@pytest.fixture(autouse=True)
def council(settings, provider):
    """As PPG_COUNCIL_SIGN_IN sets it."""
    address = provider.replace("http://", "http://client:secret@") + "?name=Suffolk%20account"
    settings.COUNCIL_SIGN_IN = "Suffolk account"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": openid_connect("http")(address).apps}
    }


@pytest.fixture
def nia(administrator, mail_at_once):
    """Invited, and the e-mail has left."""
    return joining.invite(
        name="Nia New", email="nia@council.example", role=Role.LEAD, by=administrator, site="http://testserver"
    )


def says(provider, sub, **claims):
    """What the council's directory knows of somebody."""
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()


def go(client, sub, begin=BEGIN):
    """To the council's page, where this person signs in, and back."""
    there = client.get(begin).headers["Location"]
    back = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


# --- Who is let in ---------------------------------------------------------------------------------------


def test_who_is_invited_joins_by_the_councils_account(client, provider, nia):
    says(provider, "sub-1", email="Nia@council.example", name="Nia")
    assert go(client, "sub-1").headers["Location"] == reverse("home")
    nia.refresh_from_db()
    assert nia.joined_at and not nia.has_usable_password()
    assert is_signed_in(client)
    assert User.objects.count() == 2


def test_the_invitations_link_opens_nothing_after_that(client, provider, nia, mail_at_once):
    path = urlsplit(next(word for word in mail_at_once[0].body.split() if "/join/" in word)).path
    says(provider, "sub-2", email=nia.email)
    go(client, "sub-2")
    assert Client().get(path).status_code == 404


def test_somebody_unknown_is_told_so_and_no_account_is_made(client, provider, nia):
    says(provider, "sub-3", email="stranger@council.example")
    answer = go(client, "sub-3")
    assert answer.status_code == 403 and "Nothing was made" in answer.text
    assert not is_signed_in(client)
    assert User.objects.count() == 2 and not SocialAccount.objects.exists()


def test_a_colleague_with_a_password_is_not_taken_over_by_their_address(client, provider, lead):
    """An address in the directory is no proof for an account that is there already."""
    with_password(lead)
    says(provider, "sub-4", email=lead.email)
    assert go(client, "sub-4").status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_address_that_the_council_does_not_vouch_for_counts_nothing(client, provider, nia):
    for vouched in (False, "false", 0):
        says(provider, "sub-5", email=nia.email, email_verified=vouched)
        assert go(client, "sub-5").status_code == 403
    assert User.objects.invited().count() == 1


def test_an_invitation_that_was_taken_back_lets_nobody_in(client, provider, nia, administrator):
    joining.take_back(user=nia, by=administrator)
    says(provider, "sub-6", email="nia@council.example")
    assert go(client, "sub-6").status_code == 403


def test_an_invitation_that_has_run_out_lets_nobody_in(client, provider, nia):
    nia.invitations.update(expires_at="2026-01-01T00:00Z")
    says(provider, "sub-7", email=nia.email)
    assert go(client, "sub-7").status_code == 403


def test_a_changed_e_mail_address_is_the_same_person(client, provider, nia):
    says(provider, "sub-8", email=nia.email)
    go(client, "sub-8")
    says(provider, "sub-8", email="nia.married@council.example")
    later = Client()
    assert go(later, "sub-8").headers["Location"] == reverse("home")
    assert later.session["_auth_user_id"] == str(nia.pk)


def test_who_is_blocked_is_told_so(client, provider, nia, administrator):
    says(provider, "sub-9", email=nia.email)
    go(client, "sub-9")
    actions.block(user=nia, by=administrator)
    blocked = Client()
    answer = go(blocked, "sub-9")
    assert "cannot sign in with this address any more" in blocked.get(answer.headers["Location"]).text
    assert not is_signed_in(blocked)
    assert not is_signed_in(client)


def test_nothing_of_what_the_directory_says_is_kept(client, provider, nia):
    says(provider, "sub-10", email=nia.email, name="Nia New", phone_number="01632 960999", picture="http://x.example/")
    go(client, "sub-10")
    go(Client(), "sub-10")
    assert list(SocialAccount.objects.values_list("uid", "extra_data")) == [("sub-10", {})]


# --- The second factor -----------------------------------------------------------------------------------


def test_our_factor_is_asked_where_the_councils_is_not_trusted(client, provider, nia, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    says(provider, "sub-11", email=nia.email)
    go(client, "sub-11")
    assert client.get(reverse("home")).headers["Location"] == reverse("factor_app")
    with_app(nia)
    nia.refresh_from_db()
    again = Client()
    assert go(again, "sub-11").headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(again)
    assert give_code(again, code_of(nia)).headers["Location"] == reverse("home")


def test_a_setting_trusts_the_councils_own_factor(client, provider, nia, settings):
    settings.SECOND_FACTOR_REQUIRED = settings.COUNCIL_ASKS_FACTOR = True
    says(provider, "sub-12", email=nia.email)
    go(client, "sub-12")
    assert client.get(reverse("home")).status_code == 200


def test_trusted_it_is_trusted_for_the_councils_way_only(provider, nia, settings, lead):
    settings.SECOND_FACTOR_REQUIRED = settings.COUNCIL_ASKS_FACTOR = True
    with_app(lead)
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": lead.email, "password": "a long sentence to type"})
    assert answer.headers["Location"] == reverse("mfa_authenticate")


@pytest.mark.parametrize(("age", "asked"), [(5, False), (3600, True)])
def test_what_is_asked_twice_wants_a_fresh_sign_in_at_the_council(
    provider, administrator, settings, age, asked, mail_at_once
):
    """Signed in there since the morning does not show who sits here now."""
    settings.SECOND_FACTOR_REQUIRED = settings.COUNCIL_ASKS_FACTOR = True
    oz = joining.invite(
        name="Oz", email="oz@council.example", role=Role.ADMINISTRATOR, by=administrator, site="http://testserver"
    )
    says(provider, f"oz-{age}", email=oz.email, auth_time=int(time.time()) - age)
    browser = Client()
    go(browser, f"oz-{age}")
    assert (browser.get(reverse("user_invite")).status_code == 302) is asked
    if asked:
        page = browser.get(f"{reverse('confirm')}?next={reverse('user_invite')}")
        assert "anew=yes" in page.text
        there = browser.get(f"{BEGIN}?next=/&anew=yes").headers["Location"]
        assert "prompt=login" in there and "max_age=0" in there
        says(provider, f"oz-{age}", email=oz.email, auth_time=int(time.time()))
        go(browser, f"oz-{age}", begin=f"{BEGIN}?next={reverse('user_invite')}")
        assert browser.get(reverse("user_invite")).status_code == 200


# --- Connecting ------------------------------------------------------------------------------------------


CONNECT = "/account/council/connect/"


def test_who_has_a_password_connects_the_councils_account_while_signed_in(browser_of, provider, lead, mail_at_once):
    with_password(lead)
    desk = browser_of(lead)
    assert "Connect: Suffolk account" in desk.get(reverse("account")).text
    says(provider, "sub-13", email="lena@council.example")
    assert go(desk, "sub-13", begin=CONNECT).headers["Location"] == reverse("account")
    assert AuditEntry.objects.get(ref=lead.code).fields == ["council account connected"]
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    later = Client()
    go(later, "sub-13")
    assert later.session["_auth_user_id"] == str(lead.pk)
    assert desk.post(reverse("council_disconnect")).status_code == 302
    assert go(Client(), "sub-13").status_code == 403


def test_connecting_is_asked_once_more_and_begins_on_ones_own_page(browser_of, lead):
    """A minute at somebody's open browser is no lasting way in."""
    desk = browser_of(with_password(lead))
    assert desk.get(CONNECT, headers={"Sec-Fetch-Site": "cross-site"}).headers["Location"] == reverse("account")
    session = desk.session
    session["confirmed"] -= 11 * 60
    session.save()
    assert desk.get(CONNECT).headers["Location"].startswith(reverse("confirm"))


def test_the_public_way_never_connects(browser_of, provider, lead):
    desk = browser_of(with_password(lead))
    says(provider, "sub-20", email="whoever@council.example")
    assert go(desk, "sub-20", begin=f"{BEGIN}?process=connect&auth_params=state%3Dx").status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_council_account_signs_in_one_person_only(browser_of, client, provider, nia, lead):
    says(provider, "sub-21", email=nia.email)
    go(client, "sub-21")
    answer = go(browser_of(with_password(lead)), "sub-21", begin=CONNECT)
    assert answer.status_code == 409 and "signs in somebody else here" in answer.text
    assert SocialAccount.objects.get().user == nia


def test_and_a_person_has_one(browser_of, provider, lead):
    desk = browser_of(with_password(lead))
    says(provider, "sub-22", email="one@council.example")
    says(provider, "sub-23", email="two@council.example")
    go(desk, "sub-22", begin=CONNECT)
    assert go(desk, "sub-23", begin=CONNECT).status_code == 409
    assert SocialAccount.objects.get().uid == "sub-22"


def test_the_only_way_in_is_not_disconnected(client, provider, nia):
    says(provider, "sub-14", email=nia.email)
    go(client, "sub-14")
    assert client.post(reverse("council_disconnect")).status_code == 409
    assert SocialAccount.objects.count() == 1


# --- When it does not work -------------------------------------------------------------------------------


def test_who_stops_on_the_councils_page_reads_so(client, provider, nia):
    state = parse_qs(urlsplit(client.get(BEGIN).headers["Location"]).query)["state"][0]
    answer = client.get(f"{BEGIN}back/?error=access_denied&state={state}")
    assert answer.status_code == 200 and "You stopped on the page of Suffolk account" in answer.text


def test_a_provider_that_is_down_is_a_sentence_and_the_password_still_works(client, settings, lead):
    address = "http://client:secret@localhost:1?name=Suffolk%20account"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": openid_connect("http")(address).apps}}
    answer = client.get(BEGIN)
    assert answer.status_code == 503 and "cannot reach the sign-in of Suffolk account" in answer.text
    client.post(reverse("account_login"), {"login": with_password(lead).email, "password": "a long sentence to type"})
    assert is_signed_in(client)


def test_down_on_the_way_back_is_a_sentence_too(client, provider, nia, monkeypatch):
    there = client.get(BEGIN).headers["Location"]
    back = requests.post(there, data={"sub": "sub-15"}, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)

    def no_connection(*args, **kwargs):
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", no_connection)
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 503 and "You are not signed in" in answer.text


@pytest.mark.parametrize("query", ["", "?code=made-up", "?state=made-up&code=made-up", "?error=server_error"])
def test_a_made_up_way_back_signs_nobody_in(client, query):
    answer = client.get(reverse("openid_connect_callback", args=["council"]) + query)
    assert answer.status_code == 401 and "did not say who you are" in answer.text


def test_another_providers_name_is_no_address(client):
    assert client.get("/sign-in/with/elsewhere/").status_code == 404


def test_switched_off_there_is_neither_button_nor_address(client, settings):
    settings.COUNCIL_SIGN_IN = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Sign in with" not in client.get(reverse("account_login")).text
    assert client.get(BEGIN).status_code == 404
