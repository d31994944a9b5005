"""What the register is sent. Nobody types into these forms: what does not fit was not made by our pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from sessions_app.models import MarkState
from sessions_app.register import OLDEST_SECONDS

KEY = re.compile(r"^[A-Za-z0-9-]{16,40}\Z")
CODE = re.compile(r"^[A-Za-z0-9_-]{22}\Z")


class MarkForm(forms.Form):
    """One tick. A script sends the `key` it made with it; without one there is the page's own, which every button
    of a row shares, so that the tick's key is made of both."""

    place = forms.RegexField(CODE)
    state = forms.ChoiceField(choices=MarkState.choices)
    key = forms.RegexField(KEY, required=False)
    page_key = forms.RegexField(KEY, required=False)
    ago = forms.FloatField(required=False)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        key = typed.get("key") or (f"{typed['page_key']}.{typed.get('state')}" if typed.get("page_key") else "")
        if not key:
            raise forms.ValidationError("A tick without a key.")
        ago = min(max(typed.get("ago") or 0, 0), OLDEST_SECONDS)
        return {"place": typed.get("place"), "state": typed.get("state"), "key": key, "ago_seconds": ago}


class EveryoneForm(forms.Form):
    key = forms.RegexField(KEY)


class LetInForm(forms.Form):
    """Somebody unannounced is given a place."""

    person = forms.RegexField(CODE)
    key = forms.RegexField(KEY)
    why_first = forms.CharField(required=False, max_length=200)
