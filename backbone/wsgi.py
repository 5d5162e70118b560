import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backbone.settings")
os.environ.setdefault(
    "TENANT_SCOPED", "true"
)  # whatever the server is: who serves people begins with no tenant's rows
application = get_wsgi_application()
