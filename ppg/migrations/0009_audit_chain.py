import django.db.models.deletion
from django.db import migrations, models

# The setting lasts for a transaction and is set where a backup is put back: ppg/audit_trail/database_grants.py.
REFUSE = """
CREATE FUNCTION ppg_trail_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('ppg.trail', true) = 'replaced' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'The audit trail can be neither changed nor deleted.' USING ERRCODE = 'insufficient_privilege';
END $$
"""
TABLES = ("ppg_auditentry", "ppg_auditseal")


def keep(apps, schema_editor):
    """On PostgreSQL. SQLite knows no roles, and whoever opens its file can do anything."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSE)
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER trail_stays BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION ppg_trail_stays()"
            )


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER trail_stays ON {table}")
        schema_editor.execute("DROP FUNCTION ppg_trail_stays()")


class Migration(migrations.Migration):
    dependencies = [("ppg", "0008_files_moved_in")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="page",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seal", to="ppg.auditentry"
                    ),
                ),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("since", models.BigIntegerField(default=0)),
                ("mac", models.CharField(blank=True, max_length=64)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(id=1), name="one_head")]},
        ),
        migrations.RunPython(keep, let_go),
    ]
