"""The people who run the group hold the database, and try to find out who wrote what."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from bench.attack import FOUND, orders_of, switched_off
from bench.attack_orders import FEEDBACK, MEASURE, tau
from bench.attack_trial import feedback_trial, measure_trial
from feedback import asking_jobs, sealing
from feedback.actions import asking, receiving
from feedback.forms import new_nonce
from feedback.models import Answer, Form, SealedAnswer, SpentNonce, Submission
from ppg.models import Limit
from tests.factories import CohortFactory
from tests.feedback.factories import GOOD, answered, opened_form, url_of

pytestmark = pytest.mark.django_db(transaction=True)
TRIALS = 10  # bench/attack.py runs 200, with more in hand
EIGHT = range(8)


def eight_answer_in_order() -> Form:
    """The first person sends (today 0, time 0) and "0", the second (0, 1) and "1", and so on; then it closes."""
    form = opened_form(CohortFactory(), number=1)
    answered(form, *({"today": n // 3, "time": n % 3, "different": str(n)} for n in EIGHT))
    return asking.close_form(form=form, by=None)


def rows(table: str, form: Form, order: str, where: str = "1=1") -> list[str]:
    with connection.cursor() as cursor:
        query = f"SELECT id FROM {table} WHERE form_id = %s AND {where} ORDER BY {order}"  # noqa: S608
        cursor.execute(query, [form.pk])
        return [str(row[0]) for row in cursor.fetchall()]


def hidden_order() -> str:
    return "rowid" if connection.vendor == "sqlite" else "ctid"


def by_hidden_order_of_sheets(form: Form) -> list[int]:
    return [sender(key) for key in rows("feedback_submission", form, hidden_order())]


def by_key_of_sheets(form: Form) -> list[int]:
    return [sender(key) for key in rows("feedback_submission", form, "id")]


def by_hidden_order_of_scores(form: Form) -> list[int]:
    keys = rows("feedback_answer", form, hidden_order(), "number IS NOT NULL")
    sheets = [Answer.objects.get(pk=key).submission_id for key in keys]
    return [sender(key) for key in dict.fromkeys(sheets)]


def by_hidden_order_of_comments(form: Form) -> list[int]:
    keys = rows("feedback_answer", form, hidden_order(), "number IS NULL")
    return [int(Answer.objects.get(pk=key).text) for key in keys]


def by_key_of_comments(form: Form) -> list[int]:
    return [int(answer.text) for answer in Answer.objects.filter(form=form, submission=None).order_by("id")]


def sender(submission: Any) -> int:
    given = dict(Submission.objects.get(pk=submission).answers.values_list("question__slug", "number"))
    return 3 * given["today"] + given["time"]


def likeness(order: list[int]) -> float:
    """Spearman's rank correlation with the order of sending: 1 read back whole, 0 nothing, -1 backwards."""
    n = len(order)
    return 1 - 6 * sum((place - rank) ** 2 for place, rank in enumerate(order)) / (n * (n * n - 1))


ATTACKS = [
    by_hidden_order_of_sheets,
    by_key_of_sheets,
    by_hidden_order_of_scores,
    by_hidden_order_of_comments,
    by_key_of_comments,
]


def test_no_order_in_the_database_is_the_order_of_sending():
    """By chance the mean of ten likenesses lies within 0.12 of 0; 0.65 is more than five times that."""
    forms = [eight_answer_in_order() for _ in range(TRIALS)]
    for attack in ATTACKS:
        orders = [attack(form) for form in forms]
        assert all(sorted(order) == list(EIGHT) for order in orders)
        assert abs(mean(map(likeness, orders))) < 0.65, attack.__name__
        assert sum(order == list(EIGHT) for order in orders) <= 1, attack.__name__


def test_without_shuffling_the_same_attack_reads_every_order_back(monkeypatch):
    monkeypatch.setattr(sealing, "shuffle", lambda things: None)
    for form in (eight_answer_in_order() for _ in range(3)):
        for attack in (by_hidden_order_of_sheets, by_hidden_order_of_scores, by_hidden_order_of_comments):
            assert attack(form) == list(EIGHT), attack.__name__


def test_who_holds_files_log_backup_and_every_page_finds_no_order():
    """bench/attack.py in small: the best of all its ways on average of four trials. By chance about 0.4."""
    found, kept = orders_of(feedback_trial, FEEDBACK, 4, random.Random())
    best, way = max((mean(abs(tau(one)) for one in orders), way) for way, orders in found.items())
    assert best < FOUND, way
    assert not any(pages for _seats, pages in kept), "A page changed while the form was open."
    assert not Limit.objects.exists(), "A count in the database says when an answer came, and from which network."


def test_who_answered_by_link_and_what_was_answered_stand_in_no_common_order():
    found, _kept = orders_of(measure_trial, MEASURE, 4, random.Random())
    best, way = max((mean(abs(tau(one)) for one in orders), way) for way, orders in found.items())
    assert best < FOUND, way
    assert not Limit.objects.exists()


@pytest.mark.parametrize("protection", ["shuffling", "padding", "sealing"])
def test_with_a_protection_switched_off_the_same_attacker_finds_the_order(protection):
    with switched_off(protection):
        found, _kept = orders_of(feedback_trial, FEEDBACK, 1, random.Random())
    assert any(abs(tau(one)) == 1 for orders in found.values() for one in orders)


