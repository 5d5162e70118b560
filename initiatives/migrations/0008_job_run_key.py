from django.db import migrations

from initiatives.charter.tenancy import tenant_key


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0007_common_agenda")]

    operations = [tenant_key("initiatives_jobrun")]
