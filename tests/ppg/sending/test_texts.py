"""Sending one text: what Notify can answer, and what is known afterwards."""

from __future__ import annotations

import socket

import pytest

from ppg.sending import texts
from ppg.sending.mail import FateUnknown, NotSent
from tests.ppg.sending.notify import KEY, notify_server


def send():
    texts.send(to="07700 900982", text="Hello", ref="copy-1")


def test_what_notify_takes_is_sent_once(settings):
    with notify_server(settings) as server:
        send()
    assert server.taken == [
        {
            "path": "/v2/notifications/sms",
            "phone_number": "+447700900982",
            "template_id": "template-1",
            "personalisation": {"message": "Hello"},
            "reference": "copy-1",
        }
    ]


@pytest.mark.parametrize(("status", "later"), [(400, False), (403, False), (429, True), (500, True), (503, True)])
def test_what_notify_refuses_is_not_sent_and_may_pass_or_not(settings, caplog, status, later):
    with notify_server(settings, status=status, body=b'{"errors": []}') as server, pytest.raises(NotSent) as refused:
        send()
    assert refused.value.later == later and not server.taken
    assert "07700" not in caplog.text and "Hello" not in caplog.text


@pytest.mark.parametrize("answer", [{"status": None}, {"status": 504}, {"status": 201, "body": b"<html>"}])
def test_when_the_answer_is_lost_nobody_can_tell(settings, answer):
    with notify_server(settings, **answer), pytest.raises(FateUnknown):
        send()


def test_where_nobody_listens_nothing_left(settings):
    settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = KEY, "template-1"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.NOTIFY_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(NotSent) as refused:
            send()
    assert refused.value.later


def test_without_a_key_there_is_no_sending(settings):
    settings.NOTIFY_KEY = ""
    assert not texts.can_send()
    with pytest.raises(NotSent):
        send()
