"""Seconds into a session, as a person says them."""

from django import template

from holdspace.ui.evidence import clock as said

register = template.Library()


@register.filter
def clock(seconds: float) -> str:
    """247.0 is "4:07"."""
    return said(seconds)
