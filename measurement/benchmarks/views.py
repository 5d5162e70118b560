"""Series from outside beside a measure."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.benchmarks import operations, selectors
from measurement.benchmarks.forms import BenchmarkForm
from measurement.benchmarks.models import Benchmark
from measurement.indicators.models import Indicator


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def benchmarks(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    indicator = _indicator(initiative, code)
    context = {
        "indicator": indicator,
        "benchmarks": selectors.of_measure(indicator),
        "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
    }
    return render_page(request, "measurement/benchmarks/benchmarks.html", context)


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def save_benchmark(
    request: InitiativeRequest, initiative: Initiative, code: str, benchmark_id: UUID | None = None
) -> HttpResponse:
    indicator = _indicator(initiative, code)
    found = _benchmark(indicator, benchmark_id) if benchmark_id else None
    form = BenchmarkForm(
        request.POST if request.method == "POST" else None,
        instance=found or Benchmark(initiative=initiative, indicator=indicator),
    )
    if form.is_valid():
        try:
            operations.save_benchmark(benchmark=form.instance, values=form.read, by=request.user, at=now())
        except operations.NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("Saved. The series stands beside the curve and is in no total."))
        return done(request, to=_list(indicator))
    context = {"form": form, "indicator": indicator, "benchmark_id": benchmark_id, "back": _list(indicator)}
    return render_page(
        request,
        "measurement/benchmarks/benchmark.html",
        context,
        partials=("benchmark-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def remove_benchmark(
    request: InitiativeRequest, initiative: Initiative, code: str, benchmark_id: UUID
) -> HttpResponse:
    indicator = _indicator(initiative, code)
    operations.remove_benchmark(benchmark=_benchmark(indicator, benchmark_id), by=request.user, at=now())
    messages.success(request, _("The series is taken away."))
    return done(request, to=_list(indicator))


def _indicator(initiative: Initiative, code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.in_initiative(initiative).with_versions(), code=code)


def _benchmark(indicator: Indicator, benchmark_id: UUID) -> Benchmark:
    found = get_object_or_404(Benchmark, indicator=indicator, public_id=benchmark_id)
    found.indicator = indicator  # with its versions
    return found


def _list(indicator: Indicator) -> str:
    return reverse("measurement:benchmarks:benchmarks", args=[indicator.initiative.slug, indicator.code])
