from django.urls import path

from caregivers.views import police_checks as views

urlpatterns = [
    path("person/<str:code>/check/", views.check, name="check"),
]
