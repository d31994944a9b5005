"""The list of what each statement rests on (protections.yaml), and one of them taken out of a text."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

LIST = Path(__file__).with_name("protections.yaml")


class Protection(NamedTuple):
    statement: int
    what: str
    file: str
    was: str
    becomes: str
    test: str

    def taken_out_of(self, text: str) -> str:
        if text.count(self.was) != 1:
            raise ValueError(f"{self.file} does not hold this once:\n{self.was}")
        return text.replace(self.was, self.becomes)

    @property
    def arguments(self) -> list[str]:
        return ["-q", "-x", "-n", "0", "--reuse-db", "-p", "no:cacheprovider", f"tests/{self.test}"]


PROTECTIONS = [Protection(**entry) for entry in yaml.safe_load(LIST.read_text())]
