from collections import defaultdict

from django.db import migrations, models, transaction
from django.utils import timezone


def carry_over(apps, schema_editor):
    """Reports that are ready: those that are out of date are marked, and drawn again with the notice; of the others
    the groups they have read are noted. (One that is being made is begun again, and notes them itself.)"""
    reports = apps.get_model("evaluation", "AcrossReport").objects
    noted = apps.get_model("evaluation", "AcrossGroup").objects
    keys = dict(apps.get_model("programmes", "Cohort").objects.values_list("code", "pk"))
    gone = gone_from(apps)
    for pk in list(reports.filter(state="done", superseded_at=None, groups=None).values_list("pk", flat=True)):
        report = reports.only("code", "asked_at", "figures").get(pk=pk)
        read = [keys[line[0]] for line in report.figures["groups"] if line[0] in keys]
        since = [moment for key in read for moment in gone[key] if moment > report.asked_at]
        if since:
            reports.filter(pk=pk).update(superseded_at=min(since), pdf=None)
            transaction.on_commit(lambda code=report.code: draw(code))
        else:
            noted.bulk_create([noted.model(report_id=pk, cohort_id=key) for key in read])


def draw(code):
    # Only where there is a report: an empty database has no queue yet.
    from evaluation.across.redrawing import make_across_pdf

    make_across_pdf.enqueue(code)


def gone_from(apps):
    """By group, when answers were taken out of the evaluation. Where we cannot tell when, or whether there were any, we
    take it that it was now, and that there were: a report too many is made anew."""
    found = defaultdict(list)
    moments = defaultdict(list)
    for person, at in [*withdrawn(apps), *erased(apps)]:
        moments[person].append(at)
    places = apps.get_model("caregivers", "Place").objects.values_list("caregiver", "cohort")
    for person, cohort in places.iterator():
        found[cohort].extend(moments.get(person, ()))
    cards = apps.get_model("evaluation", "Card").objects.filter(withdrawn=True)
    for cohort in set(cards.values_list("cohort", flat=True)):
        found[cohort].append(timezone.now())  # of a card it is not written down when
    return found


def withdrawn(apps):
    """Who has not agreed in the first place has withdrawn nothing."""
    said = apps.get_model("caregivers", "Consent").objects.filter(kind="evaluation").order_by("pk")
    stands, found = set(), []
    for person, given, at in said.values_list("caregiver", "given", "at").iterator():
        if given:
            stands.add(person)
        elif person in stands:
            stands.remove(person)
            found.append((person, at))
    return found


def erased(apps):
    """At their request. Their consents are gone, so whether they had agreed is not known any more."""
    asked = apps.get_model("caregivers", "Erased").objects.filter(why="asked").values("code")
    people = apps.get_model("caregivers", "Caregiver").objects.filter(code__in=asked).exclude(erased_at=None)
    return list(people.values_list("pk", "erased_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("caregivers", "0007_erased_why"),
        ("evaluation", "0008_what_each_group_added"),
        ("programmes", "0005_support"),
    ]

    operations = [
        migrations.AddField(model_name="acrossreport", name="superseded_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="AcrossGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cohort",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.deletion.CASCADE,
                        related_name="+",
                        to="programmes.cohort",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="groups", to="evaluation.acrossreport"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cohort", "report"), name="a_report_reads_a_group_once")
                ]
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
