"""A group's checklist."""

from django.urls import path

from programmes.checklist import views as checklist

urlpatterns = [
    path("<str:code>/checklist/", checklist.checklist, name="checklist"),
    path("<str:code>/checklist/<str:slug>/", checklist.plan, name="checklist_line"),
    path("<str:code>/checklist/<str:slug>/tick/", checklist.tick, name="checklist_tick"),
]
