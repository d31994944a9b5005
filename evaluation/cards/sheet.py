"""The printed sheet of cards. Drawn in the web process while somebody waits, unlike our other PDFs: the worker would
need the codes from the database, and they are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse

from ppg.documents.pdf import render_pdf
from ppg.links import typed_codes as cards
from ppg.service_details import service


def print_html(codes: Iterable[str], site: str) -> str:
    address = site + reverse("card")
    rows = [(cards.printed(code), site + reverse("card_answer", args=[cards.printed(code)])) for code in codes]
    words = {"cards": rows, "to_type": address.split("://", 1)[-1].rstrip("/"), "service": service.current()}
    return render_to_string("evaluation/cards/print.html", words)


def pdf(codes: Iterable[str], site: str) -> bytes:
    return render_pdf(print_html(codes, site))
