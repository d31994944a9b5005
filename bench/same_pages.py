"""Whether every page is still drawn as it was, when only the layout of templates or modules has changed.

    .venv/bin/python bench/same_pages.py begin BASE      once: the demo's database, and every address to open
    .venv/bin/python bench/same_pages.py write BASE OLD  before the change
    .venv/bin/python bench/same_pages.py write BASE NEW  after it
    .venv/bin/python bench/same_pages.py compare OLD NEW

Each address is opened as each role, and its form sent empty; the public pages as nobody. Clock, chance and database are
the same each time, and what a request wrote is undone, so that two runs of one version are equal. What is kept of an
answer is its tree, in which white space counts where it is drawn: between words, and between what stands in one line.
Beside blocks, rows and items it is not. Ends with 1 where something differs.
"""

from __future__ import annotations

import difflib
import itertools
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MANY = 12  # records of a kind, besides the one that the guards make
ADDRESSES, VAR = "addresses.json", "var"

# --- The tree of an answer ------------------------------------------------------------------------

NAMES = """
    html head body title meta link script template article aside blockquote caption col colgroup dd details dialog div
    dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr br legend li main nav ol optgroup option p
    section summary table tbody td tfoot th thead tr ul source
    g rect line circle path polyline polygon defs desc text
"""
BLOCKS = set(NAMES.split())  # the last line of them within a drawing
WITHIN = BLOCKS - {"br", "hr"} | {"button", "label", "select", "svg"}  # white space at its two ends is not drawn
EXACT = {"pre", "textarea", "script", "style"}
UNSEEN = {"meta", "link", "script", "template"}  # stand anywhere and draw nothing
FLEX = {"actions", "govuk-button-group", "masthead__row", "masthead__person"}  # what they hold is laid out as blocks
STYLES = "".join(path.read_text() for path in sorted((ROOT / "static/css").glob("*.css")))
EMPTY = set(re.findall(r"\.([\w-]+):empty", STYLES))  # classes that look otherwise with nothing, not even a space
SPACE = re.compile(r"[ \t\n\r\f]+")

Piece = tuple[str, str, int]  # kind, what is written, depth


def pieces(node: Any, depth: int = 0, block: bool = False) -> Iterator[Piece]:
    """An element as what opens it, what it holds, what closes it.

    Kinds: text; block, open and close, where a line may end; unseen."""
    if not isinstance(node.tag, str):
        return  # a comment
    tag = node.tag.rsplit("}", 1)[-1]
    attributes = " ".join(attribute(name, value) for name, value in sorted(node.attrib.items()))
    classes = set(node.get("class", "").split())
    outside = "block" if block or tag in BLOCKS else ""
    if tag in UNSEEN or (tag == "input" and node.get("type") == "hidden"):
        outside = "unseen"
    whole = json.dumps("".join(node.itertext()), ensure_ascii=False) if tag in EXACT else ""
    yield outside or "open", f"<{tag} {attributes}>{whole}" if attributes else f"<{tag}>{whole}", depth
    if not whole and (len(node) or node.text):
        if classes & EMPTY and not len(node) and not (node.text or "").strip():
            yield "unseen", "(a space)", depth + 1
        inside = "block" if block or tag in WITHIN else ""
        yield inside or "open", "", depth
        yield "text", node.text or "", depth + 1
        for child in node:
            yield from pieces(child, depth + 1, block=bool(classes & FLEX))
            yield "text", child.tail or "", depth + 1
        yield inside or "close", "", depth
    yield outside or "close", f"</{tag}>", depth


def attribute(name: str, value: str) -> str:
    name = name.rsplit("}", 1)[-1]
    return f"{name}={json.dumps(' '.join(value.split()) if name == 'class' else value, ensure_ascii=False)}"


