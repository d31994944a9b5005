"""Signing in and out, one's own account, and an administrator's pages about everybody's."""

from allauth.account import views as account
from django.urls import include, path, re_path

from ppg.access.marks import public
from ppg.accounts.confirming import views as confirming
from ppg.accounts.council import views as council
from ppg.accounts.factor import views as factor
from ppg.accounts.joining import views as joining
from ppg.accounts.leaving import views as leaving
from ppg.accounts.private_notes import views as private_notes
from ppg.accounts.profile import views as profile
from ppg.accounts.reset import views as reset
from ppg.accounts.signing_in import sign_out, staying
from ppg.accounts.signing_in import views as signing_in
from ppg.accounts.staff import views as staff

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/code/", signing_in.ask, name="mfa_authenticate"),  # allauth asks for these names
    path("sign-in/with/<slug:provider_id>/", council.begin, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", council.back, name="openid_connect_callback"),
    path("sign-in/again/", signing_in.start_again, name="sign_in_again"),
    path("stay/", staying.stay, name="stay"),
    path("stay/<str:code>/", staying.stay, name="stay_for"),
    path("sign-out/", sign_out.sign_out, name="account_logout"),
    path("sign-in/closed/", public(account.account_inactive), name="account_inactive"),
    path("password/", profile.password, name="account_change_password"),
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
    path("sign-up/", joining.no_sign_up, name="account_signup"),
    path("join/<str:token>/", joining.join, name="join"),
    path("account/", profile.account, name="account"),
    path("account/name/", profile.name, name="account_name"),
    path("account/mail/", profile.work_mail, name="account_work_mail"),
    path("account/notes/", private_notes.private_notes, name="private_notes"),
    path("account/app/", factor.app, name="factor_app"),
    path("account/passkey/", factor.passkey, name="factor_passkey"),
    path("account/factor/<str:which>/remove/", factor.remove, name="factor_remove"),
    path("account/codes/", factor.recovery_codes, name="recovery_codes"),
    path("account/codes/new/", factor.new_recovery_codes, name="recovery_codes_new"),
    path("account/confirm/", confirming.confirm, name="confirm"),
    path("account/council/connect/", council.connect, name="council_connect"),
    path("account/council/disconnect/", council.disconnect, name="council_disconnect"),
    path("account/sign-out/<str:code>/", profile.sign_out_there, name="sign_out_there"),
    path("account/sign-out-everywhere/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("users/", staff.people, name="users"),
    path("users/invite/", staff.invite, name="user_invite"),
    path("users/mail/", include("ppg.accounts.mail.urls")),
    path("users/<str:code>/", staff.person, name="user"),
    path("users/<str:code>/change/", staff.change, name="user_change"),
    path("users/<str:code>/invite-again/", staff.invite_again, name="user_invite_again"),
    path("users/<str:code>/take-back/", staff.take_back, name="user_take_back"),
    path("users/<str:code>/block/", staff.block, name="user_block"),
    path("users/<str:code>/leaving/", leaving.leaving, name="user_leaving"),
    path("users/<str:code>/unblock/", staff.unblock, name="user_unblock"),
    path("users/<str:code>/factor/", staff.reset_factor, name="user_factor"),
]
