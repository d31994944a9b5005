"""Sending one e-mail, and what is known afterwards: it was taken, it was not, or nobody can tell.

`send` returns when the mail server has said that it takes the message. Whoever calls it decides what to do about the
other two; sending again by itself is right after `NotSent` only.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from ppg.service_details import service


class NotSent(Exception):
    """It certainly did not leave. `later`: the fault lies with the connection or the server and may pass."""

    def __init__(self, *, later: bool) -> None:
        super().__init__("not sent")
        self.later = later


class FateUnknown(Exception):
    """The connection broke after the message was on its way: it may have arrived."""


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str


def send(*, to: str, subject: str, text: str, ref: str, attachments: Iterable[Attachment] = ()) -> None:
    """One message to one person, never more. `ref` names the message for good: sent again it has the same
    Message-ID, by which mail programs drop a second copy and a postmaster finds out what became of the first."""
    from_email = settings.DEFAULT_FROM_EMAIL
    ours = service.current()
    message = EmailMessage(
        subject=subject,
        body=text,
        from_email=from_email,
        to=[to],
        reply_to=[ours.email] if ours.email else [],
        headers={"Message-ID": f"<{ref}@{domain(from_email)}>"},
        attachments=[(one.name, one.content, one.mimetype) for one in attachments],
    )
    connection = get_connection()
    try:
        message.message()  # an address or a header that cannot be written shows before anything leaves
        connection.open()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(later=not isinstance(error, ValueError) and may_pass(error)) from None
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise NotSent(later=all(400 <= code < 500 for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        if not 400 <= error.smtp_code < 600:  # not an answer that a mail server gives
            raise FateUnknown from None
        raise NotSent(later=may_pass(error)) from None
    except (smtplib.SMTPNotSupportedError, ValueError):
        raise NotSent(later=False) from None
    except (OSError, smtplib.SMTPException):
        raise FateUnknown from None
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def may_pass(error: Exception) -> bool:
    """The server said that it is for now only, or there was no server to say anything. A wrong password may be put
    right too, but by nobody within minutes."""
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    return True


def domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"
