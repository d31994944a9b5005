"""What a mail server can do to a pack, tried with one on this machine that speaks SMTP."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as real
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ppg.management.commands.worker import SWEEPS
from ppg.models import AuditEntry
from ppg.sending import mail
from sessions_app.closing import actions as closing
from sessions_app.models import Delivery
from sessions_app.packs import actions, jobs
from tests.sessions_app.evening import evening, person
from tests.sessions_app.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(cohort, facilitator):
    """Aisha's, not sent yet: nothing runs on commit in these tests."""
    session = evening(cohort)
    person(cohort, "Aisha Amber")
    closing.close(session=session, by=facilitator)
    return Delivery.objects.get()


@pytest.fixture
def send(delivery, settings):
    """Sends it to a mail server that says what the test tells it to; returns what the server took."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 10

    def do(**script):
        with mail_server(script=script) as server:
            settings.EMAIL_PORT = server.port
            jobs.send_delivery.func(delivery.code)
        delivery.refresh_from_db()
        return server.taken

    return do


def test_what_the_server_takes_is_sent_once_to_one_person(send, delivery):
    [(message_id, to, text)] = send()
    assert (delivery.state, delivery.tries, delivery.problem) == ("sent", 1, "")
    assert to == "aisha@families.example" and message_id == delivery.code
    assert "Subject: As promised" in text and text.count("@families.example") == 1
    assert send() == []  # the job once more


@pytest.mark.parametrize("answer", [b"550 no such person\r\n", b"553 not that address\r\n"])
def test_an_address_the_server_does_not_take_is_not_sent(send, delivery, answer):
    assert send(RCPT=answer) == []
    assert delivery.state == "failed" and "Check the address" in delivery.problem
    assert "550" not in delivery.problem and "families" not in delivery.problem


@pytest.mark.parametrize("verb", ["DATA", "TEXT"])
def test_a_text_the_server_does_not_take_is_not_sent(send, delivery, verb):
    assert send(**{verb: b"554 no\r\n"}) == []
    assert delivery.state == "failed"


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "TEXT"])
def test_what_the_server_takes_later_is_tried_three_times_by_itself(send, delivery, verb):
    for tries in (1, 2):
        assert send(**{verb: b"451 try later\r\n"}) == []
        assert (delivery.state, delivery.tries) == ("waiting", tries)
        assert "We try again" in delivery.problem
    send(**{verb: b"451 try later\r\n"})
    assert (delivery.state, delivery.tries) == ("failed", 3)
    assert "too busy" in delivery.problem
    send()
    assert delivery.state == "failed"  # from here on somebody has to press


def test_without_a_server_it_is_tried_again(delivery, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()  # bound and not listening: refused
        jobs.send_delivery.func(delivery.code)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 1)


def test_a_server_that_never_greets_is_tried_again(delivery, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        jobs.send_delivery.func(delivery.code)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_when_the_answer_is_lost_its_fate_is_unknown_and_it_is_never_sent_again_by_itself(send, delivery):
    assert len(send(TEXT=None)) == 1  # it arrived, and we did not hear so
    assert (delivery.state, delivery.problem) == ("unknown", "The connection broke while it was being sent.")
    for days in range(5):
        jobs.sweep(timezone.now() + timedelta(days=days))
    assert send() == [] and delivery.state == "unknown" and not waiting_jobs()


def test_a_lost_connection_before_the_text_is_unknown_too_for_we_cannot_tell(send, delivery):
    assert send(DATA=None) == []
    assert delivery.state == "unknown"


def test_a_server_that_says_nonsense_after_the_text_leaves_it_unknown(send, delivery):
    send(TEXT=b"what?\r\n")
    assert delivery.state == "unknown"


def test_a_broken_goodbye_changes_nothing(send, delivery, monkeypatch):
    def broken(self):
        self.close()
        raise smtplib.SMTPResponseException(500, b"no")

    monkeypatch.setattr(smtplib.SMTP, "quit", broken)
    assert len(send()) == 1
    assert delivery.state == "sent"


def test_an_address_that_cannot_be_written_is_not_sent(send, delivery):
    caregiver = delivery.place.caregiver
    caregiver.email = "aisha@families.example\nBcc: other@families.example"
    caregiver.save()
    assert send() == [] and delivery.state == "failed"


def test_no_log_line_names_the_person(send, delivery, caplog):
    send(RCPT=b"550 no such person aisha@families.example\r\n")
    assert "aisha" not in caplog.text


def test_the_two_that_can_be_raised_carry_no_address():
    assert "@" not in str(mail.NotSent(later=True)) + str(mail.FateUnknown())


# --- When a worker dies ----------------------------------------------------------------------------------


def waiting_jobs():
    return DBTaskResult.objects.filter(task_path=jobs.send_delivery.module_path)


@pytest.fixture
def queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_what_a_dead_worker_was_sending_becomes_unknown_after_ten_minutes(delivery, queue):
    now = timezone.now()
    assert jobs.claim(delivery.code, now)
    jobs.sweep(now + timedelta(minutes=9))
    delivery.refresh_from_db()
    assert delivery.state == "sending"
    jobs.sweep(now + timedelta(minutes=11))
    delivery.refresh_from_db()
    assert delivery.state == "unknown" and "stopped while" in delivery.problem
    assert AuditEntry.objects.filter(what="delivery").first().fields == ["unknown"]
    assert not waiting_jobs()


def test_the_answer_of_a_worker_that_was_taken_for_dead_still_counts(delivery):
    claimed = jobs.claim(delivery.code, timezone.now())
    jobs.sweep(timezone.now() + timedelta(minutes=11))
    jobs.settle(claimed, "sent")
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_the_answer_to_an_older_try_does_not_count_for_a_newer_one(delivery, facilitator):
    first = jobs.claim(delivery.code, timezone.now())
    jobs.sweep(timezone.now() + timedelta(minutes=11))
    actions.send_again(delivery=delivery, by=facilitator, seen="unknown")
    second = jobs.claim(delivery.code, timezone.now())
    jobs.settle(first, "waiting")
    jobs.settle(first, "failed")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("sending", 2)
    jobs.settle(second, "sent")
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_only_one_worker_gets_it(delivery):
    assert jobs.claim(delivery.code, timezone.now()) is not None
    assert jobs.claim(delivery.code, timezone.now()) is None


def test_whose_job_was_lost_gets_another_and_only_one(delivery, queue):
    now = timezone.now()
    jobs.sweep(now)
    assert not waiting_jobs()  # its own may still come
    for minutes in (2, 3, 4):
        jobs.sweep(now + timedelta(minutes=minutes))
    assert [job.args_kwargs["args"] for job in waiting_jobs()] == [[delivery.code]]


def test_paper_gets_no_job(delivery, queue, facilitator):
    actions.to_paper(delivery=delivery, by=facilitator)
    jobs.sweep(timezone.now() + timedelta(hours=1))
    assert not waiting_jobs()


def test_the_worker_sweeps():
    assert jobs.sweep in SWEEPS


@pytest.mark.real_clock
def test_no_e_mail_goes_twice_when_the_worker_is_killed():
    """The long run is `bench/kill_packs.py`; here two kills."""
    command = [sys.executable, "bench/kill_packs.py", "--kills", "2", "--database", "sqlite"]
    done = subprocess.run(command, cwd=real.BASE_DIR, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sent twice: 0" in done.stdout
