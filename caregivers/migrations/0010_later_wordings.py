"""A fuller privacy notice, what is kept how long, an impact assessment to start from; what became of e-mailed links."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [
        ("caregivers", "0009_poster_pdf"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[("own page", "their own page"), ("questions", "the questions")], max_length=10
                    ),
                ),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("failed", "not sent"),
                            ("unknown", "nobody knows whether it arrived"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_mails",
                        to="caregivers.caregiver",
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="programmes.cohort"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
