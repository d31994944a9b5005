"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("feedback.urls_public_suggestions")),  # first: box/… is no form's code
    path("", include("feedback.urls_public_answering")),
    path("", include("feedback.urls_public_tablet")),
]
