from django.urls import path

from caregivers.views import times as views

urlpatterns = [
    path("times/<str:token>/", views.answer, name="times"),
]
