"""Reading the file of a film, a document or a thing."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from programmes.models import Resource

log = logging.getLogger(__name__)


def read(resource: Resource) -> bytes | None:
    """The file that was uploaded, five megabytes at most; None where there is none."""
    if not resource.file:
        return None
    try:
        with resource.file.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None
    except OSError as why:
        log.error("An uploaded file could not be read: %s", why)
        raise Refused(_("The file cannot be reached just now. Try again in a few minutes.")) from None
