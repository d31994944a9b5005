"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("caregivers.urls_public_about")),
    path("", include("caregivers.urls_public_interest")),
    path("", include("caregivers.urls_public_own_page")),
    path("", include("caregivers.urls_public_times")),
    # The last: a link to register has an address that fits any word.
    path("", include("caregivers.urls_public_registering")),
]
