from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ppg", "0002_keep")]

    operations = [
        migrations.AddIndex(model_name="auditentry", index=models.Index(fields=["ref"], name="trail_of_a_record"))
    ]
