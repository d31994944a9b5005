"""E-mails about accounts: what they say, and what becomes of them whatever the mail server or the worker does."""

from __future__ import annotations

import re
import socket
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from django.db import transaction
from django.utils import timezone

from ppg.accounts import mail
from ppg.accounts.mail import Kind, facts, jobs, letters, links
from ppg.accounts.mail.posting import as_seen, send_again
from ppg.management.commands.worker import SWEEPS
from ppg.models import AccountMail, Service
from ppg.service_details import service
from tests.hooks import also
from tests.ppg.accounts import conftest

pytestmark = pytest.mark.django_db
BEFORE = "lena@before.example"
SITE = "https://groups.council.example"
LATE_EVENING = datetime(2026, 6, 30, 22, 40, tzinfo=ZoneInfo("UTC"))  # 23:40 in London
TELLING = r"(?i)parent|peer|group|carer|child|exploit|police|famil|programme|session|cohort|facilitator|lead\b|lena"


@pytest.fixture
def invitations(monkeypatch):
    """A stand-in for the room of invitations."""
    also(
        monkeypatch,
        links.makers,
        links.Link(Kind.INVITATION, lambda user, row, now: f"{row.site}/i/secret-of-{user.code}"),
    )


@pytest.fixture
def notice(user, queue):
    """One that carries no link."""
    return mail.post(Kind.PASSWORD_CHANGED, user)


# --- What it says ------------------------------------------------------------------------------------------


def written(kind, user, link="https://a.example/x"):
    row = mail.post(kind, user, site=SITE, address=BEFORE if kind == Kind.ADDRESS_OLD else "", at=LATE_EVENING)
    found = {"many": 3, "late": 1, "more": False, "link": "https://a.example/"} if kind in facts.readers else {}
    return letters.write(row, user, link if kind in links.WITH_LINK else "", found)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_what_happened_when_and_whom_to_tell(kind, user, queue):
    Service.objects.create(name="Common Ground", phone="01632 960100", email="help@council.example")
    service.forget()
    letter = written(kind, user)
    assert letter.to == (BEFORE if kind == Kind.ADDRESS_OLD else user.email)
    when = {Kind.INVITATION: ["Set it up by"], Kind.RETENTION_DUE: ["14 days after this e-mail"]}.get(
        kind, ["30 June 2026", "11:40pm"]
    )
    assert all(words in letter.text for words in when)
    assert "Phone: 01632 960100" in letter.text and "E-mail: help@council.example" in letter.text
    assert ("https://a.example/x\n" in letter.text) == (kind in links.WITH_LINK)
    assert "Common Ground" in letter.text and "{" not in letter.text and "&#x27;" not in letter.text


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_tells_a_stranger_the_public_name_and_no_more(kind, user, queue):
    letter = written(kind, user)
    assert not re.findall(TELLING, letter.subject + letter.text.replace("administrator", ""))
    assert "Common Ground" not in letter.subject and letter.subject


def test_without_a_phone_or_an_address_of_ours_it_names_the_administrator(user, queue):
    assert "Speak to your administrator." in written(Kind.BLOCKED, user).text


def test_every_kind_has_a_subject_and_an_age():
    assert set(letters.SUBJECTS) == set(Kind) == set(jobs.TOO_OLD)


def test_names_of_ours_stand_in_it_as_they_are_written(user, queue):
    Service.objects.create(name="Women's & Men's")
    service.forget()
    assert "for Women's & Men's was changed" in written(Kind.PASSWORD_CHANGED, user).text


# --- Writing it down ---------------------------------------------------------------------------------------


