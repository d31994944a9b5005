"""Our form fields: what they make of what is typed, and what a screen reader is told about them."""

import re
from collections import Counter
from datetime import date, time
from html.parser import HTMLParser

import pytest
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template, engines
from django.utils import translation

from ppg.forms.dates import month_number
from ppg.forms.fields import (
    ChoiceCheckboxes,
    ChoiceRadios,
    DateField,
    EmailField,
    GovForm,
    LongTextField,
    MeetingTimeField,
    NumberField,
    PhoneField,
    TextField,
    Tick,
    TimeField,
    TypedCheckboxes,
    YesNo,
)
from ppg.time_of_day import clock
from tests.markup import on_one_line


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of the page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    def by_id(self, id_):
        return next(attrs for _, attrs in self.tags if attrs.get("id") == id_)

    def links(self):
        return [attrs["href"][1:] for tag, attrs in self.tags if tag == "a" and attrs["href"].startswith("#")]


def show(form, template="{% crispy form %}"):
    html = engines["django"].from_string(template).render({"form": form})
    return html, Elements(html)


class Everything(GovForm):
    one_effect = True
    name = TextField(label="Name", help_text="As it should stand", autocomplete="name", max_length=10)
    email = EmailField(label="E-mail address")
    places = NumberField(label="Places", min_value=1, max_value=8)
    start = DateField(
        label="First date", help_text="For example, 27 3 2026", earliest=date(2020, 1, 1), latest=date(2030, 12, 31)
    )
    at = TimeField(label="Time")
    area = forms.ChoiceField(label="Area", choices=[("", "Choose"), ("i", "Ipswich")])
    reach = ChoiceRadios(
        label="Reach",
        choices=[("text", "Text"), ("mail", "Mail")],
        hints={"text": "Quiet"},
        reveals={"text": ["phone"]},
    )
    phone = PhoneField(label="Phone")
    needs = ChoiceCheckboxes(label="Needs", choices=[("a", "A"), ("b", "B")])
    clear = YesNo(label="Clear?")
    notes = LongTextField(label="Notes", max_length=20, count=True)
    agreed = Tick(label="Agreed", required=True, reveals=["how"])
    how = TextField(label="How")


GOOD = {
    "name": "Amina",
    "email": "a@example.org",
    "places": "8",
    "start_day": "27",
    "start_month": "3",
    "start_year": "2026",
    "at": "1:30pm",
    "area": "i",
    "reach": "text",
    "phone": "01632 960 001",
    "needs": ["a", "b"],
    "clear": "no",
    "notes": "Fine",
    "agreed": "on",
    "how": "on the phone",
}
FIRST = {"start": "id_start_day", "reach": "id_reach_0", "needs": "id_needs_0", "clear": "id_clear_0"}


def test_good_answers_become_what_they_mean():
    form = Everything(GOOD)
    assert form.is_valid(), form.errors
    cleaned = form.cleaned_data
    assert len(cleaned.pop("effect_key")) == 36
    assert cleaned == {
        **{key: value for key, value in GOOD.items() if not key.startswith("start_")},
        "places": 8,
        "start": date(2026, 3, 27),
        "at": time(13, 30),
        "clear": False,
        "agreed": True,
    }


def test_ticks_become_what_they_stand_for_in_the_order_of_the_page():
    class Ticks(GovForm):
        days = TypedCheckboxes(label="Days", required=False, choices=[("1", "One"), ("2", "Two")], coerce=int)

    for sent, days in [(["1", "2"], [1, 2]), ([], [])]:
        form = Ticks({"days": sent})
        assert form.is_valid() and form.cleaned_data["days"] == days
    assert not Ticks({"days": ["3"]}).is_valid()


@pytest.mark.parametrize(
    "data", [None, {}, {"reach": "text", "agreed": "on"}, GOOD], ids=["new", "empty", "half", "good"]
)
def test_every_id_is_there_once_and_every_reference_leads_to_one(data):
    _, page = show(Everything(data))
    ids = page.ids()
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    for _, attrs in page.tags:
        for name in ("for", "aria-describedby", "data-aria-controls"):
            for id_ in (attrs.get(name) or "").split():
                assert id_ in ids, f"{name}={id_} leads nowhere"


