from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings


class PpgConfig(AppConfig):
    name = "ppg"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from ppg import health, system_checks  # noqa: F401  registers the system checks
        from ppg.accounts import leaving, sessions
        from ppg.accounts.joining.actions import LINK as INVITATION
        from ppg.accounts.mail import links
        from ppg.accounts.private_notes.staff_leaving import NOTES
        from ppg.accounts.reset.links import LINK as RESET
        from ppg.background import jobs  # noqa: F401  keeps no words of a failed job
        from ppg.encryption.rotation import Inside, Passing, inside, passing
        from ppg.forms import carried
        from ppg.health import keys, known, steps

        sessions.connect()
        post_migrate.connect(keys.plant_after_migrate, sender=self)

        health.checks.add(*known.here())
        steps.makers.add(*steps.OURS)
        links.makers.add(INVITATION, RESET)
        leaving.accesses.add(NOTES)
        for module in ("ppg.accounts.factor.adapters", "ppg.accounts.factor.codes"):
            inside.add(Inside("mfa.Authenticator", "data", module))
        signed_in = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        passing.add(carried.PASSING)
        passing.add(Passing("an authenticator app that is being set up", signed_in, "ppg.accounts.factor.views"))
