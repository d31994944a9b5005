from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Sessions"

    def ready(self) -> None:
        from caregivers import record_parts as caregivers_record
        from ppg import health
        from ppg.accounts import leaving
        from programmes.checklist import lines as checklist
        from programmes.checklist import readiness
        from programmes.handing_over import queries as programmes_leaving
        from sessions_app import record
        from sessions_app.checklist import LINES, first_and_last
        from sessions_app.health import PACKS
        from sessions_app.leaving import CALENDAR, sessions_past

        for part in record.PARTS:
            caregivers_record.add(part)
        for line in LINES:
            checklist.add(line)
        health.add(PACKS)
        readiness.dates_from(first_and_last)
        programmes_leaving.over.append(sessions_past)
        leaving.add_access(CALENDAR)
