"""Links and files of films, documents and things."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programmes.models import Resource
from programmes.resources import actions as resources
from programmes.resources import files
from tests.factories import ResourceFactory

PDF = b"%PDF-1.7 contents"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def docx(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names or ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("contents", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (JPEG, "jpg"),
        (docx(), "docx"),
        (b"", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"MZ\x90\0", ""),
        (b"GIF89a", ""),
        (b" %PDF-1.7", ""),
        (b"PK\x03\x04 not a zip", ""),
        (docx("a.txt"), ""),
        (docx("[Content_Types].xml", "xl/workbook.xml"), ""),
        (docx("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""),
    ],
)
def test_a_file_is_what_its_contents_say(contents, kind):
    held = io.BytesIO(contents)
    assert files.kind_of(held) == kind
    assert held.tell() == 0


@pytest.mark.parametrize(
    ("name", "kind", "download_name"),
    [
        ("Where to go.pdf", "pdf", "Where_to_go.pdf"),
        ("virus.exe", "pdf", "virus.pdf"),
        ("../../etc/passwd", "png", "passwd.png"),
        ("C:\\papers\\list.doc", "docx", "list.docx"),
        ('a"\r\nX: y.pdf', "pdf", "aX_y.pdf"),
        ("...", "pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_download_is_called_by_its_own_name_with_the_true_ending(name, kind, download_name):
    assert files.download_name(name, kind) == download_name


# --- The pages ---------------------------------------------------------------------------------------------


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


@pytest.fixture
def client(browser_of, lead):
    return browser_of(lead)


@pytest.fixture
def handout() -> Resource:
    return ResourceFactory(title="Where to go", kind="handout")


def page_of(resource: Resource, name: str = "resource") -> str:
    return reverse(f"programmes:{name}", args=[resource.code])


def sent(resource: Resource, **changes):
    return {"title": resource.title, "kind": resource.kind, "publisher": resource.publisher} | changes


def upload(client, resource, contents=PDF, name="Where to go.pdf"):
    return client.post(page_of(resource), sent(resource, upload=SimpleUploadedFile(name, contents)))


def stored(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_once_the_link_is_entered_it_is_needed_no_more(client, guide):
    first = guide.programme.guides.get(number=1)
    film = first.items.get(kind="film").uses_in_order.get().resource
    assert "Link needed" in text(client.get(first.get_absolute_url()))
    url = f"{page_of(film)}?guide={first.code}"
    answer = client.post(url, sent(film, url="https://films.example/five", starts_at="2:20"))
    assert answer.url == first.get_absolute_url()
    for item in first.items.all():
        for use in item.uses_in_order.all():
            resources.save_resource(resource=use.resource, by=None, url="https://films.example/x")
    page = text(client.get(first.get_absolute_url()))
    assert "Link needed" not in page and "https://films.example/x" in page and "start at 2:20" in page
    assert "ink needed" not in text(client.get(reverse("programmes:print", args=[first.code])))


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", "", "needs an answer"),
        ("url", "javascript:alert(1)", "must be a web address"),
        ("url", "ftp://films.example/x", "must be a web address"),
        ("url", "not an address", "must be a web address"),
        ("starts_at", "two", "minutes and seconds"),
        ("starts_at", "2:75", "minutes and seconds"),
    ],
)
def test_what_is_wrong_keeps_the_rest(client, handout, field, typed, says):
    page = text(client.post(page_of(handout), sent(handout, publisher="Kept by us", **{field: typed})), 422)
    assert says in page and "Kept by us" in page
    handout.refresh_from_db()
    assert (handout.publisher, handout.url) == ("", "")


def test_an_address_without_its_beginning_gets_the_safe_one(client, handout):
    client.post(page_of(handout), sent(handout, url="films.example/five"))
    handout.refresh_from_db()
    assert handout.url == "https://films.example/five"


def test_a_file_is_kept_under_a_random_name_and_downloaded_as_its_own(client, browser_of, parent, handout, own_files):
    assert upload(client, handout).status_code == 302
    handout.refresh_from_db()
    (name,) = stored(own_files)
    assert name.endswith(".pdf") and "Where" not in name and handout.file.name == f"resources/{name}"
    answer = browser_of(parent).get(page_of(handout, "download"))
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Where_to_go.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_file_takes_the_old_ones_place(client, handout, own_files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, handout)
    (first,) = stored(own_files)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, handout, PNG, "picture.jpeg")
    (second,) = stored(own_files)
    assert second != first and second.endswith(".png")
    handout.refresh_from_db()
    assert handout.file_name == "picture.png"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(handout), sent(handout, remove_file="on"))
    handout.refresh_from_db()
    assert (stored(own_files), handout.file.name, handout.file_name) == ([], "", "")
    assert client.get(page_of(handout, "download")).status_code == 404


def test_saving_without_choosing_a_file_keeps_the_one_there_is(client, handout, own_files):
    upload(client, handout)
    client.post(page_of(handout), sent(handout, title="Renamed"))
    handout.refresh_from_db()
    assert handout.title == "Renamed" and handout.file and len(stored(own_files)) == 1


@pytest.mark.parametrize(
    ("contents", "name", "says"),
    [
        (b"<html><script>alert(1)</script>", "page.pdf", "must be a PDF"),
        (b"MZ\x90\0", "tool.docx", "must be a PDF"),
        (b"", "empty.pdf", "The file is empty"),
        (PDF + b"\0" * files.MOST_BYTES, "long.pdf", "larger than 5 MB"),
    ],
)
def test_other_files_are_refused_and_nothing_stays(client, handout, own_files, contents, name, says):
    page = text(upload(client, handout, contents, name), 422)
    assert says in page and stored(own_files) == []


def test_nothing_stays_where_saving_fails(handout, lead, own_files, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("programmes.resources.actions.audit.record", fail)
    with pytest.raises(RuntimeError):
        resources.save_resource(resource=handout, by=lead, upload=SimpleUploadedFile("a.pdf", PDF))
    assert stored(own_files) == []
    assert not Resource.objects.get(pk=handout.pk).file


def test_only_who_reads_guides_downloads_and_only_a_lead_changes(
    client, stranger, browser_of, facilitator, handout, own_files
):
    upload(client, handout)
    assert stranger.get(page_of(handout, "download")).status_code == 302
    assert browser_of(facilitator).get(page_of(handout, "download")).status_code == 200
    assert upload(browser_of(facilitator), handout, PNG).status_code == 403
    assert stranger.post(page_of(handout)).status_code == 302
    assert client.post(page_of(handout, "download")).status_code == 405
    Resource.objects.update(file="resources/gone.pdf")
    assert client.get(page_of(handout, "download")).status_code == 404


def test_the_file_is_offered_where_the_handout_is_named(client, browser_of, facilitator, guide, own_files):
    handout = guide.handouts.get()
    upload(client, handout)
    page = text(browser_of(facilitator).get(guide.get_absolute_url()))
    assert page_of(handout, "download") in page and page_of(handout) + '"' not in page
    assert page_of(handout) in text(client.get(guide.get_absolute_url()))


def test_something_new_is_added_from_the_editor(client, guide, draft, own_files):
    url = reverse("programmes:add_resource", args=[guide.code])
    assert "“Title” needs an answer" in text(client.post(url, {"kind": "handout"}), 422)
    new = {"title": "Our own list", "kind": "handout", "take_home": "on"}
    answer = client.post(url, {**new, "upload": SimpleUploadedFile("l.docx", docx())})
    assert answer.url == reverse("programmes:edit", args=[guide.code]) + "#handouts"
    made = draft.handouts_in_order.last().resource
    assert (made.title, made.file_name) == ("Our own list", "l.docx")
    assert client.post(url, {"title": "Our own list", "kind": "film"}).status_code == 302
    assert Resource.objects.filter(title="Our own list").count() == 2
    assert draft.handouts_in_order.count() == 2
    film = Resource.objects.get(kind="film", title="Our own list")
    item = draft.items.first()
    assert film.title in text(client.get(reverse("programmes:item", args=[guide.code, item.key])))


def test_what_is_new_keeps_its_text_when_the_draft_is_gone(client, guide, own_files):
    url = reverse("programmes:add_resource", args=[guide.code])
    new = {"title": "Our own list", "kind": "handout", "take_home": "on", "upload": SimpleUploadedFile("l.pdf", PDF)}
    page = text(client.post(url, new), 409)
    assert "published or thrown away" in page and "Our own list" in page
    assert not Resource.objects.filter(title="Our own list").exists() and stored(own_files) == []
