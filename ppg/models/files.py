"""Uploaded files, where no other store is set."""

from __future__ import annotations

from django.db import models

from ppg.encryption.crypto import EncryptedBytesField


class StoredFile(models.Model):
    """A file that somebody uploaded. Its content lies in pieces, so that no row is big: `ppg.files.stored_files`."""

    name = models.CharField(max_length=255, unique=True)
    size = models.PositiveIntegerField()  # bytes of all its pieces
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FilePiece(models.Model):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = EncryptedBytesField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_piece_of_a_number")]
