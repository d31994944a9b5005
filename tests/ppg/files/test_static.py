"""During an upgrade a page of the new version may ask a process of the old one for its styles."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from deploy.static import move
from ppg.files.static import ServeStaticFiles

pytestmark = pytest.mark.django_db  # an answer that is closed looks after the connection


@pytest.fixture
def ask(settings, tmp_path):
    """A process that started when there was one file; more may be put beside it."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "old.css").write_text("old")
    (tmp_path / "secret.txt").write_text("not for anybody")
    serve = ServeStaticFiles(lambda request: HttpResponse(status=404))

    def get(path):
        answer = serve(RequestFactory().get(path))
        contents = b"".join(answer) if answer.status_code == 200 else b""
        answer.close()
        return answer.status_code, contents

    return get


def test_a_file_that_came_later_is_served(ask, settings):
    assert ask("/static/css/new.css") == (404, b"")
    (settings.STATIC_ROOT / "css").mkdir()
    (settings.STATIC_ROOT / "css/new.css").write_text("new")
    assert ask("/static/css/new.css") == (200, b"new")
    assert ask("/static/old.css") == (200, b"old")


@pytest.mark.parametrize(
    "path", ["/static/", "/static/css", "/static/../secret.txt", "/static//secret.txt", "/old.css"]
)
def test_nothing_else_is(ask, settings, path):
    (settings.STATIC_ROOT / "css").mkdir()
    assert ask(path) == (404, b"")


def test_files_come_in_one_step_and_those_of_the_version_before_stay(tmp_path):
    collected, served = tmp_path / "collected", tmp_path / "served"
    for folder, texts in {
        served: {"same.1.css": "same", "old.1.css": "old", "staticfiles-1.json": "of the version before"},
        collected: {"same.1.css": "same", "css/new.2.css": "new", "staticfiles-2.json": "of this one"},
    }.items():
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    same = (served / "same.1.css").stat()
    move(collected, served)
    there = {str(path.relative_to(served)): path.read_text() for path in served.rglob("*") if path.is_file()}
    before = {"same.1.css": "same", "old.1.css": "old", "staticfiles-1.json": "of the version before"}
    assert there == before | {"css/new.2.css": "new", "staticfiles-2.json": "of this one"}
    assert (served / "same.1.css").stat().st_ino == same.st_ino  # never away for a moment
    assert not collected.exists()
