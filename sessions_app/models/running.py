"""Running the session: steps, one row each; how things stand is worked out from them in `sessions_app.running`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from sessions_app.models.session import Session, SessionItem, SessionItemResource

# The items with what is shown in them: two queries, however many.
FILMS = Prefetch("items__uses_in_order", SessionItemResource.objects.select_related("resource"))
# All that tells what became of a session's plan: three queries, however many sessions.
COURSE = (Prefetch("items", SessionItem.objects.select_related("source", "remark")), "steps", "adaptations")


class SessionStep(models.Model):
    """One thing that was done while the session ran. Rows are only ever added, in the order of their ids.

    `key` is made by the browser with the press, so that a press sent again is the same press.
    """

    class Kind(models.TextChoices):
        START = "start", _("Start")  # the session, or the item named
        FINISH = "finish", _("Done")  # the item now
        SKIP = "skip", _("Skip")  # the item named
        EXTEND = "extend", _("More minutes")  # to the item now
        SWAP = "swap", _("Do next")  # the item named comes next, before the others
        BREAK = "break", _("Break now")  # an unplanned break of so many minutes begins; the item now goes on after it
        END = "end", _("End")  # of the session
        UNDO = "undo", _("Undo")  # takes back the last step that counts

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    item = models.ForeignKey(SessionItem, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()  # the server's time
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["session", "-id"], name="step_latest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["extend", "break"]) | Q(minutes__isnull=False), name="minutes_where_needed"
            ),
            models.CheckConstraint(condition=~Q(kind__in=["skip", "swap"]) | Q(item__isnull=False), name="which_item"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ItemRemark(models.Model):
    """Why an item was shortened, extended, added or left out, and whether the group asked for it."""

    item = models.OneToOneField(SessionItem, on_delete=models.CASCADE, related_name="remark")
    why = models.CharField(_("why"), max_length=500, blank=True)
    by_group = models.BooleanField(_("the group asked for it"), default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.why


class LaterQuestion(models.Model):
    """A question that came up while the session ran, to be taken up at the end or next time."""

    code = CodeField()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="later_questions")
    text = EncryptedTextField(_("question"), max_length=500)
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return "question"


def with_version(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with what `version` needs, in the same query: steps and questions are only ever added."""

    def number(model: type[models.Model], **only: Any) -> Coalesce:
        rows = model._default_manager.filter(session=OuterRef("pk"), **only).order_by().values("session")
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    return sessions.annotate(
        steps_made=number(SessionStep),
        asked=number(LaterQuestion),
        taken_up=number(LaterQuestion, answered_at__isnull=False),
    )


def version(session: Any) -> str:
    """Changes with everything that the run view shows of a session from `with_version`."""
    display = Session.Display.values.index(session.room_display)
    return f"{session.steps_made}.{session.asked}.{session.taken_up}.{display}"
