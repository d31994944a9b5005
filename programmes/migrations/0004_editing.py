import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ppg.links.codes


def own_keys(apps, schema_editor):
    """A new column gives every row the same default: each item gets a key of its own."""
    items = apps.get_model("programmes", "AgendaItem").objects
    for pk in items.values_list("pk", flat=True):
        items.filter(pk=pk).update(key=ppg.links.codes.new_code())


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0003_evening"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="guide",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="guide",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="key",
            field=models.CharField(default=ppg.links.codes.new_code, editable=False, max_length=22),
        ),
        migrations.RunPython(own_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(fields=("guide", "key"), name="one_item_per_key"),
        ),
    ]
