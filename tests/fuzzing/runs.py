"""Sends odd bodies and queries as everybody to everywhere, and says what is wrong with the answers.

Clock, chance and database are the same for each, and what a request wrote is undone: the body with a number is the same
in each run with the same seed, whichever came before it.
"""

from __future__ import annotations

import os
import random
import re
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urlsplit

from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, TestCase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished

from ppg.accounts import proof
from ppg.forms import effects
from ppg.health import readiness
from ppg.models import User
from ppg.service_details import service
from tests.fuzzing import bodies
from tests.fuzzing.bodies import Body
from tests.fuzzing.pages import NO_ANSWER, Control, SentForm, forms_in, valid

ODD_PATHS = 0.05  # of what is sent: to an address with another code
SENT_BY_CHANCE = 0.2  # of the bodies: by anybody, whoever it was that opened the page
UNCOUNTED = ("django_session", "ppg_limit", "ppg_cache", "ppg_signin")  # written by every press, whatever came of it
# A download is entered in the audit trail and held against a withdrawal at the same time: the first makes the empty row
# of a report that is held, and nothing on any page differs by it.
HELD = {"evaluation:data_csv": "evaluation_report", "evaluation:data_xlsx": "evaluation_report"}
SAID = re.compile(
    r'<[^>]*(?:govuk-error-(?:summary|message)|role="alert"|govuk-notification-banner|govuk-inset|govuk-warning)[^>]*>'
)
HIDDEN = re.compile(r"(?<![-\w])hidden(?![-\w])")  # waits for a script
UNREAD = "We could not read this press"  # in the line of the run page that says how the connection is
SEARCHES = {"audit"}  # what is searched for stands in the address it leads to
# The buttons of an agenda move parts up and down, and "Save" is another press; who is looked for and not found is no
# mistake, and is said beside the form.
STEPS = {"sessions:agenda", "caregivers:find"}
WORDS = re.compile(r"\w+\W+\w+\W+\w+")
WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.I)


class Write(NamedTuple):
    table: str
    sql: str
    values: tuple[str, ...]  # without numbers of rows


@dataclass
class Answer:
    response: Any
    error: str
    writes: list[Write]

    @property
    def status(self) -> int:
        return self.response.status_code if self.response is not None else 500

    @property
    def text(self) -> str:
        if self.response is None or self.response.streaming:
            return ""
        return self.response.content.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        return self.response is not None and self.response.headers.get("Content-Type", "").startswith("text/html")

    @property
    def wrote(self) -> bool:
        return any(not write.table.endswith("auditentry") for write in self.writes)

    @property
    def said(self) -> bool:
        """A sentence waits for the next page, or what was typed for the next step."""
        messages = getattr(self.response.wsgi_request, "_messages", None)
        return bool(messages is not None and messages.added_new) or self.response.wsgi_request.session.modified


@dataclass
class Target:
    """A form on a page of somebody's."""

    who: str
    name: str  # of the address it goes to
    form: SentForm


@dataclass
class Fault:
    number: int
    kind: str
    who: str
    name: str
    url: str
    odd: list[str]
    sent: bytes
    content_type: str
    what: str

    def __str__(self) -> str:
        told = "; ".join(self.odd)[:300]
        return (
            f"{self.number}  {self.kind}: {self.name} {self.url} as {self.who or 'nobody'}\n"
            f"    odd: {told}\n    sent ({self.content_type[:60]}): {self.sent[:400]!r}\n    {self.what}"
        )


@dataclass
class Run:
    faults: list[Fault] = field(default_factory=list)
    came: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)


@contextmanager
def standing_still(at: float) -> Iterator[None]:
    """It is always this moment."""
    now = datetime.fromtimestamp(at, tz=timezone.get_fixed_timezone(0))
    with patch.object(time, "time", lambda: at), patch.object(timezone, "now", lambda: now):
        yield


