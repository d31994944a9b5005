"""Three machines and their database, each in a network of its own on this one: do they act as one service?

    .venv/bin/python bench/three_machines.py               as root, on Linux; some three minutes (needs iproute2)
    .venv/bin/python bench/three_machines.py --kills 50    one web machine is killed so often while people tick

Two web machines (gunicorn, and Caddy with TLS), one that works, and PostgreSQL, made by `deploy/install` and started by
their own units. A visitor reaches either web machine, as behind a load balancer that asks the other one where one is
gone.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar
from urllib.parse import urlencode
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.kill_ticks import DEVICES, Device, compare
from tests.deploy.installed import HOST, end, install, start, variables
from tests.journeys.production import next_version
from tests.tls import certificate

NETWORK = "10.77.0"
HERE, DATABASE = f"{NETWORK}.1", f"{NETWORK}.9"
BRIDGE = "ppgt0"
PDF = b"%PDF-1.7 where to go, and whom to call"
LIMIT = 5  # wrong passwords that one account has free from one network


# --- Machines ------------------------------------------------------------------------------------------------


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def networks(*numbers: int) -> Iterator[None]:
    """One namespace a machine, with the address 10.77.0.NUMBER, behind one bridge."""
    try:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "address", "add", f"{HERE}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for number in numbers:
            name = f"ppgt{number}"
            run("ip", "netns", "add", name)
            run("ip", "link", "add", f"{name}h", "type", "veth", "peer", "name", "eth0", "netns", name)
            run("ip", "link", "set", f"{name}h", "master", BRIDGE, "up")
            run("ip", "-n", name, "address", "add", f"{NETWORK}.{number}/24", "dev", "eth0")
            for device in ("eth0", "lo"):
                run("ip", "-n", name, "link", "set", device, "up")
        yield
    finally:
        for number in numbers:
            subprocess.run(["ip", "netns", "delete", f"ppgt{number}"], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", BRIDGE], check=False, capture_output=True)


@dataclass
class Machine:
    """`number` is the end of its address; `parts` is what it does."""

    number: int
    root: Path
    services: ExitStack
    listening: socket.socket | None = None
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{NETWORK}.{self.number}"

    @property
    def inside(self) -> list[str]:
        return ["ip", "netns", "exec", f"ppgt{self.number}"]

    def manage(self, *command: str) -> str:
        program = self.root / "opt/ppg/current/deploy/run"
        unit = "ppg-web.service" if self.listening else "ppg-worker.service"
        return run(*self.inside, program, "manage", *command, env=variables(self.root, unit))

    def collect_static_files(self) -> None:
        """As deploy/install does, while they are served."""
        release = self.root / "opt/ppg/current"
        collected, served = self.root / "var/lib/ppg/collected", self.root / "var/lib/ppg/static"
        environment = variables(self.root, "ppg-web.service") | {"PPG_VAR": str(collected)}
        run(release / "deploy/run", "manage", "collectstatic", "--noinput", "-v0", env=environment)
        run(release / ".venv/bin/python", release / "deploy/static.py", collected / "static", served)

    def start(self, name: str) -> None:
        changes = {}
        if name == "ppg-proxy.service":
            changes["PPG_SOCKET"] = f"{self.root}/run/ppg/web.sock"
            changes["PPG_PROXY_ADMIN"] = f"{self.root}/run/ppg-proxy/admin.sock"
            changes["PPG_ERRORS"] = f"{self.root}/opt/ppg/current/deploy/errors"
        handed = self.listening if name == "ppg-web.service" else None
        self.running[name] = self.services.enter_context(
            start(self.root, name, handed, errors=self.root / "errors.log", before=self.inside, **changes)
        )

    def start_again(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGTERM)
        self.running[name].wait(120)
        self.start(name)

    def kill(self) -> None:
        """The power is cut: nothing is answered to its end."""
        for process in self.running.values():
            end(process)

    def start_all(self) -> None:
        for name in [*self.running]:
            self.start(name)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """On a machine of its own. It refuses to run as root."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder.mkdir()
    run("chown", "postgres", folder)
    data = folder / "data"
    owner = {"user": "postgres", "cwd": "/"}
    inside = ["ip", "netns", "exec", "ppgt9", "runuser", "-u", "postgres", "--"]
    run(binaries / "initdb", "-D", data, "-U", "ppg", "-A", "trust", "-E", "UTF8", "--no-locale", **owner)
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NETWORK}.0/24 trust\n")
    options = f"-k {folder} -c listen_addresses={DATABASE} -c max_connections=200"
    log = ["-l", folder / "log", "-o", options]
    # Its output would keep our pipe open as long as it runs.
    command = [*inside, binaries / "pg_ctl", "start", "-D", data, "-w", "-s", *log]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run(binaries / "createdb", "-h", folder, "-U", "ppg", "ppg", **owner)
        yield f"postgres://ppg@{DATABASE}/ppg"
    finally:
        run(binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-s", **owner)


@contextmanager
def mail_server(folder: Path) -> Iterator[Path]:
    """On the machine that works; what it takes is written to a file."""
    taken = folder / "mail"
    taken.touch()
    command = ["ip", "netns", "exec", "ppgt3", sys.executable, __file__, "--mail", str(taken)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        yield taken
    finally:
        end(process)


def keep_mail(file: Path) -> None:
    from tests.sessions_app import smtp

    class Kept(list):
        def append(self, letter: tuple[str, str, str]) -> None:
            with file.open("a") as out:
                out.write(f"To: {letter[1]}\n{letter[2]}\n")

    with smtp.mail_server(taken=Kept(), port=25):
        time.sleep(3600)


# --- A visitor ---------------------------------------------------------------------------------------------------


class Connection(http.client.HTTPSConnection):
    """To one web machine, by the name of the service."""

    def __init__(self, address: str, trust: ssl.SSLContext, timeout: float = 20) -> None:
        super().__init__(HOST, timeout=timeout)
        self.address, self.trust = address, trust

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), self.timeout)
        self.sock = self.trust.wrap_socket(plain, server_hostname=HOST)


