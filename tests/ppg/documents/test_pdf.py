import io
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import SuspiciousOperation

from ppg.documents.pdf import own_static_file, render_pdf

PAGE = '<!doctype html><html lang="en-GB"><head><title>A title</title>{}</head><body><h1>A heading</h1>{}</body></html>'


def test_the_pdf_is_tagged_and_has_title_and_language():
    with pikepdf.open(io.BytesIO(render_pdf(PAGE.format("", "<p>Words</p>")))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        assert pdf.docinfo.Title == "A title"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_the_title_is_one_line_however_the_page_is_wrapped():
    wrapped = PAGE.replace("A title", "\n      A title\n      of two lines\n    ")
    with pikepdf.open(io.BytesIO(render_pdf(wrapped.format("", "")))) as pdf:
        assert pdf.docinfo.Title == "A title of two lines"


def test_our_own_static_files_are_served():
    assert b"@page" in own_static_file("https://static.invalid/static/css/print.css")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/static/css/print.css",
        "http://static.invalid/static/css/print.css",
        "https://static.invalid@example.org/static/css/print.css",
        "file:///etc/passwd",
        "https://static.invalid/media/a.png",
        "https://static.invalid/static/no-such-file.css",
        "data:text/css,a{}",
    ],
)
def test_everything_else_is_refused(url):
    with pytest.raises(ValueError, match=r"own static files only|no static file"):
        own_static_file(url)


def test_a_path_out_of_the_static_files_is_refused():
    with pytest.raises((ValueError, SuspiciousOperation)):
        own_static_file("https://static.invalid/static/../ppg/settings.py")
    with pytest.raises((ValueError, SuspiciousOperation)):
        own_static_file("https://static.invalid/static/%2e%2e/ppg/settings.py")


def test_a_page_that_asks_for_other_files_gets_none_of_them(tmp_path: Path):
    """A file that is there and readable, and would change what the PDF holds."""
    style = tmp_path / "a.css"
    style.write_text("h1::after { content: 'LEAKED' } @page { size: A6 }")
    made = render_pdf(
        PAGE.format(f'<link rel="stylesheet" href="file://{style}">', f'<img src="file://{style}" alt="">')
    )
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert [round(float(n)) for n in pdf.pages[0].mediabox] == [0, 0, 595, 842]
        assert not pdf.attachments
