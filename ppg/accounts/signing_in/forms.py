"""allauth's form, with what we leave out."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm

from ppg.forms.fields import EmailField


class SignInForm(LoginForm):
    """E-mail address and password, nothing to be remembered. The address is cleaned as in our own forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        asked = self.fields["login"]
        autocomplete = asked.widget.attrs.get("autocomplete", "email")
        self.fields["login"] = EmailField(label=asked.label, widget=asked.widget, autocomplete=autocomplete)
