from __future__ import annotations

from django.urls import path

from sessions_app.setting_time import views as set_time

urlpatterns = [
    path("set-time/<str:code>/", set_time.set_time, name="set_time"),
]
