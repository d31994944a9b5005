"""Words as they will stand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from feedback.models import Quote
from feedback.themes.forms import WithThemes
from ppg.forms.fields import LongTextField


class QuoteForm(WithThemes):
    """Words as they will stand. `people`, where given: whose words they can be."""

    submit_label = _("Save")
    one_effect = True

    words = LongTextField(
        label=_("The words as they will stand"),
        help_text=_("Leave out and shorten; do not put in. Where you left something out write …"),
        rows=5,
        max_length=Quote._meta.get_field("words").max_length or 0,
        count=True,
        error_messages={"required": _("Enter the words")},
    )
    field_order = ("caregiver", "words", "themes", "new_theme")
