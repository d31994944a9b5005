from django.db import migrations, models


def ask_again(apps, schema_editor):
    """Reports over many groups made before this have no counts, so nothing could be laid beside them. They are made
    again on asking."""
    reports = apps.get_model("evaluation", "AcrossReport").objects.filter(counts=None).exclude(figures=None)
    reports.update(state="failed", figures=None, pdf=None)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0007_across_sign_of_life")]

    operations = [
        migrations.AddField(model_name="acrossreport", name="counts", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="reportversion", name="pooled_counts", field=models.BinaryField(null=True)),
        migrations.RunPython(ask_again, migrations.RunPython.noop),
    ]
