from django.apps import AppConfig


class CaregiversConfig(AppConfig):
    name = "caregivers"
    verbose_name = "Caregivers"

    def ready(self) -> None:
        from caregivers import checks  # noqa: F401  registers the system checks
        from caregivers.checklist import LINES
        from caregivers.owned import OWNED
        from programmes import checklist, team

        for line in LINES:
            checklist.add(line)
        for kind in OWNED:
            team.add_owned(kind)
