"""Passwords, and how long a sign-in lasts."""

from __future__ import annotations

import time
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as now_settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from ppg.accounts.passwords.forms import NewPasswordForm
from ppg.models import User
from tests.ppg.accounts.factors import (
    PASSWORD,
    code_of,
    give_code,
    give_password,
    is_signed_in,
    with_app,
    with_password,
)

pytestmark = pytest.mark.django_db

SECRETS = ("SECRET_KEY", "PPG_KEYS", "PPG_BACKUP_KEY")
IDLE, DAY = 30 * 60, 12 * 60 * 60


def chosen(browser: Client, old: str, new: str) -> int:
    sent = {"oldpassword": old, "password1": new, "password2": new}
    return browser.post(reverse("account_change_password"), sent).status_code


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "alllowercaseletters",
        "482915736204",  # no letters
        "ein Satz mit Umläuten, 漢字 und 🌿",
        " spaces at both ends count ",
        "w" + "ord and " * 15 + "so on",  # more than 64, more than 72
        "x y" * 42 + "z",
    ],
)
def test_statement_11_a_password_is_as_long_and_as_odd_as_its_owner_likes(browser_of, lead, password):
    """Twelve letters at least, 64 and more at most, whatever they are, and each of them counts."""
    assert chosen(browser_of(with_password(lead)), PASSWORD, password) == 302
    lead.refresh_from_db()
    assert lead.check_password(password)
    assert not lead.check_password(password[:-1]) and not lead.check_password(password.strip() + "!")


@pytest.mark.parametrize("password", ["short", "elevenchars", "qwertyuiop123", "1q2w3e4r5t6y", "Lena Lead Lena"])
def test_statement_11_what_is_short_or_guessed_first_is_refused(browser_of, lead, password):
    """Under twelve, on the list of common ones, or one's own name."""
    assert chosen(browser_of(with_password(lead)), PASSWORD, password) == 422
    lead.refresh_from_db()
    assert lead.check_password(PASSWORD)


def test_statement_11_fifteen_are_recommended_and_none_expires(lead, now):
    """The page says so where a password is chosen. No field says when one was set, so none can be too old."""
    assert "better 15" in str(NewPasswordForm.base_fields["password1"].help_text)
    assert not [one.name for one in User._meta.get_fields() if "password" in one.name and one.name != "password"]
    validators: Any = now_settings.AUTH_PASSWORD_VALIDATORS
    names = {one["NAME"].rpartition(".")[2] for one in validators}
    rules = {"UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator"}
    assert names == rules, "No rule says which letters: people then add the same sign at the same end."


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def key(browser: Client) -> str:
    return browser.session.session_key


def test_statement_14_a_session_has_another_key_from_each_step_of_signing_in_on(client, lead, strict):
    """A key that somebody planted beforehand opens nothing afterwards."""
    user = with_app(lead)
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[now_settings.SESSION_COOKIE_NAME] = planted.session_key
    give_password(client, user)
    between = key(client)
    give_code(client, code_of(user))
    assert is_signed_in(client)
    assert len({planted.session_key, key(client)}) == 2 and key(client) != between
    assert not Session.objects.filter(session_key__in=[planted.session_key, between]).exists()
    for old in (planted.session_key, between):
        thief = Client()
        thief.cookies[now_settings.SESSION_COOKIE_NAME] = old
        assert not is_signed_in(thief)


def block(user: User, browser: Client) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def sign_out(user: User, browser: Client) -> None:
    browser.post(reverse("account_logout"))


def new_password(user: User, browser: Client) -> None:
    assert chosen(browser, PASSWORD, "another long sentence") == 302


@pytest.mark.parametrize("ends", [block, sign_out, new_password], ids=lambda one: one.__name__)
def test_statement_14_a_session_dies_with_what_it_stood_for(client, lead, browser_of, ends):
    """Whoever has copied the cookie is out when its owner signs out, changes the password or is blocked."""
    give_password(client, with_password(lead))
    copied = Client()
    copied.cookies[now_settings.SESSION_COOKIE_NAME] = key(client)
    assert is_signed_in(copied)
    ends(lead, client)
    assert not is_signed_in(copied)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        monkeypatch.setattr(time, "time", lambda: self.now)


def test_statement_15_half_an_hour_without_anybody_at_work_ends_the_sign_in(client, lead, monkeypatch):
    """Whatever page is asked for first."""
    clock = Clock(monkeypatch)
    give_password(client, with_password(lead))
    assert is_signed_in(client)
    clock.now += IDLE - 120
    assert is_signed_in(client)
    clock.now += IDLE + 1
    assert not is_signed_in(client)
    clock.now -= IDLE  # nor does it come back
    assert not is_signed_in(client)


def test_statement_15_twelve_hours_end_it_in_any_case(client, lead, monkeypatch):
    """At work the whole day: ten hours are given, which is less."""
    clock = Clock(monkeypatch)
    give_password(client, with_password(lead))
    open_for = 0
    while is_signed_in(client) and open_for < 2 * DAY:
        clock.now += 20 * 60
        open_for += 20 * 60
    assert 8 * 60 * 60 < open_for <= DAY


@pytest.mark.parametrize("command", ["set_up", "migrate"])
def test_statement_17_a_new_installation_knows_nobody(command):
    """No account and no password comes with the product, and the invented people of the demo stay out of it."""
    call_command(command, stdout=StringIO())
    assert not User.objects.exists()


def test_statement_17_the_demo_does_not_run_in_production(settings):
    """Its passwords are printed on the screen of whoever starts it."""
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())
    assert not User.objects.exists()


def test_statement_17_no_password_stands_in_what_ships():
    """Neither in what fills a database nor in the template of the settings."""
    root = now_settings.BASE_DIR
    texts = [one.read_text(errors="ignore") for one in (root / "fixtures").rglob("*") if one.is_file()]
    assert texts and not any(sign in text for text in texts for sign in ("argon2$", "pbkdf2_", "is_superuser"))
    template = (root / "deploy/environment").read_text()
    given = [line for line in template.splitlines() if not line.startswith("#") and "=" in line]
    assert {line for line in given if line.startswith(SECRETS)} == {f"{name}=" for name in SECRETS}
