"""E-mails about the accounts of staff: written down by the action that they are about, sent by the worker.

    post(Kind.ROLE_CHANGED, user, by=administrator)                     inside the action's transaction
    post(Kind.INVITATION, user, by=administrator, site=site(request))   one that carries a link
    undelivered()                                                       what did not go out, for the administrator

A kind whose e-mail carries a link has a function that makes it, in `links.makers`.
"""

from ppg.accounts.mail.posting import post, tell_readers, undelivered
from ppg.models import AccountMail

Kind = AccountMail.Kind

__all__ = ["Kind", "post", "tell_readers", "undelivered"]
