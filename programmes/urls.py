"""Staff pages."""

from django.urls import path

from programmes.views import checklist, editor, guides, publishing, resources, support, team

app_name = "programmes"
urlpatterns = [
    path("", guides.index, name="index"),
    path("programme/<str:code>/", guides.programme, name="programme"),
    path("resource/<str:code>/", resources.resource, name="resource"),
    path("resource/<str:code>/file/", resources.download, name="download"),
    path("<str:code>/", guides.guide, name="guide"),
    path("<str:code>/print/", guides.print_guide, name="print"),
    path("<str:code>/checklist/", checklist.checklist, name="checklist"),
    path("<str:code>/checklist/<str:slug>/", checklist.plan, name="checklist_line"),
    path("<str:code>/checklist/<str:slug>/tick/", checklist.tick, name="checklist_tick"),
    path("<str:code>/team/", team.team, name="team"),
    path("<str:code>/team/add/", team.add, name="team_add"),
    path("<str:code>/team/<str:who>/leave/", team.leave, name="team_leave"),
    path("<str:code>/support/", support.support, name="support"),
    path("<str:code>/support/add/", support.support_add, name="support_add"),
    path("support/<str:code>/change/", support.support_change, name="support_change"),
    path("support/<str:code>/remove/", support.support_remove, name="support_remove"),
    path("<str:code>/versions/", guides.versions, name="versions"),
    path("<str:code>/edit/", editor.edit, name="edit"),
    path("<str:code>/edit/add/", editor.add_item, name="add_item"),
    path("<str:code>/edit/about/", editor.about, name="about"),
    path("<str:code>/edit/handouts/", editor.handouts, name="handouts"),
    path("<str:code>/edit/new-resource/", resources.add_resource, name="add_resource"),
    path("<str:code>/edit/publish/", publishing.publish, name="publish"),
    path("<str:code>/edit/discard/", publishing.discard, name="discard"),
    path("<str:code>/edit/<str:key>/", editor.item, name="item"),
    path("<str:code>/edit/<str:key>/remove/", editor.remove_item, name="remove_item"),
]
