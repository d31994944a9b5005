"""An administrator reads how the service is, and does what it still needs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from ppg.models import HealthLook


@pytest.fixture(autouse=True)
def no_backup_yet(settings: Any, tmp_path: Path) -> None:
    """Other tests may have left some where they lie otherwise."""
    at = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"backups": at}


@pytest.fixture
def troubles() -> None:
    """With the longest words there are."""
    at = timezone.now()
    since = {"host": "web1.council.example", "since": at - timedelta(days=2), "looked_at": at}
    said = (
        "3 jobs of the last seven days failed, the last of them sessions_app.packs.jobs.send_delivery_to_each_of_them."
    )
    HealthLook.objects.create(name="jobs", state="warning", sentence=said, remedy="Report it.", **since)
    why = "It does not accept the user’s name or password."
    HealthLook.objects.create(name="mail", state="fault", sentence=why, remedy="Put PPG_EMAIL_URL right.", **since)
    HealthLook.objects.create(name="disk", state="good", sentence="90.0 GB are free.", **since)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_home_and_health_are_accessible_at_every_width(
    new_page, sign_in_as, administrator, troubles, check_axe, no_sideways_scroll, width
):
    page = new_page(width=width, phone=width < 1000)
    sign_in_as(page, administrator)
    for address in (reverse("home"), reverse("health")):
        page.goto(address)
        expect(page.get_by_text("It does not accept the user’s name").first).to_be_visible()
        check_axe(page)
        no_sideways_scroll(page)


def test_from_the_step_on_the_home_to_an_e_mail_without_scripts(new_page, sign_in_as, administrator):
    page = new_page(width=390, phone=True, javascript=False)
    sign_in_as(page, administrator)
    page.goto(reverse("home"))
    expect(page.get_by_text("0 of 7")).to_be_visible()
    page.get_by_role("link", name="Send yourself an e-mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the service")
    page.get_by_role("button", name="Send me an e-mail").click()
    expect(page.get_by_text("An e-mail is on its way to your own address.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The last one to you")).to_contain_text(": Sent.")
    page.goto(reverse("home"))
    expect(page.get_by_text("1 of 7")).to_be_visible()
