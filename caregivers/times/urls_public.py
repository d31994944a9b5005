from django.urls import path

from caregivers.times import views

urlpatterns = [
    path("times/<str:token>/", views.answer, name="times"),
]
