from django.urls import path

from initiatives.agenda import drafting_views, proposal_views, views

app_name = "agenda"

_AGENDA = "i/<slug:slug>/agenda/"
_VERSION = f"{_AGENDA}versions/<int:number>/"
_DRAFT = f"{_AGENDA}draft/"
_NODE = f"{_DRAFT}nodes/<slug:code>/"

urlpatterns = [
    path(_AGENDA, views.agenda, name="agenda"),
    path(f"{_AGENDA}nodes/<slug:code>/", views.node, name="node"),
    path(f"{_AGENDA}quorum/", proposal_views.quorum, name="quorum"),
    path(f"{_AGENDA}versions/", views.versions, name="versions"),
    path(_VERSION, views.version, name="version"),
    path(f"{_VERSION}changes/", views.compare, name="compare"),
    path(f"{_VERSION}comments/", proposal_views.comment, name="comment"),
    path(f"{_VERSION}answer/<uuid:organization_id>/", proposal_views.answer, name="answer"),
    path(f"{_VERSION}remind/", proposal_views.remind, name="remind"),
    path(f"{_VERSION}adopt/", proposal_views.adopt, name="adopt"),
    path(_DRAFT, drafting_views.draft, name="draft"),
    path(f"{_DRAFT}start/", drafting_views.start, name="start-draft"),
    path(f"{_DRAFT}discard/", drafting_views.discard, name="discard-draft"),
    path(f"{_DRAFT}propose/", proposal_views.propose, name="propose"),
    path(f"{_DRAFT}texts/<slug:name>/", drafting_views.section, name="section"),
    path(f"{_DRAFT}add/<slug:kind>/", drafting_views.add, name="add-node"),
    path(_NODE, drafting_views.edit_node, name="edit-node"),
    path(f"{_NODE}move/", drafting_views.shift, name="shift-node"),
    path(f"{_NODE}under/", drafting_views.put_under, name="put-node-under"),
    path(f"{_NODE}remove/", drafting_views.remove, name="remove-node"),
]
