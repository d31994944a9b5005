from django.urls import path

from caregivers.views import places

urlpatterns = [
    path("referral/<str:code>/give/", places.give, name="give"),
    path("referral/<str:code>/offer/", places.offer, name="offer"),
    path("referral/<str:code>/wait/", places.wait, name="wait"),
    path("referral/<str:code>/leave/", places.leave, name="leave"),
    path("<str:code>/size/", places.size, name="size"),
]
