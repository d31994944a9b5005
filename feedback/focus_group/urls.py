"""The focus group."""

from django.urls import path

from feedback.focus_group import views as focus_group

urlpatterns = [
    path("group/<str:code>/focus-group/", focus_group.focus_group_add, name="focus_group_add"),
    path("focus-group/<str:code>/", focus_group.focus_group, name="focus_group"),
    path("focus-group/<str:code>/change/", focus_group.focus_group_change, name="focus_group_change"),
    path("focus-group/<str:code>/quote/", focus_group.focus_group_quote, name="focus_group_quote"),
]
