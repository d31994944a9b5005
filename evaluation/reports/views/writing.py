"""The report while it is written, beside the figures. Published versions are read in `versions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.collecting import collect
from evaluation.models import Report, ReportVersion, SectionText
from evaluation.reports import actions, pages, sentences, writing
from evaluation.reports.forms import ReportForm
from evaluation.reports.queries import quotes_chosen, sentences_of
from evaluation.reports.sections import ALL, missing
from feedback.results.least_answers import least
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.models import User
from programmes.models import Cohort

PAGE = 20


def cohort_and_report(request: HttpRequest, code: str) -> tuple[Cohort, Report | None]:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    reports = Report.objects.visible_to(request.user).select_related("cohort", "edited_by")
    return cohort, reports.filter(cohort=cohort).first()


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """What is typed is kept first, whatever else the press asks for; a section too long to be published is kept too."""
    cohort, kept = cohort_and_report(request, code)
    if request.method != "POST":
        return shown(request, cohort, kept, new_form(kept), 200)
    form = ReportForm(request.POST)
    saving = save(request, cohort, kept, form)
    if request.headers.get("X-Autosave") == "1":
        return JsonResponse(answer(request, saving, form), status=200 if form.is_valid() else 422)
    do, _colon, which = request.POST.get("do", "").partition(":")
    return PRESSES.get(do, keep)(request, Press(cohort, form, saving, which))


# --- What a press asks for -------------------------------------------------------------------------


@dataclass(frozen=True)
class Press:
    """A press of one of the page's buttons, once what was typed is kept. which: what stands behind the button's word,
    after a colon."""

    cohort: Cohort
    form: ReportForm
    saving: Saving
    which: str


def keep(request: HttpRequest, press: Press) -> HttpResponse:
    if page := page_again(request, press):
        return page
    messages.success(request, _("The text is saved."))
    return redirect("evaluation:report", press.cohort.code)


def preview(request: HttpRequest, press: Press) -> HttpResponse:
    """In the edition that `which` says."""
    if press.saving.updates.differ:
        return keep(request, press)
    return redirect(f"{reverse('evaluation:preview', args=[press.cohort.code])}?edition={press.which}")


def publish(request: HttpRequest, press: Press) -> HttpResponse:
    """On to the look before it is published, where nothing is missing and nobody else has written."""
    form, saving = press.form, press.saving
    if form.is_valid():
        form.need(missing(form.typed(), saving.report.recommendations.count()))
    if page := page_again(request, press, newer=True):
        return page
    return redirect("evaluation:publish", press.cohort.code)


def take(request: HttpRequest, press: Press) -> HttpResponse:
    """An earlier text, or somebody else's, stands again."""
    section, _colon, sitting = press.which.partition(":")
    actions.take_text(cohort=press.cohort, section=section, sitting=sitting, by=request.user)
    messages.success(request, _("That text stands now. The one before it is among the earlier texts."))
    return redirect("evaluation:report", press.cohort.code)


def say(request: HttpRequest, press: Press) -> HttpResponse:
    """A suggested sentence, put at the end of its section."""
    now = timezone.now()
    sentence = next((row for row in sentences_of(press.cohort, now) if row.key == press.which), None)
    if sentence is None:
        raise Refused(_("The data does not say this any more."))
    actions.add_sentence(
        cohort=press.cohort,
        section=sentence.section,
        sentence=sentence.text,
        by=request.user,
        sitting=press.saving.sitting,
    )
    messages.success(request, _("The sentence stands at the end of the section."))
    return redirect("evaluation:report", press.cohort.code)


PRESSES = {"preview": preview, "publish": publish, "say": say, "take": take}


def page_again(request: HttpRequest, press: Press, *, newer: bool = False) -> HttpResponse | None:
    """The page once more, where something does not fit or others have written meanwhile. newer: in sections, too, that
    this writer has not touched."""
    form, saving = press.form, press.saving
    if not form.is_valid():
        return shown(request, press.cohort, saving.report, heard(form, saving), 422, saving.updates)
    if saving.updates.differ or (newer and saving.updates.newer):
        form.add_error(None, also_written(saving, request.user))
        return shown(request, press.cohort, saving.report, heard(form, saving), 409, saving.updates)
    return None


# --- Keeping what was typed ------------------------------------------------------------------------


@dataclass(frozen=True)
class Saving:
    """updates: what others wrote since, or oneself on another page; by: who that was."""

    report: Report
    sitting: str
    updates: writing.Updates
    by: list[User]


