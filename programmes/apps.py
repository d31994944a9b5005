from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from ppg.accounts import groups, leaving
        from ppg.audit_trail import names
        from ppg.health import steps
        from programmes.checklist import lines as checklist
        from programmes.checklist.owned import OWNED
        from programmes.health import guides_step
        from programmes.invited import GROUPS
        from programmes.leaving import DRAFTS, TEAMS
        from programmes.support.lines import LINES
        from programmes.team import owned as team_owned
        from programmes.trail import GROUPS as TRAIL

        groups.register(GROUPS)
        names.register(names.GROUP, TRAIL)
        steps.add(30, guides_step)

        for line in LINES:
            checklist.add(line)
        team_owned.add_owned(OWNED)
        leaving.add(TEAMS)
        leaving.add(DRAFTS)
