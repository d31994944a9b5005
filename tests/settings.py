"""Settings of the tests: the real ones, quicker where nothing is being tested."""

import os
import tempfile

os.environ.setdefault("PPG_VAR", tempfile.mkdtemp(prefix="ppg-tests-"))

from ppg.settings import *  # noqa: F403
from tests import clock

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
MIDDLEWARE.remove("ppg.files.static.ServeStaticFiles")  # noqa: F405
# By this name pytest-django's live server knows that it is to serve static files from where they lie.
OF_PAGES = "ppg.files.apps.StaticFilesOfPages"
INSTALLED_APPS = ["django.contrib.staticfiles" if app == OF_PAGES else app for app in INSTALLED_APPS]  # noqa: F405
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # noqa: F405
if clock.AHEAD:
    MIDDLEWARE.insert(0, "tests.clock.workers_follow")  # noqa: F405
if SQLITE:  # noqa: F405
    # A file, not memory: threads meet the same locks as in real life.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "tests.sqlite3")}  # noqa: F405