def save(request: HttpRequest, cohort: Cohort, before: Report | None, form: ReportForm) -> Saving:
    """Keeps the sections that were written in, and finds what others have written since."""
    # A page that is sent by somebody else than who opened it is another sitting.
    opened = f"{request.POST.get('sitting', '')}\n{request.user.pk}"
    sitting = salted_hmac("evaluation.sitting", opened, algorithm="sha256").hexdigest()[:22]
    typed = form.typed()
    in_sitting = set(before.texts.filter(sitting=sitting).values_list("section", flat=True)) if before else set()
    written = writing.touched(typed, form.marks(), in_sitting)
    text = {key: words for key, words in typed.items() if key in written}
    kept = actions.save_text(cohort=cohort, text=text, by=request.user, sitting=sitting)
    others = kept.texts.exclude(sitting=sitting).select_related("by")
    if seen := form.heard_until():
        others = others.filter(at__gt=seen)
    rows = list(others)
    return Saving(kept, sitting, writing.updates(typed, written, rows, kept.text), [row.by for row in rows])


def also_written(saving: Saving, user: User) -> str:
    """Who else wrote, and where, in a sentence."""
    sections = saving.updates.differ.keys() | saving.updates.newer.keys()
    where = ", ".join(str(section.title) for section in ALL if section.key in sections)
    names = sorted({str(writer) for writer in saving.by if writer != user})
    if not names:
        return _("Your text is kept. You wrote on another page too, in: %s. Look at both, then go on.") % where
    words = {"names": get_text_list(names, _("and")), "where": where}
    return _("Your text is kept. Written too, by %(names)s, in: %(where)s. Look at both, then go on.") % words


def answer(request: HttpRequest, saving: Saving, form: ReportForm) -> dict[str, Any]:
    """What the script is told: when it was kept, what others wrote, what is too long."""
    at, updates = timezone.localtime(saving.report.edited_at or timezone.now()), saving.updates
    page = {"user": request.user}
    return {
        "saved": at.strftime("%H:%M:%S") if form.keeps() else "",
        "seen": saving.report.stamp,
        "writers": who(request.user, saving.report),
        "differ": {
            key: render_to_string("evaluation/reports/parts/other_text.html", page | {"rows": rows, "section": key})
            for key, rows in updates.differ.items()
        },
        "newer": {key: {"text": words, "mark": writing.mark(words)} for key, words in updates.newer.items()},
        "errors": [str(error) for row in form.errors.values() for error in row],
    }


def heard(form: ReportForm, saving: Saving) -> ReportForm:
    """The page that comes back has heard of what others wrote: pressed again, it is meant. Sections that its writer has
    not touched show what stands now."""
    form.put(seen=saving.report.stamp)
    for key, words in saving.updates.newer.items():
        form.put(**{key: words, f"mark_{key}": writing.mark(words)})
    return form


# --- The page --------------------------------------------------------------------------------------


def new_form(kept: Report | None) -> ReportForm:
    return ReportForm(text=kept.text if kept else {}, initial={"seen": kept.stamp if kept else ""})


def who(user: User, kept: Report | None) -> str:
    """Who else is writing, in a sentence, or nothing."""
    if kept is None:
        return ""
    rows = kept.texts.exclude(by=user).select_related("by").defer("text")
    names = writing.writers(rows[:50], timezone.now())
    sentence = _("%(name)s is writing too: %(sections)s.")
    return " ".join(sentence % {"name": name, "sections": ", ".join(titles)} for name, titles in names.items())


def shown(
    request: HttpRequest,
    cohort: Cohort,
    kept: Report | None,
    form: ReportForm,
    status: int,
    updates: writing.Updates | None = None,
) -> HttpResponse:
    now = timezone.now()
    texts = list(kept.texts.select_related("by")[:200]) if kept else []
    others = writing.alternatives(texts, kept.text if kept else {}, request.user.pk)
    others |= updates.differ if updates else {}
    suggested = sentences.by_section(sentences_of(cohort, now))
    versions = ReportVersion.objects.visible_to(request.user).filter(report__cohort=cohort).without_contents()
    page = {
        "cohort": cohort,
        "form": form,
        "report": kept,
        "versions": versions,
        "parts": [(form[s.key], form[f"mark_{s.key}"], suggested.get(s.key), others.get(s.key), s.key) for s in ALL],
        "recommendations": kept.recommendations.all() if kept else [],
        "quotes": quotes_chosen(kept) if kept else [],
        "writers": who(request.user, kept),
        "earlier": len(texts),
        "sheet": collect.cards_of(cohort),
        "least": least(),
    }
    figures = pages.context(collect.live(cohort, now), {}, about=pages.cover_now(cohort, 0, now))
    return render(request, "evaluation/reports/write.html", figures | page, status=status)


@requires(P.REPORT_WRITE)
@require_safe
def earlier(request: HttpRequest, code: str) -> HttpResponse:
    """Every text that anybody wrote, the latest first, to look up and to take back."""
    cohort, kept = cohort_and_report(request, code)
    titles = {section.key: section.title for section in ALL}
    wanted = [key for key in titles if key == request.GET.get("section", key)]
    rows = kept.texts.filter(section__in=wanted).exclude(text="").select_related("by") if kept else ()
    page: Page[SectionText] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    stands = kept.text if kept else {}
    texts = [(row, titles[row.section], stands.get(row.section) == row.text) for row in page]
    context = {"cohort": cohort, "page": page, "texts": texts}
    return render(request, "evaluation/reports/earlier.html", context)
