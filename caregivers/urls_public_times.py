from django.urls import path

from caregivers.views import times

urlpatterns = [
    path("times/<str:token>/", times.answer, name="times"),
]
