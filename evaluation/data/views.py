"""Anonymous data with its codebook, for whom the group is opened to: the evaluator, and the group's lead."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from evaluation.data import about, actions, files
from evaluation.data.queries import out_of_date
from ppg.access.marks import FILE, requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from programmes.models import Cohort

PAGE = 20


@requires(P.DATA_TAKE)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    opened = Cohort.objects.opened_to(request.user).select_related("programme")
    page = Paginator(opened, PAGE).get_page(request.GET.get("page"))
    return render(
        request, "evaluation/data/groups.html", {"page": page, "out_of_date": out_of_date(request.user, page)}
    )


@requires(P.DATA_TAKE, again=True)
@require_safe
def data_of(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    made = about.tables_of(cohort, timezone.now(), request.user)
    audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["data"])
    shown = {"cohort": cohort, "tables": made, "out_of_date": out_of_date(request.user, [cohort])}
    return render(request, "evaluation/data/group.html", shown)


@requires(P.DATA_TAKE, again=FILE)
@require_safe
def xlsx(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, files.XLSX)


@requires(P.DATA_TAKE, again=FILE)
@require_safe
def csv(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, files.ZIP)


def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    cohort, now = find(request, code), timezone.now()
    made = actions.take_data(cohort=cohort, by=request.user, at=now)
    content = files.workbook(made) if kind == files.XLSX else files.archive(made)
    answer = HttpResponse(content, content_type=kind)
    name = files.name(cohort.code, timezone.localdate(now), kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.opened_to(request.user).select_related("programme"), code=code)
