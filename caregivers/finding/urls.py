from django.urls import path

from caregivers.finding import views

urlpatterns = [
    path("find/", views.find, name="find"),
]
