from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from feedback import actions, checks  # noqa: F401
        from sessions_app import moved

        moved.add(actions.dates_moved)
