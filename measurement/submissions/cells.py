"""The fields of one cell of the grid as HTML, put together by hand.

A report may have five hundred of them: a template that is gone through for each would take a quarter of a second.
"""

from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measurement.indicators.kinds import Kind
from measurement.submissions.blocks import Sheet
from measurement.submissions.forms import offered_reasons
from measurement.submissions.sheet import Field, Line


@lru_cache(maxsize=64)
def _words(_language: str | None) -> dict[str, str]:
    return {
        "same": escape(_("No change")),
        "more": escape(_("Reason, note or file")),
        "noted": escape(_("something is written there")),
        "status": escape(_("How sure, or why not")),
        "note": escape(_("Note")),
        "problem": escape(_("Problem:")),
        "blank": escape(_("Leave it blank: it is worked out.")),
        "yes": escape(_("Yes")),
        "no": escape(_("No")),
        "file": escape(_("Put a file beside it")),
    }


@lru_cache(maxsize=256)
def _options(kind: Kind, _language: str | None) -> str:
    return _as_options(offered_reasons(kind), "")


def _as_options(choices: list[tuple[str, str]], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(name)}</option>'
        for value, name in choices
    )


def draw(sheet: Sheet) -> Sheet:
    for line in sheet.lines:
        line.fields_html = fields_html(line)
    return sheet


def fields_html(line: Line) -> SafeString:
    """The field or fields, what was given before, and room for a reason, a note and a question."""
    words, name = _words(get_language()), line.cell.name
    fields = _told(line, words) or (_yes_no(line, words) if line.is_yes_no else _numbers(line, words))
    hint = f'<p class="field-hint">{words["blank"]}</p>' if line.cell.may_be_blank else ""
    asked = _said(line) + _questions(line, name)
    return mark_safe(fields + hint + _before(line, name, words) + asked + _more(line, name, words))  # noqa: S308 (escaped)


def _said(line: Line) -> str:
    """What a reviewer said about this figure when the report came back."""
    return "".join(
        f'<div class="entry-said"><p>{escape(each.body)}</p><p class="said-by">{escape(str(each.by))}</p></div>'
        for each in line.said
    )


def _numbers(line: Line, words: dict[str, str]) -> str:
    label, inputs = escape(line.cell.label), line.inputs
    alone = len(inputs) == 1
    numbers = "".join(_number(field, line, label, alone=alone, words=words) for field in inputs)
    return numbers + _unit(line, words)


def _told(line: Line, words: dict[str, str]) -> str:
    """The field of a measure that is told in words."""
    field = line.words
    if field is None:
        return ""
    wrong = f' aria-invalid="true" aria-describedby="{field.error_id}"' if field.problems else ""
    return (
        f'<label for="{field.id}" class="entry-label">{escape(str(field.label))}'
        f'<span class="visually-hidden">, {escape(line.cell.label)}</span></label>'
        f'<textarea class="form-control{" is-invalid" if field.problems else ""}" id="{field.id}"'
        f' name="{field.id}" rows="3"{wrong}>\n{escape(field.value)}</textarea>{_problems(field, words)}'
    )


def _unit(line: Line, words: dict[str, str]) -> str:
    """The choice of the unit or currency, where the measure allows several."""
    field = line.unit_choice
    if field is None:
        return ""
    wrong = f' aria-invalid="true" aria-describedby="{field.error_id}"' if field.problems else ""
    return (
        f'<label for="{field.id}" class="visually-hidden">{escape(str(field.label))}: {escape(line.cell.label)}'
        f'</label><select class="form-select{" is-invalid" if field.problems else ""}" id="{field.id}"'
        f' name="{field.id}"{wrong}>{_as_options(line.units, field.value)}</select>{_problems(field, words)}'
    )


def _number(field: Field, line: Line, label: str, *, alone: bool, words: dict[str, str]) -> str:
    described = f"{field.error_id} " if field.problems else ""
    wrong = ' aria-invalid="true"' if field.problems else ""
    first = field.id.endswith("-amount")
    unit = f'<span class="field-unit">{escape(line.input_unit)}</span>' if first and line.input_unit else ""
    seen = f'<span class="cell-name">{escape(line.heading)}</span>' if alone else escape(str(field.label))
    hidden = label if alone else f", {label}"
    return (
        f'<div class="entry-input"><label for="{field.id}" class="entry-label{" entry-alone" if alone else ""}">'
        f'{seen}<span class="visually-hidden">{hidden}</span></label><span class="entry-box">'
        f'<input class="form-control{" is-invalid" if field.problems else ""}" type="text" inputmode="decimal"'
        f' autocomplete="off" maxlength="60" data-figure id="{field.id}" name="{field.id}"'
        f' value="{escape(field.value)}"{wrong} aria-describedby="{described}{line.cell.name}-before">'
        f"{unit}</span>{_problems(field, words)}</div>"
    )


