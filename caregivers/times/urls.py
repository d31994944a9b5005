from django.urls import path

from caregivers.times import views

urlpatterns = [
    path("referral/<str:code>/times/", views.answer_for, name="times_for"),
    path("slot/<str:code>/remove/", views.remove, name="slot_remove"),
    path("<str:code>/times/", views.show, name="times"),
]
