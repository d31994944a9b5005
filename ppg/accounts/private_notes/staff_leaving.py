"""Private notes end with the account, or with the role that they belong to (`ppg.accounts.leaving`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ppg.access.permissions import P, can
from ppg.accounts.leaving import Access, Leaver
from ppg.models import PrivateNotes, User


def words(leaver: Leaver) -> Iterable[str]:
    """The same whether they keep any: that is nobody's business."""
    if can(leaver.user, P.PRIVATE_NOTES) and not leaver.keeps(P.PRIVATE_NOTES):
        yield _("Private notes are deleted, if they keep any. Ask them first to copy what they want to keep.")


def end(leaver: Leaver, by: User) -> None:
    if not leaver.keeps(P.PRIVATE_NOTES):
        PrivateNotes.objects.filter(user=leaver.user).delete()


NOTES = Access(words, end)
