"""A form on paper: the same questions in the same words, with boxes to tick. Nothing on it tells one sheet from
another.

Drawn in the web process while somebody waits: it is two pages without charts, the same for everybody, and is kept for
an hour after the first time.
"""

from __future__ import annotations

import hashlib

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from feedback.answering.forms import MAY_QUOTE
from feedback.languages.queries import Said, said_in
from feedback.models import Form, Questionnaire
from feedback.paper.delivery import typing_of
from ppg.documents.pdf import render_pdf
from ppg.service_details import service

KEPT_SECONDS = 3600


def pdf(form: Form, *, large: bool, address: str = "", language: str = "") -> bytes:
    """`address` is where the same form is answered online, if one address does for everybody."""
    html = print_html(form, said_in(form.questionnaire, language), large=large, address=address)
    key = f"paper-sheet:{hashlib.sha256(html.encode()).hexdigest()}"
    made: bytes | None = caches["memory"].get(key)
    if made is None:
        made = render_pdf(html)
        caches["memory"].set(key, made, timeout=KEPT_SECONDS)
    return made


def print_html(form: Form, said: Said, *, large: bool, address: str = "") -> str:
    typing = typing_of(form)
    anonymous = form.questionnaire.kind in (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL)
    # A slip lies with the sheet and is not copied onto it.
    extra = typing.extra(form) if typing and not anonymous else {}  # noqa: S610  no queryset
    words = {
        "heading": said.page.get("heading") or (_("Tell us what you think") if anonymous else _("A few questions")),
        "extra_labels": [field.label for field in extra.values()],
        "slips": form.slips,
        "said": said,
        "language": said.language,
        "anonymous": anonymous,
        "large": large,
        "address": address,
        "quote": said.page.get("quote", MAY_QUOTE),
        "service": service.current(),
    }
    return render_to_string("feedback/paper/print.html", words)
