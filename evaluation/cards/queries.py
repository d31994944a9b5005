"""What a code leads to: its card, the name its answers lie under, and the round that takes answers now. Whose cards may
be printed and counted out."""

from __future__ import annotations

import base64
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from evaluation.models import Card, CardSheet, Mode, Wave
from evaluation.rounds import plans
from feedback.models import Form
from feedback.slips.queries import AFTER_LAST, Also, groups_to_print_for
from ppg.access.permissions import P, can
from ppg.links import typed_codes as cards
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session


def hash_of(code: str) -> str:
    """What is kept of a code. Forty bits could be tried out one by one, so the installation's secret is in it."""
    return salted_hmac("evaluation.cards.hash", code, algorithm="sha256").hexdigest()


def pseudonym_of(code: str) -> str:
    """The name under which a card's answers lie: the same in every round, and not to be had from its row."""
    made = salted_hmac("evaluation.cards.pseudonym", code, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")


def codes_of(sheet: CardSheet) -> list[str]:
    """The codes of a group's cards, always the same ones; none once those that were left over are counted out. Of
    cards from before there were sheets only hashes are left."""

    def made(number: str) -> bytes:
        words = f"{sheet.cohort_id}\n{sheet.key}\n{number}"
        return salted_hmac("evaluation.cards.make", words, algorithm="sha256").digest()

    return cards.codes_from(made, sheet.made - sheet.earlier if sheet.key else 0)


def card_with(code: str) -> Card | None:
    """The card with this code (see `cards.typed`)."""
    return (
        Card.objects.filter(code_hash=hash_of(code)).select_related("cohort").first() if cards.is_code(code) else None
    )


def wave_for(card: Card, now: datetime) -> Wave | None:
    """The round that takes answers now; of several the one that was opened last."""
    if card.withdrawn or plans.mode_of(card.cohort) != Mode.CODED:
        return None
    waves = Wave.objects.filter(cohort=card.cohort_id, form__in=Form.objects.open(now))
    return waves.select_related("form__questionnaire", "cohort").order_by("-pk").first()


# --- Printed, and counted out --------------------------------------------------------------------------


def why_not_print(cohort: Cohort) -> str:
    """Why no cards can be printed for this group now, or nothing."""
    if plans.mode_of(cohort) != Mode.CODED:
        return _("This group answers by personal links, not by cards.")
    first = plans.first_round(cohort)
    if first and first.form.closed_at:
        return _("The first questions have closed. A card that somebody draws now would not count.")
    return ""


def why_not_count(cohort: Cohort, sheet: CardSheet | None, first: Wave | None) -> str:
    """Why the cards of this group cannot be counted now, or nothing. first: its first round."""
    if plans.mode_of(cohort) != Mode.CODED:
        return _("This group answers by personal links, not by cards.")
    if sheet is None:
        return _("No cards were printed for this group, so there is nothing to count.")
    if not sheet.is_uncounted:
        return _("The cards of this group have been counted.")
    if first is None or not first.form.closed_at:
        return _("The cards are counted when the first questions have closed. Until then people may still draw one.")
    return ""


def also_printed(user: User, now: datetime) -> list[Also]:
    """Groups by cards, for whoever prints slips: to be printed until the first questions have closed, then to be
    counted by those who are in the team."""
    coming = Session.objects.filter(cohort=OuterRef("pk"), starts_at__gte=now - AFTER_LAST)
    none_yet = ~Exists(Session.objects.filter(cohort=OuterRef("pk")))
    groups = groups_to_print_for(user).filter(Q(Exists(coming)) | none_yet, evaluation_plan__mode=Mode.CODED)
    first = Wave.objects.filter(cohort=OuterRef("pk")).order_by("pk").values("form__closed_at")[:1]
    rows = []
    for cohort in groups.annotate(closed=Subquery(first)).select_related("card_sheet").order_by("name", "pk"):
        sheet = getattr(cohort, "card_sheet", None)
        words = {"group": cohort.name, "n": sheet.made if sheet else 0}
        if cohort.closed is None:
            sentence = _("Print the cards: %(group)s (%(n)s printed)") if sheet else _("Print the cards: %(group)s")
            rows.append(Also(sentence % words, reverse("evaluation:cards", args=[cohort.code])))
        elif sheet and sheet.is_uncounted and can(user, P.SLIPS_COUNT):
            rows.append(Also(_("Count the cards: %(group)s") % words, count_page(cohort)))
    return rows


def count_page(cohort: Cohort) -> str:
    return reverse("evaluation:count_cards", args=[cohort.code])
