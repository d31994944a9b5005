"""The accessibility statement and the page about cookies: for everybody, true, and telling a stranger nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from caregivers.links import actions as links
from caregivers.models import ConsentWording
from caregivers.wordings import shipped as wordings
from ppg.accounts import devices
from ppg.models import Service
from ppg.service_details import service
from tests.factories import CaregiverFactory
from tests.guards import starts
from tests.guards.test_settings import WHOLE
from tests.public_pages import public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
STATIC = Path(settings.BASE_DIR) / "static" / "js"
TEXTS = {"accessibility": wordings.text_of("access", 1), "cookies": wordings.text_of("cookies", 2)}

# What browsers keep for us beside cookies, script by script.
STORES = {
    "autosave.js": {"left-while-saving"},
    "device.js": set(),  # asks whether there is a store
    "register-store.js": {"register", "register-assets"},
    "register-worker.js": {"register", "register-assets"},
    "sheet.js": {"sent"},
}
STORING = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB|caches|cookieStore)\b|document\.cookie")


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """The settings of a council's own server."""
    folder = tmp_path_factory.mktemp("production")
    return json.loads(starts.many([WHOLE | {"PPG_VAR": str(folder)}])[0].stdout)


# --- Where they are -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_it_opens_to_everybody_with_a_neutral_title(stranger, name):
    page = stranger.get(reverse(name))
    heading = {"accessibility": "Accessibility statement", "cookies": "Cookies"}[name]
    assert page.status_code == 200 and f'<h1 class="govuk-heading-l">{heading}</h1>' in page.text
    assert f"<title>{heading} – Common Ground</title>" in page.text
    assert not page.cookies


@pytest.mark.parametrize("name", ["notice", "kept", "accessibility"])
def test_on_a_councils_own_server_nobody_reads_what_is_not_filled_in(stranger, settings, name):
    settings.PRODUCTION = True
    Service.objects.create(phone="01632 960100", email="hello@council.example")
    service.forget()
    page = stranger.get(reverse(name)).text
    main = page[page.index("<main") : page.index("</main")]
    assert "[" not in main and "We are still writing this." in main
    assert 'href="tel:+441632960100"' in main and "hello@council.example" in main
    kind = {"accessibility": "access"}.get(name, name)
    ConsentWording.objects.create(kind=kind, version=90, text="# Who we are\nWe are Demo Council.")
    page = stranger.get(reverse(name)).text
    assert "We are Demo Council." in page and "still writing" not in page


def test_nor_does_whoever_registers(stranger, settings, cohort):
    settings.PRODUCTION = True
    token = links.invite(caregiver=CaregiverFactory(cohort=cohort), cohort=cohort, by=None)
    page = stranger.get(reverse("register", args=[token])).text
    assert "We are still writing this." in page and "[name of the council]" not in page


def leads_to_both(html: str) -> bool:
    footer = html[html.index("<footer") :]
    return all(f'href="{reverse(name)}" target="_blank"' in footer for name in TEXTS)


def test_every_public_page_leads_there_and_so_do_pages_that_are_not_there(cohort, lead, stranger):
    for name, url in (public_pages(cohort, lead) | {"not there": "/nothing-here/"}).items():
        assert leads_to_both(stranger.get(url).text), name


@pytest.mark.parametrize("url", ["/", "/audit/", "/sign-in/", "/nothing-here/"])
def test_the_pages_of_staff_lead_there(browser_of, administrator, url):
    browser = Client() if url == "/sign-in/" else browser_of(administrator)
    assert leads_to_both(browser.get(url).text)


def test_a_page_that_says_nothing_of_us_leads_to_nothing_that_does(stranger):
    page = stranger.get("/nothing-here/").text
    assert leads_to_both(page) and reverse("notice") not in page and reverse("kept") not in page


@pytest.mark.parametrize("name", TEXTS)
def test_it_tells_a_stranger_nothing_of_what_the_service_is_about(name):
    text = TEXTS[name].replace("__Host-session", "")
    telling = re.findall(r"(?i)group|parent|carer|caregiver|child|exploit|police|session|cohort|county|meeting", text)
    assert not telling


def test_an_administrator_writes_the_councils_own(browser_of, administrator, stranger):
    browser = browser_of(administrator)
    sent = {"text": "# Ours\nAsk Ann: ann@council.example", "seen": "1", "effect_key": "one"}
    browser.post(reverse("caregivers:wording_publish", args=["access"]), sent)
    assert "Ask Ann" in stranger.get(reverse("accessibility")).text
    assert ConsentWording.objects.latest_of("access").version == 2


