from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from caregivers import record_parts as record
        from evaluation import questionnaires, system_checks  # noqa: F401  registers the system checks
        from evaluation.checklist import LINES
        from evaluation.collecting import collect
        from evaluation.leaving import report_begun, report_published
        from evaluation.piles import typing_of
        from evaluation.record import PARTS
        from evaluation.reports.actions import take_quotes_out
        from evaluation.rounds.actions import dates_moved
        from feedback.paper import delivery as paper_delivery
        from feedback.quotes.actions import when_taken_out
        from ppg.holdings import archives
        from programmes.checklist import lines as checklist
        from programmes.handing_over import queries as leaving
        from sessions_app.planning import moved

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
