"""The project's settings, with the tool that reads migrations. It is no part of what is shipped."""

from backbone.settings import *  # noqa: F403
from backbone.settings import INSTALLED_APPS as SHIPPED

INSTALLED_APPS = [*SHIPPED, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["accounts", "audit", "notifications", "initiatives", "measurement"]
}
