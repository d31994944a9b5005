from __future__ import annotations

from django.urls import path

from sessions_app.views import calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/stop/", calendar.stop, name="calendar_stop"),
]
