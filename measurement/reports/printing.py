"""The PDF of a release: made by a worker, kept under the mark of all that is in it."""

from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from backbone.web import files
from initiatives.jobs.operations import Failed
from initiatives.jobs.running import Work
from measurement.releases import operations
from measurement.releases.models import Release
from measurement.reports.answers import key_of
from measurement.reports.formats import source_of
from measurement.reports.printed import pdf_of

KIND: Final = operations.PRINT


def make(work: Work) -> None:
    release = Release.objects.select_related("initiative").filter(pk=work.run.parameters["release"]).first()
    if release is None or not release.hash:
        raise Failed(_("The release is not there any more."))
    work.progress(0, len(release.measures) + 1, message=_("Drawing the curves"))
    with translation.override(settings.LANGUAGE_CODE):
        of = source_of(release)
        content = pdf_of(of.reading, of.stamp, of.changes, progress=work.progress)
    files.keep_as(content, key=key_of(of.stamp))
    where = reverse("measurement:reports:files", args=[release.initiative.slug, release.number])
    work.finish(message=_("The PDF is there."), result=where)
