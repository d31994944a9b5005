"""Write sbom.cdx.json: what is delivered and what needs what, as CycloneDX 1.6, from what is pinned.

It says no more than requirements.txt and package-lock.json do, in the form that tools for known weaknesses read; hashes
stay there. No date and no serial number stands in it: the same pins give the same file. Packages of the system (Python,
Pango, Caddy, PostgreSQL) are the server's own.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

BASE = Path(__file__).resolve().parent.parent
TARGET = BASE / "sbom.cdx.json"
PINNED = re.compile(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)")
NEEDED_BY = re.compile(r"    # (?:via|  ) *(?P<name>[\w.-]+)")
OURS = "peer-parent-groups"


def bom() -> dict[str, Any]:
    libraries = {**python_packages(), **npm_packages()}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours()},
        "components": [component(purl) for purl in sorted(libraries)],
        "dependencies": dependencies(libraries),
    }


def ours() -> dict[str, str]:
    project = tomllib.loads((BASE / "pyproject.toml").read_text())["project"]
    about = {name: project[name] for name in ("name", "version", "description")}
    return {"type": "application", "bom-ref": OURS, **about}


def component(purl: str) -> dict[str, str]:
    name, _at, version = unquote(purl.split("/", 1)[1]).rpartition("@")
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def dependencies(libraries: dict[str, set[str]]) -> list[dict[str, Any]]:
    """Each with what it needs. libraries: purl → names of those that need it."""
    by_name = {component(purl)["name"]: purl for purl in libraries} | {OURS: OURS}
    needs: dict[str, list[str]] = {ref: [] for ref in (OURS, *sorted(libraries))}
    for purl, parents in sorted(libraries.items()):
        for parent in parents:
            needs[by_name[parent]].append(purl)
    return [{"ref": ref, "dependsOn": refs} for ref, refs in needs.items()]


def python_packages() -> dict[str, set[str]]:
    """As `uv pip compile` writes them: a pin, its hashes, and after "# via" who needs it, one or one a line."""
    found: dict[str, set[str]] = {}
    parents: set[str] = set()
    for line in (BASE / "requirements.txt").read_text().splitlines():
        if pinned := PINNED.match(line):
            parents = found[f"pkg:pypi/{pinned['name']}@{pinned['version']}"] = set()
        elif parent := NEEDED_BY.match(line):
            parents.add(parent["name"])
    return found


def npm_packages() -> dict[str, set[str]]:
    """Copied into static/vendor/ by script/assets.py. None of them has any below it so far."""
    packages = json.loads((BASE / "package-lock.json").read_text())["packages"]
    found = {path.removeprefix("node_modules/"): row for path, row in packages.items() if path}
    below = [name for name, row in found.items() if "/node_modules/" in name or row.get("dependencies")]
    if below:
        raise SystemExit(f"script/sbom.py reads no packages below others, and {below} are or have some.")
    return {f"pkg:npm/{name.replace('@', '%40')}@{row['version']}": {OURS} for name, row in found.items()}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(bom(), indent=2, ensure_ascii=False) + "\n")
