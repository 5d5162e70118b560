from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.dashboards import (
    apart,
    breakdowns,
    cards,
    compared,
    curves,
    drawings,
    formulas,
    judged,
    looking_back,
    rows,
    selectors,
)
from measurement.dashboards import how as asking
from measurement.dashboards import today as work
from measurement.dashboards.watched_gaps import watched_gaps
from measurement.indicators.models import IndicatorVersion
from measurement.indicators.reads import note_read
from measurement.rollups.explain import Explanation, explain


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def dashboard(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    at = now()
    sees_all = request.access.may(Permission.FIGURES_VIEW_ALL)
    board = selectors.board(initiative, request.GET, sees_all=sees_all, at=at)
    context = {
        "board": board,
        "choice": board.choice,
        "outcomes": [
            {"outcome": each.outcome, "cards": _cards(each, board.choice, initiative, at)}
            for each in board.outcomes
        ],
        "left": board.left,
        "may_define": request.access.may(Permission.INDICATORS_MANAGE),
    }
    return render_page(request, "measurement/dashboards/dashboard.html", context, partials=("figures",))


def _cards(
    outcome: selectors.OutcomeReadings, choice: selectors.Choice, initiative: Initiative, at: datetime
) -> list[cards.Card]:
    latest = choice.period is None
    return [
        cards.card_of(reading, initiative=initiative, group=choice.group, latest=latest, at=at)
        for reading in outcome.readings
    ]


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def indicator(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    at = now()
    note_read(initiative, code, at=at)
    back = looking_back.asked_of(request, initiative, at=at)
    with back.as_it_was(initiative, code):
        sees_all = request.access.may(Permission.FIGURES_VIEW_ALL)
        page = curves.curve_page(initiative, code, request.GET, sees_all=sees_all, at=back.at)
        context = _page_context(request, page, initiative)
    context |= {"back": back, "since": looking_back.since(back, page, at=at), "left": back.left(page.left)}
    return render_page(
        request,
        "measurement/dashboards/indicator.html",
        context,
        partials=("figures",),
        status=back.status,
    )


def _page_context(
    request: InitiativeRequest, page: curves.CurvePage, initiative: Initiative
) -> dict[str, Any]:
    found = judged.judged(page, sees_all=request.access.may(Permission.FIGURES_VIEW_ALL))
    beside = compared.compared(page)
    return {
        "page": page,
        "may_try": request.access.may(Permission.INDICATORS_MANAGE),
        "version": page.measure.version,
        "judged": found,
        "compared": beside,
        "drawing": drawings.curve_drawing(page, found, compared.curves(beside, page))
        if page.measure.version.rules.rolls_up
        else "",
        **(_figure_context(page, initiative) if page.figure else {}),
    }


def _figure_context(page: curves.CurvePage, initiative: Initiative) -> dict[str, Any]:
    figure, measure, group = page.figure, page.measure, page.group
    if figure is None:
        return {}
    return {
        "row": rows.figure_row(figure.period.label, figure, measure, initiative, group),
        "status": cards.status_of(figure, measure),
        "levels": apart.level_rows(figure),
        "rows": rows.period_rows(page, initiative),
        "breakdowns": [
            rows.breakdown_table(breakdowns.drawn_breakdown(each, figure), measure, initiative, group)
            for each in page.breakdowns
        ],
        "gaps": watched_gaps(page),
        "group_rows": [
            rows.figure_row(each.cell.group.name, each, measure, initiative, each.cell.group)
            for each in page.by_group
            if each.cell.group
        ],
    }


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def how(
    request: InitiativeRequest, initiative: Initiative, code: str, calendar: str, period: str
) -> HttpResponse:
    back = looking_back.asked_of(request, initiative, at=now())
    with back.as_it_was(initiative, code):
        viewer = asking.viewer_of(request.access)
        about, sees_all = request.GET, viewer.sees_all
        asked = asking.asked_for(initiative, code, calendar, period, about, sees_all=sees_all, at=back.at)
        context: dict[str, Any] = {
            "asked": asked,
            "figure": asked.figure,
            "left": back.left(asked.left),
            "back": back,
        }
        if asked.figure:
            explanation = explain(asked.figure, asked.subject, viewer)
            context |= _explained(request, asked.figure.version, explanation)
    return render_page(
        request, "measurement/dashboards/how.html", context, partials=("panel",), status=back.status
    )


def _explained(
    request: InitiativeRequest, version: IndicatorVersion, explanation: Explanation
) -> dict[str, Any]:
    parts = paginate(request, explanation.parts, count=explanation.rows)
    category = explanation.figure.cell.category
    return {
        "explanation": explanation,
        "formula": formulas.formula_of(explanation),
        "parts": parts,
        "part_rows": [rows.part_row(part, version, category) for part in parts],
        "carried_rows": [rows.part_row(part, version) for part in explanation.carried],
        "absences": rows.absence_rows(explanation),
        "amount_label": formulas.amount_label(explanation.figure),
        "base_label": formulas.base_label(explanation.figure),
        "others": rows.others_row(explanation),
        "value": cards.shown(explanation.figure),
        "coverage": cards.in_of_expected(explanation.figure),
        "notes": list(cards.notes(explanation.figure)),
    }


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def today(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    at = now()
    found = work.today(initiative, at=at)
    moved = [
        (
            rows.figure_row(measure.version.name, figure, measure, initiative, None),
            cards.indicator_url(initiative, measure, None),
        )
        for measure, figure in found.moved
    ]
    context = {"today": found, "moved": moved, "left": found.left}
    return render_page(request, "measurement/dashboards/today.html", context)
