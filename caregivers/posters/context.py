"""What a poster says, on paper and on the page that shows it beforehand."""

from __future__ import annotations

from hashlib import sha256

from django.template.loader import render_to_string
from django.urls import reverse

from caregivers.models import Poster
from ppg.service_details import service


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
    return render_to_string("caregivers/posters/poster_print.html", words(poster, site))


def edition(poster: Poster, site: str) -> str:
    """Which words, address and telephone number a PDF shows: one drawn from others is out of date."""
    return sha256(print_html(poster, site).encode()).hexdigest()
