"""gunicorn's own log, in the lines of `ppg.logs`. It sets up its handlers before Django reads any setting."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from gunicorn.glogging import Logger

from ppg.logs import LineFormatter


def _at(level: int, **more: Any) -> Callable[..., None]:
    def say(self: Logger, message: Any, *args: Any, **words: Any) -> None:
        self.error_log.log(level, message, *args, **{"stacklevel": 2, **more, **words})

    return say


class Lines(Logger):
    """Each line names the place that wrote it, not this one: a message counts if it stands in the source there."""

    critical, error, warning = _at(logging.CRITICAL), _at(logging.ERROR), _at(logging.WARNING)
    info, debug = _at(logging.INFO), _at(logging.DEBUG)
    exception = _at(logging.ERROR, exc_info=True)

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LineFormatter())
