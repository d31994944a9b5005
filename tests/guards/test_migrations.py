"""Models and migrations agree, migrations are linear, and the version before runs on what they make."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.fields import NOT_PROVIDED


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    except SystemExit:
        pytest.fail("A model and its migrations differ: run `manage.py makemigrations APP --name WHAT`.")


def test_each_app_has_one_last_migration():
    loader = MigrationLoader(None)
    for app in settings.OUR_APPS:
        assert len(loader.graph.leaf_nodes(app)) == 1, f"{app} forks: merge its last migrations by renumbering."


# --- The version before runs on what a migration makes (docs/decisions/upgrades.md) --------------------------------

# The last migration of each app in the first version that councils have. From the next one on the rule holds.
FIRST_VERSION = {"ppg": 10, "programmes": 6, "caregivers": 11, "sessions_app": 4, "feedback": 6, "evaluation": 11}
# "app.0012_name": why the version before runs all the same, or why it need not.
ALLOWED: dict[str, str] = {}


def what_breaks(operation: Operation) -> str:
    """What the version before cannot live with, and what to write instead; nothing where it can."""
    match operation:
        case migrations.RemoveField():
            return "takes away a column that the version before still names. Let one version pass without using it."
        case migrations.DeleteModel():
            return "takes away a table that the version before still names. Let one version pass without using it."
        case migrations.RenameField() | migrations.RenameModel() | migrations.AlterModelTable():
            return "gives a new name. Add the new one beside the old one, and take the old one away a version later."
        case migrations.AddField(field=field) if needs_a_value(field):
            return "adds a column that the version before does not fill. Give it db_default, or null=True."
        case migrations.SeparateDatabaseAndState(database_operations=inside):
            return next(filter(None, map(what_breaks, inside)), "")
    return ""


def needs_a_value(field: models.Field) -> bool:
    return not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)


def test_the_version_before_runs_on_what_each_migration_makes():
    broken = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in settings.OUR_APPS and int(name[:4]) > FIRST_VERSION[app] and f"{app}.{name}" not in ALLOWED:
            broken += [f"{app}.{name} {why}" for why in map(what_breaks, migration.operations) if why]
    assert not broken, "\n".join(broken)


def test_exceptions_are_of_migrations_that_are_there():
    there = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    assert set(ALLOWED) <= there


NAME = models.CharField(max_length=10)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("person", "name"),
        migrations.DeleteModel("person"),
        migrations.RenameField("person", "name", "called"),
        migrations.RenameModel("person", "member"),
        migrations.AddField("person", "name", NAME),
        migrations.AddField(
            "person", "name", models.CharField(max_length=10, default="x")
        ),  # Django's, not the table's
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("person", "name")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_the_version_before_cannot_live_with_is_found(operation):
    assert what_breaks(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("person", [("name", NAME)]),
        migrations.AddField("person", "name", models.CharField(max_length=10, db_default="")),
        migrations.AddField("person", "name", models.CharField(max_length=10, null=True)),
        migrations.AddField("person", "friends", models.ManyToManyField("person")),
        migrations.AlterField("person", "name", NAME),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("person", "name")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_it_can_live_with_is_not(operation):
    assert not what_breaks(operation)
