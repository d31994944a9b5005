from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from ppg import audit_names
        from ppg.accounts import groups, leaving
        from ppg.health import steps
        from programmes import checklist, team_owned
        from programmes.checklist_owned import OWNED
        from programmes.leaving import DRAFTS, TEAMS
        from programmes.setting_up import guides_step
        from programmes.team_checklist import LINES
        from programmes.team_invited import GROUPS
        from programmes.trail import GROUPS as TRAIL

        groups.register(GROUPS)
        audit_names.register(audit_names.GROUP, TRAIL)
        steps.add(30, guides_step)

        for line in LINES:
            checklist.add(line)
        team_owned.add_owned(OWNED)
        leaving.add(TEAMS)
        leaving.add(DRAFTS)
