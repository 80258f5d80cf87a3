"""Templates hold no script, style or event handler of their own, trust no text, and guard every form."""

import re
from pathlib import Path

import pytest

from tests.walls.tree import SOURCE, kept, short

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "an inline style sheet": r"<style\b",
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=",
    "a script address": r"javascript:",
    "text trusted as markup": r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off",
    "a host of someone else's": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TEMPLATES = sorted(kept(SOURCE, ".html"))


def faults(template: str) -> list[str]:
    """What is wrong with a template, in words. Comments do not reach the page and are not looked at."""
    shown = COMMENT.sub("", template)
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, shown, re.IGNORECASE)]
    unguarded = [form for form in FORM.findall(shown) if _posts(form) and "{% csrf_token %}" not in form]
    return found + ["a form that posts without its token" for _ in unguarded]


def _posts(form: str) -> bool:
    return bool(re.match(r"<form[^>]*method\s*=\s*[\"']post", form, re.IGNORECASE))


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_keeps_to_the_rules(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "good",
    [
        '<script type="module" src="{% static \'ui/page.js\' %}"></script>',
        '<form method="post">{% csrf_token %}<input name="on"></form><form method="get"></form>',
        "{% comment %}never <script>alert(1)</script> or |safe{% endcomment %}",
        '<button hx-post="/x" data-on="yes" class="style">once upon a = b</button>',
    ],
)
def test_the_wall_lets_good_templates_pass(good: str) -> None:
    assert faults(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        '<script type="module">x()</script>',
        "<style>p { color: red }</style>",
        '<p class="a" style="color: red">',
        '<button onclick="go()">',
        '<button class="x"\n  hx-on:click="go()">',
        '<a href="javascript:go()">',
        "{{ note|safe }}",
        "{% autoescape off %}",
        '<img src="https://elsewhere.example/x.png">',
        '<form class="x" method="post"><input></form>',
    ],
)
def test_the_wall_stops_bad_templates(bad: str) -> None:
    assert faults(bad)
