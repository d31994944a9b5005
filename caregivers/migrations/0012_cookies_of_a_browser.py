"""The page about cookies after fewer were left."""

from typing import Any

from django.db import migrations

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0011_access_and_cookies")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
