from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ppg", "0005_account_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("key", models.CharField(max_length=43, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("free_at", models.PositiveBigIntegerField(default=0)),
                ("until", models.PositiveBigIntegerField(db_index=True)),
            ],
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="verb",
            field=models.CharField(
                choices=[
                    ("signed in", "signed in"),
                    ("signed out", "signed out"),
                    ("failed", "tried to sign in as"),
                    ("reset", "chose a new password for"),
                    ("saw", "saw"),
                    ("created", "created"),
                    ("changed", "changed"),
                    ("exported", "exported"),
                    ("downloaded", "downloaded"),
                ],
                max_length=12,
            ),
        ),
    ]
