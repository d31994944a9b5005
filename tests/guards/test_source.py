"""What can be read off the source itself. Each guard says what to do about a failure."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_apps_import_downwards_only():
    done = subprocess.run([ROOT / ".venv/bin/lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"An app imports upwards. Move the code to the higher app.\n{done.stdout[-3000:]}"


def view_modules() -> list[Path]:
    """Those of an app's pages, and of rooms that have one file for them."""
    modules = {p for app in settings.OUR_APPS for way in ("views/*.py", "views.py") for p in (ROOT / app).rglob(way)}
    return sorted(p for p in modules if p.name != "__init__.py")


# Fetched without `visible_to`, each for a reason.
WITHOUT_SCOPE = {
    "ppg/accounts/staff/views.py": {"User"},  # an administrator sees everybody who signs in
    "caregivers/about/views.py": {"ConsentWording"},  # what everybody may read
    "caregivers/own_page/views.py": {"ConsentWording"},  # and what they are asked
    "caregivers/wordings/views.py": {"ConsentWording"},  # and what an administrator changes
}


@pytest.mark.parametrize("path", view_modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_views_start_from_what_the_person_may_see(path):
    """In a view `X.objects` is followed by `visible_to` (of data: `opened_to`), or on a public page by the secret that
    opens it."""
    allowed = WITHOUT_SCOPE.get(str(path.relative_to(ROOT)), set())
    source = path.read_text()
    public = "@public" in source
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
            continue
        if node.value.attr != "objects" or not isinstance(node.value.value, ast.Name):
            continue
        line = source.splitlines()[node.lineno - 1]
        good = node.attr in {"visible_to", "opened_to", "opened_by"} or (public and "code=" in line)
        good = good or "(cohort=" in line or "session__cohort=" in line or "(session=" in line
        if not good and node.value.value.id not in allowed:
            wrong.append(f"line {node.lineno}: {line.strip()}")
    assert not wrong, (
        "Start from .visible_to(request.user), or name the exception with its reason above.\n" + "\n".join(wrong)
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_hold_no_inline_script_or_style(path):
    text = path.read_text()
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", text)
    assert not found, f"The browser refuses {found}: use a module in static/js or a class in static/css."


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_line_is_longer_than_120(path):
    long = [number for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > 120]
    assert not long, (
        f"Wrap lines {long}: a tag, an attribute or a sentence a line, long texts in {{% blocktranslate trimmed %}}. "
        "bench/same_pages.py says whether the page is still drawn as it was."
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_form_says_who_opened_it(path):
    by_hand = "csrfmiddlewaretoken" in path.read_text()
    assert not by_hand, "Write {% csrf_token %}: it also says who opened the page, so that what they type is kept."


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_titles_tell_a_stranger_nothing(path):
    text = path.read_text()
    if "base_public.html" not in text:
        return
    title = re.search(r"{% block title %}(.*?){% endblock %}", text, re.S)
    if title:
        telling = re.findall(r"(?i)group|parent|carer|child|exploit|police|session|cohort|county", title.group(1))
        assert not telling, f"A public title says {telling}. Somebody else may see the screen: choose neutral words."


# --- Colours: each stands in colours.css, so that all pages turn dark together ----------------------

STYLES = ROOT / "static/css"
ON_PAPER = {"print", "poster", "paper-print", "handover", "cards", "slips", "report"}  # read by WeasyPrint as well
ON_SCREENS = sorted(path for path in STYLES.glob("*.css") if path.stem not in ON_PAPER | {"colours"})
COLOUR = r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\(|:[^;{}]*(?<![-\w])(?:white|black|red|green|blue|gr[ae]y)\b(?!-)"


@pytest.mark.parametrize("path", ON_SCREENS, ids=lambda p: p.stem)
def test_colours_of_the_screen_are_named_in_one_stylesheet(path):
    text = re.sub(r"/[*].*?[*]/", "", path.read_text(), flags=re.S)
    found = re.findall(COLOUR, text)
    assert not found, f"{found} stays as it is in the dark: take one of colours.css by what it is for, as var(--ink)."


def test_each_colour_that_is_used_is_there():
    there = set(re.findall(r"(--[\w-]+):", (STYLES / "colours.css").read_text()))
    used = {name for path in ON_SCREENS for name in re.findall(r"var\((--[\w-]+)", path.read_text())}
    missing = {name for name in used - there if not name.startswith("--govuk-")}
    assert not missing, f"Nothing says what {sorted(missing)} looks like: add it to colours.css."


def test_each_page_that_takes_our_look_takes_its_colours():
    wrong = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if "css/app.css" in (text := path.read_text())
        and not re.search(r'name="color-scheme" content="light dark".*css/colours[.]css.*css/app[.]css', text, re.S)
    ]
    assert not wrong, f"Without colours.css before app.css nothing has a colour: {wrong}."


def test_what_is_committed_names_no_machine_and_no_registry():
    wrong = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".ico"} or path == Path(__file__):
            continue
        text = path.read_text(errors="ignore")
        if re.search(r"https?://[^ \"]*(pypi|npmjs|pythonhosted)\.|" + r"\.\./" + "shared", text):
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong, f"Take the address out of {wrong}."


def test_no_view_module_is_longer_than_300_lines():
    long = [str(p.relative_to(ROOT)) for p in view_modules() if len(p.read_text().splitlines()) > 300]
    assert not long, f"Split {long} by page."


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/system_checks.py")), ids=lambda p: p.parent.name)
def test_system_checks_are_made_at_the_start(path):
    """A check that nothing imports is never made."""
    assert re.search(r"import .*\bsystem_checks\b", (path.parent / "apps.py").read_text()), "Import it in ready()."


CLOCK = {"now", "localtime", "localdate", "today", "time", "time_ns"}


def asked_while_imported(tree: ast.AST) -> list[ast.Call]:
    """Calls that ask what time it is as soon as a module is imported: outside functions, or in their decorators and
    defaults."""
    found: list[ast.Call] = []
    now: list[ast.AST]
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            now = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif isinstance(node, ast.Lambda):
            now = []
        else:
            now = [node]
        for one in now:
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in CLOCK:
                found += [one] if not one.args or one.func.attr == "now" else []
            found += asked_while_imported(one)
    return found


def test_nobody_looks_at_the_clock_while_modules_are_imported():
    """By the time it is used, the day may have changed."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in tracked()
        if path.suffix == ".py"
        for call in asked_while_imported(ast.parse(path.read_text()))
    ]
    assert not wrong, f"Ask for the time where it is needed (in tests the fixture `now`): {wrong}"


# What a person is called or reached by, in a sentence or in the values that go into it.
NAMES_SOMEBODY = re.compile(
    r"%\((?:name|who|person|email|phone)\)|(?<!language)\.(?:called|name|email|phone)\b|\[.(?:name|email|phone).\]"
)


def notices(tree: ast.AST) -> list[tuple[int, str]]:
    """Each `messages.success(request, …)` with what it says, and what its names were set to in the same function."""
    rows = []
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        sets = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        values = {ast.unparse(target): ast.unparse(one.value) for one in sets for target in one.targets}
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            what = ast.unparse(call.func)
            if re.fullmatch(r"messages\.(success|info|warning|error|add_message)", what):
                used = [node.id for arg in call.args[1:] for node in ast.walk(arg) if isinstance(node, ast.Name)]
                said = [*map(ast.unparse, call.args[1:]), *(values.get(name, "") for name in used)]
                rows.append((call.lineno, " ".join(said)))
    return rows


def test_what_is_said_after_a_press_names_nobody():
    paths = [
        path
        for app in settings.OUR_APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "messages." in path.read_text()
    ]
    said = [(path, line, text) for path in paths for line, text in notices(ast.parse(path.read_text()))]
    wrong = [f"{path.relative_to(ROOT)}:{line}" for path, line, text in said if NAMES_SOMEBODY.search(text)]
    assert len(said) > 80 and not wrong, (
        f"It waits in the session, readable in the database. Say it without the name, the page has it: {wrong}"
    )


# A time written otherwise than as 6:30pm, each for a reason.
OTHER_CLOCKS = {
    "ppg/time_of_day.py": "other languages have a clock of 24 hours",
    "ppg/logs.py": "for machines",
    "ppg/audit_trail/search.py": "the trail as a CSV file",
    "evaluation/reports/views/writing.py": "two saves within a minute are told apart",
    "templates/sessions_app/running/now.html": "how old the countdown is, to the second",
}
TIME_FORMAT = re.compile(r"[gGhH]:i|%[HIl]:%M")


def test_times_of_day_are_written_in_one_way():
    """6:30pm, by `ppg.time_of_day` in code and by `|clock` and `|day_and_clock` in templates."""
    ours = [ROOT / app for app in settings.OUR_APPS] + [ROOT / "templates"]
    files = [p for folder in ours for p in folder.rglob("*") if p.suffix in {".py", ".html", ".txt"}]
    written = {str(p.relative_to(ROOT)) for p in files if TIME_FORMAT.search(p.read_text())}
    assert not written - set(OTHER_CLOCKS), "Use clock() or day_and_clock(), or say here why not"
    assert not set(OTHER_CLOCKS) - written, "These need no exception any longer"
