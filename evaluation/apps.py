from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from caregivers import record
        from evaluation import collect, questionnaires
        from evaluation.actions.asking import dates_moved
        from evaluation.actions.reports import take_quotes_out
        from evaluation.checklist import LINES
        from evaluation.leaving import report_begun, report_published
        from evaluation.piles import typing_of
        from evaluation.record import PARTS
        from feedback import paper_delivery
        from feedback.quotes import when_taken_out
        from ppg import archives
        from programmes import checklist
        from programmes import leaving_queries as leaving
        from sessions_app import moved

        for part in PARTS:
            record.add(part)
        moved.add(dates_moved)
        leaving.over.append(report_published)
        leaving.remarks.append(report_begun)
        questionnaires.register()
        when_taken_out.append(take_quotes_out)
        for line in LINES:
            checklist.add(line)
        paper_delivery.add_typing(typing_of)
        archives.leave_blank("feedback.Answer", {"number", "text"}, by="submission_id", values=collect.not_to_be_used)
