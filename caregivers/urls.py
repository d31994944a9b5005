"""Staff pages."""

from django.urls import URLPattern

app_name = "caregivers"
urlpatterns: list[URLPattern] = []
