import django.db.models.deletion
import feedback.models.slips
import ppg.encryption.crypto
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count
from django.utils import timezone


def cards_that_exist_stay_good(apps, schema_editor):
    """Cards that are out are the first of their group's sheet. Where the first round has closed nothing can be counted
    out any more: figures stand as they were, and no card is made. Else they are counted out as any."""
    Cohort = apps.get_model("programmes", "Cohort")
    CardSheet = apps.get_model("evaluation", "CardSheet")
    Wave = apps.get_model("evaluation", "Wave")
    for cohort in Cohort.objects.annotate(n=Count("cards")).filter(n__gt=0).iterator(chunk_size=100):
        first = Wave.objects.filter(cohort=cohort).select_related("form").order_by("pk").first()
        stands = bool(first and first.form.closed_at)
        sheet = CardSheet(cohort=cohort, made=cohort.n, earlier=cohort.n, made_on=timezone.localdate(), stands=stands)
        if stands:
            sheet.key = ""
        sheet.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0012_own_answers"),
        ("feedback", "0007_slips"),
        ("programmes", "0006_owner_of_a_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    ppg.encryption.crypto.EncryptedTextField(blank=True, default=feedback.models.slips.new_sheet_key),
                ),
                ("made", models.PositiveSmallIntegerField()),
                ("made_on", models.DateField()),
                ("left", models.PositiveSmallIntegerField(null=True)),
                ("people", models.PositiveSmallIntegerField(null=True)),
                ("adds_up", models.BooleanField(null=True)),
                ("used", models.PositiveSmallIntegerField(null=True)),
                ("earlier", models.PositiveSmallIntegerField(default=0)),
                ("stands", models.BooleanField(default=False)),
                (
                    "cohort",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="card_sheet", to="programmes.cohort"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="CardCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("left", models.PositiveSmallIntegerField()),
                ("people", models.PositiveSmallIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="counted", to="evaluation.cardsheet"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("sheet", "by"), name="everybody_counts_cards_once")],
            },
        ),
        migrations.RunPython(cards_that_exist_stay_good, migrations.RunPython.noop),
    ]
