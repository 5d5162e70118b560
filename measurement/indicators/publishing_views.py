"""How a measure's figures are protected when they are published."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backbone.access.permissions import Permission
from backbone.web.forms import ModelForm
from backbone.web.htmx import done, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import operations
from measurement.indicators.models import Indicator


class PublishingForm(ModelForm):
    release_k = forms.IntegerField(
        label=gettext_lazy("Smallest published count of people"),
        min_value=5,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("Empty: as in the settings of the initiative. At least 5."),
    )

    class Meta:
        model = Indicator
        fields = ("release_k", "is_sensitive", "is_exempt")
        labels = {
            "is_sensitive": gettext_lazy("It is delicate for the people counted"),
            "is_exempt": gettext_lazy("It needs no protection"),
        }
        help_texts = {
            "is_sensitive": gettext_lazy(
                "Then 0 % and 100 % are not shown either: they tell of everybody in the group."
            ),
            "is_exempt": gettext_lazy(
                "Only for counts of things that are not people, such as books or meetings."
            ),
        }


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def publishing(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    rows = Indicator.objects.in_initiative(initiative).with_versions()
    indicator = get_object_or_404(rows, code=code)
    form = PublishingForm(request.POST if request.method == "POST" else None, instance=indicator)
    sheet = reverse("measurement:indicators:sheet", args=[initiative.slug, code])
    if not form.is_valid():
        trail = [{"label": indicator.version.name, "url": sheet}]
        context = {"form": form, "indicator": indicator, "trail": trail}
        status = 422 if form.errors else 200
        return render_page(request, "measurement/indicators/publishing.html", context, status=status)
    operations.protect(indicator=form.instance, by=request.user, at=now())
    messages.success(request, _("The next release protects it so."))
    return done(request, to=sheet)
