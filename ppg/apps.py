from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings


class PpgConfig(AppConfig):
    name = "ppg"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from ppg import system_checks  # noqa: F401  registers the system checks
        from ppg.accounts import sessions
        from ppg.accounts.joining import actions
        from ppg.accounts.mail import Kind, links
        from ppg.accounts.reset import links as reset
        from ppg.audit_trail import chain
        from ppg.background import jobs  # noqa: F401  registers what a failed job keeps
        from ppg.encryption import rotation
        from ppg.forms import carried
        from ppg.health import keys, known

        sessions.connect()
        known.register()
        post_migrate.connect(keys.plant_after_migrate, sender=self)
        kept = timedelta(seconds=carried.KEPT_SECONDS)
        rotation.add_passing("what was typed when a sign-in ended", kept, module="ppg.forms.carried")
        rotation.at_the_end(chain.vouch_anew)
        for module in ("ppg.accounts.factor.adapters", "ppg.accounts.factor.codes"):
            rotation.tokens_inside("mfa.Authenticator", "data", module=module)
        signed_in = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        rotation.add_passing("an authenticator app that is being set up", signed_in, module="ppg.accounts.factor.views")
        links.register(Kind.INVITATION, actions.link_of)
        links.register(Kind.PASSWORD_RESET, reset.make)
