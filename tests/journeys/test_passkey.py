"""A passkey as second factor, with an authenticator that Chromium itself plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Page, expect

from ppg.models import User
from tests.ppg.accounts.factors import PASSWORD, with_password

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def with_authenticator(page: Page) -> None:
    """A key in this browser that says yes to whatever it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, user: User) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_is_made_at_the_first_sign_in_and_asked_for_at_the_next(
    page: Page, settings: Any, lead: User, check_axe: Callable[[Page], None]
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with_authenticator(page)
    sign_in(page, with_password(lead))
    page.get_by_role("link", name="Use a passkey instead").click()
    check_axe(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have kept them").click()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, lead)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("link", name="Lena Lead")).to_be_visible()

    page.get_by_role("link", name="Lena Lead").click()
    expect(page.get_by_text("Passkey: Chrome on Linux")).to_be_visible()
    check_axe(page)


def test_a_browser_without_the_key_is_told_so_and_a_code_still_works(
    page: Page, new_page: Callable[..., Page], settings: Any, lead: User
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with_authenticator(page)
    sign_in(page, with_password(lead))
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Make the passkey").click()
    code = page.locator(".recovery-codes li").first.inner_text()
    assert Authenticator.objects.filter(user=lead, type="webauthn").count() == 1

    other = new_page()
    with_authenticator(other)
    sign_in(other, lead)
    other.get_by_role("button", name="Use your passkey").click()
    expect(other.get_by_text("Your browser did not finish")).to_be_visible()
    other.get_by_label("Code", exact=True).fill(code)
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_role("link", name="Lena Lead")).to_be_visible()
