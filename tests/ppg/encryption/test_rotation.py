"""Everything that lies encrypted gets the newest key, while the site runs, and nothing is lost on the way."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import os
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from caregivers.models import Caregiver, Concern
from feedback import sealing
from feedback.models import Form, SealedAnswer
from ppg.backups import backup_file
from ppg.encryption import crypto, rotation
from ppg.health.keys import plant
from ppg.management.commands import rotate_keys
from ppg.models import AuditEntry, Canary, User
from programmes.models import Cohort
from sessions_app.models import Session
from tests import traces
from tests.factories import CaregiverFactory, SessionFactory
from tests.feedback.factories import opened_form
from tests.hooks import also
from tests.ppg.accounts.factors import with_app

ROOT = Path(__file__).resolve().parents[3]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, monkeypatch, db) -> Any:
    """The old key at first; `keys(NEW, OLD)` is what the technician does next."""
    monkeypatch.setattr(rotate_keys, "PAUSE_SECONDS", 0)

    def are(*wanted: str) -> None:
        settings.FIELD_KEYS = list(wanted)

    are(OLD)
    Canary.objects.all().delete()  # under the key of the tests
    plant()
    return are


def run(**options: Any) -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def opens(token: str, key: str) -> bool:
    try:
        return bool(Fernet(key).decrypt(token.encode()) is not None)
    except InvalidToken:
        return False


def tokens() -> list[tuple[str, str]]:
    """(where, token) of every one in every table of the database, looked for without the models."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    found += [(f"{table}.{name}", token) for token in rotation.TOKEN.findall(str(value))]
    return found


def times_of(key: str) -> list[int]:
    """When what lies under this key was encrypted first."""
    return sorted(Fernet(key).extract_timestamp(token.encode()) for _where, token in tokens() if opens(token, key))


def plain() -> dict[str, list[list[Any]]]:
    """Every row of every table, what is encrypted opened: what must be the same before and after."""
    tables = {}
    for model in backup_file.kept_models():
        sealed = [isinstance(one, crypto.EncryptedTextField) for one in model._meta.concrete_fields]
        tables[model._meta.label] = [
            [
                crypto.decrypt(value) if shut and value else opened(value)
                for shut, value in zip(sealed, row, strict=True)
            ]
            for row in backup_file.rows_of(model)
        ]
    return tables


def opened(value: Any) -> Any:
    """Tokens inside JSON; what only looks like one, or has a key of its own, stays."""
    if not isinstance(value, dict):
        return value
    return {name: crypto.decrypt(one) if rotation.TOKEN.match(str(one)) else one for name, one in value.items()}


def raw(thing: Any, column: str) -> Any:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quote(column)} FROM {quote(thing._meta.db_table)} WHERE id = %s", [thing.pk])  # noqa: S608
        return cursor.fetchone()[0]


# --- Everything, and nothing but the key -----------------------------------------------------------------


MORE = {"feedback.Answer": {"text": "words, so that it has no number"}}


def something_everywhere(cohort: Cohort, by: User) -> None:
    """A row in every table with encrypted fields, and words in each of these fields."""
    traces.filled(cohort, by)
    known: dict[Any, Any] = {Cohort: cohort, User: by}
    numbers = itertools.count()
    with_app(by)
    for place in rotation.places():
        if place.model is not Form and not place.inside:  # what stands in a form's field is a key
            row = place.model._base_manager.first() or traces.a_row(
                place.model, known, **MORE.get(place.model._meta.label, {})
            )
            traces.write_words(row, numbers)


