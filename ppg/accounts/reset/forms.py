from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.formfields import EmailField, GovForm


class AskForm(GovForm):
    """Whose address it is, this form does not know and does not look up."""

    submit_label = _("Send me the link")
    one_effect = True
    email = EmailField(label=_("E-mail address"), error_messages={"required": _("Enter your e-mail address")})
