from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.rates import operations
from measurement.rates.forms import RateForm
from measurement.rates.models import ExchangeRate


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The rates that are kept, and one more."""
    typed = request.POST if request.method == "POST" else None
    start = {"into": initiative.currency, "on": initiative.today(now())}
    form = RateForm(typed, instance=ExchangeRate(initiative=initiative), initial=start)
    here = reverse("measurement:rates:rates", args=[initiative.slug])
    if request.method == "POST" and form.is_valid():
        operations.set_rate(rate=form.instance, by=request.user, at=now())
        messages.success(request, _("The rate is kept."))
        return done(request, to=here)
    return render_page(
        request,
        "measurement/rates/rates.html",
        {"form": form, "rates": ExchangeRate.objects.filter(initiative=initiative)},
        partials=("rate-form",),
        status=422 if form.errors else 200,
    )
