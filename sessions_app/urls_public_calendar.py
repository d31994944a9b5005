from __future__ import annotations

from django.urls import path

from sessions_app.views import calendar

urlpatterns = [path("<str:token>.ics", calendar.feed, name="calendar_feed")]
