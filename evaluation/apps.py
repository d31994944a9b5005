from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from caregivers import record_parts
        from evaluation import system_checks  # noqa: F401  registers the system checks
        from evaluation.cards.queries import also_printed
        from evaluation.caregiver_record import PARTS
        from evaluation.checklist import LINES
        from evaluation.collecting import collect
        from evaluation.due import ACCOUNTS, SOURCES
        from evaluation.group.navigation import of_a_group
        from evaluation.piles import typing_of
        from evaluation.questionnaires import SCORING, SHIPPED
        from evaluation.reports.actions import take_quotes_out
        from evaluation.rounds.actions import dates_moved
        from evaluation.staff_leaving import report_begun, report_published
        from feedback.paper import delivery
        from feedback.questions import questionnaires
        from feedback.quotes.actions import when_taken_out
        from feedback.slips.queries import also
        from ppg.components.local_navigation import navigations
        from ppg.holdings import archives
        from programmes.checklist.lines import lines
        from programmes.due.sources import sources, wholes
        from programmes.handing_over import queries as handing_over
        from sessions_app.planning import after_dates_change

        unused = archives.Blank(
            "feedback.Answer", frozenset({"number", "text"}), "submission_id", collect.not_to_be_used
        )
        archives.blanks.add(unused)
        lines.add(*LINES)
        sources.add(*SOURCES)
        wholes.add(ACCOUNTS)
        handing_over.over.add(report_published)
        handing_over.remarks.add(report_begun)
        record_parts.parts.add(*PARTS)
        after_dates_change.followers.add(dates_moved)
        also.add(also_printed)
        navigations.add(of_a_group)
        delivery.ways.add(typing_of)
        questionnaires.catalogue.add(SHIPPED)
        questionnaires.extensions.add(SCORING)
        when_taken_out.add(take_quotes_out)