def tree(root: Any) -> list[str]:
    """A line for each tag and text, with the spaces of a text at its ends that are drawn."""
    drawn = [piece for piece in pieces(root) if piece[0] != "text" or piece[1]]
    lines, before = [], "block"  # what was drawn last: ink, a space, or the edge of a block
    for at, (kind, text, depth) in enumerate(drawn):
        if kind == "text":
            text = SPACE.sub(" ", text)
            text = text.rstrip(" ") if line_ends(drawn, at) else text
            text = text if before == "ink" else text.lstrip(" ")
            before = before if not text else "space" if text.endswith(" ") else "ink"
            text = text and json.dumps(text, ensure_ascii=False)
        elif kind == "block":
            before = "block"
        elif kind == "close" and text and drawn[at - 1][0] == "open":
            before = "ink"  # a picture, a field
        if text:
            lines.append("  " * depth + text)
    return lines


def line_ends(drawn: list[Piece], at: int) -> bool:
    """Whether nothing more is drawn until the edge of a block."""
    at += 1
    while at < len(drawn) and (drawn[at][0] in ("unseen", "close") or blank(drawn[at])):
        at += 1
    return at == len(drawn) or drawn[at][0] == "block"


def blank(piece: Piece) -> bool:
    return piece[0] == "text" and not piece[1].strip()


def kept(answer: Any) -> str:
    """What is compared of an answer."""
    import tinyhtml5  # WeasyPrint brings it

    head = [f"{answer.status_code} {answer.headers.get('Location', '')}".strip()]
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if kind in ("text/html", "image/svg+xml") and content.strip():
        return "\n".join(head + tree(tinyhtml5.parse(content.decode()))) + "\n"
    if kind.startswith("text/") or kind == "application/json":
        return "\n".join([*head, content.decode()]) + "\n"
    return "\n".join([*head, kind]) + "\n"  # PDFs and tables are made anew each time


# --- Opening everything ---------------------------------------------------------------------------


