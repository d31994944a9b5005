"""Public forms that Back finds as they were left, also where no script runs: a cut connection loses nothing typed.

A browser does that for a page that it may keep, whose form goes to another address than the page's own (a form that
goes to its page's address drops the page), and for fields that do not say `autocomplete="off"`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

SEND = "?send"


class KeptForBack:
    """Mixed into a form: see above. Where scripts run they keep what was typed, and say "off" again (keep-typed.js)."""

    form_action = SEND
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.widget.attrs.get("autocomplete") == "off":
                field.widget.attrs["autocomplete"] = "on"


def kept_for_back(response: HttpResponse, form: forms.BaseForm) -> HttpResponse:
    """For Back alone: every other way here asks for the page anew. What comes back filled in is never kept."""
    if not form.is_bound:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
