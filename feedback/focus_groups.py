"""The focus group: a talk with the group after the programme. Notes hold no names, and themes sort what was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from caregivers.models import Caregiver, Place
from feedback.models import Answer, Coded, FocusGroup, Form, Theme
from ppg import audit
from ppg.models import User
from programmes.models import Cohort


@transaction.atomic
def record(*, cohort: Cohort, held_on: date, people: int, notes: str, by: User) -> FocusGroup:
    """That it was held, with how many, and what was said."""
    made = FocusGroup.objects.create(cohort=cohort, held_on=held_on, people=people, notes=notes, by=by)
    audit.record(by, audit.Verb.CREATED, made, cohort=cohort, fields=["held_on", "notes", "people"])
    return made


@transaction.atomic
def change(*, focus_group: FocusGroup, held_on: date, people: int, notes: str, by: User) -> FocusGroup:
    """Put right, or a name taken out."""
    held = FocusGroup.objects.select_for_update(of=("self",)).get(pk=focus_group.pk)
    told = {"held_on": held_on, "people": people, "notes": notes}
    changed = [name for name, value in told.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, told[name])
        held.by = by
        held.save(update_fields=[*changed, "by"])
        audit.record(by, audit.Verb.CHANGED, held, cohort=focus_group.cohort, fields=changed)
    return held


def known_names(cohort: Cohort) -> list[str]:
    """Names that notes and quotes must not hold: those of the people and of the team."""
    people = Caregiver.objects.filter(pk__in=Place.objects.filter(cohort=cohort).values("caregiver"))
    names = [name for person in people.only("name", "liked_name") for name in (person.name, person.liked_name)]
    team = list(cohort.team.values_list("user__name", flat=True))
    return [name for name in (*names, *team) if name]


# --- Themes ----------------------------------------------------------------------------------------------


def comments(cohort: Cohort) -> list[Answer]:
    """Everything that was written after sessions and after the programme and has been opened: by random keys, without
    the sheet, the session or the scores it came with. Two queries."""
    forms = Form.objects.filter(cohort=cohort).anonymous().exclude(opened_with=None)
    found = Answer.objects.filter(form__in=forms, submission=None).select_related("question", "quote")
    return list(found.prefetch_related("coded__theme").order_by("id"))


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


def theme_called(title: str, by: User) -> Theme:
    """The theme of this title, new where there is none. Capitals make no other theme."""
    title = " ".join(title.split())
    if found := Theme.objects.filter(title__iexact=title).first():
        return found
    made, new = Theme.objects.get_or_create(title=title)
    if new:
        audit.record(by, audit.Verb.CREATED, made, fields=["title"])
    return made
