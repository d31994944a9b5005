"""A list on its way between the pages of bringing it in.

It travels in the page itself, sealed: nothing of it lies in the database, on disk or in a session before the preview
is accepted.
"""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from caregivers.importing.columns import WHOLE_NAME
from caregivers.importing.files import Lists
from caregivers.importing.rows import Defaults
from caregivers.importing.sheets import Sheet
from ppg.access.refusals import Refused
from ppg.encryption.crypto import Unreadable, decrypt, encrypt
from ppg.encryption.rotation import Passing
from ppg.models import User
from programmes.models import Cohort

OPEN_FOR = timedelta(hours=1)
PASSING = Passing("a list that is being brought in", OPEN_FOR, module=__name__)
MOST_SEALED = 2_000_000  # letters; a page's form may have no more than settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@dataclass(frozen=True)
class Upload:
    """A list on its way: what was read, and what its columns were said to hold."""

    key: str  # of the one effect it can have
    lists: Lists
    matched: dict[str, int]
    defaults: Defaults
    theirs: list[str]  # of what may be about a child, what staff have said is the caregivers' own

    @classmethod
    def of(cls, lists: Lists) -> Upload:
        return cls(str(uuid.uuid4()), lists, matched_at_first(lists.sheet), Defaults(), [])

    @property
    def has_names(self) -> bool:
        return any(name in self.matched for name in WHOLE_NAME)

    @property
    def sheet(self) -> Sheet:
        return self.lists.sheet

    def read_from(self, at: int, heading: int) -> Upload:
        """Another sheet, or its headings in another row; the columns are guessed anew where that changes anything."""
        sheet = self.sheet.with_headings_in(heading) if at == self.lists.at else self.lists.sheets[at]
        if at == self.lists.at and sheet.heading == self.sheet.heading:
            return self
        if not sheet.rows:
            raise Refused(_("There is nobody below that row"))
        sheets = [sheet if place == at else one for place, one in enumerate(self.lists.sheets)]
        lists = replace(self.lists, sheets=sheets, at=at)
        return replace(self, lists=lists, matched=matched_at_first(sheet), theirs=[])

    def sealed(self, user: User, cohort: Cohort, now: datetime) -> str:
        """For the page's form. Only the same person, for the same group, can open it, for an hour."""
        kept = {**asdict(self), "for": ["import", user.pk, cohort.code, now.timestamp()]}
        kept["defaults"]["received_on"] = str(self.defaults.received_on or "")
        packed = zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 6)
        sealed = encrypt(base64.b85encode(packed).decode())
        if len(sealed) > MOST_SEALED:
            raise Refused(_("There is too much text in the list. Bring it in in parts"))
        return sealed

    @classmethod
    def opened(cls, sealed: str, user: User, cohort: Cohort, now: datetime) -> Upload:
        gone = Refused(_("The list is no longer here: it is kept for an hour only. Choose the file again"))
        try:
            kept = json.loads(zlib.decompress(base64.b85decode(decrypt(sealed))))
            what, who, which, at = kept["for"]
        except (Unreadable, ValueError, zlib.error, KeyError, TypeError):
            raise gone from None
        fresh = timedelta() <= now - datetime.fromtimestamp(at, tz=now.tzinfo) < OPEN_FOR
        if (what, who, which) != ("import", user.pk, cohort.code) or not fresh:
            raise gone
        day = kept["defaults"]["received_on"]
        defaults = Defaults(kept["defaults"]["source"], date.fromisoformat(day) if day else None)
        sheets = [
            Sheet(**{**one, "lines": [tuple(line) for line in one["lines"]]}) for one in kept["lists"].pop("sheets")
        ]
        return cls(kept["key"], Lists(sheets, **kept["lists"]), kept["matched"], defaults, kept["theirs"])


def matched_at_first(sheet: Sheet) -> dict[str, int]:
    """By the headings; nothing where the whole list may be one of children."""
    return {} if sheet.title else sheet.guess()
