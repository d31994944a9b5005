"""One press, one effect: a form sent twice does its work once and both get the first result."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction

from ppg.models import Effect


def once(key: str, do: Callable[[], str]) -> str:
    """Run `do` for the first arrival of this key and keep what it returns (a code or an address, up to 200
    characters); later arrivals get that. A second request at the same moment waits for the first at the unique key.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                effect = Effect.objects.create(key=key)
        except IntegrityError:
            return Effect.objects.get(key=key).result
        effect.result = do()
        effect.save(update_fields=["result"])
        return effect.result
