from django.urls import path

from caregivers.consents import views

urlpatterns = [
    path("person/<str:code>/consent/<str:kind>/", views.consent, name="consent"),
    path("person/<str:code>/consent/<str:kind>/withdraw/", views.withdraw, name="withdraw"),
    path("person/<str:code>/consent/<str:kind>/taken-back/", views.withdrawn, name="withdrawn"),
]
