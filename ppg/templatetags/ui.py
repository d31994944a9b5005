"""The components of our pages, as tags that every template has without loading. docs/pages.md lists them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from functools import cache
from typing import Any

from crispy_forms.templatetags.crispy_forms_tags import do_uni_form
from django import forms, template
from django.core.paginator import Page
from django.forms.formsets import BaseFormSet
from django.template.defaultfilters import stringfilter
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ppg import time_of_day, typed
from ppg.components.stacked import stacked
from ppg.forms import carried
from ppg.forms.fields import DateWidget, all_errors
from ppg.typed import DIRECTION

register = template.Library()
register.tag("crispy", do_uni_form)

NOTHING = SafeString("")


@cache
def ready(name: str) -> Any:
    """A template of ours, looked up once."""
    return get_template(name)


# --- Forms ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Django's own, and who opened the page: what they type is kept when their sign-in ends (`ppg.forms.carried`)."""
    user = getattr(context.get("request"), "user", None)
    opened = NOTHING
    if user and user.is_authenticated:
        opened = format_html('<input type="hidden" name="{}" value="{}">', carried.MARK, carried.mark(user))
    return SafeString(CsrfTokenNode().render(context) + opened)


KINDS: list[tuple[type[forms.Widget], str]] = [
    (DateWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file-upload"),
]


@register.simple_tag
def field(bound: forms.BoundField, label: Any = None, hint: Any = None) -> str:
    """One field with label, hint, error and whatever its answers reveal. `label` and `hint` replace the form's."""
    bound.label = bound.label if label is None else label
    bound.help_text = bound.help_text if hint is None else hint
    if bound.is_hidden:
        return bound.as_hidden()
    return ready("govuk/field.html").render({"field": bound})


@register.filter
def drawn(bound: forms.BoundField) -> dict[str, Any]:
    """What the field's template needs to know besides the field."""
    widget = bound.field.widget
    kind = next((name for cls, name in KINDS if isinstance(widget, cls)), "input")
    count = kind == "textarea" and getattr(bound.field, "count", False)
    optional = not bound.field.required and getattr(bound.form, "mark_optional", True) and kind != "checkbox"
    draw: dict[str, Any] = {"kind": kind, "count": count, "optional": optional}
    if kind in ("radios", "checkboxes"):
        draw |= {"group": True, "options": options(bound), "inline": getattr(bound.field, "inline", False)}
        draw["reveals"] = any(option["reveals"] for option in draw["options"])
        return draw
    if kind == "date":
        wrong = " ".join(part for error in bound.errors.as_data() for part in getattr(error, "parts", ()))
        return draw | {"group": True, "widget": bound.as_widget(attrs={"data-wrong": wrong})}

    css = "govuk-checkboxes__input" if kind == "checkbox" else f"govuk-{kind}"
    classes = [css, f"{css}--error" if bound.errors else "", widget.attrs.get("class", "")]
    # The browser's own limits cut a pasted text short without a word; ours answer with a sentence.
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes)), "maxlength": False, "minlength": False}
    attrs["placeholder"] = False  # gone as soon as one types, and pale: labels say it
    if count:
        attrs["class"] += " govuk-js-character-count"
        attrs["aria-describedby"] = f"{bound.aria_describedby or ''} {bound.auto_id}-info".strip()
    if kind == "checkbox":
        draw["reveals"] = [bound.form[name] for name in getattr(bound.field, "reveals", {}).get(True, ())]
        if draw["reveals"]:
            attrs["data-aria-controls"] = f"{bound.auto_id}_more"
    draw["widget"] = bound.as_widget(attrs=attrs)
    return draw


def options(bound: forms.BoundField) -> list[dict[str, Any]]:
    hints, reveals = (getattr(bound.field, "hints", {}), getattr(bound.field, "reveals", {}))
    hints = {str(value): hint for value, hint in hints.items()}
    reveals = {str(value): names for value, names in reveals.items()}
    rows = []
    for sub in bound.subwidgets:
        data = sub.data
        value = str(data["value"])
        if value == "" and isinstance(bound.field.widget, forms.RadioSelect) and data["label"] == "---------":
            continue  # the empty line of a model's optional choice
        rows.append(
            {
                "id": data["attrs"]["id"],
                "name": data["name"],
                "value": value,
                "label": data["label"],
                "checked": data["selected"],
                "disabled": data["attrs"].get("disabled", False),
                "hint": hints.get(value, ""),
                "reveals": [bound.form[name] for name in reveals.get(value, ())],
            }
        )
    return rows


