from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from ppg.accounts import leaving, starting_groups
        from ppg.accounts.mail import facts
        from ppg.audit_trail import names
        from ppg.health import steps
        from programmes import health, invited, trail
        from programmes.checklist.lines import lines
        from programmes.checklist.owned import OWNED
        from programmes.due.sources import sources
        from programmes.editing.due import DRAFTS as DRAFTS_DUE
        from programmes.staff_leaving import DRAFTS, TEAMS
        from programmes.support.due import REQUESTS, SUPPORT
        from programmes.support.lines import LINES
        from programmes.team.owned import owned
        from programmes.telling.facts import FACTS

        facts.readers.add(*FACTS)
        names.lookups.add(trail.GROUPS)
        steps.makers.add(health.GUIDES)
        starting_groups.sources.add(invited.GROUPS)
        leaving.kinds.add(TEAMS, DRAFTS)
        lines.add(*LINES)
        sources.add(DRAFTS_DUE, SUPPORT, REQUESTS)
        owned.add(OWNED)
