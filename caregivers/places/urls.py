from django.urls import path

from caregivers.places import views

urlpatterns = [
    path("referral/<str:code>/give/", views.give, name="give"),
    path("referral/<str:code>/offer/", views.offer, name="offer"),
    path("referral/<str:code>/wait/", views.wait, name="wait"),
    path("referral/<str:code>/leave/", views.leave, name="leave"),
    path("<str:code>/size/", views.size, name="size"),
]
