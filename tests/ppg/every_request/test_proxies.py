"""What stands in front of the service is believed where PPG_PROXIES counts it, and nobody else is."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ppg.every_request.middleware import ClientAddress


@pytest.fixture
def ask(settings, db):
    """A request that came without HTTPS, as production answers it; `X_Forwarded_Proto="https"` is a header."""

    def get(proxies: int, path: str = "/", **headers: str) -> HttpResponse:
        settings.PROXIES = proxies
        settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [r"^healthz$", r"^readyz$"]
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
        return Client().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return get


def test_behind_a_proxy_its_word_on_https_counts(ask):
    assert ask(1, X_Forwarded_Proto="https")["Location"] == "/sign-in/?next=/"
    assert ask(1, X_Forwarded_Proto="http")["Location"] == "https://testserver/"


def test_without_a_proxy_whoever_comes_without_https_is_sent_there(ask):
    answer = ask(0)
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")


@pytest.mark.parametrize("header", ["X_Forwarded_Proto", "X_Forwarded_For", "Forwarded", "Via"])
def test_a_proxy_that_is_not_counted_is_named_instead_of_sending_people_in_a_circle(ask, header, caplog):
    answer = ask(0, **{header: "https"})
    assert answer.status_code == 500 and "Location" not in answer
    assert b"A proxy stands in front, and PPG_PROXIES is 0." in answer.content
    assert "PPG_PROXIES is 0" in caplog.text


def test_a_proxy_that_does_not_say_how_people_came_is_named_too(ask):
    answer = ask(1, X_Forwarded_For="192.0.2.1")
    assert answer.status_code == 500
    assert b"none says by X-Forwarded-Proto how the visitor came" in answer.content


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 503)])  # no worker runs here
def test_whoever_watches_the_machine_needs_no_https(ask, path, status):
    assert ask(0, path).status_code == status
    assert ask(1, path, X_Forwarded_For="192.0.2.1").status_code == status


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_no_header_says_what_the_service_is_called(ask, proxies):
    foreign = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Port": "8443", "Forwarded": "host=evil.example"}
    answer = ask(proxies, X_Forwarded_Proto="http", **foreign)
    assert "evil.example" not in str(answer.headers) and b"evil.example" not in answer.content
    assert answer.get("Location", "https://testserver/") == "https://testserver/"


# --- The visitor's address -------------------------------------------------------------------------------


def address_seen(settings, proxies: int, forwarded: str) -> str:
    settings.PROXIES = proxies
    seen = []
    ClientAddress(lambda request: seen.append(request.META["REMOTE_ADDR"]))(
        RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    )
    return seen[0]


def test_without_a_proxy_nobodys_word_is_taken(settings):
    assert address_seen(settings, 0, "192.0.2.9") == "10.0.0.1"


def test_behind_a_proxy_the_address_it_wrote_down_counts_and_not_what_a_visitor_made_up(settings):
    assert address_seen(settings, 1, "192.0.2.66, 192.0.2.9") == "192.0.2.9"
    assert address_seen(settings, 2, "192.0.2.66, 192.0.2.9, 10.0.0.2") == "192.0.2.9"
    assert address_seen(settings, 2, "192.0.2.9") == "10.0.0.1"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.9:51234", "192.0.2.9"),
        ("[2001:db8::9]:51234", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("2001:DB8::9", "2001:db8::9"),
        ("unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_an_address_counts_without_its_port_and_nothing_else_counts(settings, written, address):
    assert address_seen(settings, 1, written) == address


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_in_a_sentence_and_fills_no_log(settings, caplog):
    settings.ALLOWED_HOSTS = ["groups.council.example"]
    answer = Client(raise_request_exception=False).get("/sign-in/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400 and "We could not read what your browser sent" in answer.text
    assert "Traceback" not in caplog.text