def test_the_summary_links_to_the_first_thing_to_touch_of_every_wrong_field():
    form = Everything({"reach": "", "agreed": ""})
    _, page = show(form)
    wrong = [name for name in form.fields if name in form.errors]
    assert len(wrong) == 11  # all but the two that nothing reveals, and the key
    assert page.links() == [FIRST.get(name, f"id_{name}") for name in wrong]
    controls = {attrs.get("id"): tag for tag, attrs in page.tags if tag in ("input", "select", "textarea")}
    assert all(link in controls for link in page.links())


@pytest.mark.parametrize("name", ["name", "email", "places", "at", "area", "notes", "agreed"])
def test_a_wrong_field_says_so_to_a_screen_reader(name):
    _, page = show(Everything({}))
    control = page.by_id(f"id_{name}")
    assert control["aria-invalid"] == "true"
    assert f"id_{name}_error" in control["aria-describedby"].split()


@pytest.mark.parametrize("name", ["start", "reach", "needs", "clear"])
def test_a_wrong_set_of_fields_says_so_on_its_fieldset(name):
    _, page = show(Everything({}))
    described = [a["aria-describedby"] for tag, a in page.tags if tag == "fieldset" and "aria-describedby" in a]
    assert any(f"id_{name}_error" in ids.split() for ids in described)


def test_help_and_the_count_are_read_with_the_field():
    _, page = show(Everything())
    assert page.by_id("id_name")["aria-describedby"] == "id_name_helptext"
    assert page.by_id("id_notes")["aria-describedby"] == "id_notes-info"
    assert page.by_id("id_reach_0")["aria-describedby"] == "id_reach_0_hint"


def test_browsers_check_nothing_cut_nothing_and_know_what_to_fill_in():
    html, page = show(Everything())
    assert "novalidate" in page.tags[0][1]
    assert " maxlength" not in html and " required" not in html
    assert page.by_id("id_name")["autocomplete"] == "name"
    assert page.by_id("id_email")["type"] == "email" and page.by_id("id_email")["autocomplete"] == "email"
    assert page.by_id("id_phone")["type"] == "tel"
    assert page.by_id("id_places")["inputmode"] == "numeric" and page.by_id("id_places")["type"] == "text"


def test_errors_are_sentences_that_name_the_field():
    form = Everything({**GOOD, "name": "A" * 11, "email": "no", "places": "9", "area": "x", "notes": "", "phone": "1"})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "name": ["“Name” can have up to 10 letters and spaces; you typed 11"],
        "email": ["“E-mail address” must be an e-mail address, like name@example.org"],
        "places": ["“Places” must be 8 or less"],
        "area": ["Choose an answer for “Area”"],
        "phone": ["Enter a telephone number, like 01632 960 001 or +44 7700 900 982"],
        "notes": ["“Notes” needs an answer"],
    }


def test_a_forms_own_sentence_wins_and_a_label_may_hold_a_percent_sign():
    class Letter(GovForm):
        name = TextField(label="Name", error_messages={"required": "Enter the name on the letter"})
        share = TextField(label="Share (in %)", max_length=3)

    form = Letter({"share": "12345"})
    assert form.errors["name"] == ["Enter the name on the letter"]
    assert form.errors["share"] == ["“Share (in %)” can have up to 3 letters and spaces; you typed 5"]


def test_everything_typed_is_still_there():
    typed = {**GOOD, "email": "no", "start_month": "13", "start_year": "26", "at": "half", "places": "many"}
    _, page = show(Everything(typed))
    for part in ("day", "month", "year"):
        assert page.by_id(f"id_start_{part}")["value"] == typed[f"start_{part}"]
    for name in ("name", "email", "places", "at", "phone", "how"):
        assert page.by_id(f"id_{name}")["value"] == typed[name]
    for id_ in ("id_reach_0", "id_needs_0", "id_needs_1", "id_clear_1", "id_agreed"):
        assert "checked" in page.by_id(id_)
    assert "Fine" in page.text


def test_what_was_typed_is_escaped():
    html, _ = show(Everything({**GOOD, "name": "<b>x</b>", "start_day": '"><b>', "notes": "</textarea><b>"}))
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("call me", "Enter a telephone number, like 01632 960 001 or +44 7700 900 982"),
        ("07700 90098", "This telephone number is too short. Enter all of it, like 01632 960 001"),
        ("07700 900982, 01632 960001", "Enter a telephone number, like 01632 960 001 or +44 7700 900 982"),
        ("07700 900982/01632 960001", "This telephone number is too long. Enter one number. From abroad, begin with +"),
        ("960 001", "Enter the telephone number with its area code, like 01632 960 001"),
    ],
)
def test_a_telephone_number_says_what_is_wrong_with_it_and_is_still_there(number, sentence):
    form = Everything({**GOOD, "phone": number})
    _, page = show(form)
    assert form.errors == {"phone": [sentence]} and page.by_id("id_phone")["value"] == number


