"""Public addresses: a calendar program has no account, it has a secret token."""

from django.urls import include, path

urlpatterns = [path("", include("sessions_app.calendar.urls_public"))]