# --- Addresses in a text ------------------------------------------------------------------------------------


def test_addresses_in_a_text_are_links(stranger):
    text = "# A\nSee https://a.example/b?c=1, or write to d.e@f.example. Not <i>g@h</i>, not [x@y.example]."
    ConsentWording.objects.create(kind="access", version=9, text=text)
    page = stranger.get(reverse("accessibility")).text
    assert '<a class="govuk-link" href="https://a.example/b?c=1" target="_blank" rel="noopener noreferrer">' in page
    assert '<a class="govuk-link" href="mailto:d.e@f.example">d.e@f.example</a>. Not &lt;i&gt;' in page
    assert "not [x@y.example]." in page


def test_the_statement_leads_to_who_decides_when_we_do_not_agree(stranger):
    page = stranger.get(reverse("accessibility")).text
    assert 'href="https://www.equalityadvisoryservice.com"' in page and "0808 800 0082" in page


def test_the_statement_has_every_part_that_the_law_asks_for():
    text = TEXTS["accessibility"]
    for part in (
        "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard",
        "(No. 2) Accessibility Regulations 2018",
        "Equality and Human Rights Commission",
        "# What does not work well yet",
        "# If you need it in another way",
        "# Tell us what does not work",
        "# How we tried the pages",
        "We wrote this on [date]. We last looked at it on [date].",
    ):
        assert part in text


# --- Cookies, all of them ------------------------------------------------------------------------------------


def test_every_cookie_is_named(lead, production):
    """Whatever a browser has after signing in, changing something and choosing a language; and after a public form."""
    lead.set_password("a long password of hers")
    lead.save()
    browser = Client()
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"login": lead.email, "password": "a long password of hers"})
    browser.post(reverse("set_language"), {"language": "en-gb", "next": "/"})
    told = browser.post(reverse("account_name"), {"name": "Lena Lead-Smith"})
    assert set(told.cookies) <= {settings.SESSION_COOKIE_NAME}
    assert "Your name is saved." in browser.get(reverse("account")).text
    kept = {
        settings.SESSION_COOKIE_NAME: production["SESSION_COOKIE_NAME"],
        settings.CSRF_COOKIE_NAME: production["CSRF_COOKIE_NAME"],
        settings.DEVICE_COOKIE_NAME: production["DEVICE_COOKIE_NAME"],
        settings.LANGUAGE_COOKIE_NAME: production["LANGUAGE_COOKIE_NAME"],
    }
    assert set(browser.cookies) == set(kept), "Say on the page about cookies what the new one is for."
    missing = [name for name in kept.values() if f"| {name} |" not in TEXTS["cookies"]]
    assert not missing


def test_they_stay_as_long_as_it_says(production):
    rows = {line.split(" | ")[0].strip("| "): line for line in TEXTS["cookies"].splitlines() if line.startswith("| ")}
    assert f"{devices.DAYS} days" in rows["__Host-device"]
    assert production["SESSION_EXPIRE_AT_BROWSER_CLOSE"] and production["SESSION_COOKIE_AGE"] == 10 * 60 * 60
    assert "ten hours at most" in rows["__Host-session"]
    assert production["CSRF_COOKIE_AGE"] is None and "Until you close the browser" in rows["__Host-csrf"]
    assert production["LANGUAGE_COOKIE_AGE"] is None and "Until you close the browser" in rows["__Host-language"]


def test_forms_without_a_name_leave_no_cookie(cohort, lead):
    for name, url in public_pages(cohort, lead).items():
        left = set(Client().get(url).cookies)
        if name.split()[0] in (
            "answer_form",
            "box",
            "measure_answer",
            "card",
            "card_answer",
            "card_withdraw",
            "tablet_sheet",
        ):
            assert not left, name
        assert left <= {settings.CSRF_COOKIE_NAME}, name


def test_every_store_of_the_browser_is_named():
    using = {path.name for path in STATIC.glob("*.js") if STORING.search(path.read_text())}
    assert using == set(STORES), "Say in STORES and on the page about cookies what the script keeps, and how long."
    for name, keys in STORES.items():
        script = (STATIC / name).read_text()
        kept = set(re.findall(r'(?:indexedDB\.open\(|(?:KEY|LEFT|ASSETS) = )"([^"]+)"', script))
        assert kept == keys, name
        assert all(f"| {key} (" in TEXTS["cookies"] for key in keys), name
