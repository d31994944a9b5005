from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Sessions"

    def ready(self) -> None:
        from caregivers import record_parts
        from ppg import health
        from ppg.accounts import leaving
        from programmes.checklist.lines import lines
        from programmes.checklist.readiness import dates_from
        from programmes.due import sources as due
        from programmes.handing_over import queries as handing_over
        from sessions_app.caregiver_record import PARTS
        from sessions_app.checklist import LINES, first_and_last
        from sessions_app.due import RETENTION, SOURCES, going_on
        from sessions_app.health import PACKS
        from sessions_app.planning import after_dates_change
        from sessions_app.register import absences
        from sessions_app.staff_leaving import CALENDAR, sessions_past

        health.checks.add(PACKS)
        leaving.accesses.add(CALENDAR)
        lines.add(*LINES)
        dates_from.add(first_and_last)
        due.sources.add(*SOURCES)
        due.wholes.add(RETENTION)
        due.going_on.add(going_on)
        handing_over.over.add(sessions_past)
        record_parts.parts.add(*PARTS)
        after_dates_change.followers.add(absences.after_dates_change)
