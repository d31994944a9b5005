"""Public addresses: a calendar program has no account, it has a secret token."""

from django.urls import path

from sessions_app.views import calendar

urlpatterns = [path("<str:token>.ics", calendar.feed, name="calendar_feed")]