def forms_in(context: template.Context) -> list[Any]:
    """The page's sent forms and sets of forms: `form`, or all in `forms` where a page has several or another name."""
    named = context.get("forms") or [context.get("form")]
    return [one for one in named if isinstance(one, forms.BaseForm | BaseFormSet) and one.is_bound]


def wrong(form: Any) -> list[tuple[str, str]]:
    if isinstance(form, BaseFormSet):
        rows = [row for one in form.forms for row in all_errors(one)]
        return rows + [("", str(sentence)) for sentence in form.non_form_errors()]
    return list(all_errors(form)) if form.errors else []


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """ "Error: " in front of the page's title when something on it must be put right."""
    return _("Error: ") if any(wrong(form) for form in forms_in(context)) else ""


@register.simple_tag(takes_context=True)
def error_summary(context: template.Context, form: Any = None) -> str:
    """What is wrong, each sentence a link to its field. The bases show it for every form on the page, once."""
    errors: list[Any] = []
    words: dict[str, Any] = {}
    for one in [form] if form is not None else forms_in(context):
        if not getattr(one, "summary_shown", False) and (rows := wrong(one)):
            errors += rows
            words |= getattr(one, "summary_words", {})  # of a form in another language than the page's
            one.summary_shown = True
    return ready("govuk/errors.html").render({"errors": errors, **words}) if errors else NOTHING


# --- Words and states -------------------------------------------------------------------------------


@register.simple_tag
def tag(text: Any, colour: str = "") -> SafeString:
    """A state in words, on a colour: grey, green, teal, blue, purple, magenta, red, orange, yellow."""
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", text)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{}</span> {}</strong></div>',
        _("Warning"),
        content,
    )


@register.simple_block_tag
def details(content: str, summary: Any, opened: bool = False) -> SafeString:
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if opened else "",
        summary,
        content,
    )


@register.filter(name="clock")
def written_clock(at: datetime | time | None) -> str:
    """ "6:30pm": `{{ session.starts_at|clock }}`."""
    return time_of_day.clock(at) if at else ""


@register.filter(name="day_and_clock")
def written_day_and_clock(at: datetime | None, day: str = "j F Y") -> str:
    """ "3 March 2026, 6:30pm": `{{ message.sent_at|day_and_clock }}`, with another day `|day_and_clock:"l j F"`."""
    return time_of_day.day_and_clock(at, day) if at else ""


@register.simple_block_tag(takes_context=True)
def notice(
    context: template.Context, content: str, kind: str = "info", title: Any = "", focus: bool = False
) -> SafeString:
    """A banner for something that matters now. Kinds: info, success. Messages of Django become one by themselves,
    those of a kind together, and success takes the focus, so that a screen reader says it."""
    success = kind == "success"
    title = title or (_("Done") if success else _("Important"))
    return format_html(
        '<div class="govuk-notification-banner{}" role="{}" aria-label="{}" data-module="govuk-notification-banner"{}>'
        '<div class="govuk-notification-banner__header"><p class="govuk-notification-banner__title">{}</p></div>'
        '<div class="govuk-notification-banner__content">{}</div></div>',
        " govuk-notification-banner--success" if success else "",
        "alert" if success else "region",
        name_of_its_own(context, str(title)),
        NOTHING if focus else mark_safe(' data-disable-auto-focus="true"'),
        title,
        content,
    )


def name_of_its_own(context: template.Context, title: str) -> str:
    """The title; a later notice of one page is numbered, so that who goes from region to region tells them apart."""
    request = context.get("request")
    if request is None:  # a page of paper: nobody goes from region to region
        return title
    if not hasattr(request, "notices"):
        request.notices = Counter()
    request.notices[title] += 1
    number = request.notices[title]
    return title if number == 1 else f"{title} {number}"


@register.filter
def by_kind(messages: Iterable[Any] | None) -> list[tuple[str, list[Any]]]:
    """Django's messages by the kind of their notice: what was done, then what to know besides."""
    kinds: dict[str, list[Any]] = {"success": [], "info": []}
    for message in messages or ():
        kinds["success" if message.level_tag == "success" else "info"].append(message)
    return [(kind, rows) for kind, rows in kinds.items() if rows]


