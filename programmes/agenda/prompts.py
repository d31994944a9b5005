"""An agenda as it is typed: prompts in two levels, and lists of one thing a line. Shared by guides and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def prompt_lines(prompts: Iterable[Any]) -> list[tuple[str, list[str]]]:
    """Prompts as (line, lines under it); both levels are plain text."""
    lines: list[tuple[str, list[str]]] = []
    for prompt in prompts:
        lines += [(text, list(under)) for text, under in prompt.items()] if isinstance(prompt, dict) else [(prompt, [])]
    return lines


UNDER = "- "  # how a typed line begins that belongs under the one before


def prompts_as_text(prompts: Iterable[Any]) -> str:
    """Prompts as they are typed: one a line, those of the second level behind a dash."""
    lines = []
    for line, under in prompt_lines(prompts):
        lines += [one_line(line), *(UNDER + one_line(text) for text in under)]
    return "\n".join(lines)


def prompts_from_text(text: str) -> list[Any]:
    """What was typed as prompts, the other way round. A dash with no line before it counts as a line."""
    rows: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        typed = one_line(line)
        if not typed.strip("-"):
            continue
        if typed.startswith(UNDER) and rows:
            rows[-1][1].append(typed.removeprefix(UNDER).strip())
        else:
            rows.append((typed.removeprefix(UNDER), []))
    return [{line: under} if under else line for line, under in rows]


def lines_from_text(text: str) -> list[str]:
    """Aims, materials, speakers: one a line."""
    return [one_line(line) for line in text.splitlines() if line.strip()]


def one_line(text: str) -> str:
    return " ".join(text.split())
