"""What tests of real processes share: the commands, a practice set up and booked, and scripts run in it."""

import subprocess
import sys

PASSPHRASE = "harbor lamp mosaic"
COMMAND = [sys.executable, "-c", "from holdspace.cli.main import main; main()"]
STARTED = """
import os
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
from holdspace.cli.practice import start_django
start_django()
from holdspace.people import opening
"""
SET_UP = """
opening.set_up(practice="Harbor", zone="America/New_York", name="Maya Torres", credential="LCSW",
               username="maya", password="correct horse battery", passphrase="harbor lamp mosaic")
"""
BOOKED = """
opening.unlock("harbor lamp mosaic")
from datetime import datetime, timedelta, UTC
from holdspace.consent.actions import record_consent
from holdspace.consent.queries import text_for
from holdspace.people.actions import add_client
from holdspace.people.models import User
from holdspace.people.queries import own_clinician
from holdspace.room.actions.sessions import start_session
from holdspace.schedule.actions import book_appointment
from holdspace.assist.actions import choose_switches
from holdspace.people.queries import practice
maya = opening.actor_of(User.objects.get().pk)
choose_switches(maya, practice(maya), names=("recording", "transcription", "drafting", "voice-profile"))
ruth = add_client(maya, own_clinician(maya), name="Ruth Abel")
start = datetime(2026, 11, 10, 16, tzinfo=UTC)
session = start_session(maya, book_appointment(maya, ruth, start=start, end=start + timedelta(minutes=50)))
record_consent(maya, ruth, answer="yes", signed="Ruth Abel", shown=text_for(maya, ruth, "transcription").sha256)
"""


def run_here(environment: dict[str, str], *scripts: str) -> str:
    """Run scripts in one fresh process; what they printed."""
    done = subprocess.run(
        [sys.executable, "-c", STARTED + "".join(scripts)],
        env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
