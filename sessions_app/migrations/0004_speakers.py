"""The services that items name get a row each, as new groups have from the start."""

from django.db import migrations


def name_them(apps, schema_editor):
    items = apps.get_model("sessions_app", "SessionItem").objects
    speaker = apps.get_model("sessions_app", "Speaker")
    rows = items.filter(guests=None).exclude(speakers=[]).order_by("id").values_list("id", "speakers")
    speaker.objects.bulk_create(
        [speaker(item_id=item, service=service) for item, services in rows for service in services], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0003_evening")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
