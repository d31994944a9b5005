"""The data that ships with the product: YAML files in fixtures/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # built without libyaml: the same, ten times slower
    from yaml import SafeLoader  # type: ignore[assignment]


def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=SafeLoader)
    return data
