from django.urls import path

from caregivers.people import views

urlpatterns = [
    path("", views.board, name="board"),
    path("<str:code>/", views.people, name="people"),
]
