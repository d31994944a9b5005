"""What is refused before anybody looked who it is: always a sentence, always the policy's headers, never a fault."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ppg.every_request.middleware import Readable
from ppg.every_request.whole_bodies import WholeBody
from ppg.service_details import service
from tests.guards.test_headers import faults

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=here"
TOKEN = "a" * 32


def post(client: Client, body: bytes, kind: str = FORM, path: str = "/account/name/", **headers: str) -> HttpResponse:
    client.cookies[configured.CSRF_COOKIE_NAME] = TOKEN
    ours = {"Origin": "http://testserver", "Accept": "text/html"}
    return client.generic("POST", path, body, kind, headers=ours | headers)


def broken_off(client: Client) -> HttpResponse:
    """As it comes to Django where a connection ends in the middle of a form."""
    half = {"wsgi.input": WholeBody(io.BytesIO(b"half"), 100), "CONTENT_LENGTH": "100"}
    client.cookies[configured.CSRF_COOKIE_NAME] = TOKEN
    headers = {"Origin": "http://testserver", "Accept": "text/html"}
    return client.generic("POST", "/account/name/", b"", FORM, headers=headers, **half)


def many(name: str, n: int) -> bytes:
    part = f'--here\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n'
    return (part * n + "--here--\r\n").encode()


READ, SAVED, MUCH, FOUND = "We could not read", "Nothing was saved", "too much at once", "If you typed the address"
REFUSED: dict[str, tuple[int, str, Callable[[Client], HttpResponse]]] = {
    "a host that is not ours": (400, READ, lambda client: client.get("/sign-in/", headers={"Host": "evil"})),
    "a host that is no name": (400, READ, lambda client: client.get("/sign-in/", headers={"Host": "a b/c"})),
    "a form without a token": (403, SAVED, lambda client: client.post("/sign-in/", {"login": "x"})),
    "a form of another site": (403, SAVED, lambda client: post(client, b"a=x", Origin="https://evil.example")),
    "a body that is too large": (413, MUCH, lambda client: post(client, b"a=" + b"x" * 2_600_000)),
    "too many fields": (413, MUCH, lambda client: post(client, b"&".join([b"a=1"] * 2_100))),
    "too many parts": (413, MUCH, lambda client: post(client, many("a", 2_100), PARTS)),
    "too many files": (413, MUCH, lambda client: post(client, many('a"; filename="x', 120), PARTS)),
    "parts without a boundary": (400, READ, lambda client: post(client, b"x", "multipart/form-data")),
    "letters that nobody knows": (403, SAVED, lambda client: post(client, b"a=\xff\xfe", FORM + "; charset=evil")),
    "something that is no form": (400, READ, lambda client: post(client, b'{"a": 1}', "application/json")),
    "a form without an end": (400, READ, lambda client: post(client, b"--here\r\nContent-Disp", PARTS)),
    "a body that broke off": (400, READ, broken_off),
    "a path with a zero": (404, FOUND, lambda client: client.get("/f/a%00b/")),
    "a path that is no text": (404, FOUND, lambda client: client.get("/f/%ff%fe/")),
}


@pytest.fixture(params=["a stranger", "the lead"])
def client(request, browser_of, lead):
    """As a browser sends it; what fails is answered, not raised."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if request.param == "the lead":
        browser.cookies = browser_of(lead).cookies
    return browser


@pytest.mark.parametrize("case", REFUSED)
def test_whatever_is_refused_first_is_a_sentence_under_the_policy(client, case):
    status, sentence, send = REFUSED[case]
    answer = send(client)
    assert (answer.status_code, faults(answer)) == (status, []) and sentence in answer.text


def test_a_zero_byte_is_left_out_of_whatever_is_read(browser_of, lead):
    """PostgreSQL keeps none, and in a field nobody could see it."""
    browser = browser_of(lead)
    assert browser.post("/account/name/", {"name": "Le\0na"}).status_code == 302
    lead.refresh_from_db()
    assert lead.name == "Lena"
    assert browser.get("/sessions/set-up/?draft=%00x", follow=True).status_code == 200
    assert browser.get("/groups/a%00b/").status_code == 404
    stranger = Client(headers={"Cookie": r'sessionid="\000\000\000\000\000\000\000\000\000\000"; device="\000x"'})
    assert stranger.get("/sign-in/").status_code == 200


def test_whatever_a_view_reads_has_no_zero_byte():
    """Also where no form cleans it, and on a database that would keep it."""
    request = RequestFactory().post("/anything/?page=%00two", {"name": "Le\0na", "more": ["a\0", "b"]})
    Readable(lambda request: HttpResponse()).process_view(request, None, (), {})
    assert request.GET["page"] == "two"
    assert (request.POST["name"], request.POST.getlist("more")) == ("Lena", ["a", "b"])


@pytest.mark.parametrize("case", ["a host that is not ours", "a host that is no name"])
def test_a_wrong_host_is_refused_as_well_where_https_is_asked_for_first(case, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = REFUSED[case][2](Client(raise_request_exception=False))
    assert (answer.status_code, faults(answer)) == (400, []) and READ in answer.text


def test_a_wrong_host_is_refused_without_asking_the_database_or_naming_the_council(django_assert_num_queries):
    service.forget()
    with django_assert_num_queries(0):
        answer = Client().get("/sign-in/", headers={"Host": "evil"})
    assert answer.status_code == 400 and service.current().name not in answer.text


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_way_to_https_carries_the_policy_and_so_does_a_proxy_that_is_not_set_up(proxies, settings):
    settings.SECURE_SSL_REDIRECT, settings.PROXIES = True, proxies
    answer = Client().get("/sign-in/")
    assert (answer.status_code, faults(answer)) == (500 if proxies else 301, [])
