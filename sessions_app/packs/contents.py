"""What a pack holds and how it reaches somebody. Resources and caregivers in, decisions out. No request.
Which handouts a session has is settled when it is closed: `closing/actions.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Caregiver, HandoutsBy, SafeWay
from ppg.sending import outbox
from programmes.models import Resource
from sessions_app.handouts import IN_THE_HAND
from sessions_app.models import Delivery

State = Delivery.State
LOST_AFTER = outbox.LOST_AFTER

Content = dict[str, Any]


def content(resource: Resource) -> Content:
    """A handout as it is today, for `Pack.contents`."""
    return {
        "slug": resource.slug,
        "title": resource.title,
        "kind": resource.kind,
        "url": resource.url,
        "file": resource.file.name or "",
        "file_name": resource.file_name,
        "everyone": resource.print_for_everyone,
    }


def mailed(contents: Iterable[Content]) -> list[Content]:
    """What can go by e-mail: it has a file or a link."""
    return [
        handout for handout in contents if handout["kind"] not in IN_THE_HAND and (handout["file"] or handout["url"])
    ]


def by_hand(contents: Iterable[Content]) -> list[Content]:
    """What everybody is given in the hand: things, leaflets, what is printed for everyone, and what exists on paper
    only. A film or a site without its link is nothing yet: see `missing`."""
    return [
        handout
        for handout in contents
        if handout["kind"] in IN_THE_HAND
        or (not is_address(handout) and (handout["everyone"] or not (handout["file"] or handout["url"])))
    ]


class Letter(NamedTuple):
    """What an e-mail brings or speaks of."""

    files: list[Content]
    links: list[Content]
    by_hand: list[Content]


def letter(contents: Sequence[Content]) -> Letter:
    in_mail = mailed(contents)
    files = [handout for handout in in_mail if handout["file"]]
    links = [handout for handout in in_mail if not handout["file"]]
    return Letter(files, links, by_hand(contents))


def missing(contents: Iterable[Content]) -> list[Content]:
    """Films and sites whose link nobody has entered: neither an e-mail nor a sheet of paper can bring them."""
    return [handout for handout in contents if is_address(handout) and not handout["url"]]


def to_print(contents: Iterable[Content]) -> list[Content]:
    """What is printed for those who have their handouts on paper, besides what everybody is given."""
    return [handout for handout in contents if not is_address(handout) and handout not in by_hand([handout])]


def addresses(contents: Iterable[Content]) -> list[Content]:
    """Films and sites: on paper they are an address to type."""
    return [handout for handout in contents if is_address(handout) and handout["url"]]


def is_address(handout: Content) -> bool:
    return handout["kind"] in (Resource.Kind.FILM, Resource.Kind.WEBSITE) and not handout["file"]


NOT_SAFE = gettext_lazy("E-mail is not safe for them.")


def why_not_mail(caregiver: Caregiver) -> str:
    """Why their handouts go on paper, or nothing where they go by e-mail."""
    if caregiver.handouts_by == HandoutsBy.PAPER:
        return _("They asked for paper.")
    if caregiver.handouts_by != HandoutsBy.EMAIL:
        return _("We have not asked yet how they want them.")
    if SafeWay.EMAIL not in caregiver.safe_ways:
        return str(NOT_SAFE)
    if not caregiver.email:
        return _("We have no e-mail address.")
    return ""


def way(caregiver: Caregiver, contents: Sequence[Content]) -> tuple[str, str]:
    """By e-mail or on paper, and for paper the reason."""
    why_paper = why_not_mail(caregiver)
    if not why_paper and not mailed(contents):
        why_paper = _("Nothing in this pack has a file or a link.")
    return (HandoutsBy.PAPER, why_paper) if why_paper else (HandoutsBy.EMAIL, "")


def state_at(delivery: Delivery, now: datetime) -> str:
    """Its state as the page says it: true even where the worker that should have written it down is dead."""
    if delivery.state == State.SENDING and delivery.state_at < now - LOST_AFTER:
        return State.UNKNOWN
    return delivery.state


PRESSING = [State.FAILED, State.UNKNOWN, State.WAITING, State.SENDING, State.HANDED, State.SENT]
THEIRS = (State.SENT, State.HANDED)
