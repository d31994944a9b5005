from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from ppg import audit_names
        from ppg.accounts import groups, leaving
        from programmes import checklist, team
        from programmes.leaving import DRAFTS, TEAMS
        from programmes.team_checklist import LINES, OWNED
        from programmes.team_invited import GROUPS
        from programmes.trail import GROUPS as TRAIL

        groups.register(GROUPS)
        audit_names.register(audit_names.GROUP, TRAIL)

        for line in LINES:
            checklist.add(line)
        team.add_owned(OWNED)
        leaving.add(TEAMS)
        leaving.add(DRAFTS)
