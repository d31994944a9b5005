from django.urls import path

from caregivers.interest import views

urlpatterns = [
    path("join/<str:code>/", views.interest, name="interest"),
    path("joined/", views.thanks, name="interest_thanks"),
]
