from django.urls import path

from caregivers.views import links as views

urlpatterns = [
    path("referral/<str:code>/link/", views.invite, name="invite"),
    path("referral/<str:code>/own-page/", views.own_page, name="own_page"),
]
