"""Do the tests notice? One fault at a time, by chance, into the core; what no test notices is listed.

    script/bench mutants               500 faults by chance, seed 1
    script/bench mutants 200 7         200 faults, seed 7
    script/bench mutants 0             what stood the last time, once more

First the suite runs once, without the browser, and it is written down which test passes which line. Then the tests are
loaded once, and for each fault a child of that process puts the fault in and runs the tests that pass its line, the
smallest first, until one fails. A child has a copy of the database, so nothing that it breaks outlives it.

mutmut 3 calls each function through a copy of its own, which Django's models and decorated views do not survive, and
cosmic-ray starts a process for each fault: five seconds of loading before the first test. Hence these few lines. What
they do not draw: lines outside functions (constants, fields, decorators), what is logged, and locks, which tests that
run alone cannot notice: the races have tests of their own.
"""

from __future__ import annotations

import ast
import copy
import gc
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "var" / "mutants"
SECONDS = 90  # of the processor: what keeps one test busy for so long is noticed, something goes round and round
AT_ONCE = os.cpu_count() or 1
STOOD, NOTICED, NOT_PUT_IN, BROKEN = range(4)
OUTCOMES = ["stood", "noticed", "not put in", "broken"]

# Places and keeping apart, register and running, sealing and closing, rights and retention, disclosure and figures,
# access, links, limits, backups, jobs.
# fmt: off
CORE = [
    "caregivers/places", "caregivers/apart", "caregivers/safe.py", "caregivers/rights",
    "caregivers/consents", "caregivers/links", "caregivers/concerns", "caregivers/police_checks",
    "caregivers/models", "sessions_app/register", "sessions_app/running", "sessions_app/retention",
    "sessions_app/closing", "sessions_app/packs", "sessions_app/models", "feedback/sealing.py", "feedback/asking",
    "feedback/answering", "feedback/slips", "feedback/counting_out", "feedback/results", "feedback/paper",
    "feedback/tablet", "feedback/quotes", "feedback/kinds.py", "feedback/models", "evaluation/collecting",
    "evaluation/disclosure", "evaluation/figures", "evaluation/across", "evaluation/own_answers", "evaluation/reports",
    "evaluation/data", "evaluation/rounds", "evaluation/cards", "evaluation/withdrawing",
    "evaluation/models", "programmes/team", "programmes/handing_over", "ppg/access", "ppg/accounts",
    "ppg/audit_trail", "ppg/backups", "ppg/encryption", "ppg/background", "ppg/limits.py",
    "ppg/memory_counts.py", "ppg/forms/effects.py", "ppg/links",
]
# fmt: on


# --- Faults ---------------------------------------------------------------------------------------------------

OTHER_OPERATOR: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
NARROWED_BY = {"filter", "exclude"}


@dataclass(frozen=True)
class Fault:
    path: str
    line: int  # of the statement it is in
    until: int
    was: str
    became: str
    nth: int  # of the faults of its file: finds it again

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.was}  →  {self.became}"


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """What this node may become by one slip."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OTHER_OPERATOR:
            yield ast.Compare(node.left, [_other(operator)], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(_other(node.op), node.values)
        case ast.BinOp(op=ast.Add() | ast.Sub()) if not _is_text(node.left) and not _is_text(node.right):
            yield ast.BinOp(node.left, _other(node.op), node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(node.value + 1)
        case ast.Call(func=ast.Attribute(attr=name, value=of)) if name in NARROWED_BY:
            yield of
        case (
            ast.If(test=ast.Name() | ast.Attribute() | ast.Call())
            | ast.IfExp(test=ast.Name() | ast.Attribute() | ast.Call())
        ):
            turned = copy.copy(node)
            turned.test = ast.UnaryOp(ast.Not(), node.test)
            yield turned
        case ast.Expr(value=ast.Call(func=called)) if "log" not in ast.unparse(called).split("."):
            yield ast.Pass()


def _other(operator: ast.AST) -> Any:
    return OTHER_OPERATOR[type(operator)]()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


class _Sites(ast.NodeVisitor):
    """Every fault that a file could have inside its functions, as (statement, node, what it becomes)."""

    def __init__(self) -> None:
        self.sites: list[tuple[ast.stmt, ast.AST, ast.AST]] = []
        self.statement: ast.stmt | None = None
        self.within = 0

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef):
            self.within += 1
            for child in node.body:  # neither decorators nor defaults: they are read once, while the module loads
                self.visit(child)
            self.within -= 1
            return
        outer = self.statement
        if isinstance(node, ast.stmt):
            self.statement = node
        if self.within and self.statement is not None:
            self.sites += [(self.statement, node, new) for new in replacements(node)]
        self.generic_visit(node)
        self.statement = outer


def sites_in(tree: ast.Module) -> list[tuple[ast.stmt, ast.AST, ast.AST]]:
    sites = _Sites()
    sites.visit(tree)
    return sites.sites


def in_words(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:90]


def faults_in(path: Path) -> list[Fault]:
    faults = []
    for nth, (statement, node, new) in enumerate(sites_in(ast.parse(path.read_text()))):
        last = (
            statement.body[0].lineno - 1 if hasattr(statement, "body") else (statement.end_lineno or statement.lineno)
        )
        until = max(last, statement.lineno)
        faults.append(Fault(str(path.relative_to(ROOT)), statement.lineno, until, in_words(node), in_words(new), nth))
    return faults


def with_fault(fault: Fault) -> CodeType:
    """The module's code with the fault in it."""
    tree = ast.parse((ROOT / fault.path).read_text())
    _statement, node, new = sites_in(tree)[fault.nth]

    class Put(ast.NodeTransformer):
        def visit(self, visited: ast.AST) -> ast.AST:
            return ast.copy_location(new, node) if visited is node else self.generic_visit(visited)

    return compile(ast.fix_missing_locations(Put().visit(tree)), str(ROOT / fault.path), "exec")


