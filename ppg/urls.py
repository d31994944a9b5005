"""Where every page lies. Staff pages first, then the public ones."""

from django.urls import include, path
from django.views.i18n import set_language

from evaluation.group import views as cohort
from evaluation.home import views as home
from ppg.access.marks import public

staff = [
    path("", home.home, name="home"),
    path("due/", home.everything_due, name="due"),
    path("groups/", home.groups, name="groups"),
    path("groups/<str:code>/", cohort.cohort, name="cohort"),
    path("groups/<str:code>/people/", cohort.people, name="group_people"),
    path("groups/<str:code>/sessions/", cohort.sessions, name="group_sessions"),
    path("groups/<str:code>/feedback/", cohort.feedback, name="group_feedback"),
    path("groups/<str:code>/evaluation/", cohort.evaluation, name="group_evaluation"),
    path("groups/<str:code>/settings/", cohort.settings, name="group_settings"),
    path("guides/", include("programmes.urls")),
    path("people/", include("caregivers.urls")),
    path("sessions/", include("sessions_app.urls")),
    path("feedback/", include("feedback.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("service/", include("ppg.service_details.urls")),
    path("audit/", include("ppg.audit_trail.urls")),
    path("gallery/", include("ppg.components.urls")),
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

handler400 = "ppg.every_request.views.bad_request"
handler403 = "ppg.every_request.views.forbidden"
handler404 = "ppg.every_request.views.not_found"
handler500 = "ppg.every_request.views.server_error"
