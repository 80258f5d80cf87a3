"""Ways to break the promises of privacy."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from holdspace.audit.log import NoWords
from holdspace.chart.models import SealedPart
from holdspace.outbound.door import Door
from holdspace.people import queries
from holdspace.room import live_audio
from holdspace.room.actions import sessions
from holdspace.ui.uploads import InMemoryOnly
from holdspace.vault import archive, generations, session_keys
from holdspace.vault.keys import ring
from holdspace.vault.models import SessionKey
from holdspace.web.middleware import NothingKept
from tests.proof.breaking import Bench, breaks
from tests.proof.scripted import Kept, ScriptedEars


def left_in_the_folder(bench: Bench, name: str, content: bytes) -> Path:
    """A file in the practice's folder, for as long as the promise is tried."""
    path = Path(settings.CONFIG.home) / name
    path.write_bytes(content)
    path.chmod(0o600)
    bench.after.callback(path.unlink)
    return path


@breaks("sound-is-nowhere", r"found in .*, as 16-bit", "heard", listens=True)
def _seconds_are_kept_in_a_file(bench: Bench) -> None:
    kept, put = left_in_the_folder(bench, "sound.raw", b""), live_audio.put

    def dumping(capture_id: int, number: int, sound: bytes, **how: Any) -> int:
        with kept.open("ab") as stream:
            stream.write(sound)
        return put(capture_id, number, sound, **how)

    bench.patch.setattr(live_audio, "put", dumping)


@breaks("recordings-stay-in-memory", "1 files outside the practice’s folder were opened to write")
def _an_upload_rolls_over_into_a_temporary_file(bench: Bench) -> None:
    complete = InMemoryOnly.file_complete
    rolled = Path("/tmp") / f"upload-{os.getpid()}"  # noqa: S108  # where it would be
    bench.after.callback(lambda: rolled.unlink(missing_ok=True))

    def rolling(self: InMemoryOnly, file_size: int) -> Any:
        rolled.write_bytes(self._held.getvalue())
        return complete(self, file_size)

    bench.patch.setattr(InMemoryOnly, "file_complete", rolling)


@breaks("words-are-sealed", r"found in .*, as plain text", "drafted")
def _jottings_are_saved_in_a_file_too(bench: Bench) -> None:
    saved, save = left_in_the_folder(bench, "autosave", b""), sessions.save_jottings

    def saving(actor: Any, session: Any, *, text: str, before: str) -> Any:
        saved.write_text(text)
        return save(actor, session, text=text, before=before)

    bench.patch.setattr(sessions, "save_jottings", saving)


@breaks("destroyed-is-unreadable", "the destroyed transcript could be read")
def _the_days_key_is_not_wiped(bench: Bench) -> None:
    bench.patch.setattr(generations, "finish", lambda *_: None)


@breaks("moved-does-not-open", "A sentence’s evidence opened in a place", "drafted")
def _sealed_parts_are_bound_to_nothing(bench: Bench) -> None:
    bench.patch.setattr(SealedPart, "_identity", lambda _: "any part")


@breaks("database-is-encrypted", "plain database")
def _the_database_is_a_plain_one(bench: Bench) -> None:
    path = Path(settings.CONFIG.home) / "plain.db"
    bench.after.callback(path.unlink)
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE people_client (clinician_id integer)")
    plain.close()
    bench.patch.setitem(connection.settings_dict, "NAME", str(path))


@breaks("keys-lie-nowhere-in-clear", r"found in .*, as hexadecimal")
def _a_key_is_written_down(bench: Bench) -> None:
    left_in_the_folder(bench, "key.txt", ring.practice_key().hex().encode())


@breaks("folder-is-private", "1 of .* files can be read by others")
def _a_file_is_open_to_others(bench: Bench) -> None:
    left_in_the_folder(bench, "export.csv", b"").chmod(0o644)


@breaks("memory-stays-in-memory", "would write a core dump")
def _a_crash_writes_the_memory(bench: Bench) -> None:
    limits = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    bench.patch.setattr(resource, "getrlimit", lambda _: limits)


@breaks("logs-have-no-words", "reached a log with what it quoted")
def _the_logs_filter_lets_words_pass(bench: Bench) -> None:
    bench.patch.setattr(NoWords, "filter", lambda _self, _record: True)


@breaks("tasks-and-names-have-no-words", "1 files are named after somebody")
def _a_file_is_named_after_a_client(bench: Bench) -> None:
    left_in_the_folder(bench, "Tallis, Wren.pdf", b"")


@breaks("nothing-is-learnt", "1 files of the models’ folder were written")
def _a_model_writes_down_what_it_learnt(bench: Bench) -> None:
    weights = Path(settings.CONFIG.home).parent / "weights"
    weights.mkdir()
    bench.after.callback(shutil.rmtree, weights)
    for part in Path(settings.CONFIG.weights).iterdir():
        (weights / part.name).symlink_to(part)
    (weights / "adapter.safetensors").write_bytes(b"learnt")
    bench.patch.setattr(settings, "CONFIG", replace(settings.CONFIG, weights=weights))
    bench.trial._done["heard"] = None


@breaks("the-door-is-shut", "The door let https://elsewhere")
def _the_door_lets_anybody_pass(bench: Bench) -> None:
    bench.patch.setattr(Door, "check", lambda _self, url: url)


@breaks("the-ears-know-nothing", "It was given settings of the practice")
def _the_process_that_hears_inherits_the_settings(bench: Bench) -> None:
    told = {**os.environ, "HOLDSPACE_PASSPHRASE_FILE": "/run/passphrase"}
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=told)
    bench.after.callback(child.wait)
    bench.after.callback(child.kill)
    ears = ScriptedEars(child.pid)
    bench.patch.setattr("holdspace.assist.doorway._speech_here", lambda: ears)
    bench.patch.setattr("holdspace.assist.doorway._speech", Kept(ears))
    bench.trial._done["heard"] = None


@breaks("pages-are-strict", "a draft: the browser may keep it")
def _pages_may_be_kept_by_the_browser(bench: Bench) -> None:
    bench.patch.setattr(NothingKept, "__call__", lambda self, request: self._get_response(request))


@breaks(
    "backups-hold-no-day-keys", "A key that must not be in the backup is in its part keys.age", "backed up"
)
def _a_backup_takes_the_transcripts_keys_along(bench: Bench) -> None:
    def every() -> Any:
        for row in SessionKey.objects.select_related("generation"):
            yield row, session_keys._unwrapped(row)

    bench.patch.setattr(session_keys, "every_draft_key", every)


@breaks("backups-are-unreadable", "as packed", "backed up")
def _a_backup_is_packed_and_not_encrypted(bench: Bench) -> None:
    bench.patch.setattr(archive.Archive, "_encrypted", lambda _self, plain: zlib.compress(plain, 1))
    bench.patch.setattr(archive.Archive, "read", lambda self, name: zlib.decompress(self._plain(name)))


@breaks("the-trial-shows-nowhere", "The trial shows among the clients")
def _a_list_forgets_whose_practice_it_is_of(bench: Bench) -> None:
    bench.patch.setattr(queries, "within", lambda _actor, _verb, rows, **_: rows)


@breaks("nothing-is-left", "Rows of the trial are left in people_client")
def _nobody_clears_the_trial_away(bench: Bench) -> None:
    assert bench.trial.company.alone.pk
