"""The files in which a release can be taken along."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measurement.releases import selectors
from measurement.releases.models import Release
from measurement.reports import delimited, linked, package, sdmx, structured, workbook
from measurement.reports.stamp import Stamp, stamp_of


@dataclass(frozen=True)
class Source:
    """What a file is made from."""

    reading: selectors.Reading
    changes: list[selectors.Change]
    stamp: Stamp


@dataclass(frozen=True)
class Kind:
    code: str
    suffix: str
    name: str | Promise
    meaning: str | Promise


@dataclass(frozen=True)
class Form(Kind):
    """A file that is made while somebody waits for it."""

    make: Callable[[Source], bytes]


# Made by a worker, because drawing takes its time.
PDF: Final = Kind("pdf", ".pdf", _("Report (PDF)"), _("Curves, tables and notes. For reading and printing."))


FORMS: Final = {
    form.code: form
    for form in (
        Form(
            "csv",
            ".csv",
            _("Table (CSV)"),
            _("All figures, one a line. For any program."),
            lambda of: delimited.csv_of(of.reading, of.stamp),
        ),
        Form(
            "xlsx",
            ".xlsx",
            _("Workbook (XLSX)"),
            _("Figures, measures, what changed, and what every column means. For spreadsheets."),
            lambda of: workbook.xlsx_of(of.reading, of.stamp, of.changes),
        ),
        Form(
            "json",
            ".json",
            _("JSON"),
            _("Everything that the release says. For programs."),
            lambda of: structured.json_of(of.reading, of.stamp, of.changes),
        ),
        Form(
            "datapackage",
            ".zip",
            _("Data package"),
            _("Tables with a description of every column (Frictionless Data Package). For archives."),
            lambda of: package.package_of(of.reading, of.stamp, of.changes),
        ),
        Form(
            "sdmx",
            ".sdmx.csv",
            _("SDMX-CSV"),
            _("Codes and observation statuses of official statistics (SDMX-CSV 2.0)."),
            lambda of: sdmx.sdmx_of(of.reading, of.stamp),
        ),
        Form(
            "cids",
            ".jsonld",
            _("Common Impact Data Standard"),
            _("Indicators, outcomes and reports as linked data (version 3, basic tier)."),
            lambda of: linked.linked_of(of.reading, of.stamp),
        ),
    )
}


def source_of(release: Release) -> Source:
    return Source(selectors.read(release), selectors.changes(release), stamp_of(release))


def made(release: Release, form: Form) -> bytes:
    """The same release gives the same file, whatever the language of whoever asks."""
    with translation.override(settings.LANGUAGE_CODE):
        return form.make(source_of(release))
