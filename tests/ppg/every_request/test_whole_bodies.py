"""A request that breaks off on its way is not taken for one that is whole."""

from __future__ import annotations

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.test import RequestFactory

from ppg.every_request.whole_bodies import WholeBody, whole_bodies

FORM = b"text=what+somebody+wrote&more=yes"
PARTS = b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\nwhat somebody wrote\r\n--edge--\r\n'


def posted(body: bytes, length: int, kind: str) -> dict[str, str]:
    """What a view finds in the form of a request that says it is so long."""
    form = {}

    def serve(environ, _start_response):
        form.update(WSGIRequest(environ).POST.dict())
        return []

    environ = RequestFactory()._base_environ(  # type: ignore[attr-defined]
        REQUEST_METHOD="POST", CONTENT_TYPE=kind, CONTENT_LENGTH=str(length)
    )
    environ["wsgi.input"] = io.BytesIO(body)
    whole_bodies(serve)(environ, lambda *_answer: None)
    return form


@pytest.mark.parametrize(
    ("body", "kind"), [(FORM, "application/x-www-form-urlencoded"), (PARTS, "multipart/form-data; boundary=edge")]
)
def test_half_a_form_is_none(body, kind):
    assert posted(body, len(body), kind)["text"] == "what somebody wrote"
    with pytest.raises(UnreadablePostError):
        posted(body[:-14], len(body), kind)


def test_what_follows_a_body_is_not_read():
    assert posted(FORM + b"&text=of+the+next+request", len(FORM), "application/x-www-form-urlencoded")["more"] == "yes"


def test_without_a_body_there_is_nothing_to_read():
    assert WholeBody(io.BytesIO(b"of the next request"), 0).read() == b""


def test_lines_are_whole_too():
    body = WholeBody(io.BytesIO(b"one\ntw"), 8)
    assert body.readline() == b"one\n"
    with pytest.raises(OSError, match="broke off"):
        body.readline()
