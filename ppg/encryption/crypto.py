"""What must not be readable in the database file is encrypted with keys kept apart from it.

`PPG_KEYS` holds Fernet keys, newest first: the first encrypts, all decrypt. A value that does not verify
raises `Unreadable` instead of coming back as it lies there.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from ppg.typed import Words


class Unreadable(Exception):
    """A stored value was tampered with, or its key is missing from PPG_KEYS."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str, *, within: int | None = None) -> str:
    """`within`: of what was encrypted longer ago, in seconds, nothing is read."""
    return decrypt_bytes(token, within=within).decode()


def decrypt_bytes(token: str, *, within: int | None = None) -> bytes:
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(token.encode(), ttl=within)
    except InvalidToken as error:
        raise Unreadable("A stored value cannot be read with the keys in PPG_KEYS.") from error


def renewed(token: str) -> str:
    """It under the newest key, with the time at which it was encrypted first; as it is if it lies there already."""
    newest = settings.FIELD_KEYS[0]
    try:
        _box((newest,)).decrypt(token.encode())
        return token
    except InvalidToken:
        pass
    try:
        return _box(tuple(settings.FIELD_KEYS)).rotate(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("A stored value cannot be read with the keys in PPG_KEYS.") from error


class EncryptedTextField(models.TextField):
    """Text that lies encrypted in the database. It cannot be searched or sorted there."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else Words(decrypt(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is encrypted: the database cannot look it up by {lookup_name}.")


class EncryptedJSONField(EncryptedTextField):
    """A list or dict that lies encrypted in the database."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(json.dumps(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(decrypt(value))


class EncryptedBytesField(EncryptedTextField):
    """Bytes that lie encrypted in the database, as text: newer keys and backups take it as they take the others."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else _box(tuple(settings.FIELD_KEYS)).encrypt(bytes(value)).decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else decrypt_bytes(value)
