"""What the register is sent. Nobody types into these forms: what does not fit was not made by our pages."""

from __future__ import annotations

import re
import time
from typing import Any

from django import forms

from sessions_app.models import MarkState
from sessions_app.register.rows import OLDEST_SECONDS

KEY = re.compile(r"^[A-Za-z0-9-]{16,40}\Z")
CODE = re.compile(r"^[A-Za-z0-9_-]{22}\Z")


class WhenForm(forms.Form):
    """When it was ticked, as the device tells it.

    `ago` is how long it waited there. Clocks of devices lie, so `heard` bounds it: the server's own time in the last
    answer that the device had before. A tick was made after that.
    """

    ago = forms.FloatField(required=False)
    heard = forms.FloatField(required=False)

    def ago_seconds(self) -> float:
        ago, heard = self.cleaned_data.get("ago") or 0, self.cleaned_data.get("heard")
        since = OLDEST_SECONDS if heard is None else time.time() - heard
        return max(0, min(ago, since, OLDEST_SECONDS))


class MarkForm(WhenForm):
    """One tick. A script sends the `key` it made with it; without one there is the page's own, which every button
    of a row shares, so that the tick's key is made of both."""

    place = forms.RegexField(CODE)
    state = forms.ChoiceField(choices=MarkState.choices)
    key = forms.RegexField(KEY, required=False)
    page_key = forms.RegexField(KEY, required=False)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        key = typed.get("key") or (f"{typed['page_key']}.{typed.get('state')}" if typed.get("page_key") else "")
        if not key:
            raise forms.ValidationError("A tick without a key.")
        return {
            "place": typed.get("place"),
            "state": typed.get("state"),
            "key": key,
            "ago_seconds": self.ago_seconds(),
        }


class EveryoneForm(WhenForm):
    """A script says whom its screen showed as not ticked; without one it is whoever is not ticked now."""

    key = forms.RegexField(KEY)
    places = forms.CharField(required=False, max_length=4000)

    def clean_places(self) -> set[str]:
        codes = set(self.cleaned_data["places"].split())
        if not all(CODE.match(code) for code in codes):
            raise forms.ValidationError("Not a code of ours.")
        return codes


class UndoEveryoneForm(EveryoneForm):
    """`press` is the key under which everyone was ticked as here."""

    press = forms.RegexField(KEY)


class LetInForm(forms.Form):
    """Somebody unannounced is given a place."""

    person = forms.RegexField(CODE)
    key = forms.RegexField(KEY)
    why_first = forms.CharField(required=False, max_length=200)
