import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from django.utils import translation

from evaluation.charts import kinds as charts
from evaluation.disclosure.suppression import TEAM, hold_back, shared
from evaluation.figures.change import change
from evaluation.figures.rows import SessionRow
from evaluation.figures.shapes import DomainFigures, QuestionFigures
from tests.evaluation import samples

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own


def domain(pairs, low=0.0, high=4.0, pooled=False) -> DomainFigures:
    return DomainFigures("d", "Wellbeing", low, high, len(pairs), 0, 0, 0, len(pairs), change(pairs, pooled=pooled))


def everything() -> list[str]:
    drawn = charts.drawn(samples.team())
    made = [drawn["reach"], drawn["attendance"], *(chart for _, chart in drawn["questions"])]
    return made + [chart for _, lines, balance in drawn["domains"] for chart in (lines, balance)]


@pytest.mark.parametrize("svg", everything())
def test_each_chart_has_a_title_and_a_description_and_obeys_the_strict_policy(svg):
    root = parsed(svg)  # well-formed
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text and root[1].text
    assert "style" not in svg
    assert not re.search(r"<(script|image|use|foreignObject)|href|\son\w+=", svg)


@pytest.mark.parametrize("svg", everything())
def test_text_stays_within_the_chart_and_is_large_enough_at_320_px(svg):
    root = parsed(svg)
    width = float(root.get("viewBox").split()[2])
    assert width <= 320 - 2 * 15
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", 14))
        x = float(text.get("x")) + float(text.get("dx", 0))
        assert size >= 12
        if text.get("text-anchor") is None:
            assert x + len(text.text) * size * 0.52 <= width + 2, text.text


def texts(svg: str) -> list[str]:
    return [text.text for text in parsed(svg).iter(f"{SVG}text")]


def test_bars_carry_their_numbers():
    assert "8 of 8" in texts(charts.attendance(samples.team()))
    assert texts(charts.reach(samples.team()))[1::2] == ["10", "8", "8", "6"]


def test_a_session_with_few_people_says_so_and_has_no_bar_to_measure():
    few = hold_back(samples.whole(people=samples.people()[:4] + samples.people()[6:8]), TEAM)
    svg = charts.attendance(few)
    assert "held back" in texts(svg)
    hidden = [row for row in parsed(svg).iter(f"{SVG}g") if "held back" in [text.text for text in row]]
    assert hidden and not [dot for row in hidden for dot in (*row.iter(f"{SVG}circle"), *row.iter(f"{SVG}rect"))]


def test_everybody_at_a_session_is_a_dot_and_those_away_are_empty_ones():
    first, fourth = (list(parsed(charts.attendance(samples.team())).iter(f"{SVG}g"))[n] for n in (0, 3))
    fills = [[dot.get("fill") for dot in row.iter(f"{SVG}circle")] for row in (first, fourth)]
    assert [len(row) for row in fills] == [8, 6]
    assert [row.count("#ffffff") for row in fills] == [0, 1]


def test_more_people_than_fit_as_dots_are_bars():
    many = samples.whole(people=samples.people() * 4)
    assert not list(parsed(charts.attendance(many)).iter(f"{SVG}circle"))
    assert "32 of 32" in texts(charts.attendance(many))


def test_the_edition_to_share_has_no_attendance_and_no_lines():
    whole = samples.whole()
    drawn = charts.drawn(shared(whole, 10, team=samples.team()))
    assert drawn["attendance"] == "" and not any(lines for _, lines, _ in drawn["domains"])


def test_minutes_planned_and_taken_stand_beside_each_session_run_by_the_clock():
    rows = [SessionRow(1, "One", 90, held=True, took=80, planned=90), SessionRow(2, "Two", 90, held=True)]
    assert texts(charts.delivery(samples.whole(sessions=rows))) == ["1. One", "80 min, planned 90"]
    assert charts.delivery(samples.team()) == "", "the clock was not used"


def test_each_kind_of_line_has_its_name_at_its_end_and_no_two_on_one_another():
    svg = charts.lines(domain([(0, 4), (1, 4), (4, 4), (4, 3.9), (0, 1)]))
    ends = {text.text: float(text.get("y")) for text in parsed(svg).iter(f"{SVG}text") if text.get("x") == "208"}
    assert {"better", "worse", "same", "4.0"} <= set(ends)
    heights = sorted(y for told, y in ends.items() if told != "After")
    assert all(below - above >= 15.9 for above, below in itertools.pairwise(heights))


def test_lines_go_from_before_to_after_and_falling_ones_are_dashed():
    svg = charts.lines(domain([(0, 4), (4, 0), (2, 2)]))
    pairs = [line for line in parsed(svg).findall(f"{SVG}line") if line.get("x1") == "96"]
    heights = {(float(line.get("y1")), float(line.get("y2"))): line.get("stroke-dasharray") for line in pairs}
    assert heights == {(168.0, 16.0): None, (16.0, 168.0): "6 4", (92.0, 92.0): "2 3"}


def test_lines_that_lie_on_one_another_are_one_thicker_line():
    svg = charts.lines(domain([(1, 2), (1, 2), (1, 3)]))
    widths = [line.get("stroke-width") for line in parsed(svg) if line.get("x1") == "96"]
    assert widths == ["3", "2"]


def test_no_lines_where_cohorts_are_pooled_or_the_change_is_held_back():
    assert charts.lines(domain([(1, 2)] * 5, pooled=True)) == ""
    held = hold_back(samples.whole(people=samples.people()[:4]), TEAM).domains[0]
    assert held.held == "few"
    assert charts.lines(held) == charts.balance(held) == ""


def test_better_the_same_and_worse_are_a_bar_each_with_name_and_number():
    svg = charts.balance(domain([(1, 2)] * 99 + [(2, 1)]))
    assert texts(svg) == ["Better", "99 (99%)", "The same", "0 (0%)", "Worse", "1 (1%)"]


def test_where_only_better_may_be_told_the_others_are_one_bar():
    row = domain([(1, 2)] * 12 + [(2, 1)] * 6 + [(1, 1)] * 6)
    few = replace(row, change=replace(row.change, same=None, worse=None))
    assert texts(charts.balance(few)) == ["Better", "12 (50%)", "Not better", "12 (50%)"]


def test_what_people_typed_is_escaped():
    row = QuestionFigures("q", "<script>alert(1)</script>", ("a & b", "<i>"), 6, (3, 3))
    svg = charts.question(row)
    assert "<script" not in svg and "<i>" not in svg
    assert texts(svg)[::2] == ["a & b", "<i>"]


def test_numbers_in_the_drawing_have_points_in_every_language(settings):
    settings.LANGUAGE_CODE = "de"
    with translation.override("de"):
        root = parsed(charts.lines(domain([(0.7, 1.3)])))
    assert [float(line.get("y1")) for line in root.iter(f"{SVG}line")]
