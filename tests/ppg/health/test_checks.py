"""Each check says what it found in a sentence, and what to do next; none of them says a secret."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tasks_db.models import DBTaskResult

from caregivers.concerns import jobs as concern_jobs
from caregivers.models import ConsentWording
from ppg import health
from ppg.audit_trail import audit, chain, database_grants
from ppg.backups import nightly
from ppg.health import database, keys, server, work
from ppg.models import Canary, Chore, User
from tests import traces
from tests.factories import CaregiverFactory, UserFactory
from tests.ppg.health.failing import failed_job
from tests.sessions_app.smtp import mail_server

pytestmark = pytest.mark.django_db
GOOD, WARNING, FAULT = health.State.GOOD, health.State.WARNING, health.State.FAULT
PASSWORD = "Tr0ub4dor-and-3"


def test_what_is_wrong_says_what_to_do(now):
    with pytest.raises(TypeError):
        health.fault("It is broken.")  # type: ignore[call-arg]
    assert health.fault("It is broken.", "Mend it.").remedy


def test_a_check_that_fails_is_a_fault_itself_and_says_which_kind_of_error(now):
    def fails(now):
        raise DatabaseError("Key (email)=(aisha@families.example)")

    finding = health.Check("x", "X", fails)(now)
    assert finding.state == FAULT and "DatabaseError" in finding.sentence
    assert "aisha" not in finding.sentence + finding.remedy


# --- Database --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('FATAL: password authentication failed for user "groups"', "The user’s name or password is not accepted."),
        ('FATAL: database "secret_name" does not exist', "There is no database or no user of that name."),
        ("connection failed: connection to server at 10.0.0.7: Connection refused", "Nothing listens at that address."),
        ("[Errno -2] Name or service not known", "Nobody knows that host’s name."),
        ("connection timeout expired", "There is no answer in time."),
        (f"something else about {PASSWORD}", "django.db.utils.OperationalError"),
    ],
)
def test_a_database_that_does_not_answer_is_told_in_a_sentence_of_ours(run_check, monkeypatch, said, sentence):
    from django.db import OperationalError

    def away(*args):
        raise OperationalError(said)

    monkeypatch.setattr(connection, "cursor", away)
    finding = run_check("database")
    assert finding.state == FAULT and sentence in finding.sentence
    assert not any(word in finding.sentence for word in (PASSWORD, "10.0.0.7", "groups", "secret_name"))


def test_migrations_that_are_missing_are_counted_and_the_first_is_named(run_check):
    assert run_check("migrations").state == GOOD
    MigrationRecorder.Migration.objects.filter(app="ppg", name="0010_health").delete()
    finding = run_check("migrations")
    assert finding.state == FAULT and "1 change" in finding.sentence and "ppg.0010_health" in finding.sentence
    assert "manage.py migrate" in finding.remedy


def test_a_database_that_is_ahead_is_a_warning(run_check):
    MigrationRecorder.Migration.objects.create(app="ppg", name="9999_of_the_next_version")
    assert run_check("migrations").state == WARNING
    MigrationRecorder.Migration.objects.filter(name="9999_of_the_next_version").update(app="an_app_that_was_removed")
    assert run_check("migrations").state == GOOD


# --- Keys ------------------------------------------------------------------------------------------------


def test_there_is_a_canary_from_the_first_migrate_on():
    Canary.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert keys.fit()
    call_command("migrate", verbosity=0)
    assert Canary.objects.count() == 1


def test_where_a_migrate_ends_before_what_is_encrypted_none_is_planted():
    """As when it goes back to the version before: what that one does not have cannot be looked at."""
    Canary.objects.all().delete()
    before = MigrationLoader(connection).project_state([("caregivers", "0013_own_answers")]).apps
    keys.plant_after_migrate("default", before)
    assert not Canary.objects.exists()


def test_the_key_that_fits_is_good(run_check, planted):
    CaregiverFactory(name="Nadia Rahman")
    assert run_check("keys").state == run_check("all_keys").state == GOOD


def test_keys_that_open_nothing_are_a_fault(run_check, other_keys):
    finding = run_check("keys")
    assert finding.state == FAULT and "Add the key that is missing" in finding.remedy
    assert run_check("all_keys").state == FAULT


def test_under_wrong_keys_no_canary_is_added(other_keys):
    keys.plant()
    assert Canary.objects.count() == 1 and not keys.fit()


def test_an_installation_from_before_with_wrong_keys_gets_none_either(settings):
    Canary.objects.all().delete()
    CaregiverFactory(name="Nadia Rahman")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    keys.plant()
    assert not Canary.objects.exists()


def test_a_key_that_is_still_needed_is_missed_where_it_was_taken_out_too_early(run_check, planted, settings):
    """What the canary under the old key is for: nothing else may have been touched since."""
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    keys.plant()
    finding = run_check("keys")
    assert finding.state == WARNING and "rotate_keys" in finding.remedy and keys.fit()
    settings.FIELD_KEYS = [new]
    assert run_check("keys").state == FAULT and not keys.fit()
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_keys", verbosity=0)
    settings.FIELD_KEYS = [new]
    assert run_check("keys").state == GOOD and keys.fit()
    keys.plant()
    assert Canary.objects.count() == 1  # both lie under the new key now, and one is enough


def test_rows_under_an_older_key_are_counted_where_every_row_is_read(run_check, planted, settings):
    CaregiverFactory(name="Nadia Rahman")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    finding = run_check("all_keys")
    assert finding.state == WARNING and "3 rows" in finding.sentence  # hers, her check and the canary


# --- The worker ------------------------------------------------------------------------------------------


def test_without_a_worker_it_says_so_and_what_that_means(run_check):
    finding = run_check("worker")
    assert finding.state == FAULT and "No worker has run yet." in finding.sentence
    assert "no e-mail leaves" in finding.remedy


def test_a_worker_that_fell_silent_is_told_with_the_time(run_check, heard, now):
    heard(minutes=3)
    finding = run_check("worker")
    assert finding.state == FAULT and work.moment(now - timedelta(minutes=3))[:-2] in finding.sentence


def test_of_several_workers_the_one_that_fell_silent_is_a_warning(run_check, heard):
    heard("web1", seconds=5)
    assert run_check("worker") == health.good("The worker runs, on web1.")
    heard("web2", minutes=3)
    finding = run_check("worker")
    assert finding.state == WARNING and "The worker on web2" in finding.sentence and "on web1" in finding.sentence


# --- The mail server -------------------------------------------------------------------------------------


@pytest.fixture
def mail(run_check, settings, monkeypatch):
    """What is found of a mail server that says what the test tells it to, and what it took."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", "groups", PASSWORD
    monkeypatch.setattr(work, "SECONDS", 5)

    def look(**script: bytes) -> health.Finding:
        with mail_server(script={"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 in\r\n", **script}) as server:
            settings.EMAIL_PORT = server.port
            finding = run_check("mail")
        assert not server.taken and PASSWORD not in finding.sentence + finding.remedy
        return finding

    return look