def test_what_was_pasted_is_what_is_seen():
    pasted = {"name": "Ro\u200bsa\nM\ufffc", "phone": "٠٧٧٠٠–٩٠٠٩٨٢", "email": "Rosa <mailto:r.o’brien@example.org>"}
    form = Everything({**GOOD, **pasted, "notes": "One\r\ntwo\u00a0three"})
    assert form.is_valid(), form.errors
    kept = {"name": "Rosa M", "phone": "07700-900982", "email": "r.o'brien@example.org", "notes": "One\ntwo three"}
    assert {name: form.cleaned_data[name] for name in kept} == kept


def test_a_number_may_be_in_other_figures_and_pasted():
    form = Everything({**GOOD, "places": "\u200b٨\u00a0"})
    assert form.is_valid() and form.cleaned_data["places"] == 8


@pytest.mark.parametrize("unseen", ["\u200b", "\ufffc", "\u3164\u2800", "\u202e \u2069", "\U000e0002"])
def test_signs_that_nobody_sees_are_no_answer(unseen):
    form = Everything({**GOOD, "name": unseen, "notes": unseen, "how": unseen, "phone": unseen})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        name: [f"“{name.capitalize()}” needs an answer"] for name in ("name", "phone", "notes", "how")
    }


# --- Answers that ask more --------------------------------------------------------------------------


def test_a_revealed_field_is_asked_for_only_when_its_answer_is_given():
    missing = Everything({**GOOD, "phone": ""})
    assert missing.errors == {"phone": ["“Phone” needs an answer"]}
    other = Everything({**GOOD, "reach": "mail", "phone": "not even a number"})
    assert other.is_valid(), other.errors
    assert other.cleaned_data["phone"] == ""


def test_a_revealed_field_stands_inside_its_answer_once():
    html, page = show(Everything({**GOOD, "reach": "mail"}))
    assert html.count('name="phone"') == 1
    assert page.by_id("id_reach_0")["data-aria-controls"] == "id_reach_0_more"
    assert "govuk-radios__conditional--hidden" in page.by_id("id_reach_0_more")["class"]
    assert "--hidden" not in page.by_id("id_agreed_more")["class"]


def test_what_an_unticked_box_reveals_is_emptied():
    class Quiet(GovForm):
        quiet = Tick(label="Some times are not safe", reveals=["when"])
        when = TextField(label="When")

    assert Quiet({"when": "mornings"}).errors == {}
    form = Quiet({"when": "mornings"})
    assert form.is_valid() and form.cleaned_data == {"quiet": False, "when": ""}
    assert Quiet({"quiet": "on"}).errors == {"when": ["“When” needs an answer"]}


