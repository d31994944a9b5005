from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Sessions"

    def ready(self) -> None:
        from caregivers import record as caregivers_record
        from programmes import checklist, readiness
        from sessions_app import record
        from sessions_app.checklist import LINES, first_and_last

        for part in record.PARTS:
            caregivers_record.add(part)
        for line in LINES:
            checklist.add(line)
        readiness.dates_from(first_and_last)
