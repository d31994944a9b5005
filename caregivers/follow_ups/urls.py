from django.urls import path

from caregivers.follow_ups import views

urlpatterns = [
    path("follow-up/<str:code>/", views.follow_up, name="follow_up"),
    path("follow-up/<str:code>/plan/", views.plan, name="follow_up_plan"),
    path("follow-up/<str:code>/take/", views.take, name="follow_up_take"),
    path("<str:code>/follow-ups/", views.follow_ups, name="follow_ups"),
    path("<str:code>/follow-ups/add/", views.add, name="follow_up_add"),
]
