"""The code that somebody was told."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django.utils.translation import gettext_lazy as _

from evaluation.cards.forms import CodeField
from ppg.forms.fields import GovForm


class OpenForm(GovForm):
    """One press: whatever looks into e-mails on their way follows links, and would use this one up."""

    submit_label = _("Show my answers")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.disable_csrf = True  # no cookie on their phone: nobody is signed in, and the link is the secret
        return helper


class SpokenCodeForm(OpenForm):
    code = CodeField(
        label=_("The code you were told"),
        help_text=_("Ten letters and numbers. Small letters and gaps do not matter."),
        error_messages={"required": _("Type the code you were told")},
    )
