"""What a browser is told with every answer, and what it is never made to do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as now_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from ppg import urls
from ppg.access.marks import public
from ppg.access.permissions import Role
from ppg.every_request import headers
from tests.guards import starts
from tests.guards.records import records_of
from tests.guards.security.pages import read
from tests.guards.security.rows import writes
from tests.guards.security.test_access import reader_of
from tests.guards.test_permissions import PUBLIC_PAGES, STAFF_PAGES, TABLE, VIEWS, address, clients  # noqa: F401
from tests.guards.test_settings import environment_of
from tests.ppg.accounts.factors import code_of, with_app, with_password
from tests.public_pages import public_pages

pytestmark = pytest.mark.django_db

YEAR = 365 * 24 * 3600
OF_BROWSERS = re.compile(r"^(SECURE_|SESSION_COOKIE_|CSRF_COOKIE_|LANGUAGE_COOKIE_|DEVICE_COOKIE_|MIDDLEWARE$)")

# Anonymous forms: nobody is signed in, a token would need a cookie (docs/decisions/sealed-answers.md).
WITHOUT_TOKEN = {"answer_form", "box", "tablet_sheet", "measure_answer", "card", "card_answer", "card_withdraw"}
WITHOUT_TOKEN |= {"own_answers", "slip"}


@pytest.fixture(scope="module")
def production_says(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the settings come to be in production, of all that concerns browsers."""
    [ended] = starts.many([environment_of({}, tmp_path_factory.mktemp("var"))])
    return {name: value for name, value in json.loads(ended.stdout).items() if OF_BROWSERS.match(name)}


@pytest.fixture
def production(settings: Any, production_says: dict[str, Any]) -> None:
    for name, value in (production_says | {"MIDDLEWARE": settings.MIDDLEWARE}).items():
        setattr(settings, name, tuple(value) if isinstance(value, list) else value)


def get(client: Client, url: str, **more: Any) -> Any:
    return client.get(url, secure=True, **more)


@public
def broken(request: Any) -> HttpResponse:
    raise RuntimeError("A fault.")