@register.simple_block_tag
def empty(content: str, text: Any) -> SafeString:
    """Nothing here yet, and what to do next (the block's content: a sentence, a button)."""
    return format_html('<div class="empty"><p class="govuk-body empty__text">{}</p>{}</div>', text, content)


@register.simple_block_tag
def panel(content: str, title: Any) -> SafeString:
    """Something is done, on a page of its own; holds the page's h1."""
    return format_html(
        '<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{}</h1>'
        '<div class="govuk-panel__body">{}</div></div>',
        title,
        content,
    )


# --- Going somewhere --------------------------------------------------------------------------------


@register.simple_tag
def back(url: str, text: Any = "") -> SafeString:
    """In a landmark of its own, so that nothing on the page lies outside one."""
    link = '<nav aria-label="{}"><a href="{}" class="govuk-back-link">{}</a></nav>'
    return format_html(link, _("Back"), url, text or _("Back"))


@register.simple_tag
def breadcrumbs(*pairs: Any) -> SafeString:
    """label, url, label, url, …; the page itself is not in it."""
    items = format_html_join(
        "",
        '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{1}">{0}</a></li>',
        zip(pairs[::2], pairs[1::2], strict=True),
    )
    return format_html(
        '<nav class="govuk-breadcrumbs govuk-breadcrumbs--collapse-on-mobile" aria-label="{}">'
        '<ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        _("Where you are"),
        items,
    )


@register.simple_tag
def button(text: Any, url: str, style: str = "", hidden: Any = "") -> SafeString:
    """A link that looks like a button, for going on. `hidden` finishes the text for screen readers."""
    return format_html(
        '<a href="{}" role="button" draggable="false" class="govuk-button{}" data-module="govuk-button">{}{}</a>',
        url,
        f" govuk-button--{style}" if style else "",
        text,
        spoken_only(hidden),
    )


def spoken_only(text: Any) -> SafeString:
    return format_html(' <span class="govuk-visually-hidden">{}</span>', text) if text else NOTHING


@register.simple_tag(takes_context=True)
def post_button(
    context: template.Context, text: Any, url: str, style: str = "", hidden: Any = "", why_not: Any = "", **values: Any
) -> str:
    """A button that does something: its own little form. `why_not` is the sentence that refuses it: then the
    button is off and the sentence beside it. Other keywords are sent as values (`effect_key=key`)."""
    return ready("components/post_button.html").render(
        {
            "text": text,
            "url": url,
            "style": style,
            "hidden": hidden,
            "why_not": why_not,
            "values": values,
            "csrf_token": context.get("csrf_token"),
            "request": context.get("request"),
        }
    )


@register.filter
@stringfilter
def plain(text: str) -> str:
    """Somebody's words without an element around them (`ppg.typed.Words`): for attributes and titles."""
    return DIRECTION.sub("", text)


@register.filter
@stringfilter
def dialled(phone: str) -> str:
    """A telephone number as a telephone dials it: `href="tel:{{ person.phone|dialled }}"`."""
    return typed.dialled(phone)


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context, content: str, text: Any, url: str, cancel: str, style: str = "warning", **values: Any
) -> str:
    """Asks once more before something that cannot be undone; the block says what will happen."""
    return ready("components/confirm.html").render(
        {
            "content": content,
            "text": text,
            "url": url,
            "cancel": cancel,
            "style": style,
            "values": values,
            "csrf_token": context.get("csrf_token"),
            "request": context.get("request"),
        }
    )


@register.simple_tag
def steps(number: int, total: int, title: Any = "") -> SafeString:
    """ "Step 2 of 4", above the h1."""
    text = _("Step %(number)s of %(total)s") % {"number": number, "total": total}
    return format_html('<span class="govuk-caption-l">{}{}</span>', text, f": {title}" if title else "")


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page) -> str:
    """Earlier and later pages of a list; keeps whatever else the address says."""
    if page.paginator.num_pages < 2:
        return NOTHING
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return ready("components/pagination.html").render(
        {
            "page": page,
            "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
            "next_url": address(page.next_page_number()) if page.has_next() else "",
        }
    )


# --- Facts ------------------------------------------------------------------------------------------


@register.simple_block_tag
def summary(content: str, borders: bool = True) -> SafeString:
    """A list of facts; its lines are `{% row %}`."""
    css = "" if borders else " govuk-summary-list--no-border"
    return format_html('<dl class="govuk-summary-list{}">{}</dl>', css, content)


