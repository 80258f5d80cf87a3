"""Base templates, components, form fields and the typed request; knows no room."""
