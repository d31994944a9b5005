"""The printed poster. Drawn by the worker: a PDF would hold up a web process for a second."""

from __future__ import annotations

from hashlib import sha256

from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from caregivers.models import Poster
from ppg import service
from ppg.pdf import render_pdf


def address_of(poster: Poster, site: str) -> str:
    return site + reverse("interest", args=[poster.code])


def to_type(address: str) -> str:
    """The address as somebody would type it."""
    return address.split("://", 1)[-1].rstrip("/")


def words(poster: Poster, site: str) -> dict[str, object]:
    """What the poster says, on paper and on the page that shows it beforehand."""
    address = address_of(poster, site)
    return {"address": address, "to_type": to_type(address), "service": service.current(), "area": poster.cohort.area}


def print_html(poster: Poster, site: str) -> str:
    return render_to_string("caregivers/poster_print.html", words(poster, site))


def edition(poster: Poster, site: str) -> str:
    """Which words, address and telephone number a PDF shows: one drawn from others is out of date."""
    return sha256(print_html(poster, site).encode()).hexdigest()


@task()
def draw_poster(code: str, site: str) -> None:
    """Safe to repeat. What was drawn from the same words is not drawn again."""
    poster = Poster.objects.defer("pdf").select_related("cohort").get(code=code)
    wanted = edition(poster, site)
    if poster.pdf_of != wanted:
        Poster.objects.filter(code=code).update(pdf=render_pdf(print_html(poster, site)), pdf_of=wanted)
