from django.urls import path

from caregivers.referrals import views

urlpatterns = [
    path("referral/<str:code>/contact/", views.contact, name="contact"),
    path("referral/<str:code>/owner/", views.owner, name="owner"),
    path("referral/<str:code>/no-thanks/", views.declined, name="declined"),
    path("<str:code>/add/", views.add, name="add"),
]
