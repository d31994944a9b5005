from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.installed import HOST, MAIL, install
from tests.tls import certificate


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `deploy/install --root` makes of an empty folder, with the council's own certificate. Nobody changes it."""
    root = tmp_path_factory.mktemp("server")
    signed, key = certificate(tmp_path_factory.mktemp("tls"), HOST, "localhost")
    done = install(root, "--host", f"{HOST},localhost", "--certificate", str(signed), "--key", str(key), **MAIL)
    assert done.returncode == 0, done.stderr
    return root
