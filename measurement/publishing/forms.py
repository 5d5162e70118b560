import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form

# https://host, perhaps with a port: what a browser accepts as the address of a frame's page.
_WEBSITE: Final = re.compile(r"https://(\*\.)?([a-z0-9-]{1,63}\.)+[a-z]{2,63}(:[0-9]{1,5})?")
_MOST_SITES: Final = 50


class LinkForm(Form):
    name = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("So that you know later which link to take back. Readers do not see it."),
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode"),
        required=False,
        min_length=6,
        max_length=100,
        help_text=gettext_lazy(
            "Tell it to them by another way than the link. Without one whoever has the link can read."
        ),
    )


class PublicPageForm(Form):
    is_open = forms.BooleanField(
        label=gettext_lazy("Everybody may read what is released to the public"), required=False
    )
    frames = forms.CharField(
        label=gettext_lazy("Websites that may show it in a frame"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One address a line, such as https://www.example.org. Other websites may not."
        ),
    )

    def clean_frames(self) -> list[str]:
        lines = [line.strip().lower().rstrip("/") for line in self.cleaned_data["frames"].splitlines()]
        sites = list(dict.fromkeys(filter(None, lines)))
        wrong = [site for site in sites if not _WEBSITE.fullmatch(site)]
        if wrong:
            raise ValidationError(
                _("“%(site)s” is not the address of a website. An example: https://www.example.org."),
                params={"site": wrong[0][:100]},
            )
        if len(sites) > _MOST_SITES:
            raise ValidationError(_("At most %(most)s websites."), params={"most": _MOST_SITES})
        return sites

    @property
    def chosen(self) -> dict[str, Any]:
        return {"is_open": self.cleaned_data["is_open"], "frames": self.cleaned_data["frames"]}
