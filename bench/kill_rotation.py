"""kill -9 of `manage.py rotate_keys` at chance moments while people save: is everything readable, and nothing lost?

    .venv/bin/python bench/kill_rotation.py                 50 kills, on SQLite and on PostgreSQL
    .venv/bin/python bench/kill_rotation.py 10 sqlite       the small run of the tests

Everybody's details lie under the old key. The command is started with the new one in front, killed soon after its first
lot, and started again; somebody saves details all the while. After each kill everything must open with both keys. At
the end saving stops and the command may finish: everything must open with the new key alone, and what was saved last
must be there.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.machines import database

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
PEOPLE_FOR_EACH_KILL = 60
ROWS_AT_ONCE = 10  # small lots, so that there are many moments to be killed at


def set_up(people: int) -> None:
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from caregivers.models import Caregiver
    from ppg.encryption import rotation

    settings.FIELD_KEYS = [OLD]
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables as they are now
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    Caregiver.objects.bulk_create(
        Caregiver(name=f"Person {number}", phone=f"01632 {number:06}", email=f"p{number}@bench.example")
        for number in range(people)
    )
    settings.FIELD_KEYS = [NEW, OLD]
    rotation.ROWS_AT_ONCE = ROWS_AT_ONCE
    replace = rotation._replace

    def a_moment_later(*lot: object) -> int:
        time.sleep(random.random() * 0.02)
        return replace(*lot)

    rotation._replace = a_moment_later


def forked(work: Callable[[], None]) -> int:
    """A process of its own, with its own connection; Django is there already."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    return child


def save_without_pause(notes: Path, stop: Path) -> None:
    """As a page does: reads a person, changes them, saves the whole row. Each save is noted once it is committed.

    Always among those whose turn comes next, where a save and the command meet; and as a web server does that was not
    started again yet, which is harder: under the old key."""
    from django.conf import settings

    from caregivers.models import Caregiver

    settings.FIELD_KEYS = [OLD, NEW]
    everybody, number, front = list(Caregiver.objects.order_by("pk").values_list("pk", flat=True)), 0, 0
    with notes.open("w") as file:
        while not stop.exists():
            while front < len(everybody) - 1 and under_new_key(everybody[front]):
                front += 1
            person = Caregiver.objects.get(pk=random.choice(everybody[front : front + ROWS_AT_ONCE]))
            number += 1
            person.phone = f"number {number}"
            person.save()
            file.write(f"{person.pk} {number}\n")
            file.flush()


def under_new_key(pk: int) -> bool:
    from django.db.models import F, TextField
    from django.db.models.functions import Cast

    from caregivers.models import Caregiver

    token = Caregiver._base_manager.annotate(token=Cast(F("email"), TextField())).values_list("token").get(pk=pk)[0]
    try:
        return bool(Fernet(NEW).decrypt(token.encode()))
    except InvalidToken:
        return False


def rotate(out: int) -> None:
    from django.core.management import call_command

    with os.fdopen(out, "w") as lines:
        call_command("rotate_keys", verbosity=2, stdout=lines)


def kill_once(chance: random.Random) -> bool:
    """Soon after its first lot. False: it had ended by itself."""
    begun, out = os.pipe()
    child = forked(lambda: rotate(out))
    os.close(out)
    os.read(begun, 1)
    time.sleep(chance.random() * 0.06)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    os.close(begun)
    return os.WIFSIGNALED(status)


def not_opened(*keys: str) -> int:
    from django.conf import settings

    from ppg.encryption import rotation

    before, settings.FIELD_KEYS = settings.FIELD_KEYS, list(keys)
    try:
        return rotation.look().unreadable.total()
    finally:
        settings.FIELD_KEYS = before


def lost(notes: Path) -> tuple[int, int]:
    """(saves that are gone, all of them). The last one of each person counts."""
    from caregivers.models import Caregiver

    saved = dict(line.split() for line in notes.read_text().splitlines())
    there = {str(person.pk): person.phone for person in Caregiver.objects.all()}
    gone = sum(there[person] != f"number {number}" for person, number in saved.items())
    return gone, len(notes.read_text().splitlines())


def run(kills: int, kind: str) -> bool:
    chance = random.Random(kills)
    with database(kind), tempfile.TemporaryDirectory(prefix="ppg-rotation-") as folder:
        set_up(kills * PEOPLE_FOR_EACH_KILL)
        notes, stop = Path(folder) / "saved", Path(folder) / "stop"
        writer = forked(lambda: save_without_pause(notes, stop))
        killed = unreadable = 0
        for _ in range(5 * kills):  # one that ended by itself before does not count
            killed += kill_once(chance)
            unreadable += not_opened(NEW, OLD)
            if killed == kills:
                break
        stop.touch()
        _pid, failed = os.waitpid(writer, 0)
        from ppg.encryption import rotation

        left = rotation.look().older.total()
        _pid, refused = os.waitpid(forked(lambda: rotate(os.open(os.devnull, os.O_WRONLY))), 0)
        gone, saves = lost(notes)
        old = not_opened(NEW)
    print(f"{kind}: {killed} kills on the way among {kills * PEOPLE_FOR_EACH_KILL} people, {left} left after the last;")
    print(
        f"  of {saves} saves meanwhile and of all values: {unreadable} unreadable, {gone} lost, {old} under the old key"
    )
    return not (unreadable or gone or old or failed or refused) and killed == kills and left > 0


if __name__ == "__main__":
    times = sys.argv[1] if len(sys.argv) > 1 else "50"
    if len(sys.argv) > 2:
        sys.exit(0 if run(int(times), sys.argv[2]) else 1)
    # Django is set up once in a process: each database gets one of its own.
    kinds = [subprocess.run([sys.executable, __file__, times, kind], check=False) for kind in ("sqlite", "postgresql")]
    sys.exit(max(done.returncode for done in kinds))