urlpatterns = [*urls.urlpatterns, path("broken/", broken)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def answers(
    settings, production, production_says, browser_of, cohort, lead, administrator, tmp_path
) -> dict[str, HttpResponse]:
    """One of each kind that there is, as production gives it."""
    settings.ROOT_URLCONF = __name__
    settings.STATIC_ROOT, settings.MIDDLEWARE = str(tmp_path), production_says["MIDDLEWARE"]
    (tmp_path / "app.css").write_text("p {}")
    staff, admin, nobody = browser_of(lead), browser_of(administrator), Client(raise_request_exception=False)
    records = records_of(cohort)
    hits = {
        "a page": (200, get(staff, "/")),
        "a public page": (200, get(nobody, reverse("notice"))),
        "a file": (200, get(nobody, "/static/app.css")),
        "a file that is not there": (404, get(nobody, "/static/none.css")),
        "a redirect to sign in": (302, get(nobody, "/people/")),
        "the way to HTTPS": (301, nobody.get("/")),
        "a PDF": (200, get(staff, address("evaluation:pdf", records))),
        "a table": (200, get(staff, address("evaluation:data_csv", records))),
        "a workbook": (200, get(staff, address("evaluation:data_xlsx", records))),
        "an answer to a script": (200, get(staff, address("sessions:run_state", records))),
        "a handout": (200, get(staff, address("programmes:download", records))),
        "for machines": (200, get(nobody, reverse("healthz"))),
        "the script of the register": (200, get(nobody, reverse("sessions:register_worker"))),
        "no such page": (404, get(nobody, "/nothing-here/")),
        "a calendar that is none": (404, get(nobody, reverse("calendar_feed", args=["none"]))),
        "not for this role": (403, get(admin, address("caregivers:people", records))),
        "a wrong verb": (405, admin.put("/service/", secure=True)),
        "a form without its token": (403, Client(enforce_csrf_checks=True).post("/sign-in/", secure=True)),
        "a form that does not fit": (422, admin.post(reverse("user_invite"), {"email": "x"}, secure=True)),
        "a host that is not ours": (400, get(nobody, "/", headers={"host": "evil"})),
        "a fault": (500, get(nobody, "/broken/")),
    }
    assert {name: got.status_code for name, (_, got) in hits.items()} == {name: s for name, (s, _) in hits.items()}
    for _, got in hits.values():
        got.close()
    return {name: got for name, (_, got) in hits.items()}


def lacking(answer: HttpResponse, names: set[str]) -> set[str]:
    return {name for name in names if answer.headers.get(name) != headers.POLICY[name]}


def test_statement_18_every_answer_whatever_it_is_carries_the_content_policy(answers):
    """Nothing but our own files runs or is shown, nobody frames us, no form goes elsewhere. The Chromium of the
    journeys fails where a page breaks it."""
    policy = dict(part.split(" ", 1) for part in headers.CONTENT_SECURITY_POLICY.split("; "))
    assert {policy[name] for name in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert policy["form-action"] == "'self'"  # what has no default must say so itself
    opened = {name: said for name, said in policy.items() if said not in ("'none'", "'self'")}
    assert opened == {"img-src": "'self' data:"} and "object-src" not in policy  # the rest: default
    wrong = {name: lacks for name, one in answers.items() if (lacks := lacking(one, {"Content-Security-Policy"}))}
    assert not wrong


def test_statement_19_every_answer_holds_browsers_to_https_and_to_the_kind_it_says(answers):
    """HTTPS for more than a year, no guessing of kinds, and no other site learns the address of a page."""
    others = {"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}
    assert headers.REFERRER_POLICY in ("same-origin", "no-referrer")
    assert {name: lacks for name, one in answers.items() if (lacks := lacking(one, others))} == {}
    without_https = {"the way to HTTPS"}  # browsers take it over HTTPS only
    held = {name: one.headers.get("Strict-Transport-Security", "") for name, one in answers.items()}
    assert not [name for name in held.keys() - without_https if "includeSubDomains" not in held[name]]
    assert all(
        int(said.split("=")[1].split(";")[0]) >= YEAR for name, said in held.items() if name not in without_https
    )


def faults_of(name: str, cookie: Any) -> list[str]:
    wrong = [part for part in ("secure", "httponly") if not cookie[part]]
    wrong += [] if name.startswith("__Host-") else ["name"]
    wrong += [] if cookie["samesite"] in ("Lax", "Strict") else ["samesite"]
    return wrong + (["domain"] if cookie["domain"] else []) + (["path"] if cookie["path"] != "/" else [])


def test_statement_20_every_cookie_is_held_to_this_host_to_https_and_out_of_scripts(production, lead, settings):
    """Signing in with password and code, choosing a language, opening a public page: whatever is set."""
    settings.SECOND_FACTOR_REQUIRED = True
    browser, user = Client(), with_app(lead)
    seen: dict[str, Any] = {}
    for step in (
        lambda: get(browser, "/sign-in/"),
        lambda: browser.post("/sign-in/", {"login": user.email, "password": "a long sentence to type"}, secure=True),
        lambda: browser.post(reverse("mfa_authenticate"), {"code": code_of(user)}, secure=True),
        lambda: get(browser, "/"),
        lambda: browser.post(reverse("set_language"), {"language": "en-gb"}, secure=True),
    ):
        seen |= step().cookies
    assert set(seen) == {f"__Host-{name}" for name in ("session", "csrf", "device", "language")}
    assert {name: faults for name, cookie in seen.items() if (faults := faults_of(name, cookie))} == {}


def test_statement_20_who_opens_a_public_page_keeps_no_cookie_but_that_against_forged_forms(production, cohort, lead):
    """And where the answer is anonymous not even that."""
    left = {}
    for name, url in public_pages(cohort, lead).items():
        browser = Client()
        get(browser, url)
        left[name] = set(browser.cookies) - {"__Host-csrf"}
        if name.split()[0] in WITHOUT_TOKEN:
            left[name] = set(browser.cookies)
    assert {name: cookies for name, cookies in left.items() if cookies} == {}


def test_statement_21_no_form_is_taken_without_the_token_of_its_page(clients, cohort, lead):  # noqa: F811
    """Every address, sent by the browser of somebody who may, from another site: nothing is done."""
    records, taken = records_of(cohort), {}
    for browser in clients.values():
        browser.handler.enforce_csrf_checks = True
    for name in STAFF_PAGES:
        with writes() as tables:
            status = clients[reader_of(name)].post(address(name, records), {"text": "Forged"}).status_code
        if tables or status != 403:
            taken[name] = (status, tables)
    nobody = Client(enforce_csrf_checks=True)
    for name, url in public_pages(cohort, lead).items():
        if name.split()[0] not in WITHOUT_TOKEN:
            with writes() as tables:
                status = nobody.post(url, {"text": "Forged"}).status_code
            if tables or status != 403:
                taken[name] = (status, tables)
    assert not taken


def test_statement_21_only_anonymous_answers_come_without_a_token_and_they_know_nobody(browser_of, cohort, lead):
    """Where a token would need a cookie. Whoever is signed in is a stranger there: their session is neither read nor
    written, so that a forged form has nobody's rights."""
    assert {name for name, view in VIEWS.items() if getattr(view, "csrf_exempt", False)} == WITHOUT_TOKEN
    assert WITHOUT_TOKEN <= PUBLIC_PAGES
    browser = browser_of(lead)
    for name, url in public_pages(cohort, lead).items():
        if name.split()[0] in WITHOUT_TOKEN:
            answer = browser.post(url, {})
            assert not answer.cookies and lead.name not in answer.text, name


def test_statement_22_no_page_of_staff_stays_in_a_browser(clients, cohort):  # noqa: F811
    """Pages, tables and files alike. When somebody signs out the browser throws away what it has."""
    records, kept = records_of(cohort), {}
    for name in STAFF_PAGES:
        answer = clients[reader_of(name)].get(address(name, records))
        if "no-store" not in answer.headers["Cache-Control"]:
            kept[name] = answer.headers["Cache-Control"]
    assert not kept
    assert clients[Role.LEAD].post(reverse("account_logout")).headers["Clear-Site-Data"].startswith('"cache"')


def test_statement_23_no_page_makes_a_browser_ask_anywhere_else(clients, cohort, lead):  # noqa: F811
    """Scripts, styles, pictures, fonts and forms are ours. The policy holds browsers to it (statement 18)."""
    records = records_of(cohort)
    shown = [(clients[reader_of(name)], address(name, records)) for name in STAFF_PAGES if TABLE[name][1] == 200]
    shown += [(Client(), url) for url in public_pages(cohort, lead).values()]
    asked = {}
    for client, url in shown:
        answer = client.get(url)
        if answer.headers["Content-Type"].startswith("text/html"):
            page = read(url, answer.text)
            outside = {one for one in [*page.fetched, *(form.action for form in page.forms)] if leads_out(one)}
            asked |= {url: outside} if outside else {}
    assert not asked


def leads_out(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


STATIC = [one for one in Path(now_settings.BASE_DIR, "static").rglob("*") if one.suffix in (".css", ".js")]


def test_statement_23_no_style_or_script_names_an_address_elsewhere():
    """What the pages ask for asks for nothing else."""
    asks = re.compile(r"""(?:url\(|import\s+|import\(|from\s+|fetch\(|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")
    found = {one.name: urls for one in STATIC if (urls := asks.findall(one.read_text(errors="ignore")))}
    assert STATIC and not found


ELSEWHERE = st.one_of(
    st.sampled_from(
        [
            "//evil.example",
            "https://evil.example/",
            "http:evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "///evil.example",
            "https:///evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example\\@testserver",
            "https://testserver@evil.example/",
            "https://testserver.evil.example/",
            "\thttps://evil.example",
            " //evil.example",
            "/%09/evil.example",
            "ht\ntp://evil.example",
        ]
    ),
    st.builds(
        lambda before, slashes, host: f"{before}{slashes}{host}",
        st.sampled_from(["", "http:", "https:", "ftp:", "x:", "\x00", "\t", " ", "/", "\\"]),
        st.text("/\\", min_size=1, max_size=4),
        st.sampled_from(["evil.example", "evil.example:80", "a@evil.example", "evil.example/testserver"]),
    ),
)


@pytest.fixture
def ways(browser_of, lead, settings):
    """Each place where somebody is led on: `ways(next)` → the addresses where a browser ends up."""
    settings.SECOND_FACTOR_REQUIRED = False
    with_password(lead)
    inside = browser_of(lead)

    def lead_on(then: str) -> dict[str, str]:
        asked = urlencode({"next": then})
        signed = Client()
        sign_in = signed.post(
            f"/sign-in/?{asked}", {"login": lead.email, "password": "a long sentence to type", "next": then}
        )
        hits = {
            "sign in": sign_in,
            "signed in already": signed.get(f"/sign-in/?{asked}"),
            "confirm": inside.post(f"/account/confirm/?{asked}", {"secret": "a long sentence to type", "next": then}),
            "language": inside.post(reverse("set_language"), {"language": "en-gb", "next": then}),
            "sign out": signed.post(f"/sign-out/?{asked}", {"next": then}),
        }
        return {name: answer.headers.get("Location", "") for name, answer in hits.items()}

    return lead_on


def is_inside(location: str) -> bool:
    """As a browser reads it: it takes a backslash for a slash, and drops tabs and ends of lines."""
    read_as = re.sub(r"[\t\r\n]", "", location).strip("\x00 ").replace("\\", "/")
    parts = urlsplit(urljoin("http://testserver/sign-in/", read_as))
    return parts.scheme == "http" and parts.netloc == "testserver"


def test_statement_24_nobody_is_led_elsewhere(ways, monkeypatch):
    """Whatever stands behind `next=`, after signing in, after giving the password once more, after a language."""
    monkeypatch.setattr("ppg.accounts.slowing.try_own_password", lambda user: Anything())
    assert ways("/guides/")["sign in"] == ways("/guides/")["confirm"] == "/guides/"  # inside it leads on

    @drawn(max_examples=25, database=None, derandomize=True)
    @given(then=ELSEWHERE)
    def holds(then: str) -> None:
        assert {name: to for name, to in ways(then).items() if not is_inside(to)} == {}

    holds()


class Anything:
    def __getattr__(self, name: str) -> Any:
        return lambda *given: None
