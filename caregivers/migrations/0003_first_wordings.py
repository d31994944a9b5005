"""A fresh installation can register people: the privacy notice and the consents have their first wording."""

from typing import Any

from django.db import migrations

from caregivers.wordings import shipped as wordings


def load(apps: Any, schema_editor: Any) -> None:
    wordings.load(apps.get_model("caregivers", "ConsentWording").objects)


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0002_notice_and_order")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
