"""The PDF of a poster, drawn by the worker: it would hold up a web process for a second."""

from __future__ import annotations

from django_tasks import task

from caregivers.models import Poster
from caregivers.posters.context import edition, print_html
from ppg.documents.pdf import render_pdf


@task()
def draw_poster(code: str, site: str) -> None:
    """Safe to repeat. What was drawn from the same words is not drawn again."""
    poster = Poster.objects.defer("pdf").select_related("cohort").get(code=code)
    wanted = edition(poster, site)
    if poster.pdf_of != wanted:
        Poster.objects.filter(code=code).update(pdf=render_pdf(print_html(poster, site)), pdf_of=wanted)
