from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from caregivers import record
        from evaluation import actions, collect, overview
        from evaluation.asking import card_typing, measuring
        from evaluation.checklist import LINES
        from evaluation.leaving import report_begun, report_published
        from evaluation.record import PART
        from evaluation.reports import left_behind, quotes
        from feedback import paper_delivery
        from feedback.quotes import when_taken_out
        from ppg import archives
        from programmes import checklist
        from programmes import leaving_queries as leaving
        from sessions_app import moved

        record.add(
            record.RecordPart(
                "evaluation",
                events=overview.events,
                withdrawn=actions.withdrawn,
                left_behind=left_behind.left_behind,
            )
        )
        record.add(PART)
        moved.add(actions.dates_moved)
        leaving.over.append(report_published)
        leaving.remarks.append(report_begun)
        measuring.register()
        when_taken_out.append(quotes.take_out)
        for line in LINES:
            checklist.add(line)
        paper_delivery.add_typing(card_typing.typing_of)
        archives.leave_blank("feedback.Answer", {"number", "text"}, by="submission_id", values=collect.not_to_be_used)
