"""The project's settings, with the tool that reads migrations. It is no part of what is shipped."""

from backbone.settings import *  # noqa: F403
from backbone.settings import INSTALLED_APPS as SHIPPED

INSTALLED_APPS = [*SHIPPED, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["accounts", "audit", "notifications", "initiatives", "measurement"],
    "no_cache": True,  # which would keep an answer after these options changed
    # The database refusing what must not be is worth the moment for which a table is locked.
    "exclude_migration_tests": ["ADD_UNIQUE"],
}
