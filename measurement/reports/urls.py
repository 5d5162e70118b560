from django.urls import path

from measurement.reports import views

app_name = "reports"

urlpatterns = [
    path("releases/<int:number>/files/", views.files, name="files"),
    path("releases/<int:number>/files/pdf/make/", views.make_pdf, name="make-pdf"),
    path("releases/<int:number>/files/<slug:form>/", views.file, name="file"),
]
