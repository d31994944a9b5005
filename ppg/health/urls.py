from django.urls import path

from ppg.health import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/try-mail/", views.try_mail, name="try_mail"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
