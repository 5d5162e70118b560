from django.urls import path

from measurement.releases import views

app_name = "releases"

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/new/", views.new, name="new"),
    path("releases/<int:number>/", views.release, name="release"),
    path("releases/<int:number>/measures/<slug:code>/", views.measure, name="measure"),
    path("releases/<int:number>/publish/", views.publish, name="publish"),
    path("releases/<int:number>/build/", views.build_again, name="build-again"),
    path("releases/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("releases/<int:number>/discard/", views.discard, name="discard"),
]
