from django.urls import path

from caregivers.registering.views import by_staff as registration

urlpatterns = [
    path("person/<str:code>/details/", registration.details, name="details"),
    path("referral/<str:code>/register/", registration.register, name="register_by_staff"),
]
