from __future__ import annotations

from django.urls import path

from sessions_app.after import views as after

urlpatterns = [
    path("<str:code>/after/", after.after, name="after"),
    path("<str:code>/after/mark/", after.after_mark, name="after_mark"),
    path("<str:code>/after/rest/", after.after_rest, name="after_rest"),
]
