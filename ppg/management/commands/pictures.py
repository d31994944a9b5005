"""Prints pictures of the code as Mermaid in Markdown, for docs/pictures.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models

from caregivers.models import MessageCopy, Place
from caregivers.models.places import NEXT as PLACES
from evaluation.models import Report
from evaluation.models.reports import STEPS as REPORT_STEPS
from feedback.models import Form
from feedback.models.answers import STEPS as FORM_STEPS
from ppg.models import AccountMail, User
from ppg.models.outgoing import NEXT as OUTGOING
from sessions_app.models import Delivery, Session
from sessions_app.models.packs import NEXT as DELIVERIES
from sessions_app.models.session import STEPS as SESSION_STEPS

ROOT = Path(__file__).resolve().parents[3]

Arrow = tuple[str, str, str]  # from, to, what stands on it


def pictures() -> str:
    """All of them, under a heading each."""
    return "\n".join([*rooms(), *tables(), *states()]).strip()


def drawn(kind: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("```mermaid", kind)
    yield from (f"  {line}" for line in lines)
    yield from ("```", "")


# --- The order of the rooms ------------------------------------------------------------------------------


def rooms() -> Iterator[str]:
    yield from ("## The order of the rooms", "")
    yield from ("What stands higher may import what stands lower. Rooms in one box do not know each other.", "")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        if contract["type"] != "layers":
            continue
        layers = list(contract["layers"])
        if "containers" not in contract:  # of the apps: another contract puts the foundation below all of them
            layers.append("the rest of ppg")
        yield from (f"### {contract['name']}", "")
        yield from drawn("flowchart TB", boxes(layers))


def boxes(layers: list[str]) -> Iterator[str]:
    for number, layer in enumerate(layers):
        yield f'L{number}["{layer.replace(" | ", " · ")}"]'
    if len(layers) > 1:
        yield " --> ".join(f"L{number}" for number in range(len(layers)))


# --- Models and their relations ----------------------------------------------------------------------------


def tables() -> Iterator[str]:
    yield from ("## The models of each app", "")
    yield from (
        "An arrow leads from a row to the one that it names; “many” says that it names several, a dashed one leads",
        "into another app. Who did something (an arrow to `User`) is left out.",
        "",
    )
    for app in settings.OUR_APPS:
        rows = sorted(apps.get_app_config(app).get_models(), key=lambda model: model.__name__)
        yield from (f"### {app}", "")
        yield from drawn("flowchart LR", relations(rows))


def relations(rows: list[type[models.Model]]) -> Iterator[str]:
    arrows = {arrow for model in rows for arrow in arrows_of(model)}
    named = {name for arrow in arrows for name in arrow[:2]}
    yield from (f"{start} {way} {end}" for start, end, way in sorted(arrows))
    yield from (model.__name__ for model in rows if model.__name__ not in named)


def arrows_of(model: type[models.Model]) -> Iterator[Arrow]:
    for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
        target = field.related_model
        if not isinstance(target, type) or who_did_it(field, target) or through_a_model(field):
            continue
        way = "-->" if target._meta.app_label == model._meta.app_label else "-.->"
        yield model.__name__, target.__name__, f"{way}|many|" if field.many_to_many else way


def who_did_it(field: Any, target: type) -> bool:
    return target is User and field.remote_field.related_name == "+"


def through_a_model(field: Any) -> bool:
    """The model in between has two arrows of its own."""
    return bool(field.many_to_many) and not field.remote_field.through._meta.auto_created


# --- States ------------------------------------------------------------------------------------------------


def states() -> Iterator[str]:
    yield from ("## States", "", "Each is the table that the code asks, `NEXT` or `STEPS` beside the model.", "")
    yield from machine("A place", Place.State, from_next(PLACES))
    yield from machine("The delivery of a pack", Delivery.State, from_next(DELIVERIES))
    yield from machine("A message", MessageCopy.State, from_next(OUTGOING))
    yield from machine("An e-mail about an account", AccountMail.State, from_next(OUTGOING))
    yield from machine("A session", Session.State, from_steps(SESSION_STEPS))
    yield from machine("A form after a session or after the programme", Form.State, from_steps(FORM_STEPS))
    yield from machine("A report", Report.State, from_steps(REPORT_STEPS))


def from_next(following: Mapping[str, set[str]]) -> list[Arrow]:
    return [(str(start), str(end), "") for start, ends in following.items() for end in ends]


def from_steps(steps: Mapping[str, Mapping[str, set[Any]]]) -> list[Arrow]:
    return [
        (str(start), str(end), step) for start, ways in steps.items() for step, ends in ways.items() for end in ends
    ]


def machine(title: str, labels: type[models.TextChoices], arrows: list[Arrow]) -> Iterator[str]:
    """In the order of the choices; a state with no arrow (a copy that was left out) is not drawn."""
    order = list(labels.values)
    names = {name for start, end, _step in arrows for name in (start, end)}
    lines = [f'state "{labels(name).label}" as {name}' for name in order if name in names]
    arrows.sort(key=lambda arrow: (order.index(arrow[0]), order.index(arrow[1]), arrow[2]))
    lines += [f"{start} --> {end}{f' : {step}' if step else ''}" for start, end, step in arrows]
    yield from (f"### {title}", "")
    yield from drawn("stateDiagram-v2", lines)


class Command(BaseCommand):
    help = "Prints the pictures of docs/pictures.md: rooms, models, states."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(pictures())
