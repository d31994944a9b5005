from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from caregivers import record
        from feedback import checks, paper_delivery, quotes  # noqa: F401
        from feedback.actions import asking, piles
        from feedback.checklist import LINES, answered_of
        from feedback.leaving import DRAFTS, PILES
        from feedback.prepare import PART as RECAP
        from feedback.record import PART
        from ppg.accounts import leaving
        from programmes import checklist
        from sessions_app import checklist as sessions_checklist
        from sessions_app import moved, prepare_parts

        moved.add(asking.dates_moved)
        record.add(PART)
        record.add(record.RecordPart("quotes", withdrawn=quotes.withdrawn))
        for line in LINES:
            checklist.add(line)
        prepare_parts.add(RECAP)
        paper_delivery.add_typing(piles.typing_of_anonymous)
        leaving.add(DRAFTS)
        leaving.add_access(PILES)
        sessions_checklist.reviews.append(answered_of)