def test_a_field_revealed_by_a_hidden_field_is_hidden_too():
    class Nested(GovForm):
        first = YesNo(label="One", reveals={"yes": ["second"]})
        second = YesNo(label="Two", reveals={"yes": ["third"]})
        third = TextField(label="Three")

    form = Nested({"first": "no", "second": "yes", "third": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"first": False, "second": None, "third": ""}


# --- Dates and times --------------------------------------------------------------------------------


class When(GovForm):
    day = DateField(label="First date", earliest=date(2026, 1, 1), latest=lambda: date(2026, 12, 31))


def typed(day="", month="", year=""):
    return {"day_day": day, "day_month": month, "day_year": year}


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR."])
def test_a_month_may_be_a_number_or_a_name(month):
    form = When(typed("7", month, "2026"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 3, 7)


@pytest.mark.parametrize(
    "pasted",
    [
        "1/9/26",
        "1/9/2026",
        "01.09.2026",
        "1-9-26",
        "1–9–2026",
        "01092026",
        "1 Sept 2026",
        "1 Sept. 26",
        "1st September 2026",
        "1st of Sept, 2026",
        "1-Sep-26",
        "1Sep2026",
        "Sept 1, 2026",
        "Tuesday 1 September 2026",
        "Tues, 1 Sept 2026",
        "2026-09-01",
        "2026-09-01T18:30:00Z",
        "20260901",
        "1/9/2026 18:30",
        "١/٩/٢٠٢٦",
        "\u202a1/9/2026\u202c",
        " 1\u00a0Sept\u00a02026 ",
    ],
)
@pytest.mark.parametrize("box", ["day", "month", "year"])
def test_a_whole_date_may_be_typed_or_pasted_into_one_box(pasted, box):
    form = When(typed(**{box: pasted}))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 9, 1)


def test_a_whole_date_in_the_first_box_counts_beside_what_stood_in_the_others():
    form = When(typed("1/9/2026", "3", "2026"))
    assert form.is_valid() and form.cleaned_data["day"] == date(2026, 9, 1)
    assert not When(typed("7", "1/9/2026", "2026")).is_valid()


@pytest.mark.parametrize(
    ("parts", "meant"), [(("1st", "9", "26"), (2026, 9, 1)), (("1", "Sept.", "’26"), (2026, 9, 1))]
)
def test_each_box_takes_its_part_as_people_write_it(parts, meant):
    form = When(typed(*parts))
    assert form.is_valid() and form.cleaned_data["day"] == date(*meant)


@pytest.mark.parametrize(("year", "meant"), [("26", 2026), ("99", 1999), ("00", 2000)])
def test_a_year_without_its_century_is_the_one_that_is_allowed(year, meant):
    field = DateField(earliest=date(1990, 1, 1), latest=date(2030, 1, 1))
    assert field.clean(("1", "9", year)) == date(meant, 9, 1)


def test_the_29_february_of_a_year_without_its_century():
    field = DateField(earliest=date(1890, 1, 1), latest=date(2030, 1, 1))
    assert field.clean("29/2/00") == date(2000, 2, 29)
    with pytest.raises(ValidationError):
        field.clean("29/2/01")


@pytest.mark.parametrize("no_date", ["9/27/2026", "27/2026", "soon", "1 Smarch 2026", "32 Sept 2026"])
def test_what_is_no_date_is_refused_and_still_there(no_date):
    form = When(typed(no_date))
    _, page = show(form)
    shown = [page.by_id(f"id_day_{part}").get("value", "") for part in ("day", "month", "year")]
    assert form.errors["day"] and re.sub("[/ ]", "", "".join(shown)) == re.sub("[/ ]", "", no_date)


def test_a_whole_date_that_is_not_allowed_stands_in_all_three_boxes():
    _, page = show(When(typed("1 Sept 1926")))
    assert [page.by_id(f"id_day_{part}")["value"] for part in ("day", "month", "year")] == ["1", "Sept", "1926"]


@pytest.mark.parametrize("text", ["1 Sept", "Sept 1"])
def test_of_a_date_without_its_year_the_year_alone_is_asked_for(text):
    form = When(typed(text))
    _, page = show(form)
    assert form.errors["day"] == ["“First date” must include a year"] and page.links() == ["id_day_year"]


def test_months_are_known_in_english_and_in_the_language_of_the_page():
    with translation.override("cy"):
        assert month_number("Sept") == 9 and month_number("Medi") == 9


def test_a_date_field_says_how_far_off_its_day_may_be():
    with pytest.raises(TypeError):
        DateField(label="Any day")  # type: ignore[call-arg]


def test_a_date_in_one_piece_is_welcome():
    assert When({"day": "2026-03-07"}).is_valid()


@pytest.mark.parametrize(
    ("parts", "sentence", "link"),
    [
        (typed(), "“First date” needs an answer", "id_day_day"),
        (typed("7", "", "2026"), "“First date” must include a month", "id_day_month"),
        (typed("7"), "“First date” must include a month and a year", "id_day_month"),
        (typed("next Thursday"), "“First date” must be a real date, like 27 3 2026", "id_day_day"),
        (typed("7", "3", "026"), "The year of “First date” must have 4 numbers", "id_day_year"),
        (typed("31", "2", "2026"), "“First date” must be a real date, like 27 3 2026", "id_day_day"),
        (typed("1", "9" * 19, "2026"), "“First date” must be a real date, like 27 3 2026", "id_day_day"),
        (typed("9" * 5_000, "1", "2026"), "“First date” must be a real date, like 27 3 2026", "id_day_day"),
        (typed("x", "y", "2026"), "“First date” must be a real date, like 27 3 2026", "id_day_day"),
        (typed("31", "12", "2025"), "“First date” must be 1 January 2026 or later", "id_day_day"),
        (typed("1", "1", "2027"), "“First date” must be 31 December 2026 or earlier", "id_day_day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(parts, sentence, link):
    form = When(parts)
    _, page = show(form)
    assert form.errors["day"] == [sentence]
    assert page.links() == [link]


def test_only_the_wrong_part_of_a_date_is_marked():
    _, page = show(When(typed("7", "", "2026")))
    marked = [part for part in ("day", "month", "year") if "aria-invalid" in page.by_id(f"id_day_{part}")]
    assert marked == ["month"]


def test_a_known_date_is_shown_in_its_parts():
    _, page = show(When(initial={"day": date(2026, 3, 7)}))
    assert [page.by_id(f"id_day_{part}")["value"] for part in ("day", "month", "year")] == ["7", "3", "2026"]
    assert not When(typed("7", "3", "2026"), initial={"day": date(2026, 3, 7)}).has_changed()
    assert When(typed("8", "3", "2026"), initial={"day": date(2026, 3, 7)}).has_changed()


def test_a_date_is_one_group_for_screen_readers_with_number_keys():
    _, page = show(When())
    assert any(tag == "fieldset" and attrs.get("role") == "group" for tag, attrs in page.tags)
    assert page.by_id("id_day_year")["inputmode"] == "numeric"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10", time(10)),
        ("10am", time(10)),
        ("\u200e6\u202fpm", time(18)),
        ("١٨：٣٠", time(18, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("1:30pm", time(13, 30)),
        ("1.30 p.m.", time(13, 30)),
        ("13:30", time(13, 30)),
        ("1830", time(18, 30)),
        ("midday", time(12)),
        ("midnight", time(0)),
    ],
)
def test_times_are_read_as_people_write_them(text, meant):
    assert TimeField(label="Time").clean(text) == meant


@pytest.mark.parametrize("at", [time(0), time(0, 5), time(6, 30), time(7), time(9), time(12), time(18), time(18, 30)])
@pytest.mark.parametrize("kind", [TimeField, MeetingTimeField])
def test_a_time_stands_in_its_box_as_pages_write_it_and_is_read_back(kind, at):
    field = kind(label="Time")
    assert field.prepare_value(at) == clock(at)
    assert field.clean(field.prepare_value(at)) == at


@pytest.mark.parametrize("text", ["25", "10:75", "half past six", "13pm", "0am"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(forms.ValidationError, match="“Time” must be a time, like 10am"):
        TimeField(label="Time").clean(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("6.30", time(18, 30)),
        ("6:30", time(18, 30)),
        ("630", time(18, 30)),
        ("7", time(19)),
        ("7.59", time(19, 59)),
        ("1:30", time(13, 30)),
        ("6:30am", time(6, 30)),
        ("06:30 a.m.", time(6, 30)),
        ("6.30pm", time(18, 30)),
        ("06:30pm", time(18, 30)),
        ("8", time(8)),
        ("10.30", time(10, 30)),
        ("18:30", time(18, 30)),
        ("noon", time(12)),
        ("00:30", time(0, 30)),
    ],
)
def test_a_group_that_meets_at_half_past_six_meets_in_the_evening(text, meant):
    assert MeetingTimeField(label="Time").clean(text) == meant


@pytest.mark.parametrize("text", ["06:30", "0630", "06.30"])
def test_by_a_clock_of_24_hours_it_is_asked(text):
    with pytest.raises(forms.ValidationError, match="do you mean 6:30am or 6:30pm"):
        MeetingTimeField(label="Time").clean(text)


def test_a_new_line_counts_as_one_character_as_the_browser_shows_it():
    assert LongTextField(max_length=5).clean("ab\r\ncd") == "ab\ncd"


# --- The press ----------------------------------------------------------------------------------------


def key_of(page):
    return page.by_id("id_effect_key")["value"]


def test_each_page_carries_its_own_key_and_keeps_it_when_refused():
    first, second = show(Everything())[1], show(Everything())[1]
    assert key_of(first) != key_of(second)
    again = show(Everything({"effect_key": key_of(first)}))[1]
    assert key_of(again) == key_of(first)
    assert "Effect key" not in first.text


def test_the_same_page_sent_twice_carries_the_same_key_and_a_bad_one_is_replaced():
    key = key_of(show(Everything())[1])
    sent = [Everything({**GOOD, "effect_key": key}) for _ in range(2)]
    assert all(form.is_valid() for form in sent)
    assert sent[0].cleaned_data["effect_key"] == sent[1].cleaned_data["effect_key"]
    other = Everything({**GOOD, "name": "Ines Roe", "effect_key": key})
    assert other.is_valid() and other.cleaned_data["effect_key"] != sent[0].cleaned_data["effect_key"]
    bad = Everything({**GOOD, "effect_key": "x' or 1"})
    assert bad.is_valid() and re.fullmatch(r"[0-9a-f-]{36}", bad.cleaned_data["effect_key"])


# --- The page around it --------------------------------------------------------------------------------


def test_the_title_says_error_and_the_summary_stands_once_on_top():
    template = "<title>{% error_prefix %}People</title>{% error_summary %}<main>{% crispy form %}</main>"
    html, _ = show(Everything({}), template)
    assert "<title>Error: People" in html
    assert html.count("govuk-error-summary__title") == 1
    assert html.index("govuk-error-summary__title") < html.index("<main>")
    assert "Error: " not in show(Everything(), template)[0] and "Error: " not in show(Everything(GOOD), template)[0]


def test_forms_of_another_name_are_in_the_summary_where_the_page_lists_them():
    wrong = Everything({})
    template = Template("{% error_prefix %}{% error_summary %}")
    assert template.render(Context({"asked": wrong})) == ""
    assert "govuk-error-summary__title" in template.render(Context({"asked": wrong, "forms": [wrong]}))


def test_what_is_wrong_with_the_whole_form_stands_in_the_summary():
    class Refusing(GovForm):
        name = TextField(label="Name", required=False)

        def clean(self):
            raise forms.ValidationError("The group is full.")

    _, page = show(Refusing({}))
    assert "The group is full." in page.text


def test_optional_fields_say_so_unless_the_form_does_not_want_it():
    class Open(GovForm):
        name = TextField(label="Name", required=False)

    assert "Name (optional)" in show(Open())[1].text
    Open.mark_optional = False  # type: ignore[attr-defined]
    assert "(optional)" not in show(Open())[1].text


def test_a_form_is_sent_safely_and_says_what_its_button_does():
    class Withdraw(GovForm):
        submit_label, submit_style, cancel_url = "Withdraw", "warning", "/back/"
        name = TextField(label="Name")

    template = engines["django"].from_string("{% crispy form %}")
    html = template.render({"form": Withdraw(), "csrf_token": "token-of-this-page"})
    assert "govuk-button--warning" in html and ">Withdraw</button>" in on_one_line(html) and 'href="/back/"' in html
    assert "csrfmiddlewaretoken" in html and "token-of-this-page" in html and 'method="post"' in html


def test_without_its_tag_a_form_is_only_fields():
    class Part(GovForm):
        form_tag = False
        name = TextField(label="Name")

    html, _ = show(Part())
    assert "<form" not in html and "<button" not in html and 'name="name"' in html


def test_fieldsets_of_a_layout_have_headings_and_hold_their_fields():
    class Grouped(GovForm):
        layout = Layout(Fieldset("Contact", "name"))
        one_effect = True
        name = TextField(label="Name")

    html, page = show(Grouped())
    assert html.index("Contact") < html.index('name="name"') < html.index("</fieldset>")
    assert "id_effect_key" in page.ids()


def test_a_file_makes_the_form_multipart():
    class Paper(GovForm):
        paper = forms.FileField(label="Paper")

    assert 'enctype="multipart/form-data"' in show(Paper())[0]


def test_two_forms_with_prefixes_share_no_id():
    html = "".join(show(Everything({}, prefix=prefix))[0] for prefix in ("a", "b"))
    times = Counter(Elements(html).ids())
    assert [id_ for id_, n in times.items() if n > 1] == []


def test_a_set_of_forms_shows_every_row_and_links_its_errors():
    class Item(GovForm):
        form_tag = False
        title = TextField(label="Title")

    Items = forms.formset_factory(Item, extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-title": "Film", "form-1-title": ""}
    formset = Items(data, form_kwargs={"empty_permitted": False, "use_required_attribute": False})
    html, page = show(formset)
    assert "form-TOTAL_FORMS" in html and html.count("<form ") == 1 and html.count("<button") == 1
    assert page.links() == ["id_form-1-title"]
    assert all(link in page.ids() for link in page.links())
