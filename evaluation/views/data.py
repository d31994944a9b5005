"""Anonymous data with its codebook, for whom the group is opened to: the evaluator, and the group's lead."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evaluation import actions, collect, data_files
from evaluation.left_behind import out_of_date
from evaluation.tables import codebook, tables
from ppg import audit
from ppg.access import requires
from ppg.permissions import P
from programmes.models import Cohort

PAGE = 20


@requires(P.DATA_TAKE)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    opened = Cohort.objects.opened_to(request.user).select_related("programme")
    page = Paginator(opened, PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/data.html", {"page": page, "out_of_date": out_of_date(request.user, page)})


@requires(P.DATA_TAKE)
@require_safe
def data_of(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    made = tables(collect.shown(cohort, timezone.now()))
    audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["data"])
    old = out_of_date(request.user, [cohort])
    shown = {"cohort": cohort, "tables": made, "codebook": codebook(made), "out_of_date": old}
    return render(request, "evaluation/data_of.html", shown)


@requires(P.DATA_TAKE)
@require_safe
def xlsx(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, "figures.xlsx", data_files.XLSX)


@requires(P.DATA_TAKE)
@require_safe
def csv(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, "figures.zip", data_files.ZIP)


def download(request: HttpRequest, code: str, name: str, kind: str) -> HttpResponse:
    """The file names nobody and no group: it lies in a folder of downloads afterwards."""
    cohort = find(request, code)
    made = actions.take_data(cohort=cohort, by=request.user)
    content = data_files.workbook(made) if kind == data_files.XLSX else data_files.archive(made)
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.opened_to(request.user).select_related("programme"), code=code)
