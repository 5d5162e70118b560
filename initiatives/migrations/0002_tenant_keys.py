from django.db import migrations

from initiatives.charter.tenancy import composite_key, tenant_key

POINTED_AT = (
    "initiatives_outcome",
    "initiatives_partnergroup",
)

KEYS = (("initiatives_groupmember", "group_id", "initiatives_partnergroup"),)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [*map(tenant_key, POINTED_AT), *(composite_key(*key) for key in KEYS)]
