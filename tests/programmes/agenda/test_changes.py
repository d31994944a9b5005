"""What changed between two agendas, and prompts as they are typed."""

from __future__ import annotations

from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from programmes.agenda.changes import Change, Part, What, changes, out_of_order
from programmes.agenda.prompts import prompt_lines, prompts_as_text, prompts_from_text
from programmes.shipped.actions import SHIPPED
from programmes.shipped.template_files import read

FIXTURES = [read(settings.BASE_DIR / "fixtures" / name) for name in SHIPPED]


def part(key: str, minutes: int = 10, **fields) -> Part:
    return Part(key=key, title=fields.pop("title", key.upper()), kind="input", minutes=minutes, counted=True,
                lead="facilitator", **fields)  # fmt: skip


A, B, C, D = (part(key) for key in "abcd")


def whats(before, after):
    return [(change.key, change.what) for change in changes(before, after)]


def test_the_same_is_no_change():
    assert changes([A, B, C], [A, B, C]) == []


def test_each_way_to_differ_has_its_name():
    assert changes([A], [part("a", 5)]) == [Change("a", "A", What.SHORTER, 10, 5)]
    assert changes([A], [part("a", 15)]) == [Change("a", "A", What.LONGER, 10, 15)]
    assert changes([A], [part("a", title="Z")]) == [Change("a", "A", What.TITLE, "A", "Z")]
    assert changes([A, B], [B]) == [Change("a", "A", What.LEFT_OUT, 10)]
    assert changes([A], [A, part("n", 7)]) == [Change("n", "N", What.ADDED, None, 7)]
    assert whats([A], [part("a", prompts=["x"])]) == [("a", What.PROMPTS)]
    assert whats([A], [part("a", speakers=["x"])]) == [("a", What.SPEAKERS)]
    assert whats([A], [part("a", uses=[1])]) == [("a", What.USES)]


def test_one_part_moved_over_others_is_one_change():
    assert changes([A, B, C, D], [B, C, D, A]) == [Change("a", "A", What.MOVED, "", "D")]
    assert changes([A, B, C, D], [D, A, B, C]) == [Change("d", "D", What.MOVED, "C", "")]


def test_what_comes_and_goes_moves_nobody():
    assert whats([A, B, C], [A, part("n"), C]) == [("n", What.ADDED), ("b", What.LEFT_OUT)]


@given(st.permutations(range(7)))
def test_taking_the_moved_parts_aside_leaves_the_others_in_order_and_no_fewer_would_do(order):
    before, after = [str(n) for n in range(7)], [str(n) for n in order]
    moved = out_of_order(before, after)
    stayed = [key for key in after if key not in moved]
    assert stayed == sorted(stayed)
    longest = [1] * 7  # by the plain quadratic way
    for i in range(7):
        longest[i] = 1 + max((longest[j] for j in range(i) if after[j] < after[i]), default=0)
    assert len(stayed) == max(longest)


# --- Prompts -------------------------------------------------------------------------------------------------


def test_a_dash_puts_a_line_under_the_one_before():
    typed = "What stayed?\n- One thing\n  -  Another \n\nAnd now?\n-\n - \n---"
    assert prompts_from_text(typed) == [{"What stayed?": ["One thing", "Another"]}, "And now?"]
    assert prompts_from_text("- First\n- Second") == [{"First": ["Second"]}]
    assert prompts_from_text("") == []
    assert prompts_from_text("-5 degrees\nwell-known") == ["-5 degrees", "well-known"]


def test_every_shipped_prompt_is_the_same_after_being_typed():
    seen = 0
    for programme in FIXTURES:
        for guide in programme["guides"]:
            for item in guide["items"]:
                typed = prompts_from_text(prompts_as_text(item["prompts"]))
                assert prompt_lines(typed) == prompt_lines(item["prompts"])
                assert typed == item["prompts"]
                seen += bool(typed)
    assert seen > 20


LINE = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(LINE, st.lists(LINE, max_size=3)), max_size=5))
def test_what_was_typed_once_stays_the_same_when_saved_again(lines):
    once = prompts_from_text("\n".join("\n".join([line, *("- " + text for text in under)]) for line, under in lines))
    assert prompts_from_text(prompts_as_text(once)) == once
