"""The WSGI application of one node."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
