"""The pages of the whole way as people have set their devices: dark, in colours of their own, at 400 % zoom, on paper.

    .venv/bin/python bench/screens.py [FOLDER]

Fills a database with the demo's people, opens each page in each way, and names what axe cannot read, what is wider than
the screen, and addresses that stand after links on paper. With FOLDER it keeps a picture of each, to look at: machines
do not see everything. Takes about four minutes. Ends with 1 where something is wrong.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests import machines

LEAD = "lead@demo.example"
WAYS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
    "forced-light": {"forced_colors": "active"},
    "zoomed": {"viewport": {"width": 320, "height": 256}},  # 1280 by 1024 at 400 %
    "paper": {},
}
UNREAD = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Words in a chart lie over no page that axe knows, so it says nothing of them.
CHARTS = """() => [...document.querySelectorAll(".chart svg text")].map(one => getComputedStyle(one).fill)
  .filter(fill => fill === getComputedStyle(document.body).backgroundColor)"""
AFTER_LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter(one => !["none", "normal"].includes(getComputedStyle(one, "::after").content)).map(one => one.href)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with machines.database("sqlite"):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo")
        listed, cookie = pages(), signed_in(LEAD)
        web = machines.Web()
        web.start()
        try:
            web.wait()
            faults = list(look(f"http://127.0.0.1:{web.port}", listed, cookie, folder))
        finally:
            web.kill()
    print(*faults, f"{len(listed)} pages in {len(WAYS)} ways: {len(faults)} faults", sep="\n")
    return int(bool(faults))


def pages() -> dict[str, str]:
    """Name → address, along the whole way. Those of caregivers come last, and nobody is signed in there."""
    from django.urls import reverse

    from evaluation.models import ReportVersion
    from programmes.models import Cohort
    from tests.factories import CohortFactory
    from tests.public_pages import public_pages

    over, running, planned = Cohort.objects.order_by("pk")[:3]
    lead = running.team.get(user__email=LEAD).user
    held, coming = running.sessions.order_by("starts_at")[1:3]
    person = running.place_set.order_by("pk")[0].caregiver
    earlier = over.sessions.order_by("starts_at")[1]
    of_session = {
        name: reverse(f"sessions:{name}", args=[coming.code])
        for name in ("prepare", "register", "register_print", "run", "room", "plan", "agenda", "print")
    }
    return {
        "home": reverse("home"),
        "group": running.get_absolute_url(),
        "checklist": reverse("programmes:checklist", args=[running.code]),
        "session": coming.get_absolute_url(),
        **of_session,
        "register held": reverse("sessions:register", args=[held.code]),
        "close": reverse("sessions:close", args=[held.code]),
        "pack": reverse("sessions:pack", args=[earlier.code]),
        "board": reverse("caregivers:board"),
        "people": reverse("caregivers:people", args=[running.code]),
        "person": person.get_absolute_url(),
        "import": reverse("caregivers:import", args=[planned.code]),
        "times": reverse("caregivers:times", args=[planned.code]),
        "poster": reverse("caregivers:poster", args=[running.code]),
        "results": reverse("feedback:session", args=[earlier.code]),
        "figures": reverse("evaluation:figures", args=[over.code]),
        "writing": reverse("evaluation:report", args=[over.code]),
        "report": ReportVersion.objects.earliest("pk").get_absolute_url(),
        "calendar": reverse("sessions:calendar"),
        "components": reverse("gallery"),
        "components with errors": reverse("gallery") + "?wrong",
    } | {f"public {name}": url for name, url in public_pages(CohortFactory(team=[lead]), lead).items()}


def signed_in(email: str) -> dict[str, str]:
    """The cookie of somebody who gave a code just now."""
    from django.conf import settings
    from django.test import Client

    from ppg.accounts import proof
    from ppg.models import User

    user, client = User.objects.get(email=email), Client()
    client.force_login(user)
    session = client.session
    session.update({proof.FACTOR: user.code, proof.CONFIRMED: time.time()})
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def look(site: str, listed: dict[str, str], cookie: dict[str, str], folder: Path | None) -> Iterator[str]:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    from tests.journeys.conftest import CHROMIUM

    axe = Axe()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for way, kind in WAYS.items():
            context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/London", **kind)
            context.add_cookies([cookie | {"url": site}])
            for name, url in listed.items():
                if name.startswith("public "):
                    context.clear_cookies()
                page = context.new_page()
                answer = page.goto(url)
                page.wait_for_load_state()
                if answer is None or answer.status >= 500:
                    yield f"{way}, {name}: the page did not come"
                if way == "paper":
                    page.emulate_media(media="print")
                    yield from (f"paper, {name}: {href} stands after its link" for href in page.evaluate(AFTER_LINKS))
                elif way == "zoomed":
                    wider = page.evaluate(WIDER)
                    yield from [f"zoomed, {name}: {wider} px wider than the screen"] if wider > 0 else []
                else:
                    yield from (f"{way}, {name}: words of a chart cannot be read" for _ in page.evaluate(CHARTS)[:1])
                    for rule in axe.run(page, options=UNREAD).response["violations"]:
                        yield from (f"{way}, {name}: {node['html'][:160]}" for node in rule["nodes"])
                if folder and way == "paper":
                    page.pdf(path=folder / f"{way} {name}.pdf", prefer_css_page_size=True)
                elif folder:
                    page.screenshot(path=folder / f"{way} {name}.png", full_page=True)
                page.close()
            context.close()
        browser.close()


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
    sys.exit(main())
