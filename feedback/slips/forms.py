"""A slip's code, as it is typed from paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from feedback.models import SlipSheet
from feedback.slips.codes import is_on
from ppg.forms.fields import GovForm, TypedCodeField, YesNo

LABEL = gettext_lazy("The code on your slip")
HINT = gettext_lazy("Seven letters and numbers. Small letters and gaps do not matter.")
NOT_OURS = gettext_lazy("That is not the code of a slip for this form. Look at it once more.")
MISSING = gettext_lazy("Type the code on your slip")
WRONG = "wrong_slip"


class SlipField(TypedCodeField):
    """Gives the code in our own spelling. `page`: what stands around the questions in a language that was chosen."""

    def __init__(self, sheet: SlipSheet | None, *, page: Mapping[str, str] | None = None, **kwargs: Any):
        page = page or {}
        self.sheet = sheet
        self.wrong = page.get("slip_wrong", NOT_OURS)
        told: dict[str, Any] = {"label": page.get("slip", LABEL), "help_text": "" if page else HINT}
        told["error_messages"] = {"required": page.get("slip_wrong", MISSING)}
        super().__init__(width=10, **told | kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not is_on(self.sheet, code):
            raise ValidationError(self.wrong, code=WRONG)
        return code


class SlipForm(GovForm):
    """The code of a slip as its own address says it."""

    def __init__(self, *args: Any, sheet: SlipSheet | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["slip"] = SlipField(sheet)


class LinkForm(GovForm):
    """How a group answers after a session."""

    submit_label = gettext_lazy("Save")

    link = YesNo(
        label=gettext_lazy("Should this group answer by the link alone, without slips?"),
        error_messages={"required": gettext_lazy("Choose yes or no")},
    )
