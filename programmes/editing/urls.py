"""Changing a guide's draft, and publishing it."""

from django.urls import path

from programmes.editing.views import editor, publishing

urlpatterns = [
    path("<str:code>/edit/", editor.edit, name="edit"),
    path("<str:code>/edit/add/", editor.add_item, name="add_item"),
    path("<str:code>/edit/about/", editor.about, name="about"),
    path("<str:code>/edit/handouts/", editor.handouts, name="handouts"),
    path("<str:code>/edit/publish/", publishing.publish, name="publish"),
    path("<str:code>/edit/discard/", publishing.discard, name="discard"),
    path("<str:code>/edit/<str:key>/", editor.item, name="item"),
    path("<str:code>/edit/<str:key>/remove/", editor.remove_item, name="remove_item"),
]
