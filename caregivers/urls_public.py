"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from caregivers.views import about, by_link, interest, own_page, times

urlpatterns = [
    path("notice/", about.notice, name="notice"),
    path("kept/", about.kept, name="kept"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("join/<str:code>/", interest.interest, name="interest"),
    path("joined/", interest.thanks, name="interest_thanks"),
    path("declined/", by_link.declined, name="declined"),
    path("thanks/<str:token>/", by_link.registered, name="registered"),
    path("own/<str:token>/", own_page.own_page, name="own_page"),
    path("own/<str:token>/place/", own_page.own_place, name="own_place"),
    path("own/<str:token>/<str:kind>/withdraw/", own_page.own_withdraw, name="own_withdraw"),
    path("own/<str:token>/<str:kind>/agree/", own_page.own_agree, name="own_agree"),
    path("own/<str:token>/<str:kind>/taken-back/", own_page.own_receipt, name="own_receipt"),
    path("times/<str:token>/", times.answer, name="times"),
    path("<str:token>/", by_link.register, name="register"),
    path("<str:token>/no-thanks/", by_link.decline, name="decline"),
]