def start(var: Path) -> None:
    os.environ.update(PPG_VAR=str(var), DJANGO_SETTINGS_MODULE="tests.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()


def stand_still(at: float) -> None:
    """From here on it is always this moment."""
    from django.utils import timezone

    now = datetime.fromtimestamp(at, tz=timezone.get_default_timezone())
    time.time = lambda: at
    timezone.now = lambda: now.astimezone(timezone.get_fixed_timezone(0))


def chance(seed: str) -> None:
    """Keys and codes come out alike for the same seed."""
    dice = random.Random(seed)
    random.seed(seed)
    os.urandom = dice.randbytes
    random.SystemRandom.getrandbits = lambda self, bits: dice.getrandbits(bits)
    random.SystemRandom.randbytes = lambda self, n: dice.randbytes(n)
    random.SystemRandom.random = lambda self: dice.random()


def begin(base: Path) -> None:
    (base / VAR).mkdir(parents=True)
    start(base / VAR)
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo")
    with transaction.atomic():
        found = addresses()
    (base / ADDRESSES).write_text(json.dumps({"at": time.time(), "addresses": found}, indent=1))
    print(f"{len(found)} addresses in {base / ADDRESSES}")


def addresses() -> list[tuple[str, str, str]]:
    """(who, the address's name, the address), beginning with nobody's."""
    from ppg.access.permissions import Role
    from ppg.models import User
    from programmes.models import Cohort, TeamMember
    from tests.factories import CohortFactory
    from tests.guards.records import records_of
    from tests.guards.test_permissions import TABLE, address, allowed
    from tests.public_pages import public_pages

    who = {role: User.objects.filter(role=role).earliest("pk") for role in Role}
    group = CohortFactory(
        name="Ipswich spring", team=[who[role] for role in (Role.LEAD, Role.FACILITATOR, Role.PARENT)]
    )
    records = records_of(group)
    for one, user in itertools.product(Cohort.objects.all(), who.values()):
        TeamMember.objects.get_or_create(cohort=one, user=user, defaults={"job": TeamMember.Job.EVALUATION})
    found = [("", name.split()[0], url) for name, url in public_pages(group, who[Role.LEAD]).items()]
    more = codes()
    for name in sorted(TABLE):
        needs = TABLE[name][0].split()
        urls = {address(name, records)}
        if len(needs) == 1 and needs[0] in more:
            urls |= {address(name, {needs[0]: code}) for code in more[needs[0]]}
        found += [(who[role].email, name, url) for role in Role if allowed(name, role) for url in sorted(urls)]
    return found


def codes() -> dict[str, list[str]]:
    """Kind of record, as the table of permissions calls it → some that the demo has."""
    from django.apps import apps

    kinds = {
        "caregiver": "caregivers.Caregiver",
        "referral": "caregivers.Referral",
        "cohort": "programmes.Cohort",
        "guide": "programmes.Guide",
        "programme": "programmes.Programme",
        "resource": "programmes.Resource",
        "session": "sessions_app.Session",
        "form": "feedback.Form",
        "quote": "feedback.Quote",
        "suggestion": "feedback.Suggestion",
        "wave": "evaluation.Wave",
        "version": "evaluation.ReportVersion",
        "account": "ppg.User",
    }
    found = {}
    for kind, label in kinds.items():
        whole = list(apps.get_model(label).objects.order_by("pk").values_list("code", flat=True))
        found[kind] = whole[:: max(1, len(whole) // MANY)][:MANY]
    return found


def write(base: Path, folder: Path) -> None:
    listed = json.loads((base / ADDRESSES).read_text())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ppg-same-") as var:
        shutil.copytree(base / VAR, var, dirs_exist_ok=True)
        start(Path(var))
        stand_still(listed["at"])
        chance("signing in")
        browsers = {who: browser(who) for who in sorted({who for who, _name, _url in listed["addresses"]})}
        statuses: Counter[str] = Counter()
        for who, name, url in listed["addresses"]:
            for ask in ("get", "post"):
                page = opened(browsers[who], ask, url)
                statuses[page.split(maxsplit=1)[0]] += 1
                file = f"{name} {who.split('@')[0] or 'nobody'} {ask} {quote(url, safe='')[-80:]}"
                (folder / f"{file}.txt").write_text(page)
    print(", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))


def browser(email: str) -> Any:
    from django.test import Client

    from ppg.models import User

    client = Client(raise_request_exception=False)
    if email:
        client.force_login(User.objects.get(email=email))
    return client


def opened(client: Any, ask: str, url: str) -> str:
    """What is kept of the answer. Whatever the request did is undone."""
    from django.core.cache import caches
    from django.db import transaction

    chance(f"{ask} {url}")
    for cache in caches.all():
        cache.clear()
    cookies = copy(client.cookies)
    with transaction.atomic():
        try:
            page = kept(getattr(client, ask)(url))
        except Exception:  # what needs a transaction of its own
            page = f"failed {traceback.format_exc().splitlines()[-1]}\n"
        transaction.set_rollback(True)
    client.cookies = cookies
    return page


# --- Comparing ------------------------------------------------------------------------------------


def compare(old: Path, new: Path) -> int:
    names = sorted({path.name for folder in (old, new) for path in folder.glob("*.txt")})
    wrong = 0
    for name in names:
        texts = [(folder / name).read_text() if (folder / name).exists() else "" for folder in (old, new)]
        if texts[0] != texts[1]:
            wrong += 1
            print(f"\n{name.removesuffix('.txt')}")
            lines = difflib.unified_diff(*(text.splitlines() for text in texts), n=1, lineterm="")
            print("\n".join(f"  {line}" for line in itertools.islice(lines, 2, 40)))
    print(f"{len(names)} answers, {wrong} differ.")
    return int(bool(wrong) or not names)


def main() -> int:
    match sys.argv[1:]:
        case ["begin", base]:
            begin(Path(base))
        case ["write", base, folder]:
            write(Path(base), Path(folder))
        case ["compare", old, new]:
            return compare(Path(old), Path(new))
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
