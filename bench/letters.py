"""What is printed, in the letters of every language that is offered: a sheet, a poster, slips and cards, somebody's own
file and a report, 150 PDFs.

    .venv/bin/python -m bench.letters                          and print how many boxes stand in each, in a table
    .venv/bin/python -m bench.letters ur zh-hans --keep DIR    these languages, and keep the PDFs to look at
    .venv/bin/python -m bench.letters --without                the same on a machine that has no font itself
    PDFUA_CHECK=path/to/check .venv/bin/python -m bench.letters    and ask a checker of PDF/UA-1 (bench/report_pdfs.py)

Ends with 1 where a letter is drawn as a box, or by a font that is not ours, or where the checker refuses a PDF.
--without needs Linux and root: it hides the folders of fonts from this process alone (unshare).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = ("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/var/cache/fontconfig")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("languages", nargs="*")
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--without", action="store_true")
    given = arguments.parse_args()
    if given.without:
        return without_fonts([one for one in sys.argv[1:] if one != "--without"])
    with tempfile.TemporaryDirectory(prefix="ppg-letters-") as var:
        folder = given.keep or Path(var, "pdfs")
        folder.mkdir(parents=True, exist_ok=True)
        return run(var, folder, given.languages)


def without_fonts(arguments: list[str]) -> int:
    """The same in a mount namespace of its own, where the machine has neither fonts nor settings of them."""
    hide = "".join(f"[ ! -d {path} ] || mount -t tmpfs none {path}; " for path in HIDDEN)
    again = ["unshare", "--mount", "sh", "-c", f'{hide} exec "$@"', "sh", sys.executable, "-m", "bench.letters"]
    return subprocess.run([*again, *arguments], cwd=ROOT, env={**os.environ, "HOME": "/nonexistent"}).returncode


def run(var: str, folder: Path, languages: list[str]) -> int:
    os.environ.update(PPG_VAR=var, DJANGO_SETTINGS_MODULE="ppg.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from feedback.languages.texts import ALL

    documents = makers()
    print(f"{'':8}" + "".join(f"{name:>10}" for name in documents) + "   seconds  own fonts alone")
    good = [row(code, documents, folder) for code in languages or ALL]
    return 0 if all(good) and passes(sorted(folder.glob("*.pdf"))) else 1


def row(code: str, documents: dict[str, Callable[[str], str]], folder: Path) -> bool:
    from ppg.documents.faces import all_faces
    from ppg.documents.pdf import render_pdf
    from tests.pdfs import boxes_in, fonts_of

    ours, boxes, used, took = {face.name for face in all_faces()}, [], set(), 0.0
    for name, html_in in documents.items():
        html = html_in(code)
        began = time.process_time()
        made = render_pdf(html)
        took += time.process_time() - began
        (folder / f"{code}-{name}.pdf").write_bytes(made)
        boxes.append(boxes_in(made))
        used |= {font.removesuffix("-Bold").rstrip(",") for font in fonts_of(made)}
    alone = used <= ours
    print(
        f"{code:8}" + "".join(f"{n:10}" for n in boxes) + f"{took:10.1f}  {'yes' if alone else used - ours}", flush=True
    )
    return alone and not any(boxes)


def makers() -> dict[str, Callable[[str], str]]:
    """Document → what makes its page in the letters of a language."""
    from django.utils import timezone

    from caregivers.posters import context as posters
    from caregivers.posters.actions import switch_poster
    from caregivers.rights import handover
    from evaluation.cards import sheet as cards
    from evaluation.reports.pages import print_html
    from feedback.languages import actions as translating
    from feedback.languages import texts
    from feedback.languages.queries import said_in
    from feedback.paper import sheet as paper
    from feedback.slips import sheet as slips
    from ppg.models import Service
    from ppg.service_details import service
    from programmes.shipped.actions import load_shipped
    from tests.evaluation import samples
    from tests.factories import CohortFactory, PlaceFactory, UserFactory
    from tests.feedback.factories import opened_form, printed
    from tests.letters import LETTERS

    load_shipped()
    site, staff = "https://groups.example.gov.uk", UserFactory()
    cohort = CohortFactory(team=[staff])
    form, person = opened_form(cohort), PlaceFactory(cohort=cohort).caregiver
    poster = switch_poster(cohort=cohort, on=True, by=staff, site=site)
    asked = form.questionnaire

    def named(code: str) -> str:
        Service.objects.update_or_create(pk=1, defaults={"name": f"{texts.ALL[code].name_local} {LETTERS[code][:60]}"})
        service.forget()
        return LETTERS[code]

    def a_sheet(code: str) -> str:
        letters = named(code)
        pieces = texts.texts(asked, list(asked.questions.all()))
        said = {text.key: letters[:100] if "." in text.key[-3:] else letters[:180] for text in pieces}
        translating.save_translation(questionnaire=asked, language=code, said=said, by=staff)
        return paper.print_html(form, said_in(asked, code), large=False, address=f"{site}/f/{form.code}/")

    def own_file(code: str) -> str:
        person.name = named(code)[:120]
        person.save()
        return handover.file_of(person, timezone.now()).as_html()

    def report(code: str) -> str:
        letters = named(code)
        cover = replace(samples.COVER, cohort=letters[:80], organisation=letters[-80:])
        quotes = [{"code": "1", "theme": letters[:40], "words": letters[:400]}]
        return print_html(cover, samples.team(), dict.fromkeys(samples.TEXT, letters[:600]), quotes=quotes)

    return {
        "sheet": a_sheet,
        "poster": lambda code: named(code) and posters.print_html(poster, site),
        "slips": lambda code: named(code) and slips.print_html(printed(form, 10), site),
        "cards": lambda code: named(code) and cards.print_html(["ABCDEFGH"] * 8, site),
        "own file": own_file,
        "report": report,
    }


def passes(pdfs: list[Path]) -> bool:
    check = os.environ.get("PDFUA_CHECK")
    if not check:
        return True
    asked = subprocess.run([check, *pdfs], capture_output=True, text=True)
    refused = [line for line in asked.stdout.splitlines() if not line.startswith("PASS")]
    print(
        f"PDF/UA-1: {asked.stdout.count('PASS ')} of {len(pdfs)} pass" + "".join(f"\n{line}" for line in refused[:20])
    )
    print(asked.stderr[-500:], file=sys.stderr)
    return asked.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
