from __future__ import annotations

from django.urls import path

from sessions_app.closing import views as close

urlpatterns = [
    path("<str:code>/close/", close.close, name="close"),
]
