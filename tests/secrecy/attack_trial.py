"""One trial of attack.py: eight people answer by the public page, and the attacker takes copies all the while."""

from __future__ import annotations

import logging
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Response
from evaluation.rounds import actions as rounds
from feedback.asking import actions as asking
from feedback.models import Answer, Form, Submission
from ppg import memory_counts
from ppg.access.permissions import Role
from ppg.backups import backup_file
from tests.evaluation.conftest import agree, answers
from tests.factories import CohortFactory, PlaceFactory, SessionFactory, UserFactory
from tests.secrecy.attack_orders import EIGHT, Held, Row

SEALED = ("feedback_sealedanswer", "feedback_spentnonce")
OPENED = ("feedback_submission", "feedback_answer")
BLOCK = 4096
PAGES = ["feedback:session", "sessions:session", "feedback:poster"]
PAGES_OF_GROUP = ["cohort", "evaluation:figures", "evaluation:waves", "evaluation:report"]
FRESH = re.compile(rb'(name="(csrfmiddlewaretoken|effect_key|nonce|key)" value=")[^"]*')


class Clock:
    """The time of day in the trial, from noon on: each person sends a minute or two after the last. Past midnight the
    pages would say so, and that is nobody's answer."""

    def __init__(self) -> None:
        self.now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0).astimezone(UTC)

    @contextmanager
    def ticking(self) -> Iterator[None]:
        def now() -> datetime:
            return self.now

        def seconds() -> float:
            return self.now.timestamp()

        with mock.patch("time.time", seconds), mock.patch.object(timezone, "now", now):
            yield


class Log(logging.Handler):
    """Everything that any part of the product says, unmasked."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.created} {record.getMessage()}\n")


class Attacker:
    """Copies what he may hold: after each answer, and once more when the form has closed."""

    def __init__(self, form: Form, staff: Client, urls: list[str]) -> None:
        self.form, self.staff, self.urls = form, staff, urls
        self.blocks: set[bytes] = set()
        self.pages: dict[str, bytes] = {}
        self.log = Log()
        logging.getLogger().addHandler(self.log)

    def look(self) -> tuple[bytes, bytes, int]:
        """What is new since the last look: anywhere, on pages, and on how many pages."""
        blocks = set(blocks_of_files() if connection.vendor == "sqlite" else self.dump())
        new = b"".join(blocks - self.blocks) + "".join(self.log.lines).encode()
        self.blocks = blocks
        self.log.lines.clear()
        pages = {url: FRESH.sub(rb"\1", self.staff.get(url).content) for url in self.urls}
        changed = [text for url, text in pages.items() if self.pages.get(url) != text]
        self.pages = pages
        return new + b"".join(changed), b"".join(changed), len(changed)

    def dump(self) -> list[bytes]:
        """A dump with `ctid` and `xmin`: the form's tables, and all that is new in trail, jobs and sessions."""
        found = [str(row).encode() for table in (*SEALED, *OPENED) for row in rows_of(table, self.form)]
        for table in tables_that_tell():
            found += [str(row).encode() for row in asked(f"SELECT ctid, xmin, * FROM {table}")]  # noqa: S608
        return found

    def stop(self) -> None:
        logging.getLogger().removeHandler(self.log)


def tables_that_tell() -> list[str]:
    """The trail, the limits, the jobs, who is signed in, and the forms themselves."""
    labels = ("ppg.AuditEntry", "ppg.Limit", "django_tasks_database.DBTaskResult", "sessions.Session", "feedback.Form")
    return [apps.get_model(label)._meta.db_table for label in labels]