@dataclass
class Browser:
    trust: ssl.SSLContext
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, machine: Machine, method: str, path: str, body: bytes | None = None, kind: str = ""
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        connection = Connection(machine.address, self.trust)
        try:
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Origin": f"https://{HOST}"}
            connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = connection.getresponse()
            page = answer.read()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, page, answer.headers
        finally:
            connection.close()

    def get(self, machine: Machine, path: str) -> tuple[int, str]:
        status, page, _headers = self.ask(machine, "GET", path)
        return status, page.decode(errors="replace")

    def form(self, machine: Machine, path: str, **values: str) -> tuple[int, str]:
        """What the page's own form sends, with these values."""
        values = {**hidden(self.get(machine, path)[1]), **values}
        status, page, _headers = self.ask(
            machine, "POST", path, urlencode(values).encode(), "application/x-www-form-urlencoded"
        )
        return status, page.decode(errors="replace")

    def upload(self, machine: Machine, path: str, name: str, contents: bytes, **values: str) -> int:
        edge = uuid4().hex
        values = {**hidden(self.get(machine, path)[1]), **values}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in values.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="where to go.pdf"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + contents + f"\r\n--{edge}--\r\n".encode()
        return self.ask(machine, "POST", path, body, f"multipart/form-data; boundary={edge}")[0]


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r"<input[^>]*type=.hidden.[^>]*>", page.split("<main", 1)[-1])
    named = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in found]
    return {name[1]: value[1] if value else "" for name, value in named if name}


class BehindTheBalancer(Device):
    """Asks either machine until one answers, with the same key: as a phone's outbox does behind a load balancer."""

    machines: ClassVar[list[Machine]] = []
    trust: ClassVar[ssl.SSLContext]
    headers: ClassVar[dict[str, str]] = {"Origin": f"https://{HOST}"}

    def connect(self) -> http.client.HTTPConnection:
        return Connection(random.choice(self.machines).address, self.trust, timeout=5)


# --- What is shown ------------------------------------------------------------------------------------------------


