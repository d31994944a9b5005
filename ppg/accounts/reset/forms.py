"""Asking for a link for a new password, and whose link it is."""

from __future__ import annotations

from allauth.account.forms import UserTokenForm
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import EmailField, GovForm
from ppg.models import User


class AskForm(GovForm):
    """Whose address it is, this form does not know and does not look up."""

    submit_label = _("Send me the link")
    one_effect = True
    email = EmailField(label=_("E-mail address"), error_messages={"required": _("Enter your e-mail address")})


class CodeTokenForm(UserTokenForm):
    """Finds the person of a link for a new password by their code. Who was blocked since has no link any more."""

    def _get_user(self, uidb36: str) -> User | None:
        return User.objects.filter(code=uidb36, is_active=True).first()
