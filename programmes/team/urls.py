"""A group's team."""

from django.urls import path

from programmes.team import views as team

urlpatterns = [
    path("<str:code>/team/", team.team, name="team"),
    path("<str:code>/team/add/", team.add, name="team_add"),
    path("<str:code>/team/<str:who>/leave/", team.leave, name="team_leave"),
]