def prepare() -> dict[str, str]:
    """A group of twenty-four on its evening, its people signed in with a second factor."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from ppg.access.permissions import Role
    from ppg.accounts import proof
    from programmes.models import Guide
    from sessions_app.models import SessionHandout
    from tests.factories import CohortFactory, PlaceFactory, SessionFactory, UserFactory
    from tests.sessions_app.evening import evening, person, resource

    def signed_in(user: object) -> str:
        browser = Client()
        browser.force_login(user)
        session = browser.session
        session[proof.FACTOR], session[proof.CONFIRMED] = user.code, time.time()  # type: ignore[attr-defined]
        session.save()
        return session.session_key

    lead, facilitator = UserFactory(role=Role.LEAD), UserFactory(role=Role.FACILITATOR)
    wrong = UserFactory(role=Role.FACILITATOR, email="wrong@council.example")
    session = SessionFactory(cohort=CohortFactory(team=[lead, facilitator]), starts_at=timezone.now())
    places = [PlaceFactory(cohort=session.cohort, seat=seat).code for seat in range(1, 4 * DEVICES + 1)]
    linked = evening(CohortFactory(team=[lead, facilitator], name="The group with a link"), handouts=False)
    film = resource("a-film", "A film", url="https://film.example/watch")
    SessionHandout.objects.create(session=linked, resource=film, position=1)
    person(linked.cohort, "Bea Brown")
    mailed = evening(CohortFactory(team=[lead, facilitator], name="The group with a file"), handouts=False)
    handout = resource("where-to-go", "Where to go", url="https://where.example/to-go")
    SessionHandout.objects.create(session=mailed, resource=handout, position=1)
    person(mailed.cohort, "Aisha Amber")
    guide = Guide.objects.first()
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "lead": signed_in(lead),
        "facilitator": signed_in(facilitator),
        "register": reverse("sessions:register", args=[session.code]),
        "places": ",".join(places),
        "handout": reverse("programmes:resource", args=[handout.code]),
        "file": reverse("programmes:download", args=[handout.code]),
        "close": reverse("sessions:close", args=[mailed.code]),
        "guide": guide.get_absolute_url(),
        "wrong": wrong.email,
    }


def a_handout(prepared: dict[str, str], browser: Browser, first: Machine, second: Machine, taken: Path) -> list[str]:
    """Uploaded on one web machine, opened on the other, mailed by the one that works."""
    from sessions_app.closing import actions as closing
    from sessions_app.models import Session
    from tests.sessions_app.evening import tick

    lead = Browser(browser.trust, {prepared["cookie"]: prepared["lead"]})
    wrong = []
    title = {"title": "Where to go", "kind": "document"}
    if (status := lead.upload(first, prepared["handout"], "upload", PDF, **title)) != 302:
        wrong.append(f"the upload answered {status}")
    status, contents, _headers = lead.ask(second, "GET", prepared["file"])
    if (status, contents) != (200, PDF):
        wrong.append(f"the other machine answers {status} to the handout that was uploaded on the first")
    for name in ("The group with a link", "The group with a file"):
        session = Session.objects.get(cohort__name=name)
        by = session.cohort.team.first().user
        tick(session, session.cohort.place_set.get(), "present", by)
        closing.close(session=session, by=by)
    end_by = time.monotonic() + 60
    while not all(name in taken.read_text() for name in ("aisha@", "bea@")) and time.monotonic() < end_by:
        time.sleep(0.2)
    mailed = taken.read_text()
    if "bea@" not in mailed:
        wrong.append("the worker did not mail the pack with a link within a minute")
    if "aisha@" not in mailed:
        wrong.append("the worker did not mail the pack with a file within a minute")
    elif "application/pdf" not in mailed:
        wrong.append("the e-mail has no file with it")
    return wrong


def limits(prepared: dict[str, str], browser: Browser, machines: list[Machine]) -> list[str]:
    """Wrong passwords by turns: after five together both machines ask to wait."""
    answers = []
    for number in range(LIMIT + 2):
        someone = Browser(browser.trust)
        typed = {"login": prepared["wrong"], "password": "no such words at all"}
        page = someone.form(machines[number % 2], "/sign-in/", **typed)[1]
        answers.append("wait" if re.search(r"[Tt]oo many|again (in|after)", page) else "wrong")
    expected = ["wrong"] * LIMIT + ["wait"] * 2
    return [] if answers == expected else [f"tries by turns were answered {answers}"]


def ticking(
    prepared: dict[str, str], trust: ssl.SSLContext, machines: list[Machine]
) -> tuple[list[BehindTheBalancer], Event]:
    stop, places = Event(), prepared["places"].split(",")
    BehindTheBalancer.machines, BehindTheBalancer.trust = machines, trust
    cookie = f"{prepared['cookie']}={prepared['facilitator']}"
    devices = [
        BehindTheBalancer(443, prepared["register"], cookie, places[4 * number : 4 * number + 4], stop)
        for number in range(DEVICES)
    ]
    for device in devices:
        device.start()
    return devices, stop


def kills(prepared: dict[str, str], trust: ssl.SSLContext, machines: list[Machine], times: int) -> list[str]:
    """One web machine loses its power again and again while six devices tick."""
    devices, stop = ticking(prepared, trust, machines)
    for number in range(times):
        acknowledged = sum(len(device.acknowledged) for device in devices)
        while sum(len(device.acknowledged) for device in devices) < acknowledged + 2 * DEVICES:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.5))
        machines[number % 2].kill()
        time.sleep(0.5)  # the other one serves alone
        machines[number % 2].start_all()
    stop.set()
    for device in devices:
        device.join(120)
    if any(device.is_alive() for device in devices):
        return ["a tick was not answered within two minutes"]
    ticks = [tick for device in devices for tick in device.acknowledged]
    found = compare(ticks)
    print(f"  {len(ticks)} ticks acknowledged during {times} kills; " + ", ".join(f"{v} {k}" for k, v in found.items()))
    bad = ("lost", "doubled", "never ticked", "out of order", "without one audit entry")
    return [f"{found[name]} ticks {name}" for name in bad if found[name]]


class Reader(Thread):
    """Opens a page on one machine and what it needs on the other; nothing is tried twice."""

    def __init__(self, trust: ssl.SSLContext, machines: list[Machine], path: str, cookies: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.trust, self.machines, self.path, self.cookies = trust, machines, path, cookies
        self.stop, self.answers, self.versions = Event(), Counter(), Counter()
        self.slowest = 0.0

    def run(self) -> None:
        while not self.stop.is_set():
            one, other = random.sample(self.machines, 2)
            browser = Browser(self.trust, dict(self.cookies))
            try:
                page = self.ask(browser, one, self.path)
                self.versions["new" if "of the next version" in page else "old"] += 1
                for needed in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page):
                    self.ask(browser, other, needed)
            except OSError as why:
                self.answers[f"{type(why).__name__}: {why}"] += 1

    def ask(self, browser: Browser, machine: Machine, path: str) -> str:
        began = time.monotonic()
        status, page = browser.get(machine, path)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answers[status if status == 200 else f"{status} for {path}"] += 1
        return page


def upgrade(prepared: dict[str, str], trust: ssl.SSLContext, machines: list[Machine], newer: Path) -> list[str]:
    """As docs/running.md says: prepared everywhere, then one machine after the other, while people read and tick."""
    cookies = {prepared["cookie"]: prepared["lead"]}
    readers = [Reader(trust, machines[:2], prepared["guide"], cookies) for _ in range(3)]
    devices, stop = ticking(prepared, trust, machines[:2])
    before = {device: len(device.acknowledged) for device in devices}
    for reader in readers:
        reader.start()
    began = time.monotonic()
    for machine in machines:
        done = install(machine.root, checkout=newer)
        if done.returncode:
            return [done.stderr]
    for machine in machines[:2]:
        machine.collect_static_files()
    both = [Thread(target=machine.manage, args=["set_up"]) for machine in machines[:2]]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    machines[2].start_again("ppg-worker.service")
    machines[0].start_again("ppg-web.service")
    time.sleep(8)  # old and new beside each other
    machines[1].start_again("ppg-web.service")
    time.sleep(3)
    for reader in readers:
        reader.stop.set()
    stop.set()
    for thread in [*readers, *devices]:
        thread.join(60)
    answers, versions = Counter(), Counter()
    for reader in readers:
        answers += reader.answers
        versions += reader.versions
    ticks = sum(len(device.acknowledged) - before[device] for device in devices)
    again = sum(tick.tries > 1 for device in devices for tick in device.acknowledged)
    print(
        f"  {answers.total()} answers in {time.monotonic() - began:.0f} s,"
        f" {versions['old']} pages old and {versions['new']} new"
    )
    print(f"  pages, slowest {max(reader.slowest for reader in readers):.1f} s; {ticks} ticks, {again} tried again")
    failed = {answer: number for answer, number in answers.items() if answer != 200}
    return [f"failed: {failed}"] * bool(failed) + ["only one version answered"] * (len(versions) < 2)


# --- All of it ---------------------------------------------------------------------------------------------------


@contextmanager
def three_machines(folder: Path) -> Iterator[tuple[list[Machine], ssl.SSLContext, Path]]:
    signed, key = certificate(folder, HOST)
    with (
        networks(2, 3, 4, 9),
        postgresql(folder / "postgresql") as url,
        mail_server(folder) as taken,
        ExitStack() as services,
    ):
        machines = [Machine(number, folder / f"machine{number}", services) for number in (2, 4, 3)]
        for machine in machines:
            set_up_machine(machine, machines[0], url, signed, key)
        machines[0].manage("set_up")
        for machine in machines[:2]:
            machine.collect_static_files()
            machine.start("ppg-web.service")
            machine.start("ppg-proxy.service")
        machines[2].start("ppg-worker.service")
        trust = ssl.create_default_context(cafile=signed)
        for machine in machines[:2]:
            wait(lambda machine=machine: Browser(trust).get(machine, "/healthz")[0] == 200)
        yield machines, trust, taken


def set_up_machine(machine: Machine, first: Machine, url: str, signed: Path, key: Path) -> None:
    works = machine.number == 3
    options = ["--parts", "worker" if works else "web"]
    if machine is first:
        options += ["--host", HOST, "--database", url]
    else:
        options += ["--environment", str(first.root / "etc/ppg/environment")]
    if not works:
        options += ["--certificate", str(signed), "--key", str(key)]
    mail = {"PPG_EMAIL_URL": "smtp://127.0.0.1:25", "PPG_EMAIL_FROM": "groups@council.example"}
    done = install(machine.root, *options, **mail)
    if done.returncode:
        raise SystemExit(done.stderr)
    if not works:
        for runtime in ("run/ppg", "run/ppg-proxy"):
            (machine.root / runtime).mkdir(parents=True)
        machine.listening = machine.services.enter_context(socket.socket(socket.AF_UNIX))
        machine.listening.bind(str(machine.root / "run/ppg/web.sock"))
        machine.listening.listen(512)


def wait(true: Callable[[], bool]) -> None:
    end_by = time.monotonic() + 60
    while True:
        try:
            if true():
                return
        except OSError:
            pass
        if time.monotonic() > end_by:
            raise SystemExit("A web machine does not answer.")
        time.sleep(0.1)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--mail", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.mail:
        keep_mail(options.mail)
        return 0
    if os.geteuid() != 0 or not shutil.which("ip"):
        print("Left out: it needs root and iproute2, to make networks of its own.")
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="ppg-three-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with three_machines(folder) as (machines, trust, taken):
            os.environ |= variables(machines[0].root, "ppg-web.service")
            os.environ["DJANGO_SETTINGS_MODULE"] = "ppg.settings"
            prepared = prepare()
            browser = Browser(trust)
            newer = next_version(
                folder / "newer", "templates/base.html", "</body>", "<!-- of the next version --></body>"
            )
            with (newer / "static/css/app.css").open("a") as styles:
                styles.write("\n.of-the-next-version { color: inherit; }\n")
            shown: list[tuple[str, Callable[[], list[str]]]] = [
                ("limits count together", lambda: limits(prepared, browser, machines[:2])),
                ("one web machine is killed under load", lambda: kills(prepared, trust, machines[:2], options.kills)),
                ("an upgrade, old and new beside each other", lambda: upgrade(prepared, trust, machines, newer)),
                ("a handout", lambda: a_handout(prepared, browser, machines[0], machines[1], taken)),
            ]
            for what, show in shown:
                print(what)
                wrong = show()
                print("\n".join(f"  WRONG: {one}" for one in wrong) or "  as it should be")
                failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
