from django.urls import path

from measurement.submissions import (
    entry_views,
    evidence_views,
    pasting_views,
    queue_views,
    report_views,
    review_views,
    views,
)

app_name = "submissions"

_REPORT = "reports/<uuid:report_id>/"

urlpatterns = [
    path("report/", views.your_report, name="your-report"),
    path("report/<uuid:expected_id>/start/", entry_views.start, name="start"),
    path("our-figures/", views.our_figures, name="our-figures"),
    path("reports/", queue_views.review_queue, name="review-queue"),
    path("reports/approve/", queue_views.approve_many, name="approve-many"),
    path("reports/approve/<uuid:run_id>/", queue_views.approved, name="approved"),
    path(_REPORT, report_views.report, name="report"),
    path(f"{_REPORT}say/", report_views.say, name="say"),
    path(f"{_REPORT}save/", entry_views.save, name="save"),
    path(f"{_REPORT}hand-in/", entry_views.hand_in, name="hand-in"),
    path(f"{_REPORT}check/", entry_views.check, name="check"),
    path(f"{_REPORT}thanks/", entry_views.thanks, name="thanks"),
    path(f"{_REPORT}also-open/", entry_views.also_open, name="also-open"),
    path(f"{_REPORT}paste/", pasting_views.paste, name="paste"),
    path(f"{_REPORT}evidence/", evidence_views.evidence, name="evidence"),
    path(f"{_REPORT}evidence/add/", evidence_views.add_evidence, name="add-evidence"),
    path(f"{_REPORT}evidence/<uuid:file_id>/", evidence_views.evidence_file, name="evidence-file"),
    path(f"{_REPORT}evidence/<uuid:file_id>/remove/", evidence_views.remove_evidence, name="remove-evidence"),
    path(f"{_REPORT}take-back/", entry_views.take_back, name="take-back"),
    path(f"{_REPORT}approve/", review_views.approve, name="approve"),
    path(f"{_REPORT}return/", review_views.return_, name="return"),
    path(f"{_REPORT}reopen/", review_views.reopen, name="reopen"),
    path(f"{_REPORT}withdraw/", review_views.withdraw, name="withdraw"),
]
