from django.urls import path

from caregivers.registering.views import by_link

urlpatterns = [
    path("declined/", by_link.declined, name="declined"),
    path("thanks/<str:token>/", by_link.registered, name="registered"),
    path("<str:token>/", by_link.register, name="register"),
    path("<str:token>/no-thanks/", by_link.decline, name="decline"),
]
