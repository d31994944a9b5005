"""Who counts as one visitor."""

from django.core.cache import caches
from django.test import RequestFactory

from ppg.limits import too_many
from ppg.middleware import ClientAddress


def ask(address: str) -> bool:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return too_many(request, "try", most=2, seconds=600)


def test_each_address_has_its_own_count():
    assert [ask("192.0.2.1") for _ in range(3)] == [False, False, True]
    assert ask("192.0.2.2") is False


def test_no_address_is_kept_as_it_is():
    ask("192.0.2.77")
    assert "192.0.2.77" not in repr(caches["memory"]._cache)


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
    assert address_seen(settings, 2, "192.0.2.9") == "10.0.0.1"
