"""Says how the service is, as seen from this machine: one thing after the other, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ppg.health import Check, Finding, State, checks

WORDS = {State.GOOD: "Good   ", State.WARNING: "Warning", State.FAULT: "FAULT  "}


class Command(BaseCommand):
    help = "Says how the service is, thing by thing, and ends with an error where one does not work."
    requires_system_checks = ()  # it makes them itself, and says the rest too

    def handle(self, *args: Any, **options: Any) -> None:
        now, findings, left = timezone.now(), [], []
        shut = ""
        for check in checks:
            if check.database and shut:
                left.append(str(check.label))
                continue
            findings.append(finding := check(now))
            self.say(check, finding)
            if check.gate and finding.state == State.FAULT:
                shut = str(check.label)
        if left:
            self.stdout.write(f"\nNot looked at, because of the fault in “{shut}”: {', '.join(left)}.")
        self.sum_up(findings)

    def say(self, check: Check, finding: Finding) -> None:
        self.stdout.write(f"{WORDS[finding.state]}  {check.label}: {finding.sentence}")
        if finding.remedy:
            self.stdout.write(f"         What to do: {finding.remedy}")
        self.stdout.flush()

    def sum_up(self, findings: list[Finding]) -> None:
        """The exit code says the same to whoever cannot read: 1 where something does not work."""
        faults = sum(one.state == State.FAULT for one in findings)
        warnings = sum(one.state == State.WARNING for one in findings)
        if not faults and not warnings:
            self.stdout.write("\nAll is well.")
            return
        counted = [(faults, "fault", "faults"), (warnings, "warning", "warnings")]
        self.stdout.write("\n" + ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counted if n) + ".")
        if faults:
            raise SystemExit(1)