def test_nothing_is_left_under_the_old_key_and_nothing_else_has_changed(keys, cohort, lead):
    form = opened_form(cohort)
    sealing.seal(form, {"way": "online", "answers": {"today": 2}}).save()
    something_everywhere(cohort, lead)
    keys(NEW, OLD)
    before, times = plain(), times_of(OLD)
    assert {where for where, token in tokens() if opens(token, OLD)} == {
        f"{place.model._meta.db_table}.{column}"
        for place in rotation.places()
        for attname, column in ((one.attname, one.column) for one in place.model._meta.concrete_fields)
        if attname in place.columns
    }
    run()
    keys(NEW)
    assert plain() == before
    assert not [where for where, token in tokens() if opens(token, OLD)]
    assert times_of(NEW) == times
    assert {where for where, token in tokens() if not opens(token, NEW)} == {"feedback_sealedanswer.envelope"}
    [payload] = sealing.open_box([Form.objects.get(pk=form.pk)])
    assert payload["way"] == "online"


def test_a_second_run_has_nothing_to_do(keys):
    person = CaregiverFactory()
    keys(NEW, OLD)
    assert "Encrypted anew: 2 rows of Caregivers, 1 row of Foundation." in run()  # they, their check; the canary
    token = raw(person, "name")
    assert "Encrypted anew: nothing." in run()
    assert raw(person, "name") == token


