"""The printed sheet of slips. Drawn in the web process while somebody waits and never stored, as that of cards."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from feedback.models import SlipSheet
from feedback.slips.codes import codes_of
from ppg.documents.pdf import render_pdf
from ppg.links import typed_codes
from ppg.service_details import service


def print_html(sheet: SlipSheet, site: str) -> str:
    address = site + reverse("slips", args=[sheet.code])
    slips = [(typed_codes.printed(code), site + reverse("slip", args=[sheet.code, code])) for code in codes_of(sheet)]
    words = {"slips": slips, "to_type": address.split("://", 1)[-1].rstrip("/"), "service": service.current()}
    words["session"] = sheet.session
    return render_to_string("feedback/slips/print.html", words)


def pdf(sheet: SlipSheet, site: str) -> bytes:
    return render_pdf(print_html(sheet, site))
