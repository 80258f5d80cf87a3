"""The migrations say what the models say."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

OURS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("holdspace."))


@pytest.mark.django_db
@pytest.mark.parametrize("label", OURS)
def test_a_room_has_no_model_change_without_its_migration(label: str) -> None:
    said = StringIO()
    try:
        call_command("makemigrations", label, check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_no_room_was_forgotten() -> None:
    assert {"audit", "people", "consent", "schedule", "assist", "room", "chart"} <= set(OURS)
