from django.db import migrations


def groups_read(apps, schema_editor):
    """Superseded reports lost their groups when they had been drawn again; what they hold still names them."""
    reports = apps.get_model("evaluation", "AcrossReport").objects
    noted = apps.get_model("evaluation", "AcrossGroup").objects
    keys = dict(apps.get_model("programmes", "Cohort").objects.values_list("code", "pk"))
    lost = reports.filter(state="done", groups=None).exclude(superseded_at=None)
    for pk in list(lost.values_list("pk", flat=True)):
        figures = reports.values_list("figures", flat=True).get(pk=pk)
        read = [keys[line[0]] for line in figures["groups"] if line[0] in keys]
        noted.bulk_create([noted.model(report_id=pk, cohort_id=key) for key in read])


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_across_superseded")]

    operations = [migrations.RunPython(groups_read, migrations.RunPython.noop)]
