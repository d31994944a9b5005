"""HTML to a tagged PDF (PDF/UA-1). Called by the worker, as one PDF keeps a processor busy for a second; in the web
process only for the short ones that somebody waits for."""

from __future__ import annotations

import mimetypes
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from ppg.documents import faces, in_words

# Addresses in the page are taken against this one. It is reserved (RFC 2606) and never asked for anything.
BASE = "https://static.invalid/"


SVG = "{http://www.w3.org/2000/svg}svg"
NO_SYSTEM_FONTS = Path(__file__).with_name("fonts.conf")
_environment = threading.Lock()


def render_pdf(html: str) -> bytes:
    """The page as a PDF. Title and language come from the page; it may use our own static files and nothing else.

    What none of our fonts can show stands in it in words."""
    if faces.missing():
        raise RuntimeError("The fonts of our PDFs are not in static/vendor/fonts. Run script/install.")
    with _no_system_fonts():
        import weasyprint  # slow to import: not before a PDF is wanted
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
    html = in_words.all_in_words(html)
    style = faces.style_of(html)
    page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_fetcher())
    # Readers of PDFs show the title as it stands; on one line, as browsers put it, however the template is wrapped.
    if (title := page.etree_element.find("head/title")) is not None:
        title.text = " ".join((title.text or "").split())
    for chart in page.etree_element.iter(SVG):  # the styles of a page end where a picture begins
        chart.set("font-family", style.stack)
    drawn_with = weasyprint.CSS(string=style.rules, base_url=BASE, url_fetcher=_fetcher(), font_config=fonts)
    return cast(bytes, page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[drawn_with], font_config=fonts))


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Fontconfig reads its settings for each PDF, and as WeasyPrint is imported, which warns that there is no font."""
    with _environment, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No fonts configured")
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(NO_SYSTEM_FONTS)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def own_static_file(url: str) -> bytes:
    """The content of one of our static files; ValueError for any other address."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    prefix = urlsplit(settings.STATIC_URL).path
    if f"{parts.scheme}://{parts.netloc}/" != BASE or not path.startswith(prefix):
        raise ValueError(f"A PDF uses our own static files only, not {url}")
    name = path.removeprefix(prefix)
    if staticfiles_storage.exists(name):  # collected, its name carrying a hash
        with staticfiles_storage.open(name) as file:
            return file.read()
    found = finders.find(name)
    if not found:
        raise ValueError(f"There is no static file {name}")
    return Path(found).read_bytes()


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            kind = mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, own_static_file(url), {"Content-Type": kind})

    return StaticFilesOnly(allowed_protocols=["https"], allow_redirects=False)
