"""From `deploy/install` to staff who come and go, in the browser, over TLS, behind the proxy; an upgrade, and back."""

from __future__ import annotations

import re
import signal
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from ppg.backups.nightly import NAMED
from tests.deploy.installed import variables
from tests.journeys.production import Installation, installation, next_version
from tests.ports import PATIENCE
from tests.ppg.accounts.factors import code_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.real_clock]

PASSWORD = "three words that fit nowhere"
GROUP = """
from ppg.models import User
from programmes.models import Cohort, Programme, TeamMember
from programmes.models import ChecklistLine
femi, lena = User.objects.get(email="femi@council.example"), User.objects.get(email="lena@council.example")
programme = Programme.objects.get(slug="peer-parent-group")
cohort = Cohort.objects.create(programme=programme, name="Ipswich, spring", area="Ipswich", venue="Library", places=8)
TeamMember.objects.create(cohort=cohort, user=lena, job="lead")
TeamMember.objects.create(cohort=cohort, user=femi, job="facilitator")
ChecklistLine.objects.create(cohort=cohort, slug="group-advertised", owner=femi)
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("production")) as one:
        yield one


@pytest.fixture
def visitor(browser: Browser, production: Installation) -> Iterator[Callable[..., Page]]:
    """Somebody with a browser of their own, who trusts the certificate of this test."""
    contexts = []

    def make(width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=production.url, ignore_https_errors=True, viewport={"width": width, "height": 900}, locale="en-GB"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


class Journey:
    def __init__(self, production: Installation, visitor: Callable[..., Page], check_axe: Any) -> None:
        self.production, self.check_axe = production, check_axe
        self.ada, self.femi, self.lena = visitor(), visitor(width=390), visitor()
        self.femi_codes: list[str] = []

    def accepts(self, page: Page, link: str) -> list[str]:
        """The whole way in by a link: password, app, recovery codes; returns these."""
        page.goto(link)
        self.check_axe(page)
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("The new password once more").fill(PASSWORD)
        page.get_by_role("button", name="Save the password").click()
        expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
        page.goto("/users/")  # nothing else opens yet
        expect(page.get_by_role("heading", name="Protect your account")).to_be_visible()
        self.check_axe(page)
        page.get_by_text("I cannot scan it").click()
        secret = page.locator(".key").inner_text().replace(" ", "")
        page.get_by_label("Code from the app").fill(code_for(secret))
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
        self.check_axe(page)
        codes = page.locator(".recovery-codes li").all_inner_texts()
        assert len(codes) == 10
        page.get_by_role("button", name="I have kept them").click()
        expect(page.locator("header").get_by_role("button", name="Sign out")).to_be_visible()
        return codes

    def the_first_administrator_comes_in_by_the_link_that_the_installer_printed(self) -> None:
        self.accepts(self.ada, self.production.link_in(self.production.said, "/join/"))

    def the_administrator_invites(self, name: str, email: str, role: str) -> str:
        page = self.ada
        page.goto("/users/")
        page.get_by_role("button", name="Invite somebody").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label(role, exact=True).check()
        self.check_axe(page)
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_text("The invitation is on its way.")).to_be_visible()
        self.check_axe(page)
        return self.production.link_in(self.production.mail_to(email, "Your account"), "/join/")

    def the_facilitator_signs_out_and_comes_back_with_a_recovery_code(self) -> None:
        page = self.femi
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("E-mail address").fill("femi@council.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        self.check_axe(page)
        page.get_by_label("Code", exact=True).fill(self.femi_codes[0])
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("link", name="Femi Facilitator")).to_be_visible()
        page.get_by_role("link", name="Femi Facilitator").click()
        expect(page.get_by_text("9 recovery codes left")).to_be_visible()
        self.check_axe(page)

    def open_person(self, name: str) -> None:
        self.ada.goto("/users/")
        self.ada.get_by_role("link", name=name).click()

    def the_administrator_gives_the_role(self, name: str, role: str) -> None:
        self.open_person(name)
        page = self.ada
        page.get_by_role("link", name="Change Role").click()
        page.get_by_label(role, exact=True).check()
        page.get_by_role("button", name="Save").click()

    def the_next_press_finds_them_signed_out(self, page: Page) -> None:
        page.goto("/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    def the_administrator_blocks_and_hands_over(self, name: str, to: str) -> None:
        self.open_person(name)
        page = self.ada
        self.check_axe(page)
        page.get_by_role("link", name=re.compile("They leave")).click()
        expect(page.get_by_text("Ipswich, spring").first).to_be_visible()
        self.check_axe(page)
        page.get_by_role("combobox").first.select_option(label=f"{to} (Programme lead)")
        page.get_by_role("button", name=re.compile("Block")).click()
        expect(page.get_by_text("They cannot sign in any more.")).to_be_visible()

    def cannot_sign_in(self, page: Page, email: str) -> None:
        page.goto("/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="You cannot sign in with this address any more")).to_be_visible()


def test_from_an_empty_installation_to_somebody_who_has_left(
    production: Installation, visitor: Callable[..., Page], check_axe: Any
) -> None:
    way = Journey(production, visitor, check_axe)
    way.the_first_administrator_comes_in_by_the_link_that_the_installer_printed()
    lena = way.the_administrator_invites("Lena Lead", "lena@council.example", "Programme lead")
    femi = way.the_administrator_invites("Femi Facilitator", "femi@council.example", "Facilitator")
    way.accepts(way.lena, lena)
    way.femi_codes = way.accepts(way.femi, femi)
    way.the_facilitator_signs_out_and_comes_back_with_a_recovery_code()
    production.manage("shell", "-c", GROUP)
    way.the_administrator_gives_the_role("Lena Lead", "Safeguarding lead")
    expect(way.ada.get_by_text("only programme lead").first).to_be_visible()
    way.the_administrator_gives_the_role("Femi Facilitator", "Programme lead")
    way.the_next_press_finds_them_signed_out(way.femi)
    way.the_administrator_blocks_and_hands_over("Femi Facilitator", to="Lena Lead")
    way.cannot_sign_in(way.femi, "femi@council.example")
    owner = "from programmes.models import ChecklistLine; print(ChecklistLine.objects.get().owner.name)"
    assert production.manage("shell", "-c", owner).strip().endswith("Lena Lead")
    assert "closed" in production.mail_to("femi@council.example", "Your account was closed")


# --- An upgrade, and back ---------------------------------------------------------------------------------


class Visitors:
    """Ask for the same page again and again, by a connection of their own each time, and keep what they got."""

    def __init__(self, url: str, certificate: Path) -> None:
        self.url, self.trust = url, ssl.create_default_context(cafile=certificate)
        self.got: list[str] = []
        self.gone = False

    def ask(self) -> None:
        while not self.gone:
            try:
                with urllib.request.urlopen(self.url, context=self.trust, timeout=PATIENCE) as page:  # noqa: S310
                    self.got.append(page.read().decode())
            except OSError as why:
                self.got.append(f"failed: {why}")
            time.sleep(0.05)

    @contextmanager
    def __call__(self, number: int) -> Iterator[None]:
        threads = [threading.Thread(target=self.ask) for _ in range(number)]
        for thread in threads:
            thread.start()
        yield
        self.gone = True
        for thread in threads:
            thread.join()


def newer_version(folder: Path, says: str) -> Path:
    """One whose /healthz says so."""
    return next_version(
        folder / "newer", "ppg/health/views.py", 'return HttpResponse("ok"', f'return HttpResponse("{says}"'
    )


def test_an_upgrade_drops_no_request_and_can_be_taken_back(production: Installation, tmp_path: Path) -> None:
    root, first = production.root, production.release
    newer = newer_version(tmp_path, "ok, and newer")
    visitors = Visitors(f"{production.url}/healthz", root / "etc/ppg/certificate.pem")
    with visitors(3):
        done = production.upgrade(newer)
        assert done.returncode == 0, done.stderr
        production.start_again("ppg-worker.service")
        production.start_again("ppg-web.service", WEB_CONCURRENCY="1")
        wait_until(lambda: "ok, and newer" in visitors.got)
    assert set(visitors.got) == {"ok", "ok, and newer"}
    assert visitors.got.count("ok") > 10
    assert production.release != first and f"Back to {first}" in done.stderr
    [backup] = (root / "var/lib/ppg/backups").glob(f"before-{production.release}-*.backup")
    assert backup.stat().st_mode & 0o007 == 0
    assert NAMED.fullmatch(backup.name), "Nobody would delete it when it is too old."

    back = production.back()
    assert back.returncode == 0, back.stderr
    production.start_again("ppg-web.service", WEB_CONCURRENCY="1")
    assert production.release == first
    with urllib.request.urlopen(visitors.url, context=visitors.trust, timeout=PATIENCE) as page:  # noqa: S310
        assert page.read() == b"ok"


def test_without_a_backup_nothing_is_upgraded(production: Installation, tmp_path: Path) -> None:
    before = production.release
    newer = newer_version(tmp_path, "ok, and newer still")
    backups = production.root / "var/lib/ppg/backups"
    backups.mkdir(exist_ok=True)
    backups.rename(aside := backups.with_name("aside"))
    backups.write_text("a file where a folder should be")
    try:
        done = production.upgrade(newer)
    finally:
        backups.unlink()
        aside.rename(backups)
    assert done.returncode == 1 and "There is no backup, so nothing was upgraded." in done.stderr
    assert production.release == before


def test_web_and_worker_cannot_change_the_trail_that_they_write(production: Installation) -> None:
    asked = "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'ppg'"
    wait_until(lambda: production.postgresql.run(asked) == [("ppg",)])  # the worker looks for jobs all the time
    assert production.postgresql.run("SELECT count(*) > 10 FROM ppg_auditentry", "ppg", "ppg") == [(True,)]
    for change in ("UPDATE ppg_auditentry SET what = ''", "DELETE FROM ppg_auditseal"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            production.postgresql.run(change, "ppg", "ppg")
    assert {variables(production.root, f"ppg-{name}.service")["DATABASE_URL"] for name in ("web", "worker")} == {
        production.postgresql.url("ppg", "ppg")
    }


PERSON = """
from caregivers.models import Caregiver
Caregiver.objects.create(name="Aisha Amber", email="aisha@x.example")
"""
MEANWHILE = """
from caregivers.rights import actions as rights
from caregivers.models import Caregiver
from ppg.models import User
from django.utils import timezone
User.objects.create(email="since@x.example")
rights.erase(caregiver=Caregiver.objects.get(), by=None)
"""
ANOTHER_MACHINE = """
from django.utils import timezone
from ppg.models import LedgerFile
LedgerFile.objects.create(mark="of-web-2", machine="web-2", path="/var/lib/ppg/erased.txt", seen_at=timezone.now())
"""
STAFF = "from ppg.models import User; print(sorted(User.objects.values_list('email', flat=True)))"
PEOPLE = (
    "from caregivers.models import Caregiver as C; print([(c.name, c.erased_at is not None) for c in C.objects.all()])"
)


def test_back_with_the_data_gives_up_what_came_since_but_nobody_who_was_erased(
    production: Installation, tmp_path: Path
) -> None:
    """Also where another machine writes a list of its own: the database that is moved aside knows what is in it."""
    root, first = production.root, production.release
    production.manage("shell", "-v0", "-c", PERSON + ANOTHER_MACHINE)
    before = production.manage("shell", "-v0", "-c", STAFF)
    done = production.upgrade(newer_version(tmp_path, "ok, and last"))
    assert done.returncode == 0 and production.release != first, done.stderr
    production.manage("shell", "-v0", "-c", MEANWHILE)

    back = production.back("--data")
    assert back.returncode == 1 and "Something else uses the database, so nothing was changed." in back.stderr
    for name in ("ppg-worker.service", "ppg-web.service"):  # as deploy/back stops them
        production.running[name].send_signal(signal.SIGTERM)
        production.running[name].wait(PATIENCE)
    back = production.back("--data")
    assert back.returncode == 0, back.stderr
    production.start("ppg-worker.service")
    production.start("ppg-web.service", WEB_CONCURRENCY="1")

    assert production.release == first
    assert production.manage("shell", "-v0", "-c", STAFF) == before and "ada@council.example" in before
    assert production.manage("shell", "-v0", "-c", PEOPLE).strip() == "[('', True)]"
    [(aside,)] = production.postgresql.run("SELECT datname FROM pg_database WHERE datname LIKE 'ppg_until_%'")
    since = "SELECT count(*) FROM ppg_user WHERE email = 'since@x.example'"
    assert production.postgresql.run(since, database=aside) == [(1,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):  # in the new database too
        production.postgresql.run("DELETE FROM ppg_auditentry", "ppg", "ppg")
    assert (root / "var/lib/ppg/erased.txt").stat().st_mode & 0o007 == 0


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
