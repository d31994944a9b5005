from django.apps import AppConfig


class PpgConfig(AppConfig):
    name = "ppg"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from ppg import checks  # noqa: F401  registers the system checks
        from ppg.accounts import sessions
        from ppg.accounts.mail import Kind, links
        from ppg.accounts.reset import links as reset
        from ppg.accounts.staff import actions

        sessions.connect()
        links.register(Kind.INVITATION, actions.link_of)
        links.register(Kind.PASSWORD_RESET, reset.make)
