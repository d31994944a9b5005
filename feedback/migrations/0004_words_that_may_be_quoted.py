from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_answers_of_a_form")]

    operations = [
        migrations.AddField(model_name="question", name="quotable", field=models.BooleanField(default=False)),
    ]
