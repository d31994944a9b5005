from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from caregivers import record_parts
        from feedback import system_checks  # noqa: F401  registers the system checks
        from feedback.asking.actions import dates_moved
        from feedback.asking.queries import address_of
        from feedback.caregiver_record import PARTS
        from feedback.checklist import LINES
        from feedback.due import SOURCES
        from feedback.paper import delivery
        from feedback.paper.actions import typing_of_anonymous
        from feedback.prepare import PART as RECAP
        from feedback.questions import questionnaires
        from feedback.staff_leaving import DRAFTS, PILES
        from ppg.accounts import leaving
        from programmes.checklist.lines import lines
        from programmes.due.sources import sources
        from sessions_app.planning import after_dates_change
        from sessions_app.preparing import parts as preparing
        from sessions_app.running import displays

        leaving.kinds.add(DRAFTS)
        leaving.accesses.add(PILES)
        lines.add(*LINES)
        sources.add(*SOURCES)
        record_parts.parts.add(*PARTS)
        after_dates_change.followers.add(dates_moved)
        preparing.parts.add(RECAP)
        displays.addresses.add(address_of)
        delivery.ways.add(typing_of_anonymous)
        questionnaires.catalogue.add(*questionnaires.OURS)
