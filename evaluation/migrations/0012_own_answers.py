import django.db.models.deletion
from django.db import migrations, models
from django.utils.crypto import salted_hmac

import ppg.encryption.crypto
import ppg.links.codes


def as_it_is_now(apps, schema_editor):
    """Nobody knows any more what was written down when they first answered: what stands there today counts. As
    `caregivers.safe.fingerprints` has it."""
    keys = apps.get_model("evaluation", "PseudonymKey").objects.select_related("place__caregiver")
    for key in keys.filter(place__caregiver__erased_at=None).iterator(chunk_size=100):
        person = key.place.caregiver
        ways = {"email": person.email.strip().casefold(), "text": "".join(person.phone.split())}
        made = [salted_hmac("caregivers.reach", f"{way}\n{to}", algorithm="sha256") for way, to in ways.items() if to]
        key.reach = " ".join(one.hexdigest() for one in made)
        key.save(update_fields=["reach"])


class Migration(migrations.Migration):
    dependencies = [("caregivers", "0013_own_answers"), ("evaluation", "0011_report_withdrawn_at")]

    operations = [
        migrations.AddField(
            model_name="pseudonymkey",
            name="reach",
            field=ppg.encryption.crypto.EncryptedTextField(blank=True, db_default="", default=""),
        ),
        migrations.CreateModel(
            name="AnswersLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("code", ppg.links.codes.CodeField()),
                ("needs_code", models.BooleanField(default=False)),
                ("spoken_hash", models.CharField(blank=True, max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="caregivers.place"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(as_it_is_now, migrations.RunPython.noop),
    ]