def core_files() -> list[Path]:
    files = [path for name in CORE for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]
    return sorted({path for path in files if path.exists() and not path.name.startswith("urls")})


# --- A fault put into what is loaded --------------------------------------------------------------------------


def codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def put_in(fault: Fault) -> bool:
    """False: nothing that is loaded runs this code, or it closes over other names now; such a fault is not drawn."""
    source = compile((ROOT / fault.path).read_text(), str(ROOT / fault.path), "exec")
    changed: dict[tuple[str, int], CodeType] = {}
    for before, after in zip(codes_in(source), codes_in(with_fault(fault)), strict=False):
        if before.co_qualname != after.co_qualname:
            return False
        if before != after:
            changed[before.co_qualname, before.co_firstlineno] = after
    put = False
    for function in gc.get_objects():
        if type(function) is not FunctionType or function.__code__.co_filename != str(ROOT / fault.path):
            continue  # `isinstance` would wake up what is lazy
        after = changed.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if after is None:
            continue
        try:
            function.__code__ = after
        except ValueError:
            return False
        put = True
    return put


# --- In pytest: which test passes which line; and a child for each fault --------------------------------------


class WhoPassesWhat:
    def __init__(self, config: pytest.Config) -> None:
        worker = getattr(config, "workerinput", {}).get("workerid", "alone")
        sources = sorted({name.split("/")[0] for name in CORE})
        self.coverage = coverage.Coverage(
            data_file=str(PLACE / f"lines.{worker}"), source=[str(ROOT / name) for name in sources], config_file=False
        )
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_unconfigure(self) -> None:
        self.coverage.stop()
        self.coverage.save()


class OneFaultAtATime:
    def __init__(self, drawn: list[tuple[Fault, list[str]]], report: Path) -> None:
        self.drawn = drawn
        self.report = report
        self.sound: dict[str, bool] = {}  # whether a test passes here where nothing is wrong

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        # Makes the database. What lasts as long as the session is kept, and no more: the next test is of any folder.
        first = next(item for item in session.items if not item.get_closest_marker("anywhere"))
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=session)
        first._initrequest()  # type: ignore[attr-defined]  # so that it can be run again
        with self.report.open("a") as report:
            for fault, names in self.drawn:
                outcome = self.what_becomes_of(fault, [items[name] for name in names if name in items])
                report.write(json.dumps([fault.path, fault.nth, *outcome]) + "\n")
                report.flush()
        return True

    def what_becomes_of(self, fault: Fault, items: list[pytest.Item]) -> tuple[str, str]:
        """A test counts as noticing only if it passes, in a child likewise, with nothing wrong."""
        items = [item for item in items if self.sound.get(item.nodeid, True)]
        outcome, said = in_a_child(fault, items)
        noticed_by = [item for item in items if item.nodeid == said]
        if outcome == "noticed" and noticed_by:
            if said not in self.sound:
                self.sound[said] = in_a_child(None, noticed_by)[0] == "stood"
            if not self.sound[said]:
                return self.what_becomes_of(fault, items)
        return outcome, said


