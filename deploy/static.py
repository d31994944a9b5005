"""static.py FROM TO: moves collected static files to where they are served from, while they are served.

`collectstatic` itself deletes a file and writes it again, so that whoever asks in between gets an error. Here each file
comes in one step, and one that is there already stays. What only the version before needs stays too.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
from pathlib import Path


def is_manifest(path: Path) -> bool:
    """It names the others, so it comes last."""
    return path.name.startswith("staticfiles-")


def move(collected: Path, served: Path) -> None:
    files = sorted((path for path in collected.rglob("*") if path.is_file()), key=is_manifest)
    for path in files:
        there = served / path.relative_to(collected)
        if not (there.exists() and filecmp.cmp(path, there, shallow=False)):
            there.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, there)
    shutil.rmtree(collected)


if __name__ == "__main__":
    move(Path(sys.argv[1]), Path(sys.argv[2]))
