from django.db import migrations

from initiatives.charter.tenancy import tenant_key


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0006_dated_groups")]

    operations = [tenant_key("initiatives_jobrun")]
