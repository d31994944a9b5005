"""Comments are put under themes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from feedback.models import Answer, Coded, Theme
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort


@transaction.atomic
def put_under(*, answer: Answer, cohort: Cohort, themes: Iterable[Theme], by: User) -> None:
    """These themes and no others. Which comment it was about is not in the trail: it belongs to nobody."""
    wanted = {theme.pk for theme in themes}
    Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    now = set(answer.coded.values_list("theme", flat=True))
    if wanted == now:
        return
    answer.coded.exclude(theme__in=wanted).delete()
    Coded.objects.bulk_create(Coded(answer=answer, theme_id=pk) for pk in wanted - now)
    audit.record(by, audit.Verb.CHANGED, cohort, cohort=cohort, fields=["themes"])
