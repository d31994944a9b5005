"""Who counts as one visitor."""

from django.core.cache import caches
from django.test import RequestFactory

from ppg.limits import too_many


def ask(address: str) -> bool:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return too_many(request, "try", most=2, seconds=600)


def test_each_address_has_its_own_count():
    assert [ask("192.0.2.1") for _ in range(3)] == [False, False, True]
    assert ask("192.0.2.2") is False


def test_no_address_is_kept_as_it_is():
    ask("192.0.2.77")
    assert "192.0.2.77" not in repr(caches["memory"]._cache)
