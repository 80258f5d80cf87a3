"""What uvicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdspace.web.settings")
django.setup(set_prefix=False)

from holdspace.web.bodies import InMemory  # noqa: E402  # needs a started Django

application = InMemory()