def test_it_leaves_when_what_it_is_about_was_kept(user, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail.post(Kind.ROLE_CHANGED, user)
        assert not mailoutbox
    assert [message.to for message in mailoutbox] == [[user.email]]
    assert AccountMail.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_it_does_not_leave_when_that_was_taken_back(user, mailoutbox):
    with transaction.atomic():
        mail.post(Kind.ROLE_CHANGED, user)
        transaction.set_rollback(True)
    assert not mailoutbox and not AccountMail.objects.exists()


def test_the_old_address_is_used_where_one_is_named_and_forgotten_when_it_was_sent(user, work, queue):
    row = mail.post(Kind.ADDRESS_OLD, user, address=BEFORE)
    assert "before.example" not in conftest.everything_stored()
    assert [to for _id, to, _text in work(row)] == [BEFORE]
    row.refresh_from_db()
    assert (row.state, row.address) == ("sent", "")


def test_the_new_address_is_read_when_it_leaves(user, work, queue):
    row = mail.post(Kind.ADDRESS_NEW, user)
    user.email = "lena@after.example"
    user.save()
    assert [to for _id, to, _text in work(row)] == ["lena@after.example"]


def test_one_with_a_link_must_be_told_where_it_leads(user):
    with pytest.raises(ValueError, match="where it leads"):
        mail.post(Kind.INVITATION, user)


def test_one_for_nobody_knows_where_is_refused(user):
    for kind, whose in ((Kind.PASSWORD_CHANGED, None), (Kind.ADDRESS_OLD, user)):
        with pytest.raises(ValueError, match="to which address"):
            mail.post(kind, whose)


def test_addresses_lie_there_at_one_length(user, queue):
    from django.db import connection

    for address in ("a@b.example", "a-much-longer-address" * 8 + "@council.example", "ü@münchen.example"):
        mail.post(Kind.PASSWORD_RESET, None, site=SITE, address=address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM ppg_accountmail")
        lengths = {len(address) for (address,) in cursor.fetchall()}
    assert len(lengths) == 1
    assert AccountMail.objects.first().address == "ü@münchen.example"


# --- Its link -------------------------------------------------------------------------------------------------


def test_the_room_that_knows_makes_the_link_and_nothing_keeps_it(user, work, queue, invitations, administrator, caplog):
    row = mail.post(Kind.INVITATION, user, by=administrator, site=SITE)
    [(message_id, _to, text)] = work(row)
    assert f"{SITE}/i/secret-of-{user.code}" in text and message_id == f"{row.code}.1"
    assert "secret-of" not in conftest.everything_stored() + caplog.text
    assert conftest.jobs() == []  # nothing was committed in this test; what a job is given is tested with the request


def test_each_try_has_a_link_of_its_own(user, work, queue, invitations):
    row = mail.post(Kind.INVITATION, user, site=SITE)
    work(row, TEXT=b"451 later\r\n")
    assert [message_id for message_id, _to, _text in work(row)] == [f"{row.code}.2"]


def test_where_there_is_no_link_to_be_had_any_more_nothing_is_sent_and_nothing_stays(user, work, queue, monkeypatch):
    also(monkeypatch, links.makers, links.Link(Kind.INVITATION, lambda *known: ""))
    row = mail.post(Kind.INVITATION, user, site=SITE)
    assert work(row) == [] and not AccountMail.objects.exists()


def test_what_cannot_be_written_shows_as_not_sent_and_says_no_word_of_the_error(user, work, queue, monkeypatch):
    def broken(*known):
        raise LookupError("lena@council.example has the token abc")

    also(monkeypatch, links.makers, links.Link(Kind.INVITATION, broken))
    row = mail.post(Kind.INVITATION, user, site=SITE)
    with pytest.raises(jobs.NotWritten) as raised:
        work(row)
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "fault")
    assert list(mail.undelivered()) == [row]
    assert str(raised.value) == "LookupError" and raised.value.__suppress_context__


def test_an_address_whose_key_is_gone_stops_nothing_else(user, work, queue, settings, browser_of, administrator):
    typed = mail.post(Kind.PASSWORD_RESET, None, site=SITE, address=user.email)
    old = mail.post(Kind.ADDRESS_OLD, user, address=BEFORE)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert work(typed) == []
    with pytest.raises(jobs.NotWritten):
        work(old)
    jobs.sweep(timezone.now() + timedelta(days=2))
    assert [(one.code, one.why) for one in mail.undelivered()] == [(old.code, "fault")]
    assert "a fault of the program" in browser_of(administrator).get("/users/mail/").text


# --- What a mail server can do to it ------------------------------------------------------------------------


def test_what_the_server_takes_is_sent_once(notice, work, user):
    [(message_id, to, text)] = work(notice)
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.why) == ("sent", 1, "")
    assert (message_id, to) == (notice.code, user.email) and "Subject: Your password was changed" in text
    assert work(notice) == []  # the job once more


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "TEXT"])
def test_what_the_server_does_not_take_is_not_sent(notice, work, verb):
    assert work(notice, **{verb: b"550 no lena@council.example\r\n"}) == []
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.why) == ("failed", 1, "refused")


def test_what_the_server_takes_later_is_tried_three_times_by_itself(notice, work):
    states = []
    for _ in range(4):
        assert work(notice, RCPT=b"451 later\r\n") == []
        notice.refresh_from_db()
        states.append((notice.state, notice.tries, notice.why))
    waiting, failed = ("waiting", "unreachable"), ("failed", 3, "unreachable")
    assert states == [(waiting[0], 1, waiting[1]), (waiting[0], 2, waiting[1]), failed, failed]


