"""Where every page lies. Staff pages first, then the public ones."""

from allauth.account import views as account
from django.urls import include, path, re_path
from django.views.i18n import set_language

from evaluation.views import cohort, home
from ppg.access import public, signed_in
from ppg.accounts.reset import views as reset
from ppg.views import audit, errors, gallery, health, service, sign_out, users
from ppg.views import sign_in as sign_in_page

staff = [
    path("", home.home, name="home"),
    path("groups/<str:code>/", cohort.cohort, name="cohort"),
    path("guides/", include("programmes.urls")),
    path("people/", include("caregivers.urls")),
    path("sessions/", include("sessions_app.urls")),
    path("feedback/", include("feedback.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("users/", users.users, name="users"),
    path("users/mail/", include("ppg.accounts.mail.urls")),
    path("service/", service.details, name="service_details"),
    path("audit/", audit.trail, name="audit"),
    path("gallery/", gallery.gallery, name="gallery"),
]

sign_in = [
    path("sign-in/", sign_in_page.sign_in, name="account_login"),
    path("sign-out/", sign_out.sign_out, name="account_logout"),
    path("sign-in/closed/", public(account.account_inactive), name="account_inactive"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("password/forgotten/", reset.ask, name="account_reset_password"),
    path("password/forgotten/sent/", reset.asked, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z_-]{22})-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"
    ),
    path("sign-up/", errors.no_sign_up, name="account_signup"),  # allauth asks for the name
]

urlpatterns = [
    *staff,
    *sign_in,
    path("f/", include("feedback.urls_public")),
    path("r/", include("caregivers.urls_public")),
    path("m/", include("evaluation.urls_public")),
    path("c/", include("sessions_app.urls_public")),
    path("language/", public(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "ppg.views.errors.bad_request"
handler403 = "ppg.views.errors.forbidden"
handler404 = "ppg.views.errors.not_found"
handler500 = "ppg.views.errors.server_error"
