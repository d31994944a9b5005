from django.urls import path

from caregivers.views import people as views

urlpatterns = [
    path("", views.board, name="board"),
    path("<str:code>/", views.people, name="people"),
]
