from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0006_points_of_the_first_answer")]

    operations = [
        migrations.AddField(model_name="acrossreport", name="tries", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(model_name="acrossreport", name="beat_at", field=models.DateTimeField(null=True)),
    ]
