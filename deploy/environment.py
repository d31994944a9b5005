"""environment.py TEMPLATE: prints the settings of a new installation, with keys made by chance.

Each setting that the template names may be given as a variable of the environment. HOSTS, DATABASE and PROXIES are
what deploy/install was told.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path


def fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def values(given: Mapping[str, str]) -> dict[str, str]:
    """What is known without the template; a variable of the same name goes before."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PPG_KEYS": fernet_key(),
        "PPG_BACKUP_KEY": fernet_key(),
        "ALLOWED_HOSTS": given.get("HOSTS", ""),
        "PPG_PROXIES": given.get("PROXIES", ""),
        "DATABASE_URL": given.get("DATABASE", ""),
        "WEB_CONCURRENCY": str(max(2, os.cpu_count() or 2)),
    }


def filled(template: str, given: Mapping[str, str]) -> str:
    known = values(given)

    def line(found: re.Match[str]) -> str:
        name = found["name"]
        value = given.get(name, "").strip() or known.get(name, "")
        return f"{name}={value}" if value else found[0]

    return re.sub(r"^#?(?P<name>[A-Z_]+)=.*$", line, template, flags=re.M)


if __name__ == "__main__":
    print(filled(Path(sys.argv[1]).read_text(), os.environ), end="")
