from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0012_cookies_of_a_browser")]

    operations = [
        migrations.AlterField(
            model_name="linkmail",
            name="about",
            field=models.CharField(
                choices=[
                    ("own page", "their own page"),
                    ("questions", "the questions"),
                    ("answers", "their own answers"),
                ],
                max_length=10,
            ),
        ),
    ]
