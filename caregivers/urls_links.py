from django.urls import path

from caregivers.views import links

urlpatterns = [
    path("referral/<str:code>/link/", links.invite, name="invite"),
    path("referral/<str:code>/own-page/", links.own_page, name="own_page"),
]
