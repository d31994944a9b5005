"""The notice, the page of what is kept and the impact assessment: details go by themselves."""

from typing import Any

from django.db import migrations

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0016_promises_to_the_letter")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
