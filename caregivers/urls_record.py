from django.urls import path

from caregivers.views import record as views

urlpatterns = [
    path("person/<str:code>/", views.show, name="record"),
]
