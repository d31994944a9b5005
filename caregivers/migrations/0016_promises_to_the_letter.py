"""The notice, and the page of what is kept, after each promise was read beside what somebody could do."""

from typing import Any

from django.db import migrations

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0015_landlines")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
