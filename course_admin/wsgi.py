"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course_admin.settings")

application = get_wsgi_application()

from certificates.bases import refuse_contradiction  # noqa: E402 (Django has to be set up first)

refuse_contradiction()
