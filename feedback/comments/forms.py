"""A comment and its themes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from feedback.themes.forms import WithThemes


class CodeForm(WithThemes):
    submit_label = _("Save, and show the next")
