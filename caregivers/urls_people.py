from django.urls import path

from caregivers.views import people

urlpatterns = [
    path("", people.board, name="board"),
    path("<str:code>/", people.people, name="people"),
]
