"""A sheet on a tablet that goes from hand to hand."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper

from feedback.answering.forms import AnswerForm


class TabletForm(AnswerForm):
    """Its fields carry the sheet's own name, so that a browser has nothing to fill in from an earlier sheet."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any):
        super().__init__(*args, prefix=prefix, csrf=False, **kwargs)
        self.form_action = f"?{prefix}"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.attrs = {**(helper.attrs or {}), "autocomplete": "off"}
        return helper
