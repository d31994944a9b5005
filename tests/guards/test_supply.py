"""What is delivered is listed as it is pinned, and whether it is the newest is said and fails nothing."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SBOM = runpy.run_path(str(ROOT / "script" / "sbom.py"))
NEWEST = runpy.run_path(str(ROOT / "script" / "newest.py"))


@pytest.fixture(scope="module")
def bom() -> dict:
    return json.loads((ROOT / "sbom.cdx.json").read_text())


def test_the_list_is_what_is_pinned(bom):
    assert bom == SBOM["bom"](), "Run script/lock: it writes sbom.cdx.json anew."


def test_every_pin_is_in_it_with_what_needs_it(bom):
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = {line.split(" ")[0].split("[")[0] for line in lines if line and line[0].isalnum()}
    listed = {f"{one['name']}=={one['version']}" for one in bom["components"]}
    assert {pin.split("==")[0] for pin in pins} <= {one["name"] for one in bom["components"]}
    vendored = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert {f"{name}=={version}" for name, version in vendored.items()} <= listed
    assert len(listed) == len(bom["components"]) == len(pins) + len(vendored)
    needed = {row["ref"]: row["dependsOn"] for row in bom["dependencies"]}
    django = next(one["purl"] for one in bom["components"] if one["name"] == "django")
    sqlparse = next(one["purl"] for one in bom["components"] if one["name"] == "sqlparse")
    assert django in needed["peer-parent-groups"] and sqlparse in needed[django]
    orphans = {one["bom-ref"] for one in bom["components"]} - {ref for refs in needed.values() for ref in refs}
    assert not orphans, f"Nothing needs {orphans}: script/sbom.py does not read who does."


THERE = ["6.0.1", "5.2.20", "5.2.19"]


@pytest.mark.parametrize(
    ("pinned", "there", "begins"),
    [("5.2.20", THERE, "ok"), ("5.2.19", THERE, "BEHIND"), ("5.2.19", [], "UNKNOWN"), ("5.1.2", THERE, "UNKNOWN")],
)
def test_a_newer_release_of_the_series_is_said(pinned, there, begins):
    said = NEWEST["verdict"]("django", pinned, there)
    assert said.startswith(begins) and ("5.2.20 is out" in said) == (begins == "BEHIND")


def test_without_an_index_it_is_said_and_nothing_fails(monkeypatch, capsys):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(NEWEST["main"].__globals__, "SERIES", {"django": 2})
    NEWEST["main"]()
    assert "UNKNOWN django" in capsys.readouterr().err
