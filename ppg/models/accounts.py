"""How somebody comes to an account, and where they are signed in."""

from __future__ import annotations

from django.db import models

from ppg.links.codes import CodeField, SecretLink, SecretLinkQuerySet
from ppg.models.people import User


class Invitation(SecretLink):
    """A link that lets one person choose how they sign in. A newer one ends those before it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # None: the command

    objects = SecretLinkQuerySet.as_manager()


class SignIn(models.Model):
    """One device on which somebody is signed in: what they see of it, and the session that ends it."""

    code = CodeField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)  # in words: "Chrome on Windows"
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.device
