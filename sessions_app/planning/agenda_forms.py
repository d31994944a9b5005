"""The agenda as it is being changed on its page: text in, a plan out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.fields import GovForm, NumberField, TextField, Tick
from programmes.agenda.formfields import MOST_MINUTES, PromptsField
from programmes.models import ItemKind, ItemLead
from sessions_app.models import Session, SessionItem
from sessions_app.planning.changes import ItemPlan, seen
from sessions_app.planning.forms import MOST_ITEMS, WhyForm

NEW = re.compile(r"new[1-9][0-9]?\Z")


class ItemForm(GovForm):
    """One part of the agenda."""

    form_tag = False
    title = TextField(label=gettext_lazy("Title"), max_length=160)
    minutes = NumberField(label=gettext_lazy("Minutes"), min_value=1, max_value=MOST_MINUTES)
    left_out = Tick(label=gettext_lazy("Leave this part out"))
    prompts = PromptsField(
        label=gettext_lazy("Prompts"),
        required=False,
        rows=8,
        max_length=6000,
        help_text=gettext_lazy("One a line. Begin a line with a dash and a space to put it under the one before."),
    )
    key: str
    item: SessionItem | None

    def name_errors_after(self, name: str) -> None:
        """The error summary tells one part's minutes from another's."""
        for field, label in {"title": _("Title"), "minutes": _("Minutes"), "prompts": _("Prompts")}.items():
            self.fields[field].label = _("%(field)s of “%(title)s”") % {"field": label, "title": name}


class NewItemForm(ItemForm):
    field_order = ["title", "minutes", "kind", "lead", "prompts"]
    left_out = None  # type: ignore[assignment]
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of part is it?"), choices=ItemKind.choices, initial=ItemKind.DISCUSSION
    )
    lead = forms.ChoiceField(label=gettext_lazy("Who leads?"), choices=ItemLead.choices)


def next_key(keys: Iterable[str]) -> str:
    return f"new{max((int(key[3:]) for key in keys if NEW.match(key)), default=0) + 1}"


class AgendaEdit:
    """The whole agenda as it is being changed: a form for each part, in the order of the page, and one for why.

    The page carries everything. Moving a part up or down, adding one and counting the minutes send it, and it comes
    back changed and unsaved; only "save" saves. Nothing typed is lost on the way.
    """

    def __init__(self, session: Session, items: Sequence[SessionItem], data: Any = None):
        self.session, self.data = session, data
        self.items = {item.code: item for item in items}
        self.press = str(data.get("press", "save")) if data is not None else ""
        self.saving = self.press == "save"
        self.opened_at = str(data.get("seen", ""))[:16] if data is not None else seen(items)
        self.rows = [self.row(key) for key in self.rearranged()]
        self.why = WhyForm(data if self.saving else None, initial=self.typed(WhyForm.base_fields) or None)
        self.why.form_tag = False
        if data is not None and not self.saving:
            self.why.initial["effect_key"] = str(data.get("effect_key", ""))

    def sent_order(self) -> list[str]:
        """The parts in the order of the page that was sent; those the page did not know come last."""
        if self.data is None:
            return list(self.items)
        sent = [key for key in self.data.getlist("order") if key in self.items or NEW.match(key)]
        return list(dict.fromkeys([*sent, *self.items]))[:MOST_ITEMS]

    def rearranged(self) -> list[str]:
        keys = self.sent_order()
        what, _colon, key = self.press.partition(":")
        if what in ("up", "down") and key in keys:
            place = keys.index(key)
            other = max(0, place - 1) if what == "up" else min(len(keys) - 1, place + 1)
            keys[place], keys[other] = keys[other], keys[place]
        elif what == "drop" and NEW.match(key) and key in keys:
            keys.remove(key)
        elif what == "add" and len(keys) < MOST_ITEMS:
            counted = [i for i, key in enumerate(keys) if key not in self.items or self.items[key].counted]
            after = max(counted, default=-1)
            keys.insert(after + 1, next_key(keys))  # what comes after the session stays last
        return keys

    @property
    def next_key(self) -> str:
        """What the next new part is called."""
        return next_key(row.key for row in self.rows)

    def row(self, key: str) -> ItemForm:
        item = self.items.get(key)
        cls = ItemForm if item else NewItemForm
        sent = self.data is not None and (key in self.data.getlist("order"))
        stored = {name: getattr(item, name) for name in cls.base_fields} if item else {}
        form = cls(
            self.data if self.saving and sent else None,
            prefix=key,
            initial=self.typed(cls.base_fields, f"{key}-") if sent else stored,
        )
        form.key, form.item = key, item
        form.name_errors_after(item.title if item else _("the new part"))
        return form

    def typed(self, fields: Any, prefix: str = "") -> dict[str, Any]:
        """What was typed into these fields, as it was typed."""
        if self.data is None:
            return {}
        names = [name for name in fields if f"{prefix}{name}" in self.data]
        return {name: self.data[f"{prefix}{name}"] for name in names}

    @property
    def forms(self) -> list[GovForm]:
        """For the summary of what is wrong."""
        return [*self.rows, self.why]

    def is_valid(self) -> bool:
        wrong = [form for form in self.forms if form.is_bound and not form.is_valid()]  # each says what is wrong
        return self.saving and not wrong

    def plan(self) -> list[ItemPlan]:
        """The agenda as typed, once it is valid; what the page does not ask stays as it was."""
        rows = []
        for form in self.rows:
            item = form.item
            typed = form.cleaned_data if form.is_bound else form.initial
            kept = {name: getattr(item, name) for name in ItemPlan.FIELDS} if item else {}
            rows.append(ItemPlan(**{**kept, **typed, "code": item.code if item else ""}))
        return rows

    def bar(self) -> list[tuple[str, int, str]]:
        """What counts towards the session's length, as typed so far."""
        rows = []
        for form in self.rows:
            counted = form.item.counted if form.item else True
            minutes = str(form["minutes"].value() or "").strip()
            left_out = "left_out" in form.fields and form["left_out"].value()
            if counted and not left_out and minutes.isdecimal() and len(minutes) <= 3:
                kind = form.item.kind if form.item else str(form["kind"].value())
                rows.append((str(form["title"].value() or ""), int(minutes), kind))
        return rows

    def refresh(self) -> None:
        """Somebody else was quicker: the next save is meant as it stands."""
        self.opened_at = seen(list(self.items.values()))
