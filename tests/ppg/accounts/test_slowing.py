"""Somebody tries passwords: it slows them down, and nobody else."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ppg.accounts import devices, slowing
from ppg.models import AuditEntry, Limit
from tests.guards.test_settings import ROOT, WHOLE
from tests.ppg.accounts.conftest import everything_stored

pytestmark = pytest.mark.django_db

PASSWORD = "a long sentence to type"
WRONG = "not the password at all"
HOME, STRANGE, ELSEWHERE = "192.0.2.1", "198.51.100.7", "203.0.113.77"
NOBODY = "nobody-has-this@council.example"
WAIT = "Too many tries. Wait"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def colleague(lead, clock):
    lead.set_password(PASSWORD)
    lead.save()
    return lead


def sign_in(email, password=WRONG, *, device=None, network=STRANGE, **more):
    return (device or Client()).post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=network, **more
    )


def is_in(response) -> bool:
    return response.status_code == 302 and response.headers["Location"] == reverse("home")


def device_of(user, network=HOME) -> Client:
    """A browser that has signed in before, and is signed out again."""
    device = Client()
    assert is_in(sign_in(user.email, PASSWORD, device=device, network=network))
    device.post(reverse("account_logout"))
    assert not device.session.get("_auth_user_id")
    return device


def minutes_said(response) -> int:
    assert response.status_code == 429
    return int(re.search(rf"{WAIT} (\d+) minute", response.text)[1])


def failures(*, of=None):
    return AuditEntry.objects.filter(verb="failed", ref=of.code if of else "")


# --- A stranger waits, a colleague does not ------------------------------------------------------------


def test_five_wrong_ones_by_a_stranger_hold_up_the_stranger_only(colleague):
    known = device_of(colleague)
    for _ in range(5):
        assert "is not right" in sign_in(colleague.email).text
    assert minutes_said(sign_in(colleague.email)) == 1
    assert is_in(sign_in(colleague.email, PASSWORD, device=known, network=HOME))
    assert is_in(sign_in(colleague.email, PASSWORD, network=ELSEWHERE)), "a new device on another network"


def test_a_known_device_gets_in_from_the_strangers_own_network(colleague):
    known = device_of(colleague)
    for _ in range(9):
        sign_in(colleague.email)
    assert is_in(sign_in(colleague.email, PASSWORD, device=known, network=STRANGE))


def test_a_colleague_on_the_strangers_network_signs_in_to_their_own_account(colleague, facilitator):
    facilitator.set_password(PASSWORD)
    facilitator.save()
    for _ in range(9):
        sign_in(colleague.email)
    assert is_in(sign_in(facilitator.email, PASSWORD))


def test_while_a_wait_lasts_the_right_password_gets_the_same_sentence(colleague):
    for _ in range(5):
        sign_in(colleague.email)
    right, wrong = sign_in(colleague.email, PASSWORD), sign_in(colleague.email)
    assert minutes_said(right) == minutes_said(wrong) == 1
    assert right.status_code == wrong.status_code and not right.cookies.get("sessionid")


def test_waits_rise_and_end(colleague, clock):
    for _ in range(5):
        sign_in(colleague.email)
    for minutes in (1, 5, 15, 15):
        assert minutes_said(sign_in(colleague.email)) == minutes
        clock.forward(minutes=minutes)
        assert "is not right" in sign_in(colleague.email).text
    clock.forward(minutes=15)
    assert is_in(sign_in(colleague.email, PASSWORD)), "for good it is never"


def test_who_gets_it_right_at_last_begins_anew(colleague):
    for _ in range(3):
        for _ in range(4):
            sign_in(colleague.email)
        assert is_in(sign_in(colleague.email, PASSWORD))


def test_from_many_networks_one_account_slows_down_for_strangers_and_not_for_a_known_device(colleague, clock):
    known = device_of(colleague)
    for number in range(50):
        assert "is not right" in sign_in(colleague.email, network=f"10.0.{number}.1").text
    assert minutes_said(sign_in(colleague.email, network="10.1.0.1")) == 1
    assert is_in(sign_in(colleague.email, PASSWORD, device=known, network=HOME))
    clock.forward(minutes=1)
    assert is_in(sign_in(colleague.email, PASSWORD, network=ELSEWHERE))


def test_from_one_network_all_accounts_together_slow_down(colleague, monkeypatch):
    monkeypatch.setattr(slowing, "NETWORK", slowing.Rule("sign-in network", 10))
    for number in range(10):
        sign_in(f"somebody-{number}@council.example")
    assert minutes_said(sign_in(colleague.email)) == 1
    assert "is not right" in sign_in(colleague.email, network=ELSEWHERE).text


def test_an_address_in_capital_letters_is_the_same_account(colleague):
    for spelling in ("LENA@council.example", "lena@COUNCIL.example", " lena@council.example ", "Lena@Council.Example"):
        sign_in(spelling)
    slowing.try_password(RequestFactory().post("/", REMOTE_ADDR=STRANGE), " LENA@Council.example")
    assert minutes_said(sign_in(colleague.email)) == 1


def test_an_address_that_a_client_makes_up_is_not_believed(colleague, settings):
    settings.PROXIES = 0
    for number in range(5):
        sign_in(colleague.email, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert minutes_said(sign_in(colleague.email, HTTP_X_FORWARDED_FOR="10.9.9.9")) == 1


def test_many_requests_for_a_link_change_nothing(colleague):
    for _ in range(5):
        sign_in(colleague.email)
    for number in range(320):
        Client().post(
            reverse("account_reset_password"),
            {"email": f"somebody-{number}@council.example"},
            REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}",
        )
    assert minutes_said(sign_in(colleague.email)) == 1


# --- Known or unknown: the same ------------------------------------------------------------------------


def test_an_address_that_nobody_has_is_answered_like_any_other(colleague):
    for turn in range(7):
        known, unknown = sign_in(colleague.email, network=HOME), sign_in(NOBODY, network=ELSEWHERE)
        assert known.status_code == unknown.status_code == (200 if turn < 5 else 429)
        assert without_tokens(known, colleague.email) == without_tokens(unknown, NOBODY)


def without_tokens(response, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text).replace(email, "…")


def test_an_address_that_nobody_has_costs_as_many_queries_and_hashes(colleague, monkeypatch):
    monkeypatch.setattr(slowing, "NOTED", 3)
    hasher, hashed = type(get_hasher()), []
    monkeypatch.setattr(hasher, "encode", lambda *args, encode=hasher.encode: hashed.append(1) or encode(*args))
    sign_in("another@council.example", network="10.0.0.1")  # the service's own details are looked up once
    Limit.objects.all().delete()
    costs = []
    for email, network in ((colleague.email, HOME), (NOBODY, ELSEWHERE)):
        costs.append([])
        for _ in range(6):  # free ones, one that the trail has no room for, and a wait
            hashed.clear()
            with CaptureQueriesContext(connection) as queries:
                sign_in(email, network=network)
            costs[-1].append(([query["sql"].split(" ")[0] for query in queries], len(hashed)))
    known, unknown = costs
    assert known == unknown
    assert len({len(queries) for queries, _hashes in known[:5]}) == 1, "a full trail can be told from outside"
    assert [hashes for _queries, hashes in known] == [1] * 5 + [0]


def test_somebody_who_may_not_sign_in_is_answered_like_anybody_else(colleague):
    colleague.is_active = False
    colleague.save()
    wrong = sign_in(colleague.email)
    assert without_tokens(wrong, colleague.email) == without_tokens(sign_in(NOBODY), NOBODY)
    right = sign_in(colleague.email, PASSWORD)
    assert right.headers["Location"] == reverse("account_inactive")
    assert "device" not in right.cookies


# --- The device ----------------------------------------------------------------------------------------


def test_the_cookie_comes_with_a_sign_in_and_with_nothing_else(colleague, settings):
    settings.SESSION_COOKIE_SECURE = True
    device = Client()
    assert "device" not in device.get(reverse("account_login")).cookies
    assert "device" not in sign_in(colleague.email, device=device).cookies
    cookie = sign_in(colleague.email, PASSWORD, device=device).cookies["device"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie["max-age"] == 180 * 24 * 60 * 60 and not cookie["domain"]
    for word in (colleague.email, colleague.code, colleague.name, STRANGE):
        assert word not in cookie.value
    assert "device" not in device.get(reverse("home")).cookies


def test_in_production_the_browser_holds_it_to_this_host():
    environment = {**WHOLE, "DJANGO_SETTINGS_MODULE": "ppg.settings"}
    said = "from django.conf import settings as s; print(s.DEVICE_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["__Host-device", "True"]


def test_a_device_has_a_few_wrong_ones_of_its_own_and_then_is_anybodys(colleague):
    known = device_of(colleague)
    for _ in range(6):  # the account, on the network the device is on
        sign_in(colleague.email)
    for _ in range(5):
        assert "is not right" in sign_in(colleague.email, device=known).text
    assert minutes_said(sign_in(colleague.email, PASSWORD, device=known)) == 1
    assert is_in(sign_in(colleague.email, PASSWORD, device=known, network=ELSEWHERE))


def test_right_ones_on_a_known_device_are_not_counted(colleague):
    known = device_of(colleague)
    for _ in range(7):
        assert is_in(sign_in(colleague.email, PASSWORD, device=known, network=STRANGE))
        known.post(reverse("account_logout"))


@pytest.mark.parametrize("changed", ["forged", "of another account", "from before the new password", "too old"])
def test_a_cookie_that_is_not_this_persons_gives_nothing(colleague, facilitator, clock, changed):
    device = device_of(colleague)
    account = colleague
    if changed == "forged":
        mark = device.cookies["device"].value
        device.cookies["device"] = ("A" if mark[0] != "A" else "B") + mark[1:]
    elif changed == "of another account":
        facilitator.set_password(PASSWORD)
        facilitator.save()
        account = facilitator
    elif changed == "from before the new password":
        colleague.set_password("three words that fit nowhere")
        colleague.save()
    else:
        clock.forward(days=181)
    for _ in range(5):
        sign_in(account.email)
    assert minutes_said(sign_in(account.email, device=device)) == 1


@pytest.mark.parametrize("value", ["", "~", "~~~~~~~", "x", "a.b:c", "a:b:c", "\x00", "é", ":" * 4000])
def test_rubbish_in_the_cookie_is_a_stranger(colleague, value):
    request = RequestFactory().get("/")
    request.COOKIES["device"] = value
    assert devices.known(request, colleague) == ""


def test_a_cookie_is_one_persons_although_two_are_stored_with_the_same_password(colleague, facilitator):
    request = RequestFactory().get("/")
    request.COOKIES["device"] = device_of(colleague).cookies["device"].value
    facilitator.password = colleague.password
    assert devices.known(request, colleague) and not devices.known(request, facilitator)


def test_several_people_share_a_device(colleague, facilitator):
    facilitator.set_password(PASSWORD)
    facilitator.save()
    device = device_of(colleague)
    assert is_in(sign_in(facilitator.email, PASSWORD, device=device, network=HOME))
    device.post(reverse("account_logout"))
    for user in (colleague, facilitator):
        for _ in range(6):
            sign_in(user.email)
        assert is_in(sign_in(user.email, PASSWORD, device=device, network=STRANGE))
        device.post(reverse("account_logout"))
    assert device.cookies["device"].value.count("~") == 1


# --- New passwords, codes ------------------------------------------------------------------------------


def ask(email, network=STRANGE):
    return Client().post(reverse("account_reset_password"), {"email": email}, REMOTE_ADDR=network)


def test_links_for_a_new_password_are_limited_for_an_address_and_for_a_network(colleague, mail_at_once):
    for number in range(5):
        assert ask(colleague.email, network=f"10.0.0.{number}").status_code == 302
    assert WAIT in ask(colleague.email, network="10.0.0.9").text
    assert len(mail_at_once) == 5
    for number in range(20):
        assert ask(f"somebody-{number}@council.example").status_code == 302
    assert WAIT in ask("one-more@council.example").text
    assert ask("one-more@council.example", network=ELSEWHERE).status_code == 302


def test_a_new_password_ends_the_waits_of_its_account(colleague, mail_at_once):
    for number in range(51):
        sign_in(colleague.email, network=f"10.0.{number}.1")
    assert minutes_said(sign_in(colleague.email, network=ELSEWHERE)) == 1
    ask(colleague.email)
    path = re.search(r"http://testserver(/password/new/\S+)", mail_at_once[0].body)[1]
    browser, new = Client(), "three words that fit nowhere"
    page = browser.get(path, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert is_in(sign_in(colleague.email, new, network=ELSEWHERE))
    entry = AuditEntry.objects.get(verb="reset")
    assert (entry.user, entry.ref, entry.fields) == (None, colleague.code, ["password"])


def change(browser, old, new="three words that fit nowhere"):
    return browser.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def test_the_old_password_can_be_tried_five_times(browser_of, colleague, clock):
    browser = browser_of(colleague)
    for _ in range(5):
        assert WAIT not in change(browser, WRONG).text
    assert WAIT in change(browser, PASSWORD).text
    clock.forward(minutes=1)
    assert change(browser, PASSWORD).status_code == 302
    entry = AuditEntry.objects.get(verb="changed")
    assert (entry.user, entry.ref, entry.fields) == (colleague, colleague.code, ["password"])


def test_the_right_old_password_beside_a_new_one_that_is_too_short_is_not_counted(browser_of, colleague):
    browser = browser_of(colleague)
    for _ in range(7):
        assert WAIT not in change(browser, PASSWORD, new="short").text


def test_codes_are_limited_for_the_account_and_a_known_device_has_its_own(colleague):
    def code_from(network: str, device: Client | None = None):
        request = RequestFactory().post("/", REMOTE_ADDR=network)
        if device:
            request.COOKIES["device"] = device.cookies["device"].value
        return slowing.try_code(request, colleague)

    known = device_of(colleague)
    for number in range(5):
        code_from(f"10.0.0.{number}").failed()
    with pytest.raises(ValidationError, match="Wait 1 minute"):
        code_from(ELSEWHERE)
    code_from(ELSEWHERE, known).succeeded()
    assert failures(of=colleague).count() == 5 and failures(of=colleague)[0].fields == ["code"]


def test_a_right_code_begins_anew(colleague):
    request = RequestFactory().post("/")
    for _ in range(3):
        for _ in range(4):
            slowing.try_code(request, colleague).failed()
        slowing.try_code(request, colleague).succeeded()


# --- The trail -----------------------------------------------------------------------------------------


def test_a_failure_is_in_the_trail_with_the_account_and_without_anybody(colleague):
    sign_in(colleague.email)
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.verb, entry.what, entry.ref) == (None, "failed", "user", colleague.code)
    assert entry.fields == ["password"]


def test_of_an_address_that_nobody_has_the_trail_says_only_that_it_was_tried(colleague):
    sign_in(NOBODY)
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.verb, entry.what, entry.ref, entry.person) == (None, "failed", "user", "", "")


def test_while_a_wait_lasts_nothing_goes_into_the_trail_and_each_wait_adds_one(colleague, clock):
    for _ in range(40):
        sign_in(colleague.email)
    assert failures(of=colleague).count() == 5
    clock.forward(minutes=1)
    for _ in range(40):
        sign_in(colleague.email)
    assert failures(of=colleague).count() == 6


def test_a_flood_of_addresses_that_nobody_has_does_not_fill_the_trail(colleague, monkeypatch):
    monkeypatch.setattr(slowing, "NOTED", 10)
    for number in range(30):
        sign_in(f"somebody-{number}@council.example", network=f"10.0.{number}.1")
    sign_in(colleague.email)
    assert failures().count() == 10 and failures(of=colleague).count() == 1


def test_signing_out_is_in_the_trail(colleague):
    device_of(colleague)
    assert list(AuditEntry.objects.values_list("verb", "user")) == [
        ("signed out", colleague.pk),
        ("signed in", colleague.pk),
    ]


def test_an_administrator_reads_who_was_not_let_in(browser_of, administrator, colleague):
    sign_in(colleague.email)
    sign_in(NOBODY)
    page = browser_of(administrator).get(reverse("audit")).text
    assert page.count("Somebody who was not let in") == 2 and "A caregiver" not in page
    assert "tried to sign in as user" in page and ">Lena Lead</a>" in page
    assert "tried to sign in as an address that nobody has" in page


# --- Nothing is kept of whoever tried ------------------------------------------------------------------


def test_no_address_and_no_network_is_in_any_table(colleague):
    agent = "Canary/4711"
    for email in (NOBODY, colleague.email):
        for _ in range(7):
            sign_in(email, network=ELSEWHERE, HTTP_USER_AGENT=agent)
    ask(NOBODY, network=ELSEWHERE)
    assert Limit.objects.count() >= 6
    everything = everything_stored()  # what was asked for a link lies encrypted
    assert colleague.code in everything, "the look into the tables finds nothing"
    for word in (NOBODY, ELSEWHERE, agent):
        assert word not in everything
    assert colleague.email not in repr(list(Limit.objects.values()))
