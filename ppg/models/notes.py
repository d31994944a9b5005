"""What somebody writes for themselves alone."""

from __future__ import annotations

from django.db import models

from ppg.encryption.crypto import EncryptedTextField
from ppg.models.people import User


class PrivateNotes(models.Model):
    """One text for each person, read and written by them alone. It has no code: no address leads to anybody else's."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField()
    version = models.PositiveIntegerField(default=0)  # how often it was saved: two windows notice each other

    class Meta:
        verbose_name_plural = "private notes"

    def __str__(self) -> str:
        return "private notes"
