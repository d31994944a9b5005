from __future__ import annotations

from django.urls import path

from sessions_app.calendar import views as calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/stop/", calendar.stop, name="calendar_stop"),
]
