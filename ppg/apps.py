from django.apps import AppConfig


class PpgConfig(AppConfig):
    name = "ppg"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from ppg import checks  # noqa: F401  registers the system checks
