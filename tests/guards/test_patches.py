"""A patch holds where the code looks: whoever imported a name from the patched module goes on with what it was."""

from __future__ import annotations

import ast
import importlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]

# Patched in one module alone, though another imported the name: module, name, who imported it → why that is meant.
MEANT = {
    ("evaluation.across.suppression", "suppress", "evaluation.reports.editions"): (
        "what calls it there is patched too"
    ),
    ("evaluation.withdrawing.actions", "supersede_across", "evaluation.cards.actions"): (
        "a consent is taken back; taking a card out is another test"
    ),
    ("ppg.backups.backup_file", "check", "ppg.backups.nightly"): (
        "a backup is written by hand; the nightly one reads it once more"
    ),
}


@cache
def imported_by() -> dict[tuple[str, str], set[str]]:
    """Module and name → the modules of ours that import the name from there."""
    users = defaultdict(set)
    for path in (path for app in settings.OUR_APPS for path in (ROOT / app).rglob("*.py")):
        importer = name_of(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    users[node.module, name.name].add(importer)
    return users


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def patches(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of each `setattr` of a monkeypatch and each `mock.patch`."""
    names = module_names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="setattr" | "patch"), args=[ast.Constant(value=str(path)), *_]):
                module, _dot, name = path.rpartition(".")
                yield node.lineno, module, name
            case ast.Call(
                func=ast.Attribute(attr="setattr" | "object"), args=[target, ast.Constant(value=str(name)), *_]
            ):
                if isinstance(patched := resolved(target, names), ModuleType):
                    yield node.lineno, str(patched.__name__), name


def module_names(tree: ast.Module) -> dict[str, Any]:
    """What the test's imports call modules."""
    names = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(package), names=imported):
                for one in imported:
                    names[one.asname or one.name] = getattr(importlib.import_module(package), one.name, None)
            case ast.Import(names=imported):
                for one in imported:
                    whole = one.asname or one.name.split(".")[0]
                    names[whole] = importlib.import_module(one.name if one.asname else whole)
    return names


def resolved(target: ast.expr, names: dict[str, Any]) -> Any:
    match target:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=value, attr=name):
            return getattr(resolved(value, names), name, None)
    return None


def without_effect() -> Iterator[str]:
    for path in sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]):
        rows = list(patches(ast.parse(path.read_text())))
        patched = {(module, name) for _line, module, name in rows}
        for line, module, name in rows:
            for user in sorted(imported_by()[module, name]):
                if (user, name) not in patched and (module, name, user) not in MEANT:
                    yield f"{path.relative_to(ROOT)}:{line} patches {module}.{name}, which {user} imported by name"


def test_the_guard_sees_a_patch_that_does_nothing():
    """Of what is imported by name, patched where it is made, by module and by path."""
    test = ast.parse(
        "from ppg.backups import backup_file\n"
        "monkeypatch.setattr(backup_file, 'check', 1)\n"
        "patched.setattr('ppg.backups.backup_file.check', 1)\n"
    )
    assert [name for _line, *name in patches(test)] == [["ppg.backups.backup_file", "check"]] * 2
    assert "ppg.backups.nightly" in imported_by()["ppg.backups.backup_file", "check"]


def test_what_is_meant_is_still_so():
    gone = [(module, name, user) for module, name, user in MEANT if user not in imported_by()[module, name]]
    assert not gone, f"Nobody imports these by name any more, take them out: {gone}"


def test_a_patch_is_seen_by_all_who_use_the_name():
    wrong = list(without_effect())
    assert not wrong, "Import the module there, or patch that name too:\n" + "\n".join(wrong)
