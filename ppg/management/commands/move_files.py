"""Moves uploaded files into the store that is set, from wherever they lay before."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from ppg import environment
from ppg.files import stored_files


class Command(BaseCommand):
    help = "Moves uploaded files into the store that is set: each is read back before the original goes."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--from", dest="bucket", help="the PPG_STORE of before, where files lie in another bucket")
        parser.add_argument("--keep", action="store_true", help="leave the originals where they are")

    def handle(self, *args: Any, bucket: str | None = None, keep: bool = False, **options: Any) -> None:
        try:
            stores = stored_files.other_stores()
            if bucket:
                before = environment.bucket("http", "https")(bucket)
                stores.append(import_string("ppg.files.bucket.Bucket")(**before.options("files")))
            moved = sum(stored_files.bring_in(store, keep=keep) for store in stores)
        except environment.Unfit as why:
            raise CommandError(f"--from {why}") from None
        except OSError as why:
            raise CommandError(f"Not all files were moved. {why} What is moved stays moved; run it again.") from why
        self.stdout.write(f"Moved and read back: {moved}. {len(list(stored_files.every_name()))} files are there.")