def _yes_no(line: Line, words: dict[str, str]) -> str:
    field = line.inputs[0]
    described = f' aria-describedby="{field.error_id}"' if field.problems else ""
    choices = "".join(
        f'<label><input class="choice-input" type="radio" data-figure name="{field.id}"'
        f' id="{field.id}{"" if value == "yes" else "-no"}" value="{value}"'
        f"{' checked' if field.value == value else ''}>{words[value]}</label>"
        for value in ("yes", "no")
    )
    label = escape(line.cell.label)
    return (
        f'<div class="yes-no" role="radiogroup" aria-label="{label}"{described}>{choices}</div>'
        f"{_problems(field, words)}"
    )


def _problems(field: Field, words: dict[str, str]) -> str:
    if not field.problems:
        return ""
    sentences = escape(" ".join(field.problems))
    return (
        f'<p class="field-error" id="{field.error_id}">'
        f'<span class="visually-hidden">{words["problem"]}</span> {sentences}</p>'
    )


def _before(line: Line, name: str, words: dict[str, str]) -> str:
    """What the partner gave last period, with a button to say the same, and a year ago."""
    found, cell = "", line.cell
    if cell.previous:
        found = f"<span>{escape(cell.previous.period.label)}: {escape(line.previous)}</span>"
        found += _same(line, name, words)
    if cell.year_ago:
        found += f"<span>{escape(cell.year_ago.period.label)}: {escape(line.year_ago)}</span>"
    return f'<p class="entry-before" id="{name}-before">{found}</p>'


def _same(line: Line, name: str, words: dict[str, str]) -> str:
    amount, base = line.cell.previous_written
    if line.cell.may_be_blank or not (amount or base):
        return ""
    said = line.cell.says_no_change
    mark = f'<input type="hidden" name="{name}-same" value="1">' if said else ""
    return (
        f'<button class="same" type="submit" name="same" value="{name}" data-amount="{escape(amount)}"'
        f' data-base="{escape(base)}" aria-pressed="{"true" if said else "false"}">{words["same"]}'
        f'<span class="visually-hidden">: {escape(line.cell.label)}</span></button>{mark}'
    )


def _questions(line: Line, name: str) -> str:
    """Room for questions, mostly empty; the few that there are come from a template."""
    if not line.questions:
        return f'<div id="{name}-questions"></div>'
    return render_to_string("measurement/submissions/_questions.html", {"line": line})


def _more(line: Line, name: str, words: dict[str, str]) -> str:
    """Why there is no figure, or how sure it is, and a note; open where that says what the figure is, or is wrong."""
    status, note, spread, label = line.reason, line.note, line.spread, escape(line.cell.label)
    rare = _number(spread, line, label, alone=False, words=words) if spread else ""
    is_open = " open" if status.value or _wrong(status, note, spread) else ""
    noted = f" ({words['noted']})" if note.value or line.evidence or (spread and spread.value) else ""
    about = f'<span class="visually-hidden">: {label}</span>'
    wrong = f' aria-invalid="true" aria-describedby="{status.error_id}"' if status.problems else ""
    return (
        f'<details class="entry-more"{is_open}><summary>{words["more"]}{noted}{about}</summary>{rare}'
        f'<label for="{status.id}" class="entry-label">{words["status"]}{about}</label>'
        f'<select class="form-select{" is-invalid" if status.problems else ""}" id="{status.id}"'
        f' name="{status.id}"{wrong}>{_choices(line, status)}</select>{_problems(status, words)}'
        f'<label for="{note.id}" class="entry-label">{words["note"]}{about}</label>'
        f'<textarea class="form-control" id="{note.id}" name="{note.id}" rows="2">\n{escape(note.value)}</textarea>'
        f"{_problems(note, words)}{_files(line)}"
        f'<p class="entry-files"><a href="evidence/?figure={name}">{words["file"]}{about}</a></p></details>'
    )


def _wrong(*fields: Field | None) -> bool:
    return any(field.problems for field in fields if field)


def _files(line: Line) -> str:
    links = "".join(
        f'<li><a href="evidence/{each.public_id}/">{escape(each.name)}</a></li>' for each in line.evidence
    )
    return f'<ul class="plain-list">{links}</ul>' if links else ""


def _choices(line: Line, status: Field) -> str:
    cell = line.cell
    if not status.value and cell.figure.status in ("", "missing", "reported"):
        return _options(cell.kind, get_language())
    return _as_options(line.reasons, status.value)
