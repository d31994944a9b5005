"""The people who run the group hold the database, and try to find out who wrote what."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from django.db import connection

from feedback import sealing
from feedback.models import Answer, Form, SealedAnswer, Submission
from ppg.models import Limit
from tests.factories import CohortFactory
from tests.feedback.factories import answered, closed, opened_form
from tests.secrecy.attack import FOUND, orders_of, switched_off
from tests.secrecy.attack_orders import EIGHT, FEEDBACK, MEASURE, likeness, tau
from tests.secrecy.attack_trial import feedback_trial, measure_trial

pytestmark = pytest.mark.django_db(transaction=True)
TRIALS = 10  # attack.py runs 200, with more in hand


def eight_answer_in_order() -> Form:
    """The first person sends (today 0, time 0) and "0", the second (0, 1) and "1", and so on; then it closes."""
    form = opened_form(CohortFactory(), number=1)
    answered(form, *({"today": n // 3, "time": n % 3, "different": str(n)} for n in EIGHT))
    return closed(form)


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
    """attack.py in small: the best of all its ways on average of four trials. By chance about 0.4."""
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
    closed(form)
    assert not any(piece in files() for piece in (*envelopes, wrapped, nonce, b"Telltale"))


def raw(query: str, *parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]


def files() -> bytes:
    path = Path(connection.settings_dict["NAME"])
    return b"".join(each.read_bytes() for each in (path, path.with_name(f"{path.name}-wal")) if each.exists())
