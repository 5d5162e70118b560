from django.db import migrations

from initiatives.charter.tenancy import row_security

# Participations are missing on purpose: from them it is read which initiatives a person may enter at all.
TABLES = (
    "initiatives_change",
    "initiatives_groupmember",
    "initiatives_outcome",
    "initiatives_partnergroup",
)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_tenant_keys")]

    operations = [*map(row_security, TABLES)]