@register.simple_tag
def row(key: Any, value: Any, change: str = "", action: Any = "") -> SafeString:
    """One fact. `change` is the address where it is changed, `action` the link's word (Change)."""
    if value in (None, ""):
        value = format_html('<span class="missing">{}</span>', _("Not known yet"))
    link = NOTHING
    if change:
        link = format_html(
            '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></a></dd>',
            change,
            action or _("Change"),
            key,
        )
    return format_html(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd>{}</div>',
        "" if change else " govuk-summary-list__row--no-actions",
        key,
        value,
        link,
    )


@register.simple_block_tag
def table(content: str, caption: Any, size: str = "m", narrow: bool = False, stack: bool = False) -> SafeString:
    """A table that scrolls by itself on a narrow screen, or with `stack` becomes a block for each row there. The block
    holds plain thead and tbody; cells with numbers take class="num". `size` of the caption: s, m, l, or "hidden" for
    screen readers only."""
    css = "govuk-visually-hidden" if size == "hidden" else f"govuk-table__caption--{size}"
    return format_html(
        '<div class="table-scroll" role="region" aria-label="{}" tabindex="0"><table class="govuk-table{}{}"{}>'
        '<caption class="govuk-table__caption {}">{}</caption>{}</table></div>',
        caption,
        " govuk-table--narrow" if narrow else "",
        " govuk-table--stack" if stack else "",
        mark_safe(' role="table"') if stack else "",
        css,
        caption,
        mark_safe(stacked(content)) if stack else content,  # noqa: S308  was escaped before
    )


@register.simple_block_tag
def tasks(content: str) -> SafeString:
    """A list of things to do; its lines are `{% task %}`."""
    return format_html('<ul class="govuk-task-list">{}</ul>', content)


@register.simple_tag
def task(title: Any, url: str = "", status: Any = "", colour: str = "", hint: Any = "") -> str:
    """One thing to do. No colour: the status is plain text (done); with one it is a tag."""
    return ready("components/task.html").render(
        {"title": title, "url": url, "status": tag(status, colour) if colour else status, "hint": hint}
    )


@register.simple_tag
def progress(done: int, total: int, label: Any = "") -> SafeString:
    """ "6 of 8" in words, with a bar beside it."""
    text = _("%(done)s of %(total)s") % {"done": done, "total": total}
    share = 100 * min(done, total) / total if total else 0
    return format_html(
        '<span class="progress">{}<span class="progress__text">{}</span>'
        '<svg class="progress__bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="progress__whole" width="100" height="8"/>'
        '<rect class="progress__done" width="{}" height="8"/></svg></span>',
        format_html('<span class="progress__label">{}</span> ', label) if label else NOTHING,
        text,
        f"{share:.1f}",
    )


@register.simple_tag
def timebar(items: Iterable[Sequence[Any]], length: int) -> str:
    """An agenda's minutes as one bar: (title, minutes, kind) each, against the session's `length` in minutes.

    Says the sum in words ("85 of 90 minutes, 5 unplanned"); the parts are told in the agenda itself.
    """
    parts, at = [], 0
    rows = list(items)
    used = sum(row[1] for row in rows)
    whole = max(length, used, 1)
    for index, (title, minutes, kind, *_rest) in enumerate(rows):
        if minutes:
            width = 1000 * minutes / whole
            parts.append((title, minutes, kind, index % 2, round(1000 * at / whole, 1), round(max(width - 3, 1), 1)))
        at += minutes
    left = length - used
    sentence = _("%(used)s of %(length)s minutes") % {"used": used, "length": length}
    if left > 0:
        sentence += ", " + ngettext("%(n)s unplanned", "%(n)s unplanned", left) % {"n": left}
    elif left < 0:
        sentence += ", " + ngettext("%(n)s minute too long", "%(n)s minutes too long", -left) % {"n": -left}
    return ready("components/timebar.html").render(
        {"parts": parts, "sentence": sentence, "over": left < 0, "limit": round(1000 * length / whole, 1)}
    )


# --- Scripts ----------------------------------------------------------------------------------------


@register.simple_tag
def module(name: str) -> SafeString:
    """Attributes for an element that a script takes over: `<div {% module "register" %}>` loads
    static/js/register.js and calls its default export with the element."""
    return format_html('data-module="{}" data-src="{}"', name, static(f"js/{name}.js"))
