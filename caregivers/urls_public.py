"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from caregivers.views import interest, public, times

urlpatterns = [
    path("notice/", public.notice, name="notice"),
    path("kept/", public.kept, name="kept"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("cookies/", public.cookies, name="cookies"),
    path("join/<str:code>/", interest.interest, name="interest"),
    path("joined/", interest.thanks, name="interest_thanks"),
    path("declined/", public.declined, name="declined"),
    path("thanks/<str:token>/", public.registered, name="registered"),
    path("own/<str:token>/", public.own_page, name="own_page"),
    path("own/<str:token>/place/", public.own_place, name="own_place"),
    path("own/<str:token>/<str:kind>/withdraw/", public.own_withdraw, name="own_withdraw"),
    path("own/<str:token>/<str:kind>/agree/", public.own_agree, name="own_agree"),
    path("own/<str:token>/<str:kind>/taken-back/", public.own_receipt, name="own_receipt"),
    path("times/<str:token>/", times.answer, name="times"),
    path("<str:token>/", public.register, name="register"),
    path("<str:token>/no-thanks/", public.decline, name="decline"),
]
