from datetime import timedelta

from django.apps import AppConfig


class CaregiversConfig(AppConfig):
    name = "caregivers"
    verbose_name = "Caregivers"

    def ready(self) -> None:
        from caregivers import checks, record  # noqa: F401  registers the system checks
        from caregivers.actions.rights import keep_withdrawal
        from caregivers.checklist import LINES
        from caregivers.concern_jobs import remind
        from caregivers.handover import KEPT_SECONDS
        from caregivers.health import CHECKS, texts_step
        from caregivers.import_upload import OPEN_FOR
        from caregivers.leaving import no_safeguarding_lead, read_by_a_safeguarding_lead
        from caregivers.owned import OWNED
        from caregivers.trail import PEOPLE
        from ppg import archives, audit_names, health, jobs, rotation
        from ppg.accounts import leaving
        from ppg.health import steps
        from programmes import checklist
        from programmes import leaving_queries as programmes_leaving
        from programmes import team_owned as team

        audit_names.register(audit_names.PERSON, PEOPLE)
        for check in CHECKS:
            health.add(check)
        steps.add(20, texts_step)
        record.add(record.RecordPart("ledger", withdrawn=keep_withdrawal))
        for line in LINES:
            checklist.add(line)
        for kind in OWNED:
            team.add_owned(kind)
        leaving.add_remark(no_safeguarding_lead)
        programmes_leaving.over.append(read_by_a_safeguarding_lead)
        for label in ("caregivers.Concern", "caregivers.ConcernStep", "caregivers.Information"):
            archives.keep_apart(label)
        jobs.untold.add(remind.module_path)
        kept = timedelta(seconds=KEPT_SECONDS)
        rotation.add_passing("a file about one person", kept, module="caregivers.handover")
        rotation.add_passing("a list that is being brought in", OPEN_FOR, module="caregivers.import_upload")
