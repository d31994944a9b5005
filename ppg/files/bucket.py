"""A bucket in a store that speaks S3's language: uploaded files, the ledger and backups, each under a name of its own.

Imported only where PPG_STORE or PPG_BACKUPS names one. Whatever goes wrong on the way is an `OSError` that says so in a
sentence and repeats no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from ppg.files.stored_files import Unreachable

CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},  # a host of the council's own has no subdomain for each bucket
    request_checksum_calculation="when_required",  # stores other than Amazon's know no newer ones
    response_checksum_validation="when_required",
)


@contextmanager
def reaching() -> Iterator[None]:
    try:
        yield
    except ClientError as why:
        raise Unreachable(f"The store answered: {why.response.get('Error', {}).get('Code', 'an error')}.") from None
    except (BotoCoreError, Boto3Error) as why:
        raise Unreachable(f"The store could not be reached ({type(why).__name__}).") from None


class Bucket(S3Storage):
    """django-storages' own, with our errors; reading brings the whole file before anything is done with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=CONFIG, default_acl=None, file_overwrite=False, **options)

    def _open(self, name: str, mode: str = "rb") -> File:
        with reaching():
            file = super()._open(name, mode)
            _ = file.file
            return file

    def _save(self, name: str, content: File) -> str:
        with reaching():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with reaching():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with reaching():
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with reaching():
            return super().listdir(name)

    def size(self, name: str) -> int:
        with reaching():
            return super().size(name)

    def write(self, name: str, content: bytes) -> None:
        """Under this very name, whatever was there."""
        with reaching():
            self.bucket.put_object(Key=self._key(name), Body=content)

    # --- Big files: from disk to disk -------------------------------------------------------------------

    def put(self, path: Path, name: str) -> None:
        with reaching():
            self.bucket.upload_file(str(path), self._key(name))

    def fetch(self, name: str, path: Path) -> None:
        with reaching():
            self.bucket.download_file(self._key(name), str(path))

    def rename(self, old: str, new: str) -> None:
        with reaching():
            source = {"Bucket": self.bucket_name, "Key": self._key(old)}
            self.bucket.copy(source, self._key(new))
            self.bucket.Object(self._key(old)).delete()

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))
