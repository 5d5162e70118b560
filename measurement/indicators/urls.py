from django.urls import path

from measurement.indicators import breakdown_views, gap_views, linking_views, publishing_views, views

app_name = "indicators"

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/new/", views.define, name="define"),
    path("indicators/new/<slug:kind>/", views.define_as, name="define-as"),
    path("indicators/<slug:code>/", views.sheet, name="sheet"),
    path("indicators/<slug:code>/redefine/", views.redefine, name="redefine"),
    path("indicators/<slug:code>/publishing/", publishing_views.publishing, name="publishing"),
    path("indicators/<slug:code>/targets/new/", views.set_target, name="set-target"),
    path("indicators/<slug:code>/targets/<int:target_id>/", views.set_target, name="change-target"),
    path("indicators/<slug:code>/targets/<int:target_id>/remove/", views.remove_target, name="remove-target"),
    path("indicators/<slug:code>/gaps/new/", gap_views.watch_gap, name="watch-gap"),
    path("indicators/<slug:code>/gaps/<uuid:gap_id>/", gap_views.watch_gap, name="change-gap"),
    path("indicators/<slug:code>/gaps/<uuid:gap_id>/drop/", gap_views.drop_gap, name="drop-gap"),
    path("breakdowns/", breakdown_views.breakdowns, name="breakdowns"),
    path("breakdowns/new/", breakdown_views.add_breakdown, name="add-breakdown"),
    path("breakdowns/cross-table/", breakdown_views.add_cross_table, name="add-cross-table"),
    path("breakdowns/<uuid:breakdown_id>/", breakdown_views.breakdown, name="breakdown"),
    path("breakdowns/<uuid:breakdown_id>/categories/", breakdown_views.add_category, name="add-category"),
    path(
        "breakdowns/<uuid:breakdown_id>/categories/<slug:code>/remove/",
        breakdown_views.remove_category,
        name="remove-category",
    ),
    path("agenda/nodes/<slug:code>/measures/", linking_views.node_measures, name="node-measures"),
    path("agenda/nodes/<slug:code>/measures/add/", linking_views.link_measure, name="link-measure"),
    path("agenda/nodes/<slug:code>/measures/remove/", linking_views.unlink_measure, name="unlink-measure"),
    path("agenda/nodes/<slug:code>/measures/move/", linking_views.move_measure, name="move-measure"),
]
