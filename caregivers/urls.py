"""Staff pages."""

from django.urls import include, path

app_name = "caregivers"
urlpatterns = [
    path("", include("caregivers.concerns.urls")),
    path("", include("caregivers.record.urls")),
    path("", include("caregivers.police_checks.urls")),
    path("", include("caregivers.apart.urls")),
    path("", include("caregivers.consents.urls")),
    path("", include("caregivers.rights.urls")),
    path("", include("caregivers.referrals.urls")),
    path("", include("caregivers.registering.urls")),
    path("", include("caregivers.links.urls")),
    path("", include("caregivers.places.urls")),
    path("", include("caregivers.wordings.urls")),
    path("", include("caregivers.follow_ups.urls")),
    path("", include("caregivers.times.urls")),
    path("", include("caregivers.messages.urls")),
    path("", include("caregivers.importing.urls")),
    path("", include("caregivers.posters.urls")),
    path("", include("caregivers.finding.urls")),
    # The last: a group's list has an address that fits any word.
    path("", include("caregivers.people.urls")),
]
