"""Bringing in a list of people: the file, its columns, the preview. Nothing is stored before the last press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from caregivers.importing.actions import NotReady, bring_in
from caregivers.importing.columns import FIELDS, TEMPLATE, letter
from caregivers.importing.forms import ColumnsForm, FileForm, row_of
from caregivers.importing.queries import look_over
from caregivers.importing.rows import Checked
from caregivers.importing.upload import Upload
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.documents.spreadsheets import csv_download
from ppg.forms.effects import once
from programmes.models import Cohort

GET_OR_POST = ["GET", "HEAD", "POST"]
FIRST_ROWS = 10


def group(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


def opened(request: HttpRequest, cohort: Cohort) -> Upload:
    return Upload.opened(request.POST.get("sealed", ""), request.user, cohort, timezone.now())


def matched(request: HttpRequest, cohort: Cohort) -> Upload:
    """A list whose columns were said to hold something."""
    upload = opened(request, cohort)
    if not upload.has_names:
        raise Refused(_("Say which column holds the names"))
    return upload


@requires(P.PEOPLE_IMPORT)
@require_http_methods(GET_OR_POST)
def file(request: HttpRequest, code: str) -> HttpResponse:
    cohort = group(request, code)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        upload = Upload.of(form.cleaned_data["upload"])
        try:
            return columns_page(request, cohort, upload, ColumnsForm(upload=upload))
        except Refused as refusal:
            form.add_error("upload", str(refusal))
    return file_page(request, cohort, form)


def file_page(request: HttpRequest, cohort: Cohort, form: FileForm) -> HttpResponse:
    page = {"cohort": cohort, "form": form, "fields": [field.label for field in FIELDS.values()]}
    return render(request, "caregivers/importing/file.html", page, status=422 if form.is_bound else 200)


def again(request: HttpRequest, cohort: Cohort, refusal: Refused) -> HttpResponse:
    """The sealed list cannot be opened (any more): from the beginning, with the reason."""
    form = FileForm({})
    form.errors.clear()
    form.add_error("upload", str(refusal))
    return file_page(request, cohort, form)


def columns_page(request: HttpRequest, cohort: Cohort, upload: Upload, form: ColumnsForm) -> HttpResponse:
    form.initial["sealed"] = upload.sealed(request.user, cohort, timezone.now())
    sheet = upload.sheet
    children = [f"{letter(column)} ({sheet.labels[column]})" for column in sheet.children]
    headings = row_of(sheet.heading, [text for text in sheet.headings if text]) if sheet.heading else _("None")
    page = {"cohort": cohort, "upload": upload, "form": form, "children": children, "headings": headings}
    return render(request, "caregivers/importing/columns.html", page, status=422 if form.is_bound else 200)


@requires(P.PEOPLE_IMPORT)
@require_http_methods(GET_OR_POST)
def look(request: HttpRequest, code: str) -> HttpResponse:
    """The preview: from the columns' form, again with rows left out, or back to the columns."""
    cohort = group(request, code)
    if request.method != "POST":
        return redirect("caregivers:import", code)  # signed in again meanwhile, or a page of yesterday
    try:
        upload = opened(request, cohort)
        if request.POST.get("do") == "columns":
            return columns_page(request, cohort, upload, ColumnsForm(upload=upload))
        if request.POST.get("do") == "leave out":
            matched(request, cohort)
        else:
            form = ColumnsForm(request.POST, upload=upload)
            reread = form.reread()
            if reread is not upload or request.POST.get("do") == "read":
                return columns_page(request, cohort, reread, ColumnsForm(upload=reread, initial=form.said()))
            if not form.is_valid():
                return columns_page(request, cohort, upload, form)
            upload = form.with_columns()
        return preview(request, cohort, upload, request.POST.get("do") == "leave out")
    except Refused as refusal:
        return again(request, cohort, refusal)


def preview(
    request: HttpRequest, cohort: Cohort, upload: Upload, leave_out: bool, checked: Checked | None = None
) -> HttpResponse:
    status = 409 if checked else 200
    checked = checked or look_over(cohort=cohort, upload=upload, leave_out=leave_out)
    page = {
        "cohort": cohort,
        "upload": upload,
        "sealed": upload.sealed(request.user, cohort, timezone.now()),
        "checked": checked,
        "first": checked.people[:FIRST_ROWS],
        "rows_with_faults": len({fault.row for fault in checked.faults}),
        "leave_out": leave_out,
        "changed_meanwhile": status == 409,
    }
    return render(request, "caregivers/importing/check.html", page, status=status)


@requires(P.PEOPLE_IMPORT)
@require_http_methods(GET_OR_POST)
def do(request: HttpRequest, code: str) -> HttpResponse:
    cohort = group(request, code)
    if request.method != "POST":
        return redirect("caregivers:import", code)
    leave_out = bool(request.POST.get("leave_out"))
    try:
        upload = matched(request, cohort)
    except Refused as refusal:
        return again(request, cohort, refusal)
    try:  # a list has one effect, however often and on whichever page it is pressed
        values = {"cohort": cohort, "upload": upload, "leave_out": leave_out, "by": request.user}
        n = int(once(upload.key, lambda: str(bring_in(**values)), by=request.user, of=f"import {cohort.code}"))
    except NotReady as refusal:
        return preview(request, cohort, upload, leave_out, refusal.checked)
    done = ngettext("%(n)d person is brought in.", "%(n)d people are brought in.", n) % {"n": n}
    messages.success(request, f"{done} " + _("Nobody has a place yet. Next: the police checks."))
    return redirect("caregivers:people", code)


@requires(P.PEOPLE_IMPORT)
@require_http_methods(GET_OR_POST)
def faults(request: HttpRequest, code: str) -> HttpResponse:
    """What is wrong with the list, as a list."""
    cohort = group(request, code)
    if request.method != "POST":
        return redirect("caregivers:import", code)
    try:
        upload = matched(request, cohort)
    except Refused as refusal:
        return again(request, cohort, refusal)
    checked = look_over(cohort=cohort, upload=upload, leave_out=bool(request.POST.get("leave_out")))
    audit.record(request.user, audit.Verb.DOWNLOADED, cohort, cohort=cohort, fields=["faults of a list"])
    head = [_("Row"), _("Column"), _("Heading"), _("Kind"), _("What is wrong")]
    rows = [[one.row, letter(one.column), one.heading, one.kind.value, one.what] for one in checked.faults]
    return csv_download("faults.csv", [head, *rows])


@requires(P.PEOPLE_IMPORT)
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """An empty list with our headings."""
    group(request, code)
    return csv_download("list-of-people.csv", [[FIELDS[name].label for name in TEMPLATE]])
