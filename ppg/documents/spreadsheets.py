"""Tables that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# The wide ones are what keyboards of East Asia type, and Excel there takes for the same.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: object) -> str:
    """A cell's text that no spreadsheet takes for a formula: somebody else may have written it."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_download(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV to keep. It begins with a byte order mark, or Excel would read it in the machine's old encoding."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
