from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ppg", "0006_limits")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="page",
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