def test_all_rows_of_a_form_were_written_by_one_transaction():
    form = eight_answer_in_order()
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no transaction with a row")
    for table in ("feedback_submission", "feedback_answer"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT xmin FROM {table} WHERE form_id = %s", [form.pk])  # noqa: S608
            assert len(cursor.fetchall()) == 1


def test_nothing_ties_a_comment_to_a_sheet_or_to_another_comment():
    forms = [eight_answer_in_order() for _ in range(TRIALS)]
    for answer in Answer.objects.filter(submission=None):
        assert answer.number is None and answer.text
    same = [by_hidden_order_of_sheets(form) == by_hidden_order_of_comments(form) for form in forms]
    assert sum(same) <= 1  # by chance one in 40,320


def test_while_open_there_is_nothing_but_look_alike_envelopes(cohort):
    form = opened_form(cohort)
    answered(form, {"today": 0, "different": "It is me"}, {"today": 4}, {"today": 4})
    assert len({len(envelope) for envelope in SealedAnswer.objects.values_list("envelope", flat=True)}) == 1
    assert not Submission.objects.exists() and not Answer.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM feedback_form WHERE id = %s", [form.pk])
        assert form.key not in cursor.fetchone()[0]  # it lies there wrapped


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's own files")
def test_after_closing_the_files_hold_no_envelope_and_never_a_word(cohort):
    form = opened_form(cohort)
    answered(form, {"different": "Telltale words"}, {"today": 4}, {"today": 3}, {"today": 2}, {"today": 1})
    envelopes = [envelope[20:80].encode() for envelope in SealedAnswer.objects.values_list("envelope", flat=True)]
    wrapped = raw("SELECT key FROM feedback_form WHERE id = %s", form.pk)[20:80].encode()
    nonce = raw("SELECT nonce_hash FROM feedback_spentnonce WHERE form_id = %s", form.pk).encode()
    assert all(piece in files() for piece in (*envelopes, wrapped, nonce))
    asking.close_form(form=form, by=None)
    assert not any(piece in files() for piece in (*envelopes, wrapped, nonce, b"Telltale"))


def raw(query: str, *parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]


def files() -> bytes:
    path = Path(connection.settings_dict["NAME"])
    return b"".join(each.read_bytes() for each in (path, path.with_name(f"{path.name}-wal")) if each.exists())


# --- Many at once --------------------------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs them side by side, each on a connection of its own."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def test_twenty_presses_of_one_sheet_are_one_answer_and_no_error(cohort):
    form, nonce = opened_form(cohort), new_nonce()
    press = lambda: Client().post(url_of(form), {**GOOD, "nonce": nonce}).status_code  # noqa: E731
    assert at_once(*[press] * 20) == [302] * 20
    assert (SealedAnswer.objects.count(), SpentNonce.objects.count()) == (1, 1)


def test_twenty_people_at_once_while_the_form_closes(cohort):
    """Whoever was thanked is counted; whoever came too late was told so."""
    form = opened_form(cohort)
    answered(form, 5)

    def close() -> int:
        asking.close_form(form=form, by=None)
        return 0

    calls = [lambda: Client().post(url_of(form), {**GOOD, "nonce": new_nonce()}).status_code] * 20 + [close]
    random.shuffle(calls)
    codes = at_once(*calls)
    assert set(codes) <= {0, 302, 404}
    assert Submission.objects.count() == 5 + codes.count(302)
    assert not SealedAnswer.objects.exists()


def test_an_answer_on_its_way_is_in_the_box_before_it_closes(cohort, monkeypatch):
    """Closing waits for an answer that is being sealed: without the lock it would open the box without it."""
    form = opened_form(cohort)
    answered(form, 5)
    sealing_now, closed = threading.Event(), threading.Event()
    seal = sealing.seal

    def slow_seal(*args: Any) -> SealedAnswer:
        sealing_now.set()
        closed.wait(0.7)
        return seal(*args)

    def answer() -> bool:
        return receiving.receive(form=form, answers={"today": 4}, nonce=new_nonce())

    def close() -> None:
        sealing_now.wait(5)
        asking.close_form(form=form, by=None)
        closed.set()

    monkeypatch.setattr(sealing, "seal", slow_seal)
    assert at_once(answer, close) == [True, None]
    assert Submission.objects.count() == 6 and not SealedAnswer.objects.exists()


def test_closed_by_hand_and_by_the_clock_at_once(cohort):
    form = opened_form(cohort)
    answered(form, 6)
    Form.objects.update(closes_at=form.session.starts_at)
    hand = lambda: asking.close_form(form=form, by=None)  # noqa: E731
    clock = lambda: asking_jobs.close_due_forms(form.session.ends_at)  # noqa: E731
    at_once(*[hand, clock] * 4)
    assert Submission.objects.count() == 6


def test_two_forms_closing_at_once_open_together(cohort):
    """Three and two answers: whichever closes last brings both to five."""
    forms = [opened_form(cohort), opened_form(cohort)]
    answered(forms[0], 3)
    answered(forms[1], 2)
    at_once(*[lambda form=form: asking.close_form(form=form, by=None) for form in forms])
    assert Submission.objects.count() == 5
    assert Form.objects.filter(opened_with=None).count() == 0


def test_opened_by_two_at_once_it_is_one_form(cohort):
    session = opened_form(cohort).session
    Form.objects.all().delete()
    forms = at_once(*[lambda: asking.open_form(session=session, by=None)] * 8)
    assert len({form.pk for form in forms}) == 1