def test_a_mail_server_that_lets_us_in_is_good_and_gets_no_e_mail(mail):
    assert mail() == health.good("It answers, and lets us in.")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ({"AUTH": b"535 5.7.8 no such user groups\r\n"}, "It does not accept the user’s name or password."),
        ({"EHLO": b"250 here\r\n"}, "It offers no TLS before the password, or no sign-in."),
        ({"EHLO": b"554 go away\r\n", "HELO": b"554 go away\r\n"}, "It does not answer as a mail server does"),
        ({"AUTH": None}, "It does not answer as a mail server does"),
    ],
)
def test_what_keeps_us_out_is_a_sentence(mail, script, sentence):
    finding = mail(**script)
    assert finding.state == FAULT and sentence in finding.sentence and finding.remedy


def test_a_password_is_not_said_where_there_is_no_tls(mail, settings):
    settings.EMAIL_USE_TLS = True
    assert "It offers no TLS" in mail().sentence


def test_nobody_listening_is_a_fault(mail, run_check, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody.getsockname()[1]
        finding = run_check("mail")
    assert finding.state == FAULT and "Nothing listens at that address." in finding.sentence


def test_a_server_that_never_greets_is_given_up(mail, run_check, settings, monkeypatch):
    monkeypatch.setattr(work, "SECONDS", 1.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        finding = run_check("mail")
    assert finding.state == FAULT and "did not answer" in finding.sentence


def test_a_server_that_answers_a_letter_at_a_time_is_given_up_too(mail, run_check, monkeypatch):
    """Each letter begins the connection's own limit anew: the whole of it has one besides."""
    import threading

    held = threading.Event()
    monkeypatch.setattr(work, "SECONDS", 0.05)
    monkeypatch.setattr(work, "_ask", lambda server: held.wait(10))
    finding = run_check("mail")
    held.set()
    assert finding.state == FAULT and "did not answer" in finding.sentence


def test_on_a_machine_without_a_mail_server_files_are_good(run_check):
    assert run_check("mail").state == GOOD


# --- Backups ---------------------------------------------------------------------------------------------


def backup_of(folder, now, left="", **ago):
    (folder / f"{nightly.name_at(now - timedelta(**ago))}{left}").write_bytes(b"sealed")


@pytest.mark.parametrize(("ago", "state"), [({"hours": 25}, GOOD), ({"hours": 27}, WARNING), ({"hours": 73}, FAULT)])
def test_a_backup_is_good_for_a_night(run_check, folder, now, ago, state):
    backup_of(folder, now, **ago)
    finding = run_check("backup")
    assert finding.state == state and work.moment(now - timedelta(**ago)) in finding.sentence


def test_the_newest_counts_and_one_that_is_being_written_does_not(run_check, folder, now):
    backup_of(folder, now, days=9)
    backup_of(folder, now, ".77.part", minutes=1)
    assert run_check("backup").state == FAULT
    backup_of(folder, now, hours=1)
    assert run_check("backup").state == GOOD


def test_without_one_there_are_three_days_to_make_it(run_check, folder, administrator, now):
    assert run_check("backup").state == WARNING
    User.objects.update(joined_at=now - timedelta(days=4))
    assert run_check("backup").state == FAULT


def test_what_the_command_writes_is_found(run_check, folder):
    call_command("backup", verbosity=0)
    assert run_check("backup").state == GOOD


# --- Work at night ---------------------------------------------------------------------------------------


def at_night(name, now, failed="", **ago):
    began = now - timedelta(**ago)
    Chore.objects.create(
        name=name, period=str(began.date()), machine="web1", began_at=began, ended_at=began, failed=failed
    )


def test_what_failed_at_night_is_named_with_its_reason_until_it_was_done_again(run_check, now):
    at_night("backup", now, hours=30)
    assert run_check("nightly").state == GOOD
    at_night("old backups", now, failed="OSError: No space left on device", hours=28)
    finding = run_check("nightly")
    assert finding.state == WARNING and "old backups" in finding.sentence and "No space left" in finding.sentence
    at_night("old backups", now, hours=4)
    assert run_check("nightly").state == GOOD


def test_what_nobody_has_ended_is_not_done(run_check, now):
    """Its worker died each time: nobody is left to say that it failed."""
    at_night("old backups", now, hours=3)
    Chore.objects.update(ended_at=None)
    finding = run_check("nightly")
    assert finding.state == WARNING and "old backups" in finding.sentence and "died" in finding.sentence
    Chore.objects.update(began_at=now - timedelta(minutes=20))  # it may still be at it
    assert run_check("nightly").state == GOOD


def test_a_trail_that_is_not_as_it_was_written_is_a_fault_on_the_page_too(run_check, now):
    at_night(chain.NIGHTLY, now, failed="The trail is not as it was written.", hours=4)
    finding = run_check("nightly")
    assert finding.state == FAULT and "not as it was written" in finding.sentence


# --- The audit trail -------------------------------------------------------------------------------------


def test_an_entry_that_was_changed_is_found(run_check, lead, now):
    audit.record(lead, audit.Verb.SAW, lead)
    chain.seal(now)
    assert run_check("trail").state == GOOD
    with database_grants.lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ppg_auditentry SET verb = 'changed'")
    finding = run_check("trail")
    assert finding.state == FAULT and "check_trail" in finding.remedy


# --- The machine -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("free", "state"), [(90, GOOD), (1.5, WARNING), (0.4, FAULT)])
def test_disk_space(run_check, monkeypatch, free, state):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, int(free * server.GIGABYTE)))
    finding = run_check("disk")
    assert finding.state == state and f"{free:.1f} GB" in finding.sentence


