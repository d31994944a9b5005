from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from caregivers import record_parts as record
        from feedback import system_checks  # noqa: F401  registers the system checks
        from feedback.asking import actions as asking
        from feedback.checklist import LINES
        from feedback.leaving import DRAFTS, PILES
        from feedback.paper import actions as piles
        from feedback.paper import delivery as paper_delivery
        from feedback.prepare import PART as RECAP
        from feedback.quotes import actions as quotes
        from feedback.record import PART
        from ppg.accounts import leaving
        from programmes.checklist import lines as checklist
        from sessions_app.planning import moved
        from sessions_app.preparing import parts as prepare_parts

        moved.add(asking.dates_moved)
        record.add(PART)
        record.add(record.RecordPart("quotes", withdrawn=quotes.withdrawn))
        for line in LINES:
            checklist.add(line)
        prepare_parts.add(RECAP)
        paper_delivery.add_typing(piles.typing_of_anonymous)
        leaving.add(DRAFTS)
        leaving.add_access(PILES)
