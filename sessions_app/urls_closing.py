from __future__ import annotations

from django.urls import path

from sessions_app.views import close

urlpatterns = [
    path("<str:code>/close/", close.close, name="close"),
]
