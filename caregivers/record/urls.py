from django.urls import path

from caregivers.record import views

urlpatterns = [
    path("person/<str:code>/", views.show, name="record"),
]
