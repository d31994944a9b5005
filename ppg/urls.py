"""Where every page lies. Staff pages first, then the public ones."""

from django.urls import include, path
from django.views.i18n import set_language

from evaluation.views import cohort, home
from ppg.access import public

staff = [
    path("", home.home, name="home"),
    path("groups/<str:code>/", cohort.cohort, name="cohort"),
    path("guides/", include("programmes.urls")),
    path("people/", include("caregivers.urls")),
    path("sessions/", include("sessions_app.urls")),
    path("feedback/", include("feedback.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("service/", include("ppg.urls_service")),
    path("audit/", include("ppg.urls_audit")),
    path("gallery/", include("ppg.urls_gallery")),
]

urlpatterns = [
    *staff,
    path("", include("ppg.accounts.urls")),
    path("f/", include("feedback.urls_public")),
    path("r/", include("caregivers.urls_public")),
    path("m/", include("evaluation.urls_public")),
    path("c/", include("sessions_app.urls_public")),
    path("language/", public(set_language), name="set_language"),
    path("", include("ppg.health.urls")),
]

handler400 = "ppg.views.errors.bad_request"
handler403 = "ppg.views.errors.forbidden"
handler404 = "ppg.views.errors.not_found"
handler500 = "ppg.views.errors.server_error"
