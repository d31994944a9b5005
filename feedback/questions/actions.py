"""What a lead does to questions: draft, change, publish. A published or answered version never changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from feedback.kinds import KINDS
from feedback.languages import actions as languages
from feedback.models import Question, Questionnaire, Translation
from feedback.questions.fingerprints import facts_of, fingerprint, fingerprint_of_about, fingerprint_of_all, meanwhile
from feedback.questions.questionnaires import extensions, problems
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.audit_trail import audit
from ppg.models import User
from ppg.versions import (
    ChangedMeanwhile,
    draft_among,
    in_state,
    last_position,
    put_in_use,
    renumber,
    touch,
    who_changed,
)

# --- From version to version ------------------------------------------------------------------------


@transaction.atomic
def create(*, kind: str, title: str, by: User, at: datetime | None = None) -> Questionnaire:
    """The draft of questions that were not there before."""
    leaving.hold_at_work(by)
    draft = _under_a_free_slug(kind=kind, title=title, state=Questionnaire.State.DRAFT)
    if kind in extensions:
        extensions[kind].started(draft, None)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CREATED, draft)
    return draft


def _under_a_free_slug(*, title: str, **fields: Any) -> Questionnaire:
    """Somebody may take the slug in the same moment, with questions of the same title: then the next is tried."""
    while True:
        slug = free_slug(title, set(Questionnaire.objects.values_list("slug", flat=True)))
        try:
            with transaction.atomic():
                return Questionnaire.objects.create(slug=slug, title=title, **fields)
        except IntegrityError:
            if not Questionnaire.objects.filter(slug=slug).exists():
                raise


@transaction.atomic
def start(*, questionnaire: Questionnaire, by: User, at: datetime | None = None) -> Questionnaire:
    """The draft of these questions: the one there is, or a copy of the version in use with its translations."""
    versions = locked(questionnaire, by)
    if draft := in_state(versions, Questionnaire.State.DRAFT):
        return draft
    current = in_state(versions, Questionnaire.State.CURRENT)
    if current is None:
        raise Refused(_("These questions are not in use any more, so they cannot be changed."))
    draft = copied(current, version=versions[0].version + 1)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CREATED, draft)
    return draft


def copied(current: Questionnaire, version: int) -> Questionnaire:
    draft = Questionnaire.objects.create(
        kind=current.kind,
        slug=current.slug,
        version=version,
        title=current.title,
        intro=current.intro,
        state=Questionnaire.State.DRAFT,
    )
    Question.objects.bulk_create(
        Question(questionnaire=draft, position=row.position, slug=row.slug, required=row.required, **facts_of(row))
        for row in current.questions.all()
    )
    Translation.objects.bulk_create(
        Translation(questionnaire=draft, language=row.language, words=row.words) for row in current.translations.all()
    )
    if current.kind in extensions:
        extensions[current.kind].started(draft, current)
    return draft


@transaction.atomic
def publish(*, questionnaire: Questionnaire, by: User, seen: str, at: datetime | None = None) -> Questionnaire:
    """The draft becomes the version that new forms take. Of two who press, one does it.

    `seen` is the fingerprint of the draft that the person read before pressing.
    """
    versions = locked(questionnaire, by)
    draft = the_draft(versions)
    if seen != fingerprint_of_all(draft):
        raise meanwhile(draft, by)
    for sentence in problems(draft):
        raise Refused(sentence)
    current = in_state(versions, Questionnaire.State.CURRENT)
    if current and fingerprint_of_all(current) == seen:
        raise Refused(_("Nothing is different from the version in use, so there is nothing to publish."))
    put_in_use(draft, current, by=by, at=at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["state", "version"])
    return draft


@transaction.atomic
def discard(*, questionnaire: Questionnaire, by: User) -> None:
    draft = the_draft(locked(questionnaire, by))
    audit.record(by, audit.Verb.CHANGED, draft, fields=["draft thrown away"])
    draft.delete()


def locked(questionnaire: Questionnaire, by: User) -> list[Questionnaire]:
    """Every version, newest first. Whoever else changes these questions waits at the oldest, which always is there.
    Before it is held `by`, who goes on with them."""
    leaving.hold_at_work(by)
    rows = Questionnaire.objects.of(questionnaire)
    Questionnaire.objects.select_for_update().get(pk=rows.order_by("version").values_list("pk", flat=True)[:1])
    return list(rows.select_related("changed_by"))


def the_draft(versions: Iterable[Questionnaire]) -> Questionnaire:
    return draft_among(
        versions,
        _("Nobody is changing these questions now: the draft was published or thrown away. Nothing was saved."),
    )


# --- Changing the draft -----------------------------------------------------------------------------


@transaction.atomic
def save_about(
    *, questionnaire: Questionnaire, by: User, seen: str, title: str, intro: str, at: datetime | None = None
) -> None:
    draft = the_draft(locked(questionnaire, by))
    if seen != fingerprint_of_about(draft):
        raise meanwhile(draft, by)
    before = languages.english(draft)
    draft.title, draft.intro = title, intro
    draft.save(update_fields=["title", "intro"])
    languages.forget_changed(draft, before)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["title", "intro"])


@transaction.atomic
def add_question(*, questionnaire: Questionnaire, by: User, at: datetime | None = None, **fields: Any) -> Question:
    """At the end. Its slug is new among all versions: two different questions never share one."""
    draft = the_draft(locked(questionnaire, by))
    taken = Question.objects.filter(questionnaire__slug=draft.slug).values_list("slug", flat=True)
    slug = free_slug(fields["text"], set(taken))
    question = Question.objects.create(
        questionnaire=draft, position=last_position(draft.questions) + 1, slug=slug, **fields
    )
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["questions"])
    return question


@transaction.atomic
def save_question(
    *, questionnaire: Questionnaire, slug: str, by: User, seen: str, at: datetime | None = None, **fields: Any
) -> Question:
    """`seen` is the fingerprint of the question as it was on the page."""
    draft = the_draft(locked(questionnaire, by))
    question = draft.questions.filter(slug=slug).first()
    if question is None:
        raise ChangedMeanwhile(_("%(who)s took this question out meanwhile.") % {"who": who_changed(draft, by)})
    if seen != fingerprint(question):
        raise meanwhile(draft, by)
    before = languages.english(draft)
    for name, value in fields.items():
        setattr(question, name, value)
    refuse_another_question(draft, question)
    question.save()
    languages.forget_changed(draft, before)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=list(fields))
    return question


def refuse_another_question(draft: Questionnaire, question: Question) -> None:
    """Answers of all versions are counted together, so the answers must stay the same numbers."""
    rows = Question.objects.filter(questionnaire__slug=draft.slug, slug=question.slug).exclude(questionnaire=draft)
    for kind, options in rows.values_list("kind", "options"):
        if kind != question.kind or len(KINDS[kind].choices(options)) != len(question.choices):
            raise Refused(
                _(
                    "With another kind or number of answers this is another question: what people said before could "
                    "not be put beside it. Take this one out and add a new one."
                )
            )


@transaction.atomic
def move_question(*, questionnaire: Questionnaire, slug: str, step: int, by: User, at: datetime | None = None) -> None:
    """Up (-1) or down (1); further than the end it cannot go."""
    draft = the_draft(locked(questionnaire, by))
    order = list(draft.questions.values_list("slug", flat=True))
    if slug not in order:
        return
    index = order.index(slug)
    order.insert(max(0, index + step), order.pop(index))
    renumber(draft.questions, order, known_by="slug")
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["questions"])


@transaction.atomic
def remove_question(*, questionnaire: Questionnaire, slug: str, by: User, at: datetime | None = None) -> str:
    """Takes a question out; twice is once. Says which it was."""
    draft = the_draft(locked(questionnaire, by))
    question = draft.questions.filter(slug=slug).first()
    if question is None:
        return ""
    question.delete()
    renumber(draft.questions, list(draft.questions.values_list("slug", flat=True)), known_by="slug")
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["questions"])
    return question.text


def free_slug(text: str, taken: set[str]) -> str:
    """Readable where it can be: it is the name of a column in what evaluators get."""
    words = slugify(text)[:30].strip("-") or "question"
    return next(slug for n in range(1, len(taken) + 2) if (slug := words if n == 1 else f"{words}-{n}") not in taken)
