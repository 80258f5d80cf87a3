"""No model learns from a session: its files are, byte for byte, those that were fetched."""

from contextlib import suppress

from django.conf import settings

from holdspace.errors import HoldspaceError
from holdspace.proof.promise import Broken, NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.weights.store import Store

PROMISE = Promise(
    number="1.12",
    says="No model learns from a session. Its files stay, byte for byte, those that were fetched.",
    tried="After the trial’s sessions were heard and drafted, every file of every model was compared with "
    "its fingerprint (SHA-256) in the catalogue, and no file among them was new.",
    red="A model’s file is not the one that was fetched. Fetch it anew (`holdspace models pull`), and ask "
    "who could write to that folder.",
)


def try_now(trial: Trial) -> Seen:
    """Let the models work, then compare their files."""
    for session in (trial.heard, trial.drafted):
        with suppress(NotTried, Broken):
            session()
    store = Store(settings.CONFIG.weights)
    here = [entry for entry in store.entries if store.present(entry.name)]
    if not here:
        raise NotTried("No model is on this machine.", then="Run `holdspace models pull`.")
    for entry in here:
        try:
            store.verify(entry.name)
        except HoldspaceError:
            raise Broken(f"A file of {entry.name} is not the one that was fetched.") from None
    written = _written_since(store, trial.began)
    demand(not written, f"{written} files of the models’ folder were written while the trial ran.")
    files = sum(len(entry.files) for entry in here)
    size = sum(entry.size for entry in here)
    return (f"{files} files of {len(here)} models, {size / 1e6:.0f} MB, are those of the catalogue.",)


def _written_since(store: Store, began: float) -> int:
    """Files that changed meanwhile, but for the notes of when each was last compared."""
    files = [
        path for path in store.root.rglob("*") if path.is_file() and not path.name.endswith(".seen.json")
    ]
    return sum(path.stat().st_mtime >= began for path in files)
