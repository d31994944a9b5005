"""What docs/changing.md lists: each step that can be forgotten fails here, or where that page says, by its name."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from caregivers.importing.columns import FIELDS, plain
from caregivers.importing.rows import Defaults, check
from caregivers.models import Caregiver
from caregivers.registering.actions import ANSWERS, _keep_answers
from caregivers.registering.forms import DetailsForm, RegistrationForm
from caregivers.rights import actions as rights
from caregivers.rights.handover import file_of
from feedback.kinds import KINDS
from feedback.languages import texts as languages
from feedback.models import Question, Translation
from ppg.access import permissions
from ppg.access.permissions import GRANTS, Permission
from ppg.forms.fields import Tick, YesNo
from ppg.holdings.processing_record import RULES
from ppg.management.commands.worker import NIGHTLY, SWEEPS
from programmes.checklist import lines as checklist
from programmes.checklist.lines import Line
from sessions_app.preparing.things import NEEDS
from tests.factories import CaregiverFactory
from tests.guards.test_permissions import TABLE
from tests.told import answer, chosen_from, shown

ROOT = Path(__file__).resolve().parents[2]


@cache
def sources() -> dict[Path, str]:
    paths = [path for app in settings.OUR_APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return {path: path.read_text(encoding="utf-8") for path in paths if "migrations" not in path.parts}


# --- A field of registration ---------------------------------------------------------------------------

ASKED = [name for name in DetailsForm.base_fields if not name.startswith("contact")]


@pytest.mark.parametrize("name", sorted({*ASKED, *ANSWERS}))
def test_what_the_registration_asks_is_kept(name):
    assert name in ANSWERS, f"Add {name} to ANSWERS in caregivers/registering/actions.py: nothing keeps it."
    assert name in ASKED, f"{name} is in ANSWERS and no field of DetailsForm in caregivers/registering/forms.py."
    assert hasattr(Caregiver, name), f"Add the field {name} to Caregiver in caregivers/models/people.py."


def test_an_answer_that_nothing_keeps_is_an_error_and_not_lost():
    with pytest.raises(ValueError, match="shoe_size"):
        _keep_answers(Caregiver(), {"name": "Rosa Marsh", "shoe_size": "38"}, None, None)


BELOW_ANSWERS = [name for below in DetailsForm().revealed().values() for name in below]


@pytest.mark.parametrize("name", ASKED)
def test_what_the_registration_asks_is_drawn_once(name):
    parts = [field for part in RegistrationForm.sections for field in part.fields]
    if name in BELOW_ANSWERS:
        assert name not in parts, f"Take {name} out of the Fieldset: the answer that reveals it draws it already."
    else:
        assert parts.count(name) == 1, f"Add {name} to one Fieldset of DetailsForm.sections: it is not drawn otherwise."


@pytest.mark.parametrize("name", ASKED)
def test_a_no_is_an_answer(name):
    assert not isinstance(DetailsForm.base_fields[name], YesNo | Tick), (
        f"Ask {name} by ChoiceRadios with a “No” of its own: what is False counts as left empty, and an old yes stands."
    )


# What nobody buys, books or brings for a session.
NOT_TO_PREPARE = {
    "name": "the needs stand beside it",
    "liked_name": "the needs stand beside it",
    "phone": "says how somebody is reached",
    "email": "says how somebody is reached",
    "safe_ways": "says how somebody is reached",
    "safe_when": "says when somebody is reached",
    "availability": "has found the group's time",
    "handouts_by": "counted: how many copies to print",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_somebody_needs_is_on_the_page_that_prepares_a_session(name):
    assert (name in dict(NEEDS)) != (name in NOT_TO_PREPARE), (
        f"Add {name} to NEEDS in sessions_app/preparing/things.py if somebody has to buy, book or bring something for "
        "it; else to NOT_TO_PREPARE here, with why."
    )


TYPED = {name: field for name, field in DetailsForm.base_fields.items() if isinstance(field, forms.CharField)}


@pytest.mark.parametrize("name", [name for name in ASKED if name in TYPED])
def test_what_the_registration_asks_is_as_long_as_what_keeps_it(name):
    asked, kept = TYPED[name].max_length, getattr(Caregiver, name).field.max_length
    assert asked == kept, f"{name} takes {asked} letters in DetailsForm and {kept} in Caregiver: say the same."


@pytest.fixture
def person(cohort) -> Caregiver:
    """Somebody who has told us everything."""
    answers = {name: answer(name) for name in ANSWERS if hasattr(Caregiver, name)}
    return CaregiverFactory(cohort=cohort, registered_at=timezone.now(), registered_how="online", **answers)


@pytest.mark.parametrize("name", ANSWERS)
def test_what_somebody_told_us_stands_on_their_record(name, person, browser_of, lead):
    page = browser_of(lead).get(reverse("caregivers:record", args=[person.code])).text
    assert shown(name) in page, f"Add a row for {name} to templates/caregivers/record/record.html."


@pytest.mark.parametrize("name", ANSWERS)
def test_what_somebody_told_us_is_handed_over(name, person):
    rows = file_of(person, timezone.now()).parts["Details"][0]
    values = [str(value) for value in rows.values()]
    assert shown(name) in values, f"Add {name} to _details in caregivers/rights/handover.py."


@pytest.mark.parametrize("name", ANSWERS)
def test_what_somebody_told_us_is_erased(name, person, lead):
    rights.erase(caregiver=person, by=lead)
    left = getattr(Caregiver.objects.get(pk=person.pk), name)
    assert left in ("", [], None, False), f"Empty {name} in _blank in caregivers/rights/actions.py."


IN_A_LIST = [(name, value, words) for name in ANSWERS for value, words in chosen_from(name) or [("", shown(name))]]


@pytest.mark.parametrize(("name", "value", "words"), IN_A_LIST)
def test_what_the_registration_asks_can_come_from_a_list(name, value, words):
    """Each answer that may be chosen, “No” too."""
    assert name in FIELDS, f"Give {name} a column in FIELDS in caregivers/importing/columns.py."
    cells = {"name": "Rosa Marsh", "phone": "07700 900982", "email": "rosa@home.example", name: words}
    checked = check(
        headings=list(cells),
        rows=[(2, list(cells.values()))],
        matched={field: column for column, field in enumerate(cells)},
        defaults=Defaults("caseload", timezone.localdate()),
        already=[],
        today=timezone.localdate(),
    )
    (brought,) = checked.people
    expected = [value] if isinstance(answer(name), list) else value or answer(name)
    assert brought.details.get(name) == expected, (
        f"Read “{words}” of {name}: add it to TEXTS in caregivers/importing/cells.py; what is no text is read in "
        "SheetRow.person, and where “no” is an answer `something` must not take it for nothing."
    )


def test_each_heading_of_a_list_means_one_thing():
    headings = [heading for field in FIELDS.values() for heading in field.headings]
    twice = sorted({heading for heading in headings if headings.count(heading) > 1})
    assert not twice, f"Two columns of caregivers/importing/columns.py have {twice}: only the first one is found."
    unread = [heading for heading in headings if plain(heading) != heading]
    assert not unread, (
        f"Write {unread} as `plain` leaves them in caregivers/importing/columns.py: they are never found."
    )


# --- A kind of question --------------------------------------------------------------------------------

OF_KINDS = {type(kind).__name__ for kind in KINDS.values()}
ASKS_FOR_KIND = re.compile(r"kind|behaviour", re.I)
IN_LOOKUP = re.compile(r"(^|question__)kind(__in)?$")
KIND_IN_TEMPLATE = re.compile(
    rf"""\{{% *(?:el)?if\b(?=[^%]*(?:kind|behaviour))[^%]*["'](?:{"|".join(KINDS)})["'][^%]*%\}}"""
)


def names_kind(node: ast.AST) -> bool:
    """By the name that is stored or by that of its class, anywhere in it."""
    return any(
        (isinstance(one, ast.Constant) and one.value in KINDS) or (isinstance(one, ast.Name) and one.id in OF_KINDS)
        for one in ast.walk(node)
    )


def is_branch_on_kind(node: ast.AST) -> bool:
    match node:
        case ast.Compare() | ast.Call(func=ast.Name(id="isinstance")):
            return names_kind(node) and bool(ASKS_FOR_KIND.search(ast.unparse(node)))
        case ast.Match(subject=subject, cases=cases):
            return bool(ASKS_FOR_KIND.search(ast.unparse(subject))) and any(names_kind(case.pattern) for case in cases)
        case ast.Call(func=ast.Attribute(attr="filter" | "exclude" | "get") | ast.Name(id="Q"), keywords=keywords):
            return any(IN_LOOKUP.search(key.arg or "") and names_kind(key.value) for key in keywords)
        case ast.Dict(keys=keys):
            return sum(key is not None and names_kind(key) for key in keys) > 1
    return False


def branches_on_kinds(text: str) -> list[str]:
    return [ast.unparse(node) for node in ast.walk(ast.parse(text)) if is_branch_on_kind(node)]


@pytest.mark.parametrize(
    "planted",
    [
        'if question.kind == "text": pass',
        'counted = asked.kind in ("scale", "choice")',
        "counted = question.kind != Several.name",
        'same = question.behaviour is KINDS["number"]',
        "words = isinstance(question.behaviour, Text)",
        'match question.kind:\n    case "several": pass',
        'rows = answers.filter(question__kind="text")',
        'rows = questions.exclude(kind__in=["scale", "choice"])',
        'least = {"text": 0, "number": 1}[question.kind]',
    ],
)
def test_a_branch_on_a_kind_of_question_is_seen(planted):
    assert len(branches_on_kinds(planted)) == 1
    assert not branches_on_kinds('draft = {"kind": Scale.name}; is_box = draft.kind == Questionnaire.Kind.BOX')
    assert KIND_IN_TEMPLATE.search('{% if question.quotable and question.kind == "text" %}')
    assert not KIND_IN_TEMPLATE.search('{% if item.kind != "break" %}')


def test_what_sets_a_kind_of_question_apart_stands_in_its_class():
    kinds = ROOT / "feedback" / "kinds.py"
    wrong = {str(path): branches_on_kinds(text) for path, text in sources().items() if path != kinds}
    wrong |= {str(path): KIND_IN_TEMPLATE.findall(path.read_text()) for path in (ROOT / "templates").rglob("*.html")}
    wrong = {path: lines for path, lines in wrong.items() if lines}
    assert not wrong, f"Let the class in feedback/kinds.py say it, and ask question.behaviour: {wrong}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_of_question_can_be_stored_and_drawn(kind):
    longest = Question._meta.get_field("kind").max_length
    assert len(kind.name) <= longest, f"{kind.name!r} is too long for Question.kind: {longest} letters at most."
    assert get_template(kind.paper_template) and get_template(kind.results_template)


# --- A permission --------------------------------------------------------------------------------------


def test_each_role_names_what_it_may():
    """By subtraction, or from another role, somebody would get what is added later without anybody saying so."""
    tree = ast.parse(inspect.getsource(permissions))
    (grants,) = (node.value for node in tree.body if isinstance(node, ast.AnnAssign) and "GRANTS" in ast.dump(node))
    assert isinstance(grants, ast.Dict)
    for role, granted in zip(grants.keys, grants.values, strict=True):
        inner = granted.args[0] if isinstance(granted, ast.Call) and granted.args else granted
        named = isinstance(inner, ast.Set) and all(isinstance(one, ast.Attribute) for one in inner.elts)
        assert named, f"Spell out in ppg/access/permissions.py what {ast.unparse(role)} may: frozenset({{P.…, P.…}})."


@pytest.mark.parametrize("permission", list(Permission), ids=lambda one: one.name)
def test_each_permission_is_somebodys(permission):
    held = [role for role, granted in GRANTS.items() if permission in granted]
    assert held, f"Nobody may {permission.value}: add P.{permission.name} to a role in ppg/access/permissions.py."


@cache
def permissions_asked_for() -> set[str]:
    """By views, querysets and templates."""
    code = [text for path, text in sources().items() if path.name != "permissions.py"]
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    return {name for text in code for name in re.findall(r"\bP\.([A-Z_]+)", text)} | {
        name for text in pages for name in re.findall(r"\bmay\.([A-Z_]+)", text)
    }


@pytest.mark.parametrize("name", list(Permission.__members__))
def test_each_permission_opens_something(name):
    assert name in permissions_asked_for(), f"Nothing asks for P.{name}: put @requires(P.{name}) on its view."


def test_no_page_asks_for_a_permission_that_there_is_not():
    """In a template it would be no error: the button would be missing for everybody."""
    unknown = permissions_asked_for() - set(Permission.__members__)
    assert not unknown, f"{sorted(unknown)} are in no line of Permission in ppg/access/permissions.py."


# --- A page --------------------------------------------------------------------------------------------

BY_ITS_ADDRESS = {"gallery"}  # shown to whoever builds pages


def test_each_page_is_led_to_by_something():
    code = [text for path, text in sources().items() if not path.name.startswith("urls")]
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    named = {name for text in code + pages for name in re.findall(r"""["']([a-z_]+(?::[a-z_]+)?)["']""", text)}
    alone = sorted(set(TABLE) - named - BY_ITS_ADDRESS)
    assert not alone, f'Nothing leads to {alone}: link there, {{% url "…" as url %}} in a template or reverse("…").'


# --- A line of the checklist ---------------------------------------------------------------------------


def lists_of_lines() -> list[tuple[str, Line]]:
    """(module, line) of each list `LINES` that an app writes down."""
    pairs = []
    for path, text in sources().items():
        if re.search(r"^LINES = \[", text, re.M):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            pairs += [(module, line) for line in import_module(module).LINES if isinstance(line, Line)]
    return pairs


@pytest.mark.parametrize(("module", "line"), lists_of_lines(), ids=lambda given: getattr(given, "slug", given))
def test_each_line_of_the_checklist_is_added(module, line):
    app = module.partition(".")[0]
    assert checklist.lines.get(line.slug) is line, f"checklist.add each of {module}.LINES in {app}/apps.py."


# --- A background job ----------------------------------------------------------------------------------


@cache
def functions() -> list[tuple[Path, ast.FunctionDef]]:
    """Of the modules that have to do with jobs."""
    modules = {path: ast.parse(text) for path, text in sources().items() if "@task" in text or path.name == "jobs.py"}
    return [(path, node) for path, tree in modules.items() for node in tree.body if isinstance(node, ast.FunctionDef)]


def is_task(node: ast.FunctionDef) -> bool:
    calls = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    return any(isinstance(call, ast.Name) and call.id == "task" for call in calls)


def of_the_clock(path: Path, node: ast.FunctionDef) -> bool:
    """A function of a room's jobs.py that can be called with nothing but the time."""
    needed = len(node.args.args) - len(node.args.defaults)
    return path.name == "jobs.py" and not node.name.startswith("_") and needed == 1 and node.args.args[0].arg == "now"


def named(path: Path, node: ast.FunctionDef) -> str:
    return f"{path.relative_to(ROOT)}:{node.name}"


@pytest.mark.parametrize("name", [named(path, node) for path, node in functions() if is_task(node)])
def test_each_job_is_started_by_something(name):
    job = name.partition(":")[2]
    starts = re.compile(rf"enqueue_on_commit\((?:\w+\.)?{job}\b|\b{job}\.enqueue\b")
    assert any(starts.search(text) for text in sources().values()), (
        f"Nothing starts {name}: call enqueue_on_commit({job}, …) in the action that it belongs to."
    )


@pytest.mark.parametrize("name", [named(path, node) for path, node in functions() if of_the_clock(path, node)])
def test_what_is_due_by_the_clock_is_done_by_the_worker(name):
    path, _colon, function = name.partition(":")
    module = ".".join(Path(path).with_suffix("").parts)
    done = [*SWEEPS, *(chore.do for chore in NIGHTLY)]
    assert getattr(import_module(module), function) in done, (
        f"Nobody calls {name}: add it to SWEEPS or NIGHTLY in ppg/management/commands/worker.py."
    )


def test_what_is_done_at_night_stands_in_running():
    """Health names what was not done, and sends its reader there."""
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = text.partition("\n## What else is done at night\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| (\d\d:\d\d) \| ([^|]+?) \|", table, re.M)
    done = [(f"{chore.at:%H:%M}", chore.name) for chore in NIGHTLY]
    assert told == done, "Tell in docs/running.md what is in NIGHTLY of worker.py: its hour, its name, what it does."


# What the worker does by the clock, at night by its name: the rules of the record of processing that it carries out.
CLEARS = {
    "backup": [],
    "old backups": [],  # files of a disk, no rows
    "ended sessions": ["sign_in"],
    "ended cache": [],  # nothing that is kept
    "finished jobs": ["job"],
    "old presses": ["press"],
    "absences": [],
    "catch-ups": [],  # to do, and not done: nothing was held about anybody
    "old chores": ["chore"],
    "check of the audit trail": [],
    "mail of the day": [],
    "retention": ["details"],
    "retention warning": ["warning"],
    "caregivers.places.actions.end_offers": [],
    "ppg.management.commands.worker.rename_moved": [],
    "ppg.background.jobs.requeue_lost": [],
    "programmes.telling.jobs.sweep": ["alert"],
    "ppg.accounts.mail.jobs.sweep": ["account_mail"],
    "ppg.accounts.sessions.sweep": ["sign_in"],
    "ppg.limits.sweep": ["limit"],
    "feedback.asking.jobs.close_due_forms": ["box"],
    "evaluation.rounds.actions.close_due_waves": ["box"],
    "feedback.suggestions.jobs.empty_due_boxes": ["box"],
    "sessions_app.packs.jobs.sweep": [],
    "evaluation.across.jobs.sweep": [],
    "caregivers.messages.jobs.sweep": [],
    "caregivers.at_rest.sweep": [],
    "ppg.audit_trail.chain.seal": [],
    "caregivers.concerns.jobs.remind_due": [],
}


# What these delete is kept by no rule: it never counted, or lies outside the database.
HARMLESS = {
    "caregivers.follow_ups.actions.drop": "a call that two absences raised, and a tick put right has taken back",
    "evaluation.across.actions._put_down": "what a report over many groups had read before it was given up",
    "ppg.backups.nightly._put": "a file that came half into the bucket",
    "ppg.backups.nightly.remove_old": "files of a disk and a bucket, for as long as a setting says",
}


def deletes(function: Callable[..., object], seen: set[object]) -> set[str]:
    """The functions of ours that delete rows, of this one and all that it calls by name."""
    function = inspect.unwrap(function)
    ours = inspect.isfunction(function) and function.__module__.partition(".")[0] in settings.OUR_APPS
    if function in seen or not ours:
        return set()
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    here = {f"{function.__module__}.{function.__name__}"} if names & {"delete", "_raw_delete"} else set()
    return here.union(*(deletes(called, seen) for called in called_in(tree, function.__globals__)))


def called_in(tree: ast.AST, known: Mapping[str, object]) -> Iterator[Callable[..., object]]:
    """What `f()` and `module.f()` stand for."""
    for node in ast.walk(tree):
        called: object = None
        if isinstance(node, ast.Name):
            called = known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called = getattr(known.get(node.value.id), node.attr, None) if node.value.id in known else None
        if callable(called) and inspect.isfunction(inspect.unwrap(called)):
            yield called


def test_what_is_cleared_away_by_the_clock_is_in_the_record_of_processing():
    done = {chore.name for chore in NIGHTLY} | {f"{one.__module__}.{one.__name__}" for one in SWEEPS}
    assert done == set(CLEARS), (
        f"Say in CLEARS here what {sorted(done ^ set(CLEARS))} deletes or empties: its rule in RULES of "
        "ppg/holdings/processing_record.py, which names what it clears in held.yaml; [] where all stays."
    )
    rules = {rule for names in CLEARS.values() for rule in names}
    assert rules <= set(RULES), f"{sorted(rules - set(RULES))} are no rules: add them to RULES."
    clocked = {chore.name: chore.do for chore in NIGHTLY} | {f"{one.__module__}.{one.__name__}": one for one in SWEEPS}
    ruleless = [name for name, names in CLEARS.items() if not names]
    silent = [name for name in ruleless if deletes(clocked[name], set()) - set(HARMLESS)]
    assert not silent, f"{silent} delete rows: name in CLEARS the rule of the record of processing that says so."
    kept = {name for name in rules if "for ever" in RULES[name].kept}
    assert not kept, f"{sorted(kept)} say “for ever”, and a job clears it away: give what it clears a rule of its own."


# --- A language of questions ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(languages.ALL))
def test_each_language_is_written_the_way_its_letters_run(code):
    language = languages.ALL[code]
    to_the_left = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in language.name_local)
    direction = "rtl" if to_the_left else "ltr"
    assert language.direction == direction, (
        f'{language.name_local} is "{direction}": say so in feedback/languages/texts.py.'
    )


@pytest.mark.parametrize("code", list(languages.ALL))
def test_each_language_can_be_stored_and_is_there_once(code):
    assert len(code) <= Translation._meta.get_field("language").max_length, f"{code} is too long for a translation."
    assert re.fullmatch(r"[a-z]{2,3}(-[a-z]+)?", code), f"{code} is no code of a language, such as pl or zh-hans."
    known = re.findall(r'Language\("([^"]+)"', inspect.getsource(languages))
    assert known.count(code) == 1, f"{code} is in feedback/languages/texts.py twice: the last one would stand."


def test_languages_are_listed_by_their_english_names():
    names = [str(language.name) for language in languages.ALL.values()]
    assert names == sorted(names), "Staff choose from this list: keep ALL in feedback/languages/texts.py in order."
