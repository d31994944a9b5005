from django.urls import path

from caregivers.links import views

urlpatterns = [
    path("referral/<str:code>/link/", views.invite, name="invite"),
    path("referral/<str:code>/own-page/", views.own_page, name="own_page"),
]
