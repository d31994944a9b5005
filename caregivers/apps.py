from django.apps import AppConfig


class CaregiversConfig(AppConfig):
    name = "caregivers"
    verbose_name = "Caregivers"

    def ready(self) -> None:
        from caregivers import record_parts, system_checks  # noqa: F401  the second registers the system checks
        from caregivers.checklist import LINES
        from caregivers.concerns.jobs import remind
        from caregivers.due import SOURCES
        from caregivers.due import names as names_of_people
        from caregivers.health import CHECKS, TEXTS
        from caregivers.importing import upload
        from caregivers.owned import OWNED
        from caregivers.rights import handover
        from caregivers.rights.actions import LEDGER
        from caregivers.staff_leaving import no_safeguarding_lead, read_by_a_safeguarding_lead
        from caregivers.trail import PEOPLE
        from ppg import health
        from ppg.accounts import leaving
        from ppg.audit_trail import names
        from ppg.background import jobs
        from ppg.encryption import rotation
        from ppg.health import steps
        from ppg.holdings import archives
        from programmes.checklist.lines import lines
        from programmes.due import sources as due
        from programmes.handing_over import queries as handing_over
        from programmes.team.owned import owned

        names.lookups.add(PEOPLE)
        jobs.untold.add(remind.module_path)
        rotation.passing.add(handover.PASSING, upload.PASSING)
        archives.apart_labels.add("caregivers.Concern", "caregivers.ConcernStep", "caregivers.Information")
        health.checks.add(*CHECKS)
        steps.makers.add(TEXTS)
        leaving.remarks.add(no_safeguarding_lead)
        lines.add(*LINES)
        due.sources.add(*SOURCES)
        due.names.add(names_of_people)
        owned.add(*OWNED)
        handing_over.over.add(read_by_a_safeguarding_lead)
        record_parts.parts.add(LEDGER)
