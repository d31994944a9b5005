from django.urls import path

from caregivers.views import times

urlpatterns = [
    path("referral/<str:code>/times/", times.answer_for, name="times_for"),
    path("slot/<str:code>/remove/", times.remove, name="slot_remove"),
    path("<str:code>/times/", times.show, name="times"),
]
