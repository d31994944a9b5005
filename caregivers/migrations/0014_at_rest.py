"""The outcome of a police check and whom a concern is about lie encrypted (docs/decisions/at-rest.md).

The readable columns stay for one version, and tell nothing: the version before runs on these tables. It finds each check
asked for and nobody named meanwhile, so it gives no place that should not be given.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import ppg.encryption.crypto
from caregivers import at_rest

OUTCOMES = [("asked", "Asked"), ("clear", "Clear"), ("concern", "Concern")]
RESTRICTED = ("concern", "information")


def seal(apps: Any, schema_editor: Any) -> None:
    at_rest.seal_checks(apps.get_model("caregivers", "PoliceCheck").objects.all())
    for name in RESTRICTED:
        at_rest.seal_subjects(apps.get_model("caregivers", name).objects.all())
    # A press that recorded a check kept its outcome too, to answer the same press again.
    presses = apps.get_model("ppg", "Effect").objects.filter(result__in=[value for value, _label in OUTCOMES])
    presses.update(result="")


def unseal(apps: Any, schema_editor: Any) -> None:
    checks = apps.get_model("caregivers", "PoliceCheck").objects
    for check in checks.filter(outcome__isnull=False):
        checks.filter(pk=check.pk).update(outcome_before=check.outcome, outcome=None, answered=False)
    people = apps.get_model("caregivers", "Caregiver").objects
    for name in RESTRICTED:
        things = apps.get_model("caregivers", name).objects
        for thing in things.all():
            if thing.subject:
                person = people.filter(code=thing.subject).first()
                things.filter(pk=thing.pk).update(caregiver_before=person, subject="")
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table whose foreign keys are still to be checked


def kept_as(model: str, name: str, kept: str, field: models.Field) -> migrations.SeparateDatabaseAndState:
    """The column stays as it is; in the code it goes by another name."""
    return migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.RenameField(model, name, kept),
            migrations.AlterField(model, kept, field),
        ]
    )


def person() -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        editable=False,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        db_column="caregiver_id",
        to="caregivers.caregiver",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("caregivers", "0013_own_answers"),
        ("ppg", "0010_health"),
    ]

    operations = [
        migrations.AlterField(
            "policecheck",
            "outcome",
            models.CharField(max_length=8, default="asked", db_default="asked", choices=OUTCOMES, editable=False),
        ),
        kept_as(
            "policecheck",
            "outcome",
            "outcome_before",
            models.CharField(
                max_length=8, choices=OUTCOMES, default="asked", db_default="asked", editable=False, db_column="outcome"
            ),
        ),
        migrations.AddField(
            "policecheck",
            "outcome",
            ppg.encryption.crypto.EncryptedTextField(
                choices=OUTCOMES, db_column="sealed_outcome", null=True, verbose_name="outcome"
            ),
        ),
        migrations.AddField("policecheck", "answered", models.BooleanField(db_default=False, default=False)),
        *(kept_as(name, "caregiver", "caregiver_before", person()) for name in RESTRICTED),
        *(
            migrations.AddField(
                name,
                "subject",
                ppg.encryption.crypto.EncryptedTextField(blank=True, db_default="", default=""),
            )
            for name in RESTRICTED
        ),
        migrations.RunPython(seal, unseal),
    ]
