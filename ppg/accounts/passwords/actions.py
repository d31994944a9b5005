"""A new password: changed by its owner, or chosen by a link."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import mail, sessions, slowing
from ppg.audit_trail import audit
from ppg.models import User


@transaction.atomic
def choose(*, user: User, password: str, by: User | None) -> None:
    """Ends every session; the page of one's own account keeps the one it is in. `by` is None for whoever holds a link.

    Of two who use one link at the same moment, the second finds another password than its link was made for.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if held.password != user.password:
        raise Refused(_("The password was changed meanwhile. Ask for a new link if it was not you."))
    had_one = bool(held.password) and held.has_usable_password()
    user.set_password(password)
    user.save(update_fields=["password"])  # nothing else of what was read before: they may be blocked by now
    sessions.end_all(user)
    slowing.begin_anew(user)
    audit.record(by, audit.Verb.CHANGED if by else audit.Verb.RESET, user, fields=["password"])
    if had_one:  # a first one is no change
        mail.post(mail.Kind.PASSWORD_CHANGED, user)
