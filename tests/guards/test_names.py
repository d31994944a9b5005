"""Things have the nouns of their field, actions have verbs. Words that serve for anything are left to short loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [*settings.OUR_APPS, "bench", "tests"]
WORDS = {"told", "found", "one", "beside", "own"}
NEAR = 5  # lines: so far below, a reader still sees what a name was given

# Keys that the browser's script or stored rows have.
READ_ELSEWHERE = {
    "feedback/languages/texts.py": {"told"},  # translations in the database
    "sessions_app/register/views.py": {"told"},  # static/js/register.js
    "tests/sessions_app/register/test_device.py": {"told"},
    "tests/sessions_app/register/test_ticks.py": {"told"},
}


def test_words_are_for_what_is_close_by():
    """The guard itself: what it lets pass and what it does not."""
    close = "def f(rows):\n    found = sorted(rows)\n    return [one for one in found]"
    assert not list(names(ast.parse(close)))
    apart = close.replace("\n    return", "\n    #" * NEAR + "\n    return")
    assert list(names(ast.parse(apart))) == [(2, "found")]
    for made in ("def told(): ...", "class Own: ...", "def f(one): ...", "class A:\n    own: int", '{"found": 1}'):
        assert list(names(ast.parse(made))), made


@pytest.mark.parametrize("folder", FOLDERS)
def test_things_have_names_of_their_own(folder):
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
        for line, name in sorted(set(names(ast.parse(path.read_text()))))
        if name not in READ_ELSEWHERE.get(str(path.relative_to(ROOT)), ())
    ]
    assert not wrong, (
        "Say what it is, with the noun that people in this field or Django use (problems, rows, sentence, person, "
        f"comparison). Only a variable that is used within {NEAR} lines may have such a name:\n" + "\n".join(wrong)
    )


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a word names a thing: a function, class, parameter, field or key, or a variable that is used far away."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                yield from of_words((node.lineno, name.lower()), *fields(node))
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                parameters = [part for part in ast.walk(args) if isinstance(part, ast.arg)]
                yield from of_words((node.lineno, name), *((part.lineno, part.arg) for part in parameters))
                yield from far(node)
            case ast.Dict(keys=keys):
                yield from of_words(*((key.lineno, key.value) for key in keys if isinstance(key, ast.Constant)))
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield from of_words((node.lineno, node.attr))


def of_words(*given: tuple[int, object]) -> Iterator[tuple[int, str]]:
    yield from ((line, str(name)) for line, name in given if name in WORDS)


def fields(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.lineno, part.target.id


def far(function: ast.AST) -> Iterator[tuple[int, str]]:
    """Variables that are used more than NEAR lines away from where they are given a value."""
    used = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id in WORDS]
    for word in {name.id for name in used}:
        made = [name.lineno for name in used if name.id == word and isinstance(name.ctx, ast.Store)]
        near = {line + lines for line in made for lines in range(-NEAR, NEAR + 1)}
        if made and any(name.lineno not in near for name in used if name.id == word):
            yield min(made), word
