from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0005_card_by_its_code")]

    operations = [
        migrations.AddField(
            model_name="measure", name="first_counts", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
