from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Evaluation"

    def ready(self) -> None:
        from caregivers import record
        from evaluation import actions, overview
        from evaluation.record import PART
        from sessions_app import moved

        record.add(
            record.RecordPart(
                "evaluation",
                events=overview.events,
                withdrawn=actions.withdrawn,
                left_behind=overview.left_behind,
            )
        )
        record.add(PART)
        moved.add(actions.dates_moved)