@contextmanager
def chance(seed: str) -> Iterator[None]:
    """Keys and codes come out alike for the same seed."""
    dice = Random(seed)
    state = random.getstate()
    random.seed(seed)
    with ExitStack() as stack:
        stack.enter_context(patch.object(os, "urandom", dice.randbytes))
        of_system = random.SystemRandom
        for name, value in (
            ("getrandbits", lambda self, bits: dice.getrandbits(bits)),
            ("randbytes", lambda self, n: dice.randbytes(n)),
            ("random", lambda self: dice.random()),
        ):
            stack.enter_context(patch.object(of_system, name, value))
        yield
    random.setstate(state)


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that is written in here stays. What counts outside of any transaction counts in this one."""
    whole: Any = transaction.atomic()
    whole._from_testcase = True
    with whole:
        try:
            yield
        finally:
            transaction.set_rollback(True)
    service.forget()
    readiness.forget()
    for cache in caches.all():
        cache.clear()
    translation.activate("en-gb")


@contextmanager
def jobs_failed() -> Iterator[list[str]]:
    """What a press leaves to the worker is done at once; that it failed is told nobody otherwise."""
    failed: list[str] = []

    def note(sender: Any, task_result: Any, **kwargs: Any) -> None:
        if task_result.status == TaskResultStatus.FAILED:
            failed.extend(error.traceback for error in task_result.errors)

    task_finished.connect(note)
    try:
        yield failed
    finally:
        task_finished.disconnect(note)


def browser(user: User | None) -> Client:
    """Signed in, and a moment ago it was still them."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
        session = client.session
        session[proof.CONFIRMED] = time.time()
        session.save()
    return client


class Fuzz:
    """`browsers` are those of everybody, by who they are; "" is a stranger."""

    def __init__(self, browsers: dict[str, Client], seed: int) -> None:
        self.browsers, self.seed = browsers, seed
        self.names = strange_names()

    # --- Sending ---

    def ask(self, who: str, method: str, url: str, *, dice: str = "", **sent: Any) -> Answer:
        client = self.browsers[who]
        cookies = copy(client.cookies)
        writes: list[Write] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if (write := WRITE.match(sql)) and write[1] not in UNCOUNTED:
                writes.append(Write(write[1], sql, tuple(map(without_numbers, params or ()))))
            return execute(sql, params, many, context)

        response: Any = None
        error = ""
        with chance(f"{method} {url}{dice}"), undone(), jobs_failed() as failed, connection.execute_wrapper(note):
            try:
                with TestCase.captureOnCommitCallbacks(execute=True):
                    response = client.generic(method, url, **sent)
                    if response.streaming:
                        b"".join(response.streaming_content)
                if response.exc_info:
                    error = "".join(traceback.format_exception(*response.exc_info))
            except Exception:
                error = traceback.format_exc()
        client.cookies = cookies
        return Answer(response, error or "".join(failed), writes)

    def post(self, who: str, url: str, body: Body, dice: str = "") -> Answer:
        """As a page's form does it: the token against foreign sites goes along."""
        whole = Body([*body.pairs, ("csrfmiddlewaretoken", "odd")], body.content_type, raw=body.raw)
        sent = {"data": whole.encoded(), "content_type": body.content_type, "HTTP_ACCEPT": body.accept}
        with no_content_of_a_press(body.extra):
            return self.ask(who, "POST", url, dice=dice, **sent, **body.headers)

    # --- What there is to send ---

    def targets(self, who: str, url: str) -> list[Target]:
        """The forms of a page, as that person sees it, with what their views ask for besides."""
        answer = self.ask(who, "GET", url, HTTP_ACCEPT="text/html")
        for _ in range(2):  # a page that begins by making a key for itself
            if answer.status != 302:
                break
            url = answer.response["Location"]
            answer = self.ask(who, "GET", url, HTTP_ACCEPT="text/html")
        if answer.status != 200 or not answer.is_page:
            return []
        return [Target(who, name_of(form.url), form) for form in forms_in(answer.text, url)]

    def asked_for(self, target: Target, dice: Random) -> int:
        """Adds the fields that the form does not show and its view reads all the same."""
        with names_read() as names:
            answer = self.post(target.who, target.form.url, Body([*valid(target.form, dice)]))
        for name in sorted(names - set(target.form.controls) - {"csrfmiddlewaretoken"}):
            target.form.controls[name] = Control(name, "unseen")
        return answer.status

    # --- One body ---

    def send(self, number: int, target: Target, run: Run) -> None:
        dice = Random(f"{self.seed} {number}")
        who = dice.choice([*self.browsers]) if dice.random() < SENT_BY_CHANCE else target.who
        form = target.form
        body = bodies.odd(form, dice, [name for name in self.names if name not in form.controls])
        url = form.url
        if (codes := codes_in(url)) and dice.random() < ODD_PATHS:
            url = bodies.odd_path(url, codes, dice)
            body.odd.append(f"at {url}")
        answer = self.post(who, url, body)
        run.names.add(target.name)
        run.came[outcome(answer)] += 1
        wrong = [*faults(answer, form)]
        if url != form.url:  # about nothing, or what is gone: to where it was
            wrong = [(kind, what) for kind, what in wrong if not kind.startswith("led on")]
        if body.extra and body.raw is None and not wrong:
            plain, other = (self.post(who, url, body.without_extra(), dice) for dice in ("", " thrown otherwise"))
            if more := [*more_stored(answer, plain, other)]:
                wrong.append(("a field of no form changes what is stored", str(more)[:600]))
        for kind, what in wrong:
            run.faults.append(
                Fault(number, kind, who, target.name, form.url, body.odd, body.encoded(), body.content_type, what)
            )

    def query(self, number: int, who: str, name: str, url: str, names: list[str], run: Run) -> None:
        dice = Random(f"{self.seed} {number} query")
        who = dice.choice([*self.browsers]) if dice.random() < SENT_BY_CHANCE else who
        asked = bodies.odd_query(names, dice)
        if (codes := codes_in(url)) and dice.random() < ODD_PATHS:
            url = bodies.odd_path(url, codes, dice)
        # As a server hands it on: the bytes that came.
        answer = self.ask(who, "GET", url, QUERY_STRING=asked.decode("latin-1"), HTTP_ACCEPT=dice.choice(bodies.ACCEPT))
        run.names.add(name)
        run.came[f"GET {answer.status}"] += 1
        for kind, what in faults_of_page(answer, name):
            run.faults.append(Fault(number, kind, who, name, url, [], asked, "query", what))


