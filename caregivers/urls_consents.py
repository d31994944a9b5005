from django.urls import path

from caregivers.views import consents

urlpatterns = [
    path("person/<str:code>/consent/<str:kind>/", consents.consent, name="consent"),
    path("person/<str:code>/consent/<str:kind>/withdraw/", consents.withdraw, name="withdraw"),
    path("person/<str:code>/consent/<str:kind>/taken-back/", consents.withdrawn, name="withdrawn"),
]