def test_fonts(run_check, monkeypatch):
    assert run_check("fonts").state == GOOD
    monkeypatch.setattr(server.faces, "missing", lambda: True)
    assert run_check("fonts").state == FAULT


@pytest.mark.parametrize(("seconds", "state"), [(2, GOOD), (9, WARNING), (40, FAULT)])
def test_a_clock_that_is_not_the_databases(run_check, monkeypatch, seconds, state):
    monkeypatch.setattr(server, "is_kept_right", lambda: True)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(server, "_apart", lambda: timedelta(seconds=seconds))
    assert run_check("clock").state == state


def test_the_databases_clock_is_asked(run_check):
    if connection.vendor == "postgresql":
        assert server._apart() < timedelta(seconds=30)
    assert server.is_kept_right() in (True, False, None)


def test_a_clock_that_nothing_sets_is_a_warning(run_check, monkeypatch):
    monkeypatch.setattr(server, "is_kept_right", lambda: False)
    assert run_check("clock").state == WARNING


@pytest.fixture
def collected(settings, tmp_path):
    """The way in which production serves its styles and scripts."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/app.css").write_text("body { color: black }")
    (tmp_path / "ours/.made-from").touch()  # is left where it is
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "ours"], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "ppg.files.static.StaticFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_styles_and_scripts_that_were_collected_are_good(run_check, collected):
    assert run_check("static").state == GOOD


def test_styles_and_scripts_of_the_version_before_are_a_fault(run_check, collected):
    (collected / "ours/app.css").write_text("body { color: blue }")
    finding = run_check("static")
    assert finding.state == FAULT and "app.css" in finding.sentence and "collectstatic" in finding.remedy


def test_styles_and_scripts_that_were_never_collected_are_a_fault(run_check, collected):
    shutil.rmtree(collected / "static")
    assert run_check("static").state == FAULT
    assert staticfiles_storage is not None


# --- What went wrong -------------------------------------------------------------------------------------


def test_jobs_that_failed_are_counted_and_named_without_what_they_were_about(run_check, now):
    assert run_check("jobs").state == GOOD
    failed_job(now - timedelta(days=8))
    assert run_check("jobs").state == GOOD
    failed_job(now - timedelta(hours=1), code="NADIAS-CODE")
    finding = run_check("jobs")
    assert finding.state == WARNING and "1 job" in finding.sentence
    assert "sessions_app.packs.jobs.send_delivery, with smtplib.SMTPException" in finding.sentence
    assert "NADIAS-CODE" not in finding.sentence and DBTaskResult.objects.count() == 2


def test_a_reminder_that_failed_tells_no_administrator_that_something_was_written_down(run_check, now):
    failed_job(now - timedelta(hours=1), path=concern_jobs.remind.module_path)
    assert run_check("jobs").state == GOOD


def test_e_mails_about_accounts_that_did_not_go_out_are_counted(run_check):
    from tests.guards.records import not_sent

    assert run_check("account_mail").state == GOOD
    not_sent(UserFactory())
    assert run_check("account_mail").state == WARNING


@pytest.mark.parametrize("state", ["failed", "unknown"])
@pytest.mark.parametrize(
    ("name", "label", "at"),
    [("packs", "sessions_app.Delivery", "state_at"), ("messages", "caregivers.MessageCopy", "changed_at")],
)
def test_what_did_not_go_out_to_groups_is_counted_for_a_week(run_check, cohort, lead, now, name, label, at, state):
    assert run_check(name).state == GOOD
    traces.filled(cohort, lead)
    rows = apps.get_model(label).objects
    assert rows.update(state=state, **{at: now - timedelta(days=6)})
    finding = run_check(name)
    assert finding.state == WARNING and finding.sentence.startswith("1 ") and traces.WORD not in finding.sentence
    rows.update(**{at: now - timedelta(days=8)})
    assert run_check(name).state == GOOD


def test_texts_with_blanks_are_counted(run_check):
    finding = run_check("texts")
    assert finding.state == WARNING and "texts have blanks" in finding.sentence
    for wording in ConsentWording.objects.all():
        wording.delete()
    assert run_check("texts").state == GOOD


def test_what_is_known_of_migrations_is_read_once():
    assert ("ppg", "0010_health") in database.known_migrations()
    assert database.known_migrations() is database.known_migrations()
