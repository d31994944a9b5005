"""How the service is: one list of checks, each a small function that looks at one thing and says what it found.

    checks.add(Check("texts", _("Texts"), look))      in AppConfig.ready(), where the facts belong to a higher app

`manage.py doctor` looks at all of them, on the machine it runs on; the worker looks at those that are quick, every few
minutes, and writes down what it saw for the administrator's home (`looks`). `/readyz` asks the few that decide whether
this machine may be sent visitors (`readiness`). docs/decisions/health.md says why it is so.
"""

from ppg.health.findings import Check, Finding, State, checks, fault, for_teams, good, warning

__all__ = ["Check", "Finding", "State", "checks", "fault", "for_teams", "good", "warning"]
