"""Staff pages."""

from django.urls import include, path

app_name = "caregivers"
urlpatterns = [
    path("", include("caregivers.urls_concerns")),
    path("", include("caregivers.urls_record")),
    path("", include("caregivers.urls_police_checks")),
    path("", include("caregivers.urls_apart")),
    path("", include("caregivers.urls_consents")),
    path("", include("caregivers.urls_rights")),
    path("", include("caregivers.urls_referrals")),
    path("", include("caregivers.urls_registering")),
    path("", include("caregivers.urls_links")),
    path("", include("caregivers.urls_places")),
    path("", include("caregivers.urls_wordings")),
    path("", include("caregivers.urls_follow_ups")),
    path("", include("caregivers.urls_times")),
    path("", include("caregivers.urls_messages")),
    path("", include("caregivers.urls_importing")),
    path("", include("caregivers.urls_posters")),
    # The last: a group's list has an address that fits any word.
    path("", include("caregivers.urls_people")),
]
