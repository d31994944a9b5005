"""Sending one text message through GOV.UK Notify, and what is known afterwards: as `ppg.sending.mail`, with its two
exceptions. Without a key there is no sending: pages then offer staff the text for their own phone.

The template at Notify has one field, ((message)), and nothing else.
"""

from __future__ import annotations

from django.conf import settings

from ppg.sending.mail import FateUnknown, NotSent
from ppg.typed import dialled

SECONDS = 10


def can_send() -> bool:
    return bool(settings.NOTIFY_KEY and settings.NOTIFY_TEMPLATE)


def send(*, to: str, text: str, ref: str) -> None:
    """One text to one person. `ref` is found again in Notify's own list."""
    import requests  # slow, and needed by the worker only
    from notifications_python_client.errors import HTTPError, InvalidResponse
    from notifications_python_client.notifications import NotificationsAPIClient

    if not can_send():
        raise NotSent(later=False)
    to = dialled(to)
    client = NotificationsAPIClient(settings.NOTIFY_KEY, base_url=settings.NOTIFY_URL, timeout=SECONDS)
    try:
        client.send_sms_notification(to, settings.NOTIFY_TEMPLATE, personalisation={"message": text}, reference=ref)
    except InvalidResponse:
        raise FateUnknown from None
    except HTTPError as error:
        why = error.__cause__
        if error.response is None:
            # Never connected: nothing can have left. Anything later, and we cannot tell.
            if isinstance(why, requests.ConnectTimeout) or never_connected(why):
                raise NotSent(later=True) from None
            raise FateUnknown from None
        if error.status_code in (502, 504):  # something between us and them gave up waiting
            raise FateUnknown from None
        raise NotSent(later=error.status_code == 429 or error.status_code >= 500) from None
    finally:
        client.request_session.close()


def never_connected(error: BaseException | None) -> bool:
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    found = error.args[0] if error and error.args else None
    return isinstance(found, MaxRetryError) and isinstance(found.reason, NewConnectionError)