@pytest.mark.django_db(transaction=True)
def test_lots_are_small_and_all_of_them_are_done(keys, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(rotation, "ROWS_AT_ONCE", 3)
    people = CaregiverFactory.create_batch(10)
    keys(NEW, OLD)
    place = next(one for one in rotation.places() if one.model is Caregiver)
    assert [len(rows) for rows in rotation.lots(place)] == [3, 3, 3, 1]
    assert run(verbosity=2).count("Caregivers: ") == 4 + 4  # their checks
    assert all(opens(raw(one, "name"), NEW) for one in people)


# --- What it says ----------------------------------------------------------------------------------------


def test_it_says_what_is_left_by_kind_and_changes_nothing(keys, cohort):
    CaregiverFactory.create_batch(2)
    form = opened_form(cohort)
    keys(NEW, OLD)
    token = raw(form, "key")
    left = r"Left under an older key: 4 rows of Caregivers, 2 rows of Feedback, 1 row of Foundation\."  # the canary
    with pytest.raises(CommandError, match=left):
        run(check=True)
    assert raw(form, "key") == token


def test_it_says_when_the_old_key_may_go(keys):
    CaregiverFactory()
    keys(NEW, OLD)
    run()
    said = run(check=True)
    assert "Nothing is left under an older key: it may be taken out of PPG_KEYS." in said
    assert "Not before 24 hours after web server and worker were started" in said
    for words in ("what was typed when a sign-in ended", "a file about one person", "a list that is being brought in"):
        assert words in said
    assert "Backups made before need it too" in said
    keys(NEW)
    assert "PPG_KEYS holds one, and it opens everything" in run(check=True)


def test_that_there_are_concerns_is_not_said(keys, cohort, lead):
    traces.a_row(Concern, {type(cohort): cohort, type(lead): lead})
    keys(NEW, OLD)
    assert "oncern" not in run(verbosity=2)


def test_what_no_key_opens_is_said_and_left_as_it_is_while_the_rest_is_done(keys):
    lost, person = CaregiverFactory(), CaregiverFactory()
    keys(OLD, Fernet.generate_key().decode())
    with connection.cursor() as cursor:
        foreign = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        cursor.execute("UPDATE caregivers_caregiver SET phone = %s WHERE id = %s", [foreign, lost.pk])
    keys(NEW, OLD)
    with pytest.raises(CommandError, match="No key in PPG_KEYS opens something in 1 row of Caregivers"):
        run()
    assert raw(lost, "phone") == foreign and opens(raw(lost, "name"), NEW)
    assert opens(raw(person, "phone"), NEW)


def test_the_audit_trail_stays_as_it_is(keys, cohort):
    CaregiverFactory()
    before = AuditEntry.objects.count()
    keys(NEW, OLD)
    run()
    assert AuditEntry.objects.count() == before


# --- While the site runs -----------------------------------------------------------------------------------


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Between reading and writing, once."""
    replace = rotation._replace

    def after_that(place: rotation.Place, changed: Any) -> int:
        if place.model in (Caregiver, Form):
            happens()
        return replace(place, changed)

    monkeypatch.setattr(rotation, "_replace", after_that)


def test_what_is_saved_meanwhile_stands(keys, monkeypatch):
    person = CaregiverFactory(name="Nadia Brown", phone="01632 960123")
    keys(NEW, OLD)
    meanwhile(monkeypatch, lambda: Caregiver.objects.filter(pk=person.pk).update(name="Nadia Green"))
    run()
    keys(NEW)
    person.refresh_from_db()
    assert (person.name, person.phone) == ("Nadia Green", "01632 960123")


def test_a_key_that_is_destroyed_meanwhile_does_not_come_back(keys, monkeypatch, cohort):
    form = opened_form(cohort)
    keys(NEW, OLD)
    meanwhile(monkeypatch, lambda: Form.objects.filter(pk=form.pk).update(key=""))
    run()
    assert raw(form, "key") == ""


def test_somebody_who_is_erased_meanwhile_stays_erased(keys, monkeypatch):
    person = CaregiverFactory()
    keys(NEW, OLD)
    meanwhile(monkeypatch, lambda: Caregiver.objects.filter(pk=person.pk).update(name="", phone="", email=""))
    run()
    assert {raw(person, column) for column in ("name", "phone", "email")} == {""}


def test_a_row_that_goes_meanwhile_is_gone(keys, monkeypatch):
    person = CaregiverFactory()
    keys(NEW, OLD)
    meanwhile(monkeypatch, lambda: Caregiver.objects.filter(pk=person.pk).delete())
    assert "Nothing is left" in run()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite whoever writes is alone")
def test_a_row_that_somebody_holds_is_not_waited_for_and_is_said_to_be_left(keys):
    held, free = CaregiverFactory(), CaregiverFactory()
    keys(NEW, OLD)
    holding, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Caregiver.objects.select_for_update().get(pk=held.pk)
            holding.set()
            enough.wait(300)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(300)
        with pytest.raises(CommandError, match="Left under an older key: 1 row of Caregivers"):
            run()
    finally:
        enough.set()
        thread.join()
    assert opens(raw(free, "name"), NEW) and opens(raw(held, "name"), OLD)
    assert "Nothing is left" in run()


def test_one_that_is_stopped_by_hand_says_that_it_goes_on(keys, monkeypatch):
    def pressed() -> None:
        raise KeyboardInterrupt

    CaregiverFactory()
    keys(NEW, OLD)
    meanwhile(monkeypatch, pressed)
    with pytest.raises(CommandError, match=r"Stopped\. What is done stays done"):
        run()


MEMORY = Path("/dev/shm")  # noqa: S108 - a process that dies leaves a file in memory as it leaves one on disk


@pytest.mark.real_clock
def test_it_is_killed_ten_times_on_the_way_while_people_save():
    """In processes and on a database of its own, of the kind that is being tested."""
    command = [sys.executable, ROOT / "bench/kill_rotation.py", "10", connection.vendor]
    place = {"TMPDIR": str(MEMORY)} if MEMORY.is_dir() else {}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 kills on the way" in done.stdout and "0 unreadable, 0 lost, 0 under the old key" in done.stdout


# --- Other places ------------------------------------------------------------------------------------------


@pytest.fixture
def in_json(monkeypatch) -> None:
    """As the second factor keeps its secrets."""
    also(monkeypatch, rotation.inside, rotation.Inside("sessions_app.Session", "aims", module="tests"))


def test_tokens_inside_json_are_renewed_and_what_only_looks_like_one_is_not(keys, in_json):
    chance = "gAAAAA" + "x" * 120
    plain_parts = {"used": 3, "chance": chance, "say": 'a "b" é'}
    session = SessionFactory(aims={"secret": crypto.encrypt("JBSWY3DP"), "codes": [crypto.encrypt("é")], **plain_parts})
    keys(NEW, OLD)
    assert "1 row of Sessions" in run()
    keys(NEW)
    session.refresh_from_db()
    assert (crypto.decrypt(session.aims["secret"]), crypto.decrypt(session.aims["codes"][0])) == ("JBSWY3DP", "é")
    assert {name: session.aims[name] for name in plain_parts} == plain_parts


def test_json_that_changes_meanwhile_stands(keys, in_json, monkeypatch):
    seed = crypto.encrypt("seed")
    session = SessionFactory(aims={"seed": seed, "used": 0})
    keys(NEW, OLD)
    replace = rotation._replace

    def used_once(place: rotation.Place, changed: Any) -> int:
        if place.inside:
            Session.objects.filter(pk=session.pk, aims__used=0).update(aims={"seed": seed, "used": 1})
        return replace(place, changed)

    monkeypatch.setattr(rotation, "_replace", used_once)
    run()
    session.refresh_from_db()
    assert session.aims["used"] == 1 and opens(session.aims["seed"], NEW)


@pytest.mark.django_db(transaction=True)
def test_a_file_about_a_person_whose_hour_is_over_goes_from_the_database(keys, settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "a_cache"}
    }
    call_command("createcachetable")
    assert isinstance(caches["default"], DatabaseCache)
    caches["default"].set("ended", crypto.encrypt("a file"), 3600)
    caches["default"].set("kept", "a file", 3600)
    try:
        with connection.cursor() as cursor:
            past = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(minutes=1))
            cursor.execute("UPDATE a_cache SET expires = %s WHERE cache_key LIKE %s", [past, "%ended"])
            run()
            cursor.execute("SELECT cache_key FROM a_cache")
            assert [key for (key,) in cursor.fetchall()] == [":1:kept"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE a_cache")


# --- Nothing that encrypts is forgotten --------------------------------------------------------------------


def covered() -> set[tuple[str, str]]:
    return {(place.model._meta.label, column) for place in rotation.places() for column in place.columns}


def test_every_field_that_encrypts_is_a_place():
    """Whatever its class is called: a field counts that makes tokens out of what it is given."""
    encrypting = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            for value in ("words", ["words"], {"a": 1}, 1):
                try:
                    stored = field.get_prep_value(value)
                except (AttributeError, TypeError, ValueError, ValidationError):
                    continue
                if rotation.TOKEN.search(str(stored)):
                    encrypting.add((model._meta.label, field.attname))
    assert len(encrypting) > 30
    assert encrypting <= covered(), "Make the field a subclass of EncryptedTextField: rotate_keys looks for these."


# They make keys or tokens of their own: whose key it is that opens them.
KEYS_OF_THEIR_OWN = {
    "ppg/settings.py": "makes the first key of a machine that is not in production",
    "ppg/encryption/sealed_stream.py": "backups, which PPG_BACKUP_KEY opens as long as they are kept",
    "feedback/sealing.py": "a form's own key, which lies in Form.key, an encrypted field",
}


def test_every_module_that_encrypts_says_where_it_goes():
    silent = []
    for app in settings.OUR_APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name, tree = str(path.relative_to(ROOT)), ast.parse(path.read_text())
            named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            module = name.removesuffix(".py").replace("/", ".")
            if named & {"encrypt", "Fernet", "MultiFernet"} and name not in KEYS_OF_THEIR_OWN | {
                "ppg/encryption/crypto.py": ""
            }:
                silent += [] if module in rotation.modules() else [module]
    assert not silent, (
        f"{silent} encrypt. Say where that lies: add it to rotation.inside or rotation.passing in AppConfig.ready()."
    )


def test_what_is_passing_is_registered_by_modules_that_are_there():
    assert {"ppg.forms.carried", "caregivers.rights.handover", "caregivers.importing.upload"} <= rotation.modules()
    assert all(importlib.util.find_spec(module) for module in rotation.modules())


def test_sealed_answers_lie_under_their_forms_key_and_are_no_place():
    assert SealedAnswer not in {place.model for place in rotation.places()}
    assert ("feedback.Form", "key") in covered()
