from importlib import import_module

from django.db import migrations, models


def when_withdrawn(apps, schema_editor):
    """By what is known of withdrawals until now. Of a card it is not known when: data taken until now is out of date."""
    reports = apps.get_model("evaluation", "Report").objects
    gone = import_module("evaluation.migrations.0009_across_superseded").gone_from(apps)
    for cohort, moments in gone.items():
        if moments:
            reports.filter(cohort=cohort).update(withdrawn_at=max(moments))


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0010_groups_stay")]

    operations = [
        migrations.AddField(model_name="report", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(when_withdrawn, migrations.RunPython.noop),
    ]
