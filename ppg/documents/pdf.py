"""HTML to a tagged PDF (PDF/UA-1). Called by the worker, as one PDF keeps a processor busy for a second; in the web
process only for the short ones that somebody waits for."""

from __future__ import annotations

import ctypes
import mimetypes
import os
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

# Addresses in the page are taken against this one. It is reserved (RFC 2606) and never asked for anything.
BASE = "https://static.invalid/"


def render_pdf(html: str) -> bytes:
    """The page as a PDF. Title and language come from the page; it may use our own static files and nothing else."""
    import weasyprint  # slow to import: not before a PDF is wanted

    page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_fetcher())
    # Readers of PDFs show the title as it stands; on one line, as browsers put it, however the template is wrapped.
    if (title := page.etree_element.find("head/title")) is not None:
        title.text = " ".join((title.text or "").split())
    return cast(bytes, page.write_pdf(pdf_variant="pdf/ua-1"))


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


# --- Is there a font? ------------------------------------------------------------------------------
# Without one Pango ends the whole process, so this is asked beforehand and without Pango.


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int)]  # the first field of fontconfig's FcFontSet


FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")


def font_missing() -> bool:
    """True when no font is installed. Asks fontconfig, as Pango does, or looks where fonts lie."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:  # not Linux
        return not _font_in_folders()
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    library.FcConfigGetFonts.argtypes = [ctypes.c_void_p, ctypes.c_int]
    fonts = library.FcConfigGetFonts(None, 0)  # the current configuration, the system's fonts
    return not fonts or fonts.contents.count == 0


def _font_in_folders() -> bool:
    folders = [*FONT_FOLDERS, os.path.expanduser("~/.fonts"), os.path.expanduser("~/.local/share/fonts")]
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )
