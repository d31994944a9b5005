"""Reading a programme's template from a YAML file: text in, plain data out. Writing it: `actions.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ppg.files import shipped

OPENINGS = "shared_openings."


class BadTemplate(Exception):
    """The file says something a programme cannot be; `str()` names the place."""


def read(path: Path) -> dict[str, Any]:
    """The file's programme, resources and guides; shared openings are put in, every name is looked up once."""
    data = shipped.read(path)
    openings = data.get("shared_openings", {})
    guides = data["guides"]
    if len(guides) != data["programme"]["sessions"]:
        raise BadTemplate(f"{path.name}: says {data['programme']['sessions']} sessions and has {len(guides)} guides")
    for guide in guides:
        where = f"{path.name}, session {guide['number']}"
        known(guide.get("handouts", []), data["resources"], where)
        for item in guide["items"]:
            item["prompts"] = resolved(item.get("prompts", []), openings, where)
            known(item.get("uses", []), data["resources"], f"{where}, {item['title']}")
    return {"programme": data["programme"], "resources": data["resources"], "guides": guides}


def resolved(prompts: Any, openings: dict[str, list[Any]], where: str) -> list[Any]:
    """The prompts themselves, or the shared ones that "shared_openings.NAME" stands for."""
    if not isinstance(prompts, str):
        return list(prompts)
    name = prompts.removeprefix(OPENINGS)
    if name == prompts or name not in openings:
        raise BadTemplate(f"{where}: there is no shared opening “{prompts}”")
    return list(openings[name])


def known(slugs: list[str], resources: dict[str, Any], where: str) -> None:
    for slug in slugs:
        if slug not in resources:
            raise BadTemplate(f"{where}: there is no resource “{slug}”")
