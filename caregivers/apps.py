from datetime import timedelta

from django.apps import AppConfig


class CaregiversConfig(AppConfig):
    name = "caregivers"
    verbose_name = "Caregivers"

    def ready(self) -> None:
        from caregivers import record_parts as record
        from caregivers import system_checks  # noqa: F401  registers the system checks
        from caregivers.checklist import LINES
        from caregivers.concerns.jobs import remind
        from caregivers.health import CHECKS, texts_step
        from caregivers.importing.upload import OPEN_FOR
        from caregivers.leaving import no_safeguarding_lead, read_by_a_safeguarding_lead
        from caregivers.owned import OWNED
        from caregivers.rights.actions import keep_withdrawal
        from caregivers.rights.handover import KEPT_SECONDS
        from caregivers.trail import PEOPLE
        from ppg import health
        from ppg.accounts import leaving
        from ppg.audit_trail import names
        from ppg.background import jobs
        from ppg.encryption import rotation
        from ppg.health import steps
        from ppg.holdings import archives
        from programmes.checklist import lines as checklist
        from programmes.handing_over import queries as programmes_leaving
        from programmes.team import owned as team

        names.register(names.PERSON, PEOPLE)
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
        rotation.add_passing("a file about one person", kept, module="caregivers.rights.handover")
        rotation.add_passing("a list that is being brought in", OPEN_FOR, module="caregivers.importing.upload")
