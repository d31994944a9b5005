"""What people wrote, under themes."""

from django.urls import path

from feedback.comments import views as comments

urlpatterns = [
    path("group/<str:code>/comments/", comments.comments, name="comments"),
    path("group/<str:code>/comments/<str:key>/", comments.comment, name="comment"),
    path("group/<str:code>/comments/<str:key>/quote/", comments.comment_quote, name="comment_quote"),
]
