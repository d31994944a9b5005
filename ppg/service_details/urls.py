from django.urls import path

from ppg.service_details import views as service

urlpatterns = [path("", service.details, name="service_details")]
