"""An accessibility statement and a page about cookies, for the council to adapt; an impact assessment put right."""

from typing import Any

from django.db import migrations, models

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0010_later_wordings")]

    operations = [
        migrations.AlterField(
            model_name="consentwording",
            name="kind",
            field=models.CharField(
                choices=[
                    ("notice", "Privacy notice"),
                    ("evaluation", "Use of my answers in the evaluation"),
                    ("quotes", "Quoting me without my name"),
                    ("chat", "The group's own chat"),
                    ("after", "Being contacted after the programme"),
                    ("kept", "What is kept how long"),
                    ("access", "Accessibility statement"),
                    ("cookies", "Cookies"),
                    ("dpia", "Data protection impact assessment"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
