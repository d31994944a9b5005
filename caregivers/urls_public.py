"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("caregivers.about.urls_public")),
    path("", include("caregivers.interest.urls_public")),
    path("", include("caregivers.own_page.urls_public")),
    path("", include("caregivers.times.urls_public")),
    # The last: a link to register has an address that fits any word.
    path("", include("caregivers.registering.urls_public")),
]
