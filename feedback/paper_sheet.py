"""A form on paper: the same questions in the same words, with boxes to tick. Nothing on it tells one sheet from
another.

Drawn in the web process while somebody waits: it is two pages without charts, the same for everybody, and is kept for
an hour after the first time.
"""

from __future__ import annotations

import hashlib

from django.core.cache import caches
from django.template.loader import render_to_string

from feedback.forms import HIGHEST, MAY_QUOTE
from feedback.languages import Said, said_in
from feedback.models import Form, Questionnaire
from ppg import service
from ppg.pdf import render_pdf

KEPT_SECONDS = 3600
POINTS = [str(n) for n in range(HIGHEST + 1)]


def pdf(form: Form, *, large: bool, address: str = "", language: str = "") -> bytes:
    """`address` is where the same form is answered online, if one address does for everybody."""
    html = print_html(form, said_in(form.questionnaire, language), large=large, address=address)
    key = f"paper-sheet:{hashlib.sha256(html.encode()).hexdigest()}"
    return caches["memory"].get_or_set(key, lambda: render_pdf(html), timeout=KEPT_SECONDS)


def print_html(form: Form, said: Said, *, large: bool, address: str = "") -> str:
    words = {
        "said": said,
        "language": said.language,
        "anonymous": form.questionnaire.kind in (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL),
        "large": large,
        "address": address,
        "points": POINTS,
        "quote": said.page.get("quote", MAY_QUOTE),
        "service": service.current(),
    }
    return render_to_string("feedback/paper_print.html", words)