def in_a_child(fault: Fault | None, items: list[pytest.Item]) -> tuple[str, str]:
    """What became of it, and which test said so."""
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _in_child(fault, items, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    shutil.rmtree(_child_place(child), ignore_errors=True)
    if os.WIFSIGNALED(status):
        return "noticed", "took too long"
    return OUTCOMES[os.waitstatus_to_exitcode(status)], said


def _child_place(pid: int) -> Path:
    return Path(os.environ["PPG_VAR"]) / f"child-{pid}"


def _in_child(fault: Fault | None, items: list[pytest.Item], writing: int) -> None:
    """Never returns."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        _own_database()
        if fault and not put_in(fault):
            os._exit(NOT_PUT_IN)
    except BaseException as error:  # ours: it must never pass for a test that noticed
        os.write(writing, repr(error).encode())
        os._exit(BROKEN)
    try:
        for item, following in zip_longest(items, items[1:]):
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            signal.alarm(10 * SECONDS)  # waits for what never comes
            failed = _Failed()
            item.config.pluginmanager.register(failed)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item.config.pluginmanager.unregister(failed)
            if failed.was:
                os.write(writing, item.nodeid.encode())
                os._exit(NOTICED)
        os._exit(STOOD)
    except BaseException as error:
        os.write(writing, repr(error).encode())
        os._exit(BROKEN)


def _own_database() -> None:
    from django.db import connection

    place = _child_place(os.getpid())
    place.mkdir()
    name = shutil.copy(connection.settings_dict["NAME"], place)
    connection.settings_dict["NAME"] = str(name)


class _Failed:
    was = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.was = self.was or report.failed


def pytest_configure(config: pytest.Config) -> None:
    if job := os.environ.get("MUTANTS"):
        drawn = [(Fault(**fault), names) for fault, names in json.loads(Path(job).read_text())]
        config.pluginmanager.register(OneFaultAtATime(drawn, Path(job).with_suffix(".outcome")))
    elif hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.register(WhoPassesWhat(config))


# --- The command ----------------------------------------------------------------------------------------------


def run_pytest(log: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "-p", "bench.mutants", "-p", "no:cacheprovider", "-q", *arguments]
    with log.open("wb") as said:
        return subprocess.Popen(
            [*command, "-m", "not journey"], cwd=ROOT, env=os.environ | environment, stdout=said, stderr=said
        )


def write_down_who_passes_what() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    run_pytest(PLACE / "lines.log", "-n", str(AT_ONCE), "--dist", "worksteal").wait()
    whole = coverage.CoverageData(str(PLACE / "lines"))
    for part in PLACE.glob("lines.gw*"):
        read = coverage.CoverageData(str(part))
        read.read()
        whole.update(read)
    whole.write()


@cache
def lines_passed() -> coverage.CoverageData:
    data = coverage.CoverageData(str(PLACE / "lines"))
    data.read()
    return data


@cache
def tests_by_line(path: str) -> dict[int, list[str]]:
    return lines_passed().contexts_by_lineno(str(ROOT / path))


def tests_of(fault: Fault, size: Counter[str]) -> list[str]:
    by_line = tests_by_line(fault.path)
    names = {name for line in range(fault.line, fault.until + 1) for name in by_line.get(line, []) if name}
    return sorted(names, key=lambda name: (size[name], name))


def sizes() -> Counter[str]:
    """Of each test, how many lines of the core it passes: the smallest say soonest that something broke."""
    return Counter(
        name for path in core_files() for names in tests_by_line(str(path.relative_to(ROOT))).values() for name in names
    )


def try_all(faults: Iterable[Fault]) -> dict[Fault, tuple[str, str]]:
    """What became of each: stood, noticed or not put in, and by which test."""
    size = sizes()
    drawn = [(fault, tests_of(fault, size)) for fault in faults]
    jobs, running = [], []
    for nth in range(AT_ONCE):
        jobs.append(PLACE / f"drawn-{nth}.json")
        jobs[-1].write_text(json.dumps([(vars(fault), names) for fault, names in drawn[nth::AT_ONCE]]))
        jobs[-1].with_suffix(".outcome").unlink(missing_ok=True)
        place = Path(os.environ["PPG_VAR"]) / f"mutants-{nth}"
        place.mkdir(exist_ok=True)
        running.append(run_pytest(jobs[-1].with_suffix(".log"), MUTANTS=str(jobs[-1]), PPG_VAR=str(place)))
    for process in running:
        process.wait()
    outcomes = {}
    for job in jobs:
        for line in job.with_suffix(".outcome").read_text().splitlines():
            path, nth, outcome, by = json.loads(line)
            outcomes[path, nth] = outcome, by
    return {fault: outcomes.get((fault.path, fault.nth), ("not tried", "")) for fault, _names in drawn}


def draw(n: int, seed: int) -> list[Fault]:
    every = [fault for path in core_files() for fault in faults_in(path)]
    return random.Random(seed).sample(every, min(n, len(every)))


def main(n: int = 500, seed: int = 1) -> None:
    stood = PLACE.parent / "mutants-stood.json"
    if n:
        faults = draw(n, seed)
    else:
        faults = [Fault(**one) for one in json.loads(stood.read_text())]
    began = time.monotonic()
    if not os.environ.get("MUTANTS_KEEP_LINES"):
        write_down_who_passes_what()
    outcomes = try_all(faults)
    stood.write_text(
        json.dumps([vars(fault) for fault, (outcome, _by) in outcomes.items() if outcome == "stood"], indent=1)
    )
    counts = Counter(outcome for outcome, _by in outcomes.values())
    tried = counts["stood"] + counts["noticed"]
    for fault in sorted((fault for fault, (outcome, _by) in outcomes.items() if outcome == "stood"), key=str):
        print("stood:", fault)
    share = 100 * counts["noticed"] / max(tried, 1)
    print(f"{counts['noticed']} of {tried} faults were noticed ({share:.1f} %), seed {seed};")
    rest = ", ".join(f"{outcome}: {counts[outcome]}" for outcome in ("not put in", "broken", "not tried"))
    print(f"{rest}; {time.monotonic() - began:.0f} s")
    if counts["noticed"] < 0.95 * tried:
        sys.exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
