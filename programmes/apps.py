from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from ppg.accounts import groups, leaving
        from ppg.audit_trail import names
        from ppg.health import steps
        from programmes import health, invited, trail
        from programmes.checklist.lines import lines
        from programmes.checklist.owned import OWNED
        from programmes.leaving import DRAFTS, TEAMS
        from programmes.support.lines import LINES
        from programmes.team.owned import owned

        names.lookups.add(trail.GROUPS)
        steps.makers.add(health.GUIDES)
        groups.sources.add(invited.GROUPS)
        leaving.kinds.add(TEAMS, DRAFTS)
        lines.add(*LINES)
        owned.add(OWNED)