def outcome(answer: Answer) -> str:
    if answer.status == 302:
        return "taken" if answer.wrote else "to the sign-in" if to_sign_in(answer) else "led on"
    return f"{answer.status}"


def without_numbers(value: Any) -> Any:
    """Numbers of rows are used up, also by what is undone; a PDF of the same page is another one each time."""
    if isinstance(value, bytes | memoryview):
        return "bytes"
    if isinstance(value, list):
        return str([without_numbers(part) for part in value])
    return str(value) if isinstance(value, bool) or not isinstance(value, int) else "#"


def strange_names() -> list[str]:
    """Of every field of every model, and of what frameworks are known to take."""
    models = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    return sorted(models | set(bodies.STRANGE_NAMES))


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return url


def codes_in(url: str) -> list[str]:
    """What the address says of which record it is about."""
    try:
        return [value for value in resolve(urlsplit(url).path).kwargs.values() if isinstance(value, str) and value]
    except Resolver404:
        return []


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are read from a form that was sent."""
    names: set[str] = set()

    def noting(name: str) -> Any:
        real = getattr(QueryDict, name)

        def read(self: QueryDict, key: Any, *rest: Any) -> Any:
            if isinstance(key, str):
                names.add(key)
            return real(self, key, *rest)

        return patch.object(QueryDict, name, read)

    with noting("__getitem__"), noting("getlist"), noting("__contains__"):
        yield names


@contextmanager
def no_content_of_a_press(names: set[str]) -> Iterator[None]:
    """Other words under the same key are another press, whatever field they stand in (docs/decisions/one-effect.md),
    and rows and links have keys that are made of it: what is compared is the same press but for these fields."""
    theirs = effects._is_no_content
    with patch.object(effects, "_is_no_content", lambda name: name in names or theirs(name)):
        yield


def more_stored(answer: Answer, plain: Answer, other: Answer) -> Iterator[Write]:
    """What the answer stored otherwise than the plain body did, but for what comes of chance: that differs between the
    plain body and itself, with the dice thrown otherwise."""
    for ours, theirs, again in zip_longest(answer.writes, plain.writes, other.writes):
        if ours == theirs:
            continue
        if not (ours and theirs and again) or ours[:2] != theirs[:2] or len(ours.values) != len(theirs.values):
            yield ours or theirs
        elif any(
            one != plain and plain == thrown
            for one, plain, thrown in zip(ours.values, theirs.values, again.values, strict=True)
        ):
            yield ours


# --- What is wrong with an answer -----------------------------------------------------------------------


def faults(answer: Answer, form: SentForm) -> Iterator[tuple[str, str]]:
    if answer.error or answer.status >= 500:
        yield "error", last_lines(answer.error)
        return
    text = answer.text
    yield from unescaped(answer, text)
    name = name_of(form.url)
    silent = answer.is_page and UNREAD not in text and all(HIDDEN.search(tag) for tag in SAID.findall(text))
    refused = 400 <= answer.status < 500 and answer.status != 405 and not for_script(answer)
    if answer.status == 200 and silent and name not in STEPS and not answer.wrote and comes_back(text, form):
        yield "the form comes back without a sentence", ""
    elif (answer.status == 422 and silent) or (refused and not WORDS.search(text)):
        yield f"{answer.status} without a sentence", ""
    elif answer.status == 302 and asks(form) and name not in SEARCHES and not led_for_a_reason(answer):
        yield "led on, and nothing was taken or said", answer.response["Location"]


def faults_of_page(answer: Answer, name: str) -> Iterator[tuple[str, str]]:
    if answer.error or answer.status >= 500:
        yield "error", last_lines(answer.error)
        return
    yield from unescaped(answer, answer.text)
    unasked = [
        write for write in answer.writes if not write.table.endswith(("auditentry", HELD.get(name, "auditentry")))
    ]
    if unasked:
        yield "a look writes", str(unasked)[:300]


def unescaped(answer: Answer, text: str) -> Iterator[tuple[str, str]]:
    if answer.is_page and "<script>odd" in text:
        yield "not escaped", text[max(0, text.index("<script>odd") - 200) :][:300]


def led_for_a_reason(answer: Answer) -> bool:
    return answer.wrote or answer.said or to_sign_in(answer)


def for_script(answer: Answer) -> bool:
    """Its script has the sentence."""
    return bool(answer.response.headers.get("Content-Type", "").startswith("application/json"))


def asks(form: SentForm) -> bool:
    """Something is filled in or chosen. A button alone, pressed again, leads to what is so already."""
    return bool(shown(form))


def comes_back(text: str, form: SentForm) -> bool:
    """The page shows a form with the same fields that goes to the same address."""
    path, fields = urlsplit(form.url).path, shown(form)
    same = [other for other in forms_in(text, form.url) if urlsplit(other.url).path == path]
    return any(fields <= shown(other) for other in same)


def shown(form: SentForm) -> set[str]:
    return {control.name for control in form.controls.values() if control.kind not in ("hidden", "unseen", *NO_ANSWER)}


def to_sign_in(answer: Answer) -> bool:
    return answer.response["Location"].startswith(("/sign-in/", "/confirm/"))


def last_lines(error: str) -> str:
    """What went wrong, and where in our own code."""
    lines = error.strip().splitlines()
    ours = [line.strip() for line in lines if "File" in line and "site-packages" not in line and "/tests/" not in line]
    places = [re.sub(r'File ".*?/((?:\w+/)*\w+\.py)", line (\d+), in (\w+)', r"\1:\2 \3", line) for line in ours[-3:]]
    return f"{lines[-1][:300] if lines else '500'}  at {' < '.join(reversed(places))}"