def asked(query: str, *parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def rows_of(table: str, form: Form) -> list[Row]:
    """As they lie there. `moved`: the transaction that wrote them, where the database keeps it."""
    if table == "evaluation_response":
        where, value = "wave_id", form.wave.pk
    else:
        where, value = "form_id", form.pk
    if connection.vendor == "postgresql":
        query = f"SELECT *, xmin::text::bigint AS moved FROM {table} WHERE {where} = %s ORDER BY ctid"  # noqa: S608
        return [{name: plain(value) for name, value in row.items()} for row in asked(query, value)]
    with copied_files() as copy:
        cursor = copy.execute(f"SELECT *, NULL AS moved FROM {table} WHERE {where} = ? ORDER BY rowid", [value])  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def plain(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value


def paths() -> list[Path]:
    path = Path(connection.settings_dict["NAME"])
    return [each for each in (path, path.with_name(f"{path.name}-wal")) if each.exists()]


@contextmanager
def copied_files() -> Iterator[sqlite3.Connection]:
    """The file and its journal, opened without the product and without its keys."""
    with tempfile.TemporaryDirectory(prefix="ppg-copy-") as folder:
        for path in paths():
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        copy = sqlite3.connect(Path(folder) / paths()[0].name)
        try:
            yield copy
        finally:
            copy.close()


def blocks_of_files() -> list[bytes]:
    """Pages of the file, and of the journal (each behind a head of 24 bytes, after one of 32)."""
    data, *journals = [path.read_bytes() for path in paths()]
    found = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    for journal in journals:
        found += [journal[at + 24 : at + 24 + BLOCK] for at in range(32, len(journal), BLOCK + 24)]
    return found


def raw_files() -> bytes:
    """With what is left of deleted rows: SQLite's files, or PostgreSQL's pages of these tables and their indexes."""
    if connection.vendor == "sqlite":
        return b"".join(path.read_bytes() for path in paths())
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
    tables = ", ".join(f"'{table}'::regclass" for table in (*SEALED, *OPENED, "evaluation_response"))
    pages = asked(
        f"""SELECT get_raw_page(relation.oid::regclass::text, number::int) AS page
        FROM (SELECT oid FROM pg_class WHERE oid IN ({tables}) UNION
              SELECT indexrelid FROM pg_index WHERE indrelid IN ({tables})) relation,
             generate_series(0, pg_relation_size(relation.oid) / 8192 - 1) AS number"""  # noqa: S608
    )
    return b"".join(bytes(row["page"]) for row in pages)


def nightly_backup() -> bytes:
    """What `manage.py backup` writes, before it is encrypted: of what grows here."""
    labels = ("feedback", "evaluation", "ppg", "django_tasks_database")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    kept = [model for model in models if model in backup_file.kept_models()]
    return b"".join(backup_file._line(row) for model in kept for rows in backup_file.rows_of(model) for row in rows)


def send(url: str, sheet: dict[str, Any]) -> None:
    """Opens the page, fills it in, sends it."""
    memory_counts.forget()
    browser = Client()
    nonce = re.search(r'name="nonce" value="([^"]+)"', browser.get(url).content.decode())
    answer = browser.post(f"{url}?send", {**sheet, "nonce": nonce[1]})
    if answer.status_code != 302:
        raise RuntimeError(f"The answer was not taken: {answer.status_code}")


# --- Feedback on a session -----------------------------------------------------------------------------


def feedback_trial(chance: Random) -> Held:
    """Who sends when is 0, 1, …; what they tick and how much they write has nothing to do with it."""
    held, clock = Held(chance), Clock()
    facilitator = UserFactory(role=Role.FACILITATOR)
    with clock.ticking():
        form = asking.open_form(session=SessionFactory(cohort=CohortFactory(team=[facilitator]), number=1), by=None)
    ticks, lengths = chance.sample(EIGHT, 8), chance.sample(EIGHT, 8)
    held.tokens = [f"word{chance.randbytes(8).hex()}".encode() for _ in EIGHT]
    written = [f"{held.tokens[who].decode()} {'and more ' * (10 * lengths[who] + 1)}".strip() for who in EIGHT]
    held.lengths = [len(words) for words in written]
    urls = [reverse(name, args=[form.session.code]) for name in PAGES]
    urls += ["/", *(reverse(name, args=[form.cohort.code]) for name in PAGES_OF_GROUP)]
    with watched(held, clock, form, facilitator, urls) as answered:
        for who in EIGHT:
            today, time = divmod(ticks[who], 3)
            sheet = {"q-today": today, "q-time": time, "q-different": written[who]}
            answered(reverse("answer_form", args=[form.code]), sheet)
        asking.close_form(form=form, by=facilitator)
        held.results = browser_of(facilitator).get(urls[0]).content
    for opened in Submission.objects.filter(form=form).prefetch_related("answers__question"):
        given = {answer.question.slug: answer.number for answer in opened.answers.all()}
        held.sheets[opened.pk.hex] = ticks.index(3 * given["today"] + given["time"])
    for answer in Answer.objects.filter(form=form, submission=None):
        held.words[answer.pk.hex] = written.index(answer.text)
    return held


# --- Questions before and after, by confidential links -------------------------------------------------


def measure_trial(chance: Random) -> Held:
    held, clock = Held(chance), Clock()
    facilitator = UserFactory(role=Role.FACILITATOR)
    cohort = CohortFactory(team=[facilitator])
    with clock.ticking():
        places = [PlaceFactory(cohort=cohort, seat=seat) for seat in range(1, 9)]
        for place in places:
            agree(place)
        wave = rounds.open_wave(cohort=cohort, point="before", by=None)
        links = [rounds.make_link(wave=wave, place=place, by=None) for place in places]
    held.seats, goals = chance.sample(EIGHT, 8), chance.sample(EIGHT, 8)
    urls = ["/", *(reverse(name, args=[cohort.code]) for name in PAGES_OF_GROUP)]
    with watched(held, clock, wave.form, facilitator, urls) as answered:
        for who in EIGHT:
            sheet = {f"q-{slug}": value for slug, value in answers(2, goals[who]).items()}
            answered(reverse("measure_answer", args=[links[held.seats[who]]]), sheet)
        rounds.close_wave(wave=wave, by=facilitator)
    held.rows["evaluation_response"] = rows_of("evaluation_response", wave.form)
    for response in Response.objects.filter(wave=wave):
        goal = response.submission.answers.get(question__slug="goal").number
        held.sheets[response.submission_id.hex] = goals.index(goal)
    return held


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@contextmanager
def watched(held: Held, clock: Clock, form: Form, facilitator: Any, urls: list[str]) -> Iterator[Any]:
    """Gives `answered(url, sheet)`; the attacker looks before the first, after each, and after the end."""
    with clock.ticking():
        attacker = Attacker(form, browser_of(facilitator), urls)
        attacker.look()

        def answered(url: str, sheet: dict[str, Any]) -> None:
            clock.now += timedelta(seconds=held.chance.randint(40, 140))
            send(url, sheet)
            new, on_pages, told = attacker.look()
            if len(held.new) == 3:
                new += nightly_backup()  # the night falls in the middle
            held.new.append(new)
            held.new_on_pages.append(on_pages)
            held.pages_told += told
            held.open_rows = {table: rows_of(table, form) for table in SEALED}

        try:
            yield answered
        finally:
            attacker.stop()
        held.rows |= {table: rows_of(table, form) for table in OPENED}
        held.files = raw_files()