def test_without_a_server_it_is_tried_again(notice, settings):
    settings.EMAIL_BACKEND = conftest.SMTP
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        jobs.send_account_mail.func(notice.code)
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 1)


def test_a_server_that_never_greets_is_tried_again(notice, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = conftest.SMTP, 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        jobs.send_account_mail.func(notice.code)
    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_when_the_answer_is_lost_its_fate_is_unknown_and_it_never_goes_again_by_itself(notice, work):
    assert len(work(notice, TEXT=None)) == 1  # it arrived, and we did not hear so
    notice.refresh_from_db()
    assert (notice.state, notice.why) == ("unknown", "broke")
    for days in range(5):
        jobs.sweep(timezone.now() + timedelta(days=days))
    notice.refresh_from_db()
    assert work(notice) == [] and notice.state == "unknown" and not conftest.jobs()


def test_no_log_line_names_the_person(notice, work, user, caplog):
    work(notice, RCPT=b"550 no such person lena@council.example\r\n")
    assert user.email not in caplog.text


# --- When a worker dies, or none is there --------------------------------------------------------------------


def test_what_a_dead_worker_was_sending_becomes_unknown_and_is_never_sent_twice(notice, work):
    now = timezone.now()
    assert jobs.claim(notice.code, now)
    jobs.sweep(now + timedelta(minutes=9))
    notice.refresh_from_db()
    assert notice.state == "sending" and work(notice) == []
    jobs.sweep(now + timedelta(minutes=11))
    notice.refresh_from_db()
    assert (notice.state, notice.why) == ("unknown", "died")
    assert work(notice) == [] and not conftest.jobs()


def test_the_answer_of_a_worker_that_was_taken_for_dead_still_counts(notice):
    row, _letter = jobs.claim(notice.code, timezone.now())
    jobs.sweep(timezone.now() + timedelta(minutes=11))
    jobs.settle(row, "sent", "")
    notice.refresh_from_db()
    assert (notice.state, notice.why) == ("sent", "")


def test_the_answer_to_an_older_try_does_not_count_for_a_newer_one(notice, administrator):
    later = timezone.now() + timedelta(minutes=11)
    first, _letter = jobs.claim(notice.code, timezone.now())
    jobs.sweep(later)
    notice.refresh_from_db()
    assert send_again(code=notice.code, by=administrator, seen=as_seen(notice, later))
    jobs.claim(notice.code, later)
    jobs.settle(first, "failed", "refused")
    jobs.settle(first, "waiting", "")
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("sending", 2)


def test_only_one_worker_gets_it(notice):
    assert jobs.claim(notice.code, timezone.now()) is not None
    assert jobs.claim(notice.code, timezone.now()) is None


def test_whose_job_was_lost_gets_another_and_only_one(notice):
    now = timezone.now()
    jobs.sweep(now)
    assert not conftest.jobs()  # its own may still come
    for minutes in (2, 3, 4):
        jobs.sweep(now + timedelta(minutes=minutes))
    assert conftest.jobs() == [[notice.code]]


@pytest.mark.parametrize(("kind", "hours"), [(Kind.PASSWORD_RESET, 1), (Kind.INVITATION, 24), (Kind.BLOCKED, 24)])
def test_what_could_not_leave_in_time_is_given_up(kind, hours, user, queue, invitations, work):
    row = mail.post(kind, user, site=SITE)
    jobs.sweep(row.asked_at + timedelta(hours=hours, minutes=-1))
    row.refresh_from_db()
    assert row.state == "waiting"
    jobs.sweep(row.asked_at + timedelta(hours=hours, minutes=1))
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "late")
    assert work(row) == []


def test_a_job_that_comes_too_late_does_not_send(user, queue, work):
    row = mail.post(Kind.PASSWORD_RESET, user, site=SITE, at=timezone.now() - timedelta(minutes=61))
    assert work(row) == []
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "late")


@pytest.mark.parametrize("state", ["sent", "failed", "unknown"])
def test_what_is_over_goes_after_thirty_days(notice, state):
    then = timezone.now()
    AccountMail.objects.update(state=state, changed_at=then)
    jobs.sweep(then + timedelta(days=29))
    assert AccountMail.objects.exists()
    jobs.sweep(then + timedelta(days=31))
    assert not AccountMail.objects.exists()


def test_the_worker_sweeps():
    assert jobs.sweep in SWEEPS
