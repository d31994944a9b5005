from django.urls import path

from caregivers.views import interest

urlpatterns = [
    path("join/<str:code>/", interest.interest, name="interest"),
    path("joined/", interest.thanks, name="interest_thanks"),
]
