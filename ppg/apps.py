from django.apps import AppConfig


class PpgConfig(AppConfig):
    name = "ppg"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from ppg import checks  # noqa: F401  registers the system checks
        from ppg.accounts.mail import links
        from ppg.accounts.reset import links as reset
        from ppg.models import AccountMail

        links.register(AccountMail.Kind.PASSWORD_RESET, reset.make)
