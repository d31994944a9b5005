"""Kills the worker with SIGKILL at random moments while packs go out, and counts what arrived.

    .venv/bin/python bench/kill_packs.py                                  50 kills, on SQLite and on PostgreSQL
    .venv/bin/python bench/kill_packs.py --kills 2 --database sqlite      the small run of the tests

A mail server on this machine keeps the Message-ID of everything it took; each is one delivery's own. At the end what
it took is held against what the database says: sent means that it arrived once, unknown once or not at all, and
nothing else arrived. Ends with 1 if that is not so.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.machines import postgresql  # noqa: E402
from tests.sessions_app.smtp import Server, mail_server  # noqa: E402

PEOPLE = 8
SLOW_MS = 25  # a mail server takes up to this long before and after it takes a text


def prepare() -> None:
    """An empty database with one group of eight who all have their handouts by e-mail."""
    import django

    django.setup()
    from django.core.management import call_command

    from caregivers.models import Caregiver, Place
    from ppg.models import User
    from programmes.models import Cohort, Programme, Resource, TeamMember

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    lead = User.objects.create_user("lead@bench.example", name="Lena Lead", role="lead")
    programme = Programme.objects.create(slug="p", title="P", purpose="", session_minutes=90, group_size_max=PEOPLE)
    cohort = Cohort.objects.create(programme=programme, name="Bench", area="Here", places=PEOPLE)
    TeamMember.objects.create(cohort=cohort, user=lead, job="lead")
    Resource.objects.create(slug="sheet", title="Sheet", kind="document", url="https://sheet.example/")
    for seat in range(1, PEOPLE + 1):
        caregiver = Caregiver.objects.create(
            name=f"Person {seat}", email=f"p{seat}@bench.example", safe_ways=["email"], handouts_by="email"
        )
        Place.objects.create(cohort=cohort, caregiver=caregiver, state="taken", seat=seat, taken_on="2026-01-01")


def close_session(number: int) -> None:
    """One more session, closed: eight e-mails wait for the worker."""
    from django.utils import timezone

    from ppg.models import User
    from programmes.models import Cohort, Resource
    from sessions_app.closing import actions as closing
    from sessions_app.models import Session

    session = Session.objects.create(
        cohort=Cohort.objects.get(), number=number, title="S", starts_at=timezone.now(), minutes=90
    )
    closing.close(session=session, by=User.objects.get(), handouts=list(Resource.objects.all()))


def start_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "worker", "--interval", "0.05"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)


def kill_often(kills: int, server: Server, chance: random.Random) -> Counter[str]:
    """So many times: a pack, a worker, and its end at some moment of its work. Says what each kill met."""
    from sessions_app.models import Delivery

    met: Counter[str] = Counter()
    cut = 0
    for number in range(1, kills + 1):
        close_session(number)
        reached = threading.Event()
        server.delay = lambda when, reached=reached: (reached.set(), time.sleep(chance.random() * SLOW_MS / 1000))
        worker = start_worker()
        if not reached.wait(60):
            worker.kill()
            raise SystemExit("The worker sent nothing for a minute.")
        time.sleep(chance.random() * PEOPLE * SLOW_MS * 1.2 / 1000)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        now_cut = Delivery.objects.filter(state="sending").count()
        met["in the middle of an e-mail" if now_cut > cut else "between two"] += 1
        cut = now_cut
    return met


def let_it_finish(deadline: float = 120) -> None:
    """Ten minutes later: the sweeps of the worker, and a worker that is left alone."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from ppg.management.commands.worker import SWEEPS
    from sessions_app.models import Delivery

    later = timezone.now() + timedelta(minutes=11)
    for sweep in SWEEPS:
        sweep(later)
    worker = start_worker()
    ends = time.monotonic() + deadline
    while time.monotonic() < ends:
        time.sleep(0.3)
        open_jobs = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"])
        if not Delivery.objects.filter(state__in=["waiting", "sending"]).exists() and not open_jobs.exists():
            break
    worker.kill()
    worker.wait()


def held_against(server: Server) -> tuple[dict[str, int], list[str]]:
    """What arrived against what is said of it."""
    from sessions_app.models import Delivery

    arrived = Counter(message_id for message_id, _to, _text in server.taken)
    state_of = dict(Delivery.objects.values_list("code", "state"))
    unknown = [code for code, state in state_of.items() if state == "unknown"]
    wrong = [f"{code} {state} arrived {arrived[code]} times" for code, state in state_of.items() if not {
        "sent": arrived[code] == 1,
        "unknown": arrived[code] <= 1,
    }.get(state, arrived[code] == 0)]  # fmt: skip
    wrong += [f"{code} is nobody's" for code in arrived if code not in state_of]
    wrong += [f"{len(to.split(','))} people in one e-mail" for _id, to, _text in server.taken if "," in to]
    wrong += [f"{code} still {state}" for code, state in state_of.items() if state in ("waiting", "sending")]
    figures = {
        "e-mails": len(state_of),
        "sent": sum(state == "sent" for state in state_of.values()),
        "unknown": len(unknown),
        "unknown, and it had arrived": sum(arrived[code] for code in unknown),
        "not sent": sum(state == "failed" for state in state_of.values()),
        "sent twice": sum(count > 1 for count in arrived.values()),
    }
    return figures, wrong


def measure(kills: int, seed: int) -> int:
    """In the environment that `main` has made. Returns 1 if something went wrong."""
    chance = random.Random(seed)
    with mail_server() as server:
        os.environ["PPG_EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        prepare()
        met = kill_often(kills, server, chance)
        let_it_finish()
        figures, wrong = held_against(server)
    print(f"{kills} kills: " + ", ".join(f"{count} {what}" for what, count in met.most_common()))
    for name, number in figures.items():
        print(f"  {name}: {number}")
    for line in wrong:
        print(f"  WRONG {line}")
    return 1 if wrong else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        return measure(chosen.kills, chosen.seed)
    failed = 0
    for database in chosen.database or ["sqlite", "postgresql"]:
        with (
            tempfile.TemporaryDirectory(prefix="ppg-kill-", ignore_cleanup_errors=True) as folder,
            contextlib.ExitStack() as stack,
        ):
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "ppg.settings",
                "PPG_MODE": "local",
                "PPG_VAR": folder,
            }
            environment.pop("DATABASE_URL", None)
            if database == "postgresql":
                environment["DATABASE_URL"] = stack.enter_context(postgresql())
            print(f"{database}:", flush=True)
            again = [sys.executable, __file__, "--here", "--kills", str(chosen.kills), "--seed", str(chosen.seed)]
            failed |= subprocess.run(again, env=environment, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
