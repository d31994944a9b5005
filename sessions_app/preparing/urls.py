from __future__ import annotations

from django.urls import path

from sessions_app.preparing import views as prepare

urlpatterns = [
    path("<str:code>/prepare/", prepare.prepare, name="prepare"),
    path("<str:code>/prepare/tick/", prepare.tick, name="prepare_tick"),
    path("<str:code>/prepare/print/", prepare.prepare_print, name="prepare_print"),
]
