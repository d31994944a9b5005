"""The report as a PDF: tagged, in pages that read well, and the same numbers as the figures."""

import io
import itertools
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from evaluation.disclosure.suppression import TEAM, hold_back
from evaluation.reports.pages import print_html
from evaluation.reports.sections import ALL
from ppg.documents.pdf import render_pdf
from tests.evaluation import samples
from tests.markup import on_one_line
from tests.pdfs import boxes_in, fonts_of


def tags(pdf: pikepdf.Pdf) -> list[str]:
    """Names of the structure elements, in reading order."""
    names: list[str] = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                names.append(str(node.S)[1:])
            if "/K" in node:
                walk(node.K)

    walk(pdf.Root.StructTreeRoot)
    return names


@pytest.fixture(scope="module")
def report() -> bytes:
    return render_pdf(print_html(samples.COVER, samples.team(), samples.TEXT))


def test_tagged_with_title_language_and_headings_that_skip_no_level(report):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        names = tags(pdf)
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-gb"
        assert str(pdf.docinfo.Title) == "Peer Parent Group, Ipswich spring: evaluation report, version 1, for the team"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert boxes_in(report) == 0 and {font.removesuffix("-Bold") for font in fonts_of(report)} == {"arimo"}
    levels = [int(name[1]) for name in names if re.fullmatch("H[1-6]", name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert names.count("Figure") == 3 + 4 + 2 * 4, "cover, reach, attendance, questions, lines and bars"
    assert {"Table", "TH", "TD", "L", "LI", "P"} <= set(names)


def test_four_to_eight_pages_even_with_every_section_at_its_longest(report):
    sentence = "They asked for more time with the police and for plain words. "
    longest = {section.key: (sentence * 60)[: section.longest] for section in ALL}
    with pikepdf.open(io.BytesIO(report)) as usual:
        assert 4 <= len(usual.pages) <= 8
    with pikepdf.open(io.BytesIO(render_pdf(print_html(samples.COVER, samples.team(), longest)))) as full:
        assert 4 <= len(full.pages) <= 8


def test_four_pages_at_least_where_everything_is_held_back():
    few = hold_back(samples.whole(people=samples.people()[:3], sheets=[]), TEAM)
    with pikepdf.open(io.BytesIO(render_pdf(print_html(samples.COVER, few, {"learned": "Something."})))) as pdf:
        assert 4 <= len(pdf.pages) <= 8


def test_no_empty_table_and_no_merged_cells():
    for figures in (samples.team(), hold_back(samples.whole(people=[], sheets=[], sessions=[], domains=[]), TEAM)):
        html = print_html(samples.COVER, figures, {})
        assert "rowspan" not in html and "colspan" not in html
        assert "<tbody></tbody>" not in on_one_line(html)


def test_says_what_it_cannot_say():
    html = print_html(samples.COVER, samples.team(), samples.TEXT)
    assert "change cannot be put down to the programme" in html
    assert "p-value" not in html and "significant" not in html


def test_tells_the_figures_it_was_given():
    html = print_html(samples.COVER, samples.team(), samples.TEXT)
    assert "better for 4 of 6 who answered both times; median change +0.8" in html
    assert "<strong>8</strong> <span>invited</span>" in html
    assert "Rests on 6 of 8 people who took part. Missing: 2 answered only before" in html


def test_what_is_held_back_is_nowhere_in_the_page():
    """Four pairs with scores that would be recognised, were they there."""
    people = samples.people()[:4] + samples.people()[6:8]
    whole, held = samples.whole(people=people), hold_back(samples.whole(people=people), TEAM)
    told = [f"Median before <strong>{domain.change.before:.1f}</strong>" for domain in whole.domains if domain.change]
    html = print_html(samples.COVER, held, {})
    assert len(told) == 4 and all(one in print_html(samples.COVER, whole, {}) for one in told)
    assert not any(one in html for one in told)
    assert "Held back: fewer than 5 people answered both times." in html


def test_a_superseded_version_says_so_first():
    cover = replace(samples.COVER, superseded_on=date(2026, 6, 1))
    html = print_html(cover, samples.team(), samples.TEXT)
    assert "superseded on 1 June 2026" in html
    assert html.index("superseded on") < html.index("At a glance")


def test_what_was_typed_is_escaped_and_keeps_its_paragraphs_and_lists():
    html = print_html(samples.COVER, samples.team(), {"learned": "One <b>\nmore\n\nTwo\n- a\n- b & c\nand on"})
    assert '<p class="govuk-body" dir="auto">One &lt;b&gt; more</p><p class="govuk-body" dir="auto">Two</p>' in html
    assert "<li>a</li><li>b &amp; c and on</li>" in html
