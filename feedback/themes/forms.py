"""Under which themes something stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from feedback.models import Theme
from ppg.forms.fields import GovForm, ModelCheckboxes, TextField


class WithThemes(GovForm):
    """`chosen()` gives the titles: those ticked are themes, a new one is made by the action."""

    themes = ModelCheckboxes(Theme.objects.all(), label=_("Themes"), required=False)
    new_theme = TextField(
        label=_("A theme that is not there yet"),
        help_text=_("It is then there for every group, so name nobody and no place. For example, “Being believed”"),
        required=False,
        max_length=Theme._meta.get_field("title").max_length or 0,
    )

    def clean_new_theme(self) -> str:
        return " ".join(self.cleaned_data["new_theme"].split())
