from django.urls import path

from caregivers.views import follow_ups

urlpatterns = [
    path("follow-up/<str:code>/", follow_ups.follow_up, name="follow_up"),
    path("follow-up/<str:code>/plan/", follow_ups.plan, name="follow_up_plan"),
    path("follow-up/<str:code>/take/", follow_ups.take, name="follow_up_take"),
    path("<str:code>/follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("<str:code>/follow-ups/add/", follow_ups.add, name="follow_up_add"),
]
