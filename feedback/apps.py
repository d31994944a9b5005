from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from caregivers import record
        from feedback import actions, checks  # noqa: F401
        from feedback.record import PART
        from sessions_app import moved

        moved.add(actions.dates_moved)
        record.add(PART)
