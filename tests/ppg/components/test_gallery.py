"""The components, each asked what it shows; the gallery has them all on one page."""

import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from tests.markup import on_one_line


def show(template, **context):
    return engines["django"].from_string(template).render(context)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?wrong"])
def test_the_gallery_opens_for_staff_and_for_nobody_else(browser_of, stranger, facilitator, query):
    url = reverse("gallery") + query
    page = browser_of(facilitator).get(url)
    assert page.status_code == 200
    assert ("<title>Error: Components" in page.content.decode()) == bool(query)
    assert stranger.get(url).status_code == 302


@pytest.mark.django_db
def test_a_staff_page_says_who_is_signed_in_and_lets_them_out_by_post(browser_of, facilitator):
    html = on_one_line(browser_of(facilitator).get(reverse("gallery")).content.decode())
    assert "Femi Facilitator" in html
    assert f'<form method="post" action="{reverse("account_logout")}"' in html


def test_progress_is_told_in_words_beside_the_bar():
    html = show("{% progress 6 8 %}")
    assert "6 of 8" in html and 'width="75.0"' in html
    assert 'width="100.0"' in show("{% progress 9 8 %}") and 'width="0.0"' in show("{% progress 0 0 %}")


ITEMS = [("Welcome", 10, "welcome"), ("Film", 60, "film")]


@pytest.mark.parametrize(
    ("length", "sentence"),
    [
        (90, "70 of 90 minutes, 20 unplanned"),
        (70, "70 of 70 minutes"),
        (69, "70 of 69 minutes, 1 minute too long"),
        (60, "70 of 60 minutes, 10 minutes too long"),
    ],
)
def test_the_bar_of_an_agenda_says_its_sum(length, sentence):
    assert f">{sentence}<" in show("{% timebar items length %}", items=ITEMS, length=length)


def test_the_parts_of_an_agenda_are_as_wide_as_their_minutes():
    html = on_one_line(show("{% timebar items 100 %}", items=ITEMS))
    assert 'x="0.0" width="97.0"' in html and 'x="100.0" width="597.0"' in html


def test_an_empty_agenda_breaks_nothing():
    assert "0 of 90 minutes, 90 unplanned" in show("{% timebar items 90 %}", items=[])


def test_a_state_is_always_in_words():
    assert show('{% tag "Taken" "green" %}') == '<strong class="govuk-tag govuk-tag--green">Taken</strong>'


def test_what_is_not_known_says_so_and_the_link_says_what_it_changes():
    html = show('{% summary %}{% row "Phone" "" "/change/" %}{% endsummary %}')
    assert "Not known yet" in html
    assert 'href="/change/">Change<span class="govuk-visually-hidden"> Phone</span>' in html


@pytest.mark.parametrize(
    "template",
    [
        "{% tag x %}",
        '{% summary %}{% row "a" x %}{% endsummary %}',
        "{% button x '/' hidden=x %}",
        "{% task x '/' x 'blue' hint=x %}",
        "{% table x %}{% endtable %}",
        "{% table x stack=True %}<thead><tr><th>{{ x }}</th></tr></thead><tbody><tr><td></td></tr></tbody>"
        "{% endtable %}",
        "{% details x %}{% enddetails %}",
        "{% post_button x '/' why_not=x key=x %}",
        "{% inset %}{{ x }}{% endinset %}",
        "{% timebar items 90 %}",
    ],
)
def test_no_component_lets_markup_through(template):
    html = show(template, x='<b a="">', items=[('<b a="">', 5, "film")])
    assert "<b a" not in html and "&lt;b" in html


def test_a_stacked_table_is_still_one_and_each_value_knows_its_head():
    html = show(
        '{% table "Groups" stack=True %}<thead><tr><th scope="col">Group</th><th scope="col" class="num">"In" &amp; '
        '<span>out</span></th></tr></thead><tbody><tr><th scope="row">One</th><td class="num">5</td></tr></tbody>'
        "{% endtable %}"
    )
    assert '<table class="govuk-table govuk-table--stack" role="table">' in html
    assert '<th role="columnheader" scope="col">Group</th>' in html
    assert '<tr role="row"><th role="rowheader" scope="row">One</th>' in html
    assert '<td role="cell" data-label="&quot;In&quot; &amp; out" class="num">5</td>' in html
    assert "role" not in show('{% table "Groups" %}<tbody><tr><td>5</td></tr></tbody>{% endtable %}').replace(
        'role="region"', ""
    )


