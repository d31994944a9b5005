from django.urls import path

from ppg.views import service

urlpatterns = [path("", service.details, name="service_details")]
