"""Static files under names that change with their content."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    # Versions beside each other share the folder. Each finds its own files, also the older one that is started again.
    manifest_name = f"staticfiles-{settings.BASE_DIR.name}.json"
    # Scripts import each other by name; without this a browser would keep the old one for a year after an update.
    support_js_module_import_aggregation = True


class ServeStaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise knows the files that were there when it started. This one also finds those that came later: during an
    upgrade of several machines a page of the new version needs files that an old process is asked for
    (docs/decisions/upgrades.md)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directories = [(os.path.join(os.path.abspath(self.static_root), ""), self.static_prefix)]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(self.static_prefix) and path not in self.files and (found := self.find_file(path)):
            self.files[path] = found
        return super().__call__(request)