def regions(html):
    """The name of each notice, in the order of the page."""
    return re.findall(r'role="(region|alert)" aria-label="([^"]*)"', html)


def test_several_messages_of_a_kind_stand_in_one_notice():
    said = [(constants.WARNING, "Friday is"), (constants.SUCCESS, "Moved"), (constants.INFO, "<b>"), (25, "Told")]
    html = show('{% include "components/messages.html" %}', messages=[Message(*one) for one in said])
    assert regions(html) == [("alert", "Done"), ("region", "Important")]
    shown = re.findall('banner__heading">(.*?)</p>', html)
    assert shown == ["Moved", "Told", "Friday is", "&lt;b&gt;"]
    assert show('{% include "components/messages.html" %}').strip() == ""


def test_notices_of_one_page_have_names_of_their_own():
    request = RequestFactory().get("/")
    own = "{% notice %}One{% endnotice %}{% notice 'info' 'Draft' %}Two{% endnotice %}{% notice %}Three{% endnotice %}"
    html = show('{% include "components/messages.html" %}' + own, messages=[Message(30, "Zero")], request=request)
    assert [name for _, name in regions(html)] == ["Important", "Important 2", "Draft", "Important 3"]
    assert re.findall('banner__title">(.*?)</p>', html) == ["Important", "Important", "Draft", "Important"]
    assert regions(show(own, request=RequestFactory().get("/")))[0] == ("region", "Important")


def test_a_button_that_may_not_be_pressed_is_off_and_says_why():
    html = show('{% post_button "Close" "/close/" why_not=why %}', why="Nobody has answered yet.", csrf_token="t")
    assert " disabled>" in html and "Nobody has answered yet." in html
    on = show('{% post_button "Close" "/close/" why_not="" effect_key="k1" %}', csrf_token="t")
    assert " disabled" not in on and 'name="effect_key" value="k1"' in on and 'value="t"' in on


def test_a_list_in_pages_keeps_what_the_address_says():
    request = RequestFactory().get("/", {"who": "lead", "page": "2"})
    html = show("{% pagination page %}", page=Paginator(range(30), 10).page(2), request=request)
    assert "?who=lead&amp;page=1" in html and "?who=lead&amp;page=3" in html and "Page 2 of 3" in html
    assert show("{% pagination page %}", page=Paginator(range(3), 10).page(1), request=request) == ""


def test_the_page_of_the_worst_day_needs_nothing():
    html = engines["django"].get_template("500.html").render({"reference": "R-1"})
    assert "Something went wrong" in html and "R-1" in html and "sign" not in html.lower()


def public(template="404.html", **context):
    return engines["django"].get_template(template).render({"service": {"name": "Common Ground"}, **context})


def test_a_public_page_leads_out_at_once_without_a_script_and_names_nothing():
    html = on_one_line(public())
    assert '<a href="https://www.bbc.co.uk/weather"' in html and 'rel="nofollow noreferrer"' in html
    assert "<title>Page not found – Common Ground</title>" in html
    assert 'href="/"' not in html and "account" not in html
    for word in ("parent", "carer", "child", "exploit", "police"):
        assert word not in html.lower()


def test_leaving_is_explained_and_honest_about_the_history():
    html = show('{% include "components/exit_explained.html" %}')
    assert "weather page" in html and "Shift key 3 times" in html and "history still lists this page" in html


@pytest.mark.django_db
def test_a_language_can_be_chosen_when_there_is_more_than_one(stranger, settings):
    assert 'name="language"' not in stranger.get("/nothing-here/").content.decode()
    settings.LANGUAGES = [("en-gb", "English"), ("cy", "Welsh")]
    page = on_one_line(stranger.get("/nothing-here/").content.decode())
    assert 'value="cy" lang="cy">Cymraeg</button>' in page
    answer = stranger.post(reverse("set_language"), {"language": "cy", "next": "/nothing-here/"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/nothing-here/"
    assert '<html lang="cy"' in stranger.get("/nothing-here/").content.decode()


@pytest.mark.django_db
def test_the_language_form_leads_to_our_own_pages_only(stranger):
    answer = stranger.post(reverse("set_language"), {"language": "en-gb", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer.headers["Location"]
