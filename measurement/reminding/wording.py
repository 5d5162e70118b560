"""What reminders say. Plain texts: no figure stands in them, and nothing that only the page may show."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backbone.accounts.models import User
from backbone.web.dates import long_date
from measurement.reminding.moments import Due, Moment
from measurement.submissions.models import ExpectedReport
from measurement.submissions.own import due_day


class Said(Protocol):
    @property
    def report(self) -> ExpectedReport: ...
    @property
    def person(self) -> User: ...
    @property
    def due(self) -> Due: ...


_STATES: Final = {
    Moment.OPENED: gettext_lazy("open now, due on %(day)s"),
    Moment.BEFORE: gettext_lazy("due on %(day)s"),
    Moment.DAY: gettext_lazy("due today, %(day)s, until the end of the day"),
    Moment.LATE: gettext_lazy("was due on %(day)s and is not in yet"),
    Moment.ASKED: gettext_lazy("due on %(day)s; you wanted to be reminded today"),
}


def subject(several: Sequence[Said]) -> str:
    if len(several) == 1:
        return _one_line(
            _("Your report for %(period)s: %(state)s")
            % {"period": several[0].report.period, "state": _state(several[0])}
        )
    return ngettext(
        "%(count)d report is to be handed in", "%(count)d reports are to be handed in", len(several)
    ) % {"count": len(several)}


def in_the_bell(several: Sequence[Said]) -> str:
    return "\n".join(_line(each) for each in several)


def in_the_mail(several: Sequence[Said], addresses: Mapping[int, str]) -> str:
    """`addresses`: by report, where one was made. A line that is a path becomes an address when the mail is sent."""
    lines = [_("Hello %(name)s,") % {"name": _one_line(str(several[0].person))}, ""]
    for each in several:
        lines += list(_about(each, addresses.get(each.report.pk)))
    if addresses:
        lines += [
            _(
                "A link opens one report, without a password, for 14 days. It is meant for you alone: whoever has"
                " it can fill in the report in your name, so do not pass this mail on."
            ),
            "",
        ]
    return "\n".join([*lines, _("All your reports, after signing in:")])


def _about(each: Said, address: str | None) -> Iterator[str]:
    report = each.report
    yield _line(each)
    if address:
        yield address
    yield _("Later, or somebody else?")
    yield reverse("measurement:reminding:later", args=[report.initiative.slug, report.public_id])
    yield ""


def _line(each: Said) -> str:
    report = each.report
    return _one_line(
        _("%(organization)s, %(period)s: %(state)s.")
        % {"organization": report.organization, "period": report.period, "state": _state(each)}
    )


def _state(each: Said) -> str:
    return str(_STATES[each.due.moment]) % {"day": long_date(due_day(each.report, each.report.initiative))}


def _one_line(words: str) -> str:
    return " ".join(words.split())


def where(report: ExpectedReport) -> str:
    return reverse("measurement:submissions:your-report", args=[report.initiative.slug])
