"""A recording that is uploaded is never a file, however large it is: every opening of a file is watched meanwhile."""

from django.urls import reverse

from holdspace.errors import ConsentMissing
from holdspace.proof.needles import of_sound
from holdspace.proof.places import files_of_the_practice, in_files, search, temporary_files
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.sound import as_wave, trial_sound
from holdspace.proof.trial import Trial
from holdspace.proof.watch import files_opened_to_write

PROMISE = Promise(
    number="1.2",
    says="A recording that is uploaded stays in memory, too. It is never a file, not even for a moment.",
    tried="A recording of six megabytes was uploaded to a session nobody had agreed to be heard in, while "
    "every file that was opened to write was noted. Then the folders were searched for it.",
    red="An upload touched the disk. Upload no recording until this is mended; what was left is in the "
    "folder named.",
)
TIMES = 100


def try_now(trial: Trial) -> Seen:
    """Upload, watch, search."""
    noise, _ = trial_sound()
    sound = b"".join(noise)
    recording = as_wave(sound * TIMES)
    session = trial.company.session(trial.company.together, agreed=False)
    with files_opened_to_write() as opened:
        answer = trial.browser().upload(reverse("room:upload", args=[session.pk]), "session.wav", recording)
    demand(
        not opened,
        f"{len(opened)} files outside the practice’s folder were opened to write while it came in.",
    )
    demand(
        answer.status == 409,
        f"The upload was answered with {answer.status}; {ConsentMissing.code} was expected.",
    )
    needles = of_sound([sound])
    files = [*files_of_the_practice(), *temporary_files(trial.began)]
    found = search(in_files(files, needles), needles)
    demand(not found, *map(str, found))
    return (
        f"A recording of {len(recording) / 1e6:.1f} MB came in and was refused, because nobody had agreed.",
        f"No file was opened for it; {len(files)} files were searched and nothing of it was found.",
    )
