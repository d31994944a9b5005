from django.urls import path

from caregivers.registering.views import by_staff

urlpatterns = [
    path("person/<str:code>/details/", by_staff.details, name="details"),
    path("referral/<str:code>/register/", by_staff.register, name="register_by_staff"),
]
