from django.urls import path

from caregivers.views import police_checks

urlpatterns = [
    path("person/<str:code>/check/", police_checks.check, name="check"),
]
