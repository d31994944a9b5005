import ppg.encryption.crypto
from django.db import migrations, models


def forget_words(apps, schema_editor):
    """Jobs that failed before kept the text of their exceptions, addresses included."""
    apps.get_model("django_tasks_database", "DBTaskResult").objects.exclude(traceback="").update(traceback="")


class Migration(migrations.Migration):
    dependencies = [
        ("ppg", "0009_audit_chain"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", ppg.encryption.crypto.EncryptedTextField()),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("worker_id", models.CharField(max_length=64, unique=True)),
                ("host", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name="accountmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "The invitation"),
                    ("password_reset", "The link for a new password"),
                    ("password_changed", "That their password was changed"),
                    ("factor_added", "That a second step for signing in was added"),
                    ("factor_removed", "That a second step for signing in was removed"),
                    ("factor_reset", "That an administrator removed their second step"),
                    ("code_used", "That a recovery code was used"),
                    ("codes_made", "That there are new recovery codes"),
                    ("council_changed", "That the council’s account signs them in, or no longer"),
                    ("readers_changed", "That who reads concerns was changed"),
                    ("role_changed", "That their role was changed"),
                    ("address_new", "That they sign in with another address, to the new one"),
                    ("address_old", "That they sign in with another address, to the old one"),
                    ("blocked", "That their account was closed"),
                    ("unblocked", "That their account was opened again"),
                    ("retention_due", "That people’s details are due to be removed"),
                    ("trial", "An e-mail to see whether e-mails arrive"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="HealthLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("host", models.CharField(max_length=255)),
                ("state", models.CharField(max_length=8)),
                ("sentence", models.TextField()),
                ("remedy", models.TextField(blank=True)),
                ("since", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "host"), name="one_look_a_check_and_machine")],
            },
        ),
        migrations.RunPython(forget_words, migrations.RunPython.noop),
    ]
