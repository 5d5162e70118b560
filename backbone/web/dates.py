"""Dates and ages in words."""

from datetime import date, datetime, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_LONG = {"en": "j F Y", "es": r"j \d\e F \d\e Y"}
_MONTH = {"en": "F Y", "es": r"F \d\e Y"}
_DAYS_SHOWN, _WEEKS_SHOWN, _MONTHS_SHOWN = (
    14,
    60,
    730,
)  # days up to which an age is told in days, weeks, months


def long_date(day: date) -> str:
    """15 April 2026, in the reader's language."""
    return format_date(day, _pattern(_LONG))


def month_year(day: date) -> str:
    """April 2026, in the reader's language."""
    return format_date(day, _pattern(_MONTH))


def _pattern(patterns: dict[str, str]) -> str:
    return patterns.get((get_language() or "en").split("-")[0], patterns["en"])


def age_of_day(day: date, *, today: date) -> str:
    """How long ago a day was: "today", "3 days ago", "5 weeks ago", "4 months ago", "2 years ago"."""
    days = (today - day).days
    if days <= 1:
        return _("yesterday") if days == 1 else _("today")
    if days <= _DAYS_SHOWN:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if days <= _WEEKS_SHOWN:
        return ngettext("%(count)d week ago", "%(count)d weeks ago", days // 7) % {"count": days // 7}
    if days <= _MONTHS_SHOWN:
        months = int(days / 30.44)
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    years = int(days / 365.25)
    return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}


def age_of_moment(moment: datetime, *, now: datetime) -> str:
    """How long ago a moment was, to the minute on its first day; both with a time zone."""
    passed = max(now - moment, timedelta())
    minutes = passed // timedelta(minutes=1)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    return age_of_day(moment.astimezone(now.tzinfo).date(), today=now.date())
