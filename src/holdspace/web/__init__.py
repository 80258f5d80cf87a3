"""The Django project: settings, configuration, routes and middleware."""
