"""A service that is well, to break one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db.models.functions import Now

from ppg import health
from ppg.health import heartbeat, keys
from ppg.models import Canary, Heartbeat


@pytest.fixture
def planted(db: None) -> None:
    """Under the keys that this test begins with; another may have left some of its own."""
    Canary.objects.all().delete()
    keys.plant()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where backups of this test lie."""
    at = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "backups")}}
    settings.VAR, settings.STORAGES = tmp_path, settings.STORAGES | {"backups": at}
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def beating(db: None) -> None:
    heartbeat.beat("worker-1")


@pytest.fixture
def heard(db: None) -> Callable[..., None]:
    """`heard(seconds=130)`: a worker was last heard of so long ago."""

    def make(host: str = "web1", **ago: float) -> None:
        Heartbeat.objects.create(worker_id=f"of {host}", host=host, at=Now() - timedelta(**ago))

    return make


@pytest.fixture
def run_check(db: None, now) -> Callable[[str], health.Finding]:
    """What a check finds: `run_check("backup")`."""
    return lambda name: next(check for check in health.checks if check.name == name)(now)


@pytest.fixture
def other_keys(settings, planted) -> None:
    """The installation begins with keys that are not those of its data."""
    assert Canary.objects.exists()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
