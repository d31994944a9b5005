"""What the run view is sent: presses, which nobody types, and a question, which somebody does."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import GovForm, TextField
from sessions_app.models import Session
from sessions_app.running.clock import Kind

KEY = re.compile(r"^[A-Za-z0-9_-]{16,40}\Z")
PAGE_KEY = re.compile(r"^[A-Za-z0-9_-]{16,36}\Z")  # together with what was pressed no longer than its column
CODE = r"[A-Za-z0-9_-]{22}"
NAMED, TIMED = {Kind.START, Kind.SKIP, Kind.SWAP}, {Kind.EXTEND, Kind.BREAK}
DO = re.compile(rf"^(?P<kind>[a-z]+)(?::(?:(?P<code>{CODE})|(?P<minutes>[1-9]|[1-5]\d|60)))?\Z")


class StepForm(forms.Form):
    """One press. `do` says what: "finish", "extend:5", "swap:CODE". A script sends the `key` it made with the press;
    without one there is the page's own, which all its buttons share, so that the press's key is made of both."""

    do = forms.RegexField(DO)
    key = forms.RegexField(KEY, required=False)
    page_key = forms.RegexField(PAGE_KEY, required=False)
    seen = forms.IntegerField(required=False, min_value=0)
    on = forms.RegexField(rf"^{CODE}\Z", required=False)  # the item that the person saw on

    def clean(self) -> dict[str, Any]:
        """kind, code of the item meant or "", minutes, key, seen."""
        typed = self.cleaned_data
        do = typed.get("do", "")
        found = DO.match(do)
        if not found or found["kind"] not in Kind.values:
            raise forms.ValidationError("No such press.")
        kind, code, minutes = found["kind"], found["code"] or "", found["minutes"]
        if (kind in TIMED) != bool(minutes) or (code and kind not in NAMED):
            raise forms.ValidationError("A press that is not whole.")
        key = typed.get("key") or (f"{typed['page_key']}.{do}" if typed.get("page_key") else "")
        if not key:
            raise forms.ValidationError("A press without a key.")
        if kind == Kind.UNDO and typed.get("seen") is None:
            raise forms.ValidationError("What is undone is what somebody has seen.")
        if kind in (Kind.FINISH, Kind.EXTEND):
            code = typed.get("on", "")
        return {
            "kind": kind,
            "code": code,
            "minutes": int(minutes) if minutes else None,
            "key": key,
            "seen": typed.get("seen"),
        }


class QuestionForm(GovForm):
    submit_label = _("Save question")
    submit_style = "secondary"
    form_tag = False
    one_effect = True
    text = TextField(
        label=_("Note a question for later"),
        help_text=_("In a few words, without anybody’s name."),
        max_length=500,
        error_messages={"required": _("Write the question in a few words")},
    )


class DisplayForm(forms.Form):
    display = forms.ChoiceField(choices=Session.Display.choices)
