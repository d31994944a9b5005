"""Where every page lies. Staff pages first, then the public ones."""

from django.urls import include, path
from django.views.i18n import set_language

from evaluation.views import cohort, home
from ppg.access import public
from ppg.health import views as health
from ppg.views import audit, gallery, service

staff = [
    path("", home.home, name="home"),
    path("groups/<str:code>/", cohort.cohort, name="cohort"),
    path("guides/", include("programmes.urls")),
    path("people/", include("caregivers.urls")),
    path("sessions/", include("sessions_app.urls")),
    path("feedback/", include("feedback.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("service/", service.details, name="service_details"),
    path("audit/", audit.trail, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("health/", health.health, name="health"),
    path("health/try-mail/", health.try_mail, name="try_mail"),
    path("gallery/", gallery.gallery, name="gallery"),
]

urlpatterns = [
    *staff,
    path("", include("ppg.accounts.urls")),
    path("f/", include("feedback.urls_public")),
    path("r/", include("caregivers.urls_public")),
    path("m/", include("evaluation.urls_public")),
    path("c/", include("sessions_app.urls_public")),
    path("language/", public(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "ppg.views.errors.bad_request"
handler403 = "ppg.views.errors.forbidden"
handler404 = "ppg.views.errors.not_found"
handler500 = "ppg.views.errors.server_error"
