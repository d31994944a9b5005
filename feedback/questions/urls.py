"""Questions: versions and drafts."""

from django.urls import path

from feedback.questions import views as questions

urlpatterns = [
    path("questions/", questions.index, name="questionnaires"),
    path("questions/load/", questions.load, name="load_questions"),
    path("questions/add-measure/", questions.add_measure, name="add_measure"),
    path("questions/<str:code>/", questions.questionnaire, name="questionnaire"),
    path("questions/<str:code>/publish/", questions.publish, name="publish_questions"),
    path("questions/<str:code>/discard/", questions.discard, name="discard_questions"),
    path("questions/<str:code>/edit/", questions.edit, name="edit_questions"),
    path("questions/<str:code>/edit/about/", questions.about, name="about_questions"),
    path("questions/<str:code>/edit/add/", questions.add_question, name="add_question"),
    path("questions/<str:code>/edit/question/<str:slug>/", questions.question, name="question"),
    path("questions/<str:code>/edit/question/<str:slug>/remove/", questions.remove_question, name="remove_question"),
]
