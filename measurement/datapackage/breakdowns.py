"""What has to hold of cross-tables and of merged categories in a package."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from measurement.datapackage.tables import Row, Table

_Wrong = Iterator[tuple[Row, str, str]]
_Key = tuple[str, str]


def cross_tables(tables: Mapping[str, Table]) -> _Wrong:
    crossed = {row.disaggregation for row in tables["cross_tables"].rows}
    cells = tables["cross_cells"].rows if "cross_cells" in tables else ()
    placed = {(cell.disaggregation, cell.category) for cell in cells}
    for row in tables["cross_tables"].rows:
        if row.rows == row.columns or {row.rows, row.columns} & crossed:
            sentence = _("A cross-table is made of two different breakdowns that are none themselves.")
            yield row, "columns", sentence
    for row in tables["cross_tables"].rows:
        its = {each.code for each in tables["categories"].rows if each.disaggregation == row.disaggregation}
        if any((row.disaggregation, code) not in placed for code in its):
            yield (
                row,
                "disaggregation",
                _("Each of its categories needs a row of its own in cross_cells.csv."),
            )


def cross_cells(tables: Mapping[str, Table]) -> _Wrong:
    margins = (
        {row.disaggregation: row for row in tables["cross_tables"].rows} if "cross_tables" in tables else {}
    )
    known = {(row.disaggregation, row.code) for row in tables["categories"].rows}
    for row in tables["cross_cells"].rows:
        table = margins.get(row.disaggregation)
        if table is None:
            continue  # said already, where the rows that it names are looked up
        for column, margin in (("row", table.rows), ("column", table.columns)):
            if (margin, getattr(row, column)) not in known:
                yield row, column, _("This is no category of “%(margin)s”.") % {"margin": margin}


def merges(tables: Mapping[str, Table]) -> _Wrong:
    rules = {row.code: row.adds_up for row in tables["disaggregations"].rows}
    into: dict[_Key, _Key] = {
        (row.disaggregation, row.category): (row.into_disaggregation, row.into_category)
        for row in tables["category_merges"].rows
        if row.into_category
    }
    for row in tables["category_merges"].rows:
        if bool(row.into_category) != bool(row.into_disaggregation):
            yield row, "into_category", _("Name both the breakdown and the category that it is merged into.")
        elif row.into_category and {
            rules.get(row.disaggregation),
            rules.get(row.into_disaggregation),
        } != {"partition"}:
            sentence = _("Only where everybody is in exactly one category can categories be merged.")
            yield row, "into_category", sentence
        elif _comes_back((row.disaggregation, row.category), into):
            yield row, "into_category", _("It would be merged into itself.")
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            yield row, "ends_on", _("It cannot end before it begins.")


def _comes_back(start: _Key, into: Mapping[_Key, _Key]) -> bool:
    seen, here = {start}, into.get(start)
    while here is not None and here not in seen:
        seen.add(here)
        here = into.get(here)
    return here == start
