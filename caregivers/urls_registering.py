from django.urls import path

from caregivers.views import registration

urlpatterns = [
    path("person/<str:code>/details/", registration.details, name="details"),
    path("referral/<str:code>/register/", registration.register, name="register_by_staff"),
]
