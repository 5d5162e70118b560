from django.urls import path

from measurement.publishing import desk_views, doors, embeds, views

app_name = "publishing"

_PAGES = (
    ("", "release", "overview"),
    ("measures/<slug:code>/", "measure", "measure"),
    ("changes/", "changes", "changes"),
    ("protection/", "protection", "protection"),
)

urlpatterns = [
    path("i/<slug:slug>/overview/", views.overview, name="overview"),
    *(
        path(f"i/<slug:slug>/overview/<int:number>/{end}", views.inside[page], name=f"inside-{name}")
        for end, name, page in _PAGES
    ),
    path("public/<slug:slug>/", views.public["overview"], name="public"),
    *(
        path(f"public/<slug:slug>/<int:number>/{end}", views.public[page], name=f"public-{name}")
        for end, name, page in _PAGES
    ),
    path("public/<slug:slug>/embed/<slug:code>/", embeds.frame, name="frame"),
    path("public/<slug:slug>/embed/<slug:code>.svg", embeds.image, name="image"),
    path("s/<path:token>", doors.follow, name="follow"),
    *(
        path(f"shared/<uuid:link>/{end}", views.shared[page], name=f"shared-{name}")
        for end, name, page in _PAGES
    ),
    path("i/<slug:slug>/releases/<int:number>/links/", desk_views.share_links, name="links"),
    path(
        "i/<slug:slug>/releases/<int:number>/links/<uuid:link>/revoke/",
        desk_views.revoke,
        name="revoke-link",
    ),
    path("i/<slug:slug>/public-page/", desk_views.public_page, name="public-page"),
]
