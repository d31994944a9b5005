"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("feedback.suggestions.urls_public")),  # first: box/… is no form's code
    path("", include("feedback.answering.urls_public")),
    path("", include("feedback.tablet.urls_public")),
]
