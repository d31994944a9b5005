from django.urls import path

from caregivers.police_checks import views

urlpatterns = [
    path("person/<str:code>/check/", views.check, name="check"),
]
