"""A session held through the capture page: a fake microphone plays a voiced one, and the draft is there at the end."""

import re
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from django.templatetags.static import static
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from holdspace.assist.doorway import stop_hearing
from holdspace.assist.queries import speaking_voice
from holdspace.consent.actions import revoke_consent
from holdspace.engines.speech.decode import Pcm, decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.port import RATE
from holdspace.engines.transcript import THERAPIST, Turn
from holdspace.room import live_audio
from holdspace.room.actions.captures import set_capture
from holdspace.room.models import Capture, DraftRun, HeardPiece
from holdspace.room.pieces import of_capture
from holdspace.room.queries import transcript
from holdspace.room.rules import LEFT, SIX_HOURS
from holdspace.weights.store import Store, default_root
from holdspace.workflows.live_session import start_listener
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.browser.looking import faults
from tests.cast import PASSWORD, Cast
from tests.faults.found import found_in, slices

expect.set_options(timeout=20_000)  # two cores hear, serve and browse at once
pytestmark = [pytest.mark.browser, pytest.mark.weights]
SAMPLE = Path(__file__).parents[2] / "src" / "holdspace" / "demo_data" / "session.ogg"
SECONDS = 40
SENT = re.compile(r"/(sound|state)/")
"""Where the page sends sound, and what she wants."""


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the sample session, for a microphone that is not there."""
    played = tmp_path_factory.mktemp("microphone") / "played.wav"
    made = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-t",
            str(SECONDS),
            "-i",
            str(SAMPLE),
            "-ac",
            "1",
            "-ar",
            "48000",
            str(played),
        ],
        check=False,
    )
    if made.returncode:
        pytest.skip("FFmpeg is not installed")
    return played


@dataclass(frozen=True)
class TwoSides:
    """A talk as a call has it: what her microphone plays, what the shared tab plays, and who says what."""

    microphone: Path
    tab: bytes
    turns: tuple[Turn, ...]


@pytest.fixture(scope="session")
def sides(tmp_path_factory: pytest.TempPathFactory) -> TwoSides:
    """The sample's beginning, each person's turns on a side of their own."""
    store = Store(default_root())
    if not store.present("whisper-base"):
        pytest.skip("whisper-base is not on this machine")
    ear = Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))
    samples = decode(SAMPLE.read_bytes()).samples[: SECONDS * RATE]
    turns = ear.listen(Pcm(samples.copy())).turns
    hers, theirs = np.zeros_like(samples[:, 0]), np.zeros_like(samples[:, 0])
    for span in ear.activity.find(Pcm(samples).blocks()):  # words' times are not exact enough to cut by
        turn = max(turns, key=lambda one: min(one.end_s, span.end_s) - max(one.start_s, span.start_s))
        part = slice(round(span.start_s * RATE), round(span.end_s * RATE))
        (hers if turn.speaker == THERAPIST else theirs)[part] = samples[part, 0]
    microphone = tmp_path_factory.mktemp("call") / "hers.wav"
    microphone.write_bytes(wav_of(hers))
    return TwoSides(microphone, wav_of(theirs), turns)


def wav_of(samples: NDArray[np.int16]) -> bytes:
    """One channel at 16 kHz as a WAV file."""
    played = BytesIO()
    with wave.open(played, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return played.getvalue()


@contextmanager
def window(chromium: Browser, microphone: Path, site: str, profile: Path) -> Iterator[Page]:
    """A window of a browser with that microphone and a profile on the disk, signed in; a listener beside the server."""
    if not Store(default_root()).present("whisper-base"):
        pytest.skip("whisper-base is not on this machine")
    stop = Event()
    listener = start_listener(stop)
    heard = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
    ]
    context = chromium.browser_type.launch_persistent_context(
        str(profile),
        executable_path=str(CHROMIUM),
        args=[*ARGUMENTS, *heard],
        base_url=site,
        viewport={"width": 1280, "height": 900},
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_in(page)
    yield page
    context.close()
    stop.set()
    listener.join(timeout=30)
    stop_hearing()


@pytest.fixture
def listening(chromium: Browser, microphone: Path, site: str, tmp_path: Path) -> Iterator[Page]:
    """A window that hears both of them through one microphone."""
    with window(chromium, microphone, site, tmp_path / "profile") as page:
        yield page


@pytest.fixture
def on_a_call(chromium: Browser, sides: TwoSides, site: str, tmp_path: Path) -> Iterator[Page]:
    """A window whose microphone hears her, and that will be given a tab with the client's side."""
    with window(chromium, sides.microphone, site, tmp_path / "profile") as page:
        page.add_init_script(OTHER_SIDE)
        page.route("**/other-side.wav", lambda route: route.fulfill(body=sides.tab, content_type="audio/wav"))
        yield page


def in_the_room(page: Page) -> None:
    """Go to the page that hears the session of now."""
    page.get_by_role("button", name="Start session").click()
    page.get_by_role("link", name="Hear the session now").click()


# The other side of a call, as a shared tab would give it: the same sound, fetched by the page itself.
OTHER_SIDE = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const context = new AudioContext();
  const sound = await context.decodeAudioData(await (await fetch("/other-side.wav")).arrayBuffer());
  const played = new AudioBufferSourceNode(context, { buffer: sound });
  const stream = context.createMediaStreamDestination();
  played.connect(stream);
  played.start();
  return stream.stream;
};
"""


def test_a_call_knows_who_spoke_by_the_channel(on_a_call: Page, sides: TwoSides, cast: Cast) -> None:
    page = on_a_call
    in_the_room(page)
    page.get_by_label("On a call").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:38", timeout=90_000)
    page.get_by_role("button", name="End").click()
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=90_000)
    said = transcript(cast.maya, Capture.objects.get().session)
    assert said is not None
    assert len(said.turns) >= 5
    right = wrong = 0
    for turn in said.turns:
        assert not turn.is_doubtful
        likeliest = max(sides.turns, key=lambda other: len(words_of(other) & words_of(turn)))
        if len(words_of(likeliest) & words_of(turn)) < 3:
            continue  # a lone "four" may stand in either's sentence: its words do not tell whose it was
        right += len(turn.words) * (turn.speaker == likeliest.speaker)
        wrong += len(turn.words) * (turn.speaker != likeliest.speaker)
    assert right > 60
    assert wrong == 0


def until(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for something at the server."""
    for _ in range(300):
        if happened():
            return
        page.wait_for_timeout(200)
    raise AssertionError("it did not happen")


def words_of(turn: Turn) -> set[str]:
    return {word.strip(".,?!").lower() for word in turn.text.split()}


def test_the_client_sees_what_happens_and_may_ask_for_a_pause(
    listening: Page, site: str, chromium: Browser
) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#code")).not_to_be_empty()
    code = page.locator("#code").inner_text()
    phone = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844}).new_page()
    phone.goto("/room/")
    phone.get_by_label("Code").fill(code.lower())
    phone.get_by_role("button", name="Show").click()
    expect(phone.get_by_text("You are being listened to.")).to_be_visible()
    assert "Ruth" not in phone.content()
    assert faults(phone) == []
    phone.get_by_role("button", name="Please pause").focus()
    with phone.expect_response("**/room/*/"):
        pass  # the part that is asked for every few seconds
    phone.wait_for_timeout(300)
    expect(phone.get_by_role("button", name="Please pause")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Paused. Nothing is heard.")).to_be_visible()
    expect(page.locator("#listening")).to_contain_text("Paused")
    expect(page.locator("#line")).to_contain_text("Your client asked for a pause.")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(phone.get_by_text("You are being listened to.")).to_be_visible()
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting")
    expect(phone.get_by_text("Nothing is being heard.")).to_be_visible()
    phone.context.close()


def test_a_session_goes_on_being_heard_behind_the_lock_and_is_ended_from_there(
    listening: Page, cast: Cast
) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:02")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_text("a session is being heard")).to_be_visible()
    shown = page.content()
    assert "Ruth" not in shown + page.title()
    assert "with the code" not in shown
    going = Capture.objects.get().pk
    at = live_audio.received(going)
    until(page, lambda: live_audio.received(going) > at + 2)
    assert faults(page) == []
    page.keyboard.press("p")  # no key does anything on the page behind
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("A session is paused. Nothing is heard.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(page.locator("#listening")).to_contain_text("Paused")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="End").click()
    page.wait_for_url(re.compile(r"/lock/\?next="), timeout=90_000)
    until(page, lambda: Capture.objects.get().state == "ended")
    capture = Capture.objects.get()
    assert capture.total is not None  # the page behind the lock said how much there is
    assert capture.heard >= capture.total
    assert capture.lost == 0
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_role("textbox", name="Your jottings")).to_be_visible()
    assert transcript(cast.maya, capture.session) is not None


def test_a_dictation_becomes_jottings_without_anybodys_consent(listening: Page, cast: Cast) -> None:
    page = listening
    revoke_consent(cast.maya, cast.ruth)
    page.get_by_role("button", name="Start session").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("textbox", name="Your jottings").fill("Arrived late.")
    expect(page.locator("#jottings-state")).to_contain_text("Saved")
    page.get_by_role("link", name="Dictate").click()
    page.get_by_role("button", name="Talk").click()
    expect(page.locator("#clock")).to_have_text("0:12", timeout=60_000)
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    jotted = page.get_by_role("textbox", name="Your jottings").input_value()
    assert jotted.startswith("Arrived late.\n")
    assert "sleep diary" in jotted
    assert not HeardPiece.objects.exists()
    page.get_by_role("button", name="Draft the note").click()
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=60_000)


def test_she_gives_her_voice_and_deletes_it(listening: Page, cast: Cast) -> None:
    page = listening
    page.goto("/speaking-voice/")
    page.get_by_role("button", name="Begin to read").click()
    expect(page.get_by_text("Your voice is kept, as numbers.")).to_be_visible(timeout=60_000)
    numbers = speaking_voice(cast.worker, cast.maya_clinician.pk)
    assert numbers is not None
    assert len(numbers) == 256
    assert faults(page) == []
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Your voice is deleted.")).to_be_visible()
    assert speaking_voice(cast.worker, cast.maya_clinician.pk) is None


PLUGS = """
const devices = navigator.mediaDevices;
const get = devices.getUserMedia.bind(devices);
window.isAway = false;
window.shares = 0;
const sources = [];
devices.getUserMedia = async (wanted) => {
  if (window.isAway) throw new Error("none");
  return (sources[0] = await get(wanted));
};
devices.getDisplayMedia = async () => {
  window.shares += 1;
  return (sources[1] = new AudioContext().createMediaStreamDestination().stream);
};
window.pull = (channel) => {
  const [track] = sources[channel].getAudioTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
};
"""
"""A microphone and a shared tab that can be pulled out."""


def test_a_microphone_that_is_unplugged_is_said_and_the_next_one_taken(listening: Page) -> None:
    page, told = listening, list[str]()
    page.on("request", lambda asked: told.append(asked.post_data or "") if "/state/" in asked.url else None)
    page.add_init_script(PLUGS)
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.evaluate("isAway = true; pull(0)")
    stood = page.locator("#clock").inner_text()
    for _ in range(8):
        page.wait_for_timeout(1000)
        expect(page.locator("#line")).to_contain_text("unplugged", timeout=1)
    expect(page.locator("#listening")).to_have_text("Nothing is heard.")
    assert page.locator("#clock").inner_text() == stood  # nothing is counted as heard
    page.evaluate("isAway = false")
    expect(page.locator("#clock")).to_have_text("0:08", timeout=30_000)  # it goes on with the next one
    expect(page.locator("#listening")).to_have_text("Listening")
    assert [body for body in told if body.startswith("gap=")]  # what was said meanwhile is marked
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting", timeout=90_000)


def test_a_tab_is_shared_again_only_when_she_says_so(listening: Page) -> None:
    page = listening
    page.add_init_script(PLUGS)
    in_the_room(page)
    page.get_by_label("On a call").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:02", timeout=30_000)
    page.evaluate("pull(1)")
    expect(page.locator("#line")).to_contain_text("Sharing was stopped")
    page.wait_for_timeout(3000)
    assert page.evaluate("shares") == 1
    page.get_by_role("button", name="Share again").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(page.get_by_role("button", name="Share again")).to_be_hidden()
    expect(page.locator("#clock")).to_have_text("0:05", timeout=30_000)
    assert page.evaluate("shares") == 2


def test_what_was_said_after_the_clients_pause_is_never_sent(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.route(SENT, lambda route: route.abort())
    expect(page.locator("#line")).to_contain_text("The network is away")
    capture = Capture.objects.get()
    Capture.objects.update(state="paused", is_pause_asked=True)  # as the client's phone does
    received = live_audio.received(capture.pk)
    page.wait_for_timeout(4000)
    page.unroute(SENT)
    expect(page.locator("#line")).to_contain_text("Your client asked for a pause.")
    expect(page.locator("#line")).to_contain_text("that were not sent yet are gone")
    expect(page.locator("#clock")).to_have_text(f"0:{received:02}")
    page.get_by_role("button", name="Off the record").click()
    until(page, lambda: Capture.objects.get().state == "off")
    page.get_by_role("button", name="Off the record").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(page.locator("#clock")).to_have_text(f"0:{received + 2:02}")
    assert live_audio.received(capture.pk) <= received + 3


def test_what_she_says_is_tried_until_it_is_heard_and_said_to_be_done_only_then(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.route("**/state/", lambda route: route.fulfill(status=503, body="<p>There is no room left.</p>"))
    page.get_by_role("button", name="the last minute").click()
    expect(page.locator("#listening")).to_contain_text("Off the record")  # she asked for it
    expect(page.locator("#notices")).to_contain_text("There is no room left.")
    expect(page.locator("#line")).to_contain_text("Holdspace cannot take it just now")
    page.wait_for_timeout(1500)
    expect(page.locator("#taken")).to_be_empty()
    page.get_by_role("button", name="End").click()
    page.wait_for_timeout(1500)
    page.unroute("**/state/")
    page.wait_for_url("**/sessions/*/#drafting", timeout=90_000)
    capture = Capture.objects.get()
    assert capture.state == "ended"
    assert capture.strikes == 1  # taken out before it ended
    assert not HeardPiece.objects.exists()


def test_what_was_taken_out_is_said_to_everyone(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:02", timeout=30_000)
    page.get_by_role("button", name="the last minute").click()
    expect(page.locator("#taken")).to_have_text("Taken out: the last minute.")
    assert Capture.objects.get().strikes == 1
    page.get_by_role("button", name="Off the record").click()
    expect(page.locator("#listening")).to_have_text("Listening")


def test_sound_that_does_not_start_is_said_and_no_session_is_heard(listening: Page) -> None:
    page = listening
    page.add_init_script("AudioWorklet.prototype.addModule = async () => { throw new Error('none'); };")
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#notices")).to_contain_text("The sound could not be started")
    assert not Capture.objects.exists()


def test_a_held_key_counts_once_and_single_keys_can_be_switched_off(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).not_to_have_text("0:00")
    page.keyboard.down("P")
    page.keyboard.down("P")  # the key repeats
    expect(page.locator("#listening")).to_contain_text("Paused")
    until(page, lambda: Capture.objects.get().state == "paused")
    page.wait_for_timeout(1000)
    expect(page.locator("#listening")).to_contain_text("Paused")
    page.keyboard.up("P")
    page.get_by_label("Single-letter keys").uncheck()
    page.keyboard.press("p")
    page.wait_for_timeout(1000)
    expect(page.locator("#listening")).to_contain_text("Paused")
    page.get_by_label("Single-letter keys").check()
    page.keyboard.press("p")
    expect(page.locator("#listening")).to_have_text("Listening")


# A queue as it is in an outage: numbered seconds of which the server had the first ones.
TAKEN_OUT = """
async ([script, seconds, known, minutes]) => {
  const { Line } = await import(script);
  const line = new Line({ addresses: {}, token: "", told() {}, failed() {} });
  for (let n = 0; n < seconds; n += 1) line.push(new Uint8Array([1]).buffer);
  line.took({ state: "live", next: known, heard: 0 });
  const taken = line.takeOut(60 * minutes);
  return [taken, line.length, line.queue.filter((second) => new Uint8Array(second)[0]).length];
}
"""


@pytest.mark.parametrize(
    ("seconds", "known", "expected"),
    [
        (100, 100, [0, 100, 40]),  # the server has it all: the page's last sixty are silence
        (100, 70, [30, 70, 40]),  # thirty never left, thirty more are silence
        (100, 20, [60, 40, 40]),  # only what was said in the last minute; what was said before is still sent
        (30, 20, [10, 20, 0]),
    ],
)
def test_minutes_are_taken_out_by_time_sent_or_not(
    page: Page, seconds: int, known: int, expected: list[int]
) -> None:
    page.goto("/room/")
    assert page.evaluate(TAKEN_OUT, [static("room/line.js"), seconds, known, 1]) == expected


# The server skipped what was lost already, and only its answer did not arrive.
SKIPPED = """
async (script) => {
  const { Line } = await import(script);
  const line = new Line({ addresses: {}, token: "", told() {}, failed() {} });
  const asked = [];
  line.post = async (address, body) => {
    asked.push(body.toString());
    if (body.has?.("lost")) throw Object.assign(new Error("422"), { status: 422 });
    return { state: "live", next: address ? 6 : 5, heard: 5 }; // only sound has an address here
  };
  line.first = 5;
  line.push(new Uint8Array([1]).buffer);
  line.run();
  await new Promise((wake) => setTimeout(wake, 2500));
  line.over();
  return [asked.filter((body) => body.startsWith("lost")).length, asked[1], line.wanted];
}
"""


def test_seconds_that_were_skipped_already_are_not_asked_about_for_ever(page: Page) -> None:
    page.goto("/room/")
    assert page.evaluate(SKIPPED, static("room/line.js")) == [1, "", 6]


def test_a_voice_is_read_again_after_the_microphone_was_unplugged(listening: Page) -> None:
    page = listening
    page.add_init_script(PLUGS)
    page.goto("/speaking-voice/")
    page.get_by_role("button", name="Begin to read").click()
    expect(page.locator("#so-far")).to_have_js_property("value", 2)
    page.evaluate("pull(0)")
    expect(page.locator("#line")).to_contain_text("Begin again")
    page.get_by_role("button", name="Begin to read").click()
    expect(page.locator("#so-far")).to_have_js_property("value", 1)  # from the start


def test_a_lost_network_and_a_reloaded_page_lose_nothing_that_arrived(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:05", timeout=30_000)
    page.context.set_offline(True)
    expect(page.locator("#line")).to_contain_text("The network is away")
    page.wait_for_timeout(60_000)
    page.context.set_offline(False)
    expect(page.locator("#line")).not_to_contain_text("The network is away")
    capture = Capture.objects.get()
    for _ in range(120):
        page.wait_for_timeout(500)
        if live_audio.received(capture.pk) >= 65:
            break
    assert live_audio.received(capture.pk) >= 65  # the minute without a network came too
    received = live_audio.received(capture.pk)

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Go on hearing").click()  # at once: it is the same browser
    expect(page.locator("#listening")).to_have_text("Listening")
    page.wait_for_timeout(4000)
    capture.refresh_from_db()
    assert live_audio.received(capture.pk) >= received + 2
    assert capture.lost == 0
    page.get_by_role("button", name="End").click()
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=90_000)


def marked() -> list[int]:
    """The gaps that stand in what was said, in seconds."""
    return [int(piece["gap"]) for piece in of_capture(Capture.objects.get()) if "gap" in piece]


def test_a_reloaded_page_says_how_much_of_it_was_never_heard(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.route(SENT, lambda route: route.abort())
    received = live_audio.received(Capture.objects.get().pk)
    expect(page.locator("#clock")).to_have_text(f"0:{received + 7:02}", timeout=30_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute(SENT)
    page.get_by_role("button", name="Go on hearing").click()
    expect(page.locator("#unheard")).to_contain_text("Not heard: ")
    (gap,) = marked()
    assert gap >= 7
    expect(page.locator("#unheard")).to_contain_text(f"{gap} s at 0:")
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting", timeout=90_000)


def test_what_was_never_sent_when_it_ended_elsewhere_is_said(listening: Page, cast: Cast) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.route(SENT, lambda route: route.abort())
    capture = Capture.objects.get()
    received = live_audio.received(capture.pk)
    expect(page.locator("#clock")).to_have_text(f"0:{received + 6:02}", timeout=30_000)
    set_capture(cast.worker, capture, state="ending", total=received, why=LEFT)
    until(page, lambda: Capture.objects.get().state == "ended")
    page.unroute(SENT)
    expect(page.get_by_text("Nothing came from this page for half an hour")).to_be_visible()
    expect(page.locator("#unheard")).to_have_text(re.compile(r"Not heard: \d+ s at 0:"))
    expect(page.locator("#line")).to_be_empty()  # what it said of seconds it keeps is over
    expect(page.locator("#listening")).to_have_text("Ended")
    page.get_by_role("link", name="Back to the session").click()
    page.wait_for_url("**/sessions/*/#drafting")


def test_pressed_twice_it_hears_once(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").dblclick()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    began = time.monotonic()
    expect(page.locator("#clock")).to_have_text("0:09", timeout=30_000)
    assert time.monotonic() - began > 4.5  # a second a second
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting", timeout=90_000)


def test_a_pause_asked_for_while_the_page_was_away_stays_until_she_goes_on(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    Capture.objects.update(state="paused", is_pause_asked=True)  # as the client's phone does
    page.get_by_role("button", name="Go on hearing").click()
    expect(page.locator("#line")).to_contain_text("Your client asked for a pause.")
    expect(page.locator("#listening")).to_contain_text("Paused")
    page.wait_for_timeout(1500)
    assert Capture.objects.get().state == "paused"
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#listening")).to_have_text("Listening")


def test_begin_without_a_network_says_so(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.route("**/begin/", lambda route: route.abort())
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#notices")).to_contain_text("could not be reached")
    page.unroute("**/begin/")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(page.locator("#notices")).to_be_empty()


def test_a_computer_that_slept_says_how_long_and_marks_it(listening: Page) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    # Asleep, the clock on the wall goes on, and the one that counts from the page's beginning stands still.
    page.evaluate("const now = Date.now; Date.now = () => now() + 300_000")
    expect(page.locator("#unheard")).to_contain_text("Not heard: 5 min at 0:0", timeout=10_000)
    expect(page.locator("#unheard")).not_to_contain_text(",")  # once
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting", timeout=90_000)
    assert marked() == [300]


def test_why_a_limit_ended_it_is_read_before_she_goes_on(listening: Page, cast: Cast) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#clock")).to_have_text("0:03", timeout=30_000)
    set_capture(cast.worker, Capture.objects.get(), state="ending", why=SIX_HOURS)
    expect(page.get_by_text("Hearing ended itself after six hours.")).to_be_visible(timeout=60_000)
    expect(page.locator("#listening")).to_have_text("Ended")
    page.wait_for_timeout(1000)
    page.get_by_role("link", name="Back to the session").click()
    page.wait_for_url("**/sessions/*/#drafting")


def test_the_browser_keeps_no_sound_and_no_word_of_a_session(
    chromium: Browser, microphone: Path, site: str, tmp_path: Path
) -> None:
    profile, sent = tmp_path / "profile", list[bytes]()
    with window(chromium, microphone, site, profile) as page:
        page.on(
            "request",
            lambda asked: sent.append(asked.post_data_buffer or b"") if "/sound/" in asked.url else None,
        )
        in_the_room(page)
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#clock")).to_have_text("0:15", timeout=60_000)
        page.get_by_role("button", name="End").click()
        page.wait_for_url("**/sessions/*/#drafting")
        expect(page.get_by_text("All that was said")).to_be_visible()
        page.get_by_text("All that was said").click()
        expect(page.get_by_text("sleep diary")).to_be_visible()
    sought = slices(sent)
    assert len(sent) >= 14
    assert len(sought) > 20
    assert len(list(profile.rglob("*"))) > 20
    assert found_in(profile, [*sought, b"sleep diary"]) == []
    left = profile / "Default" / "left on purpose"
    left.write_bytes(b"RIFF" + sought[0])
    assert found_in(profile, sought) == [left]


def test_a_session_in_the_room_becomes_a_draft_without_a_word_typed(listening: Page, cast: Cast) -> None:
    page = listening
    in_the_room(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#listening")).to_have_text("Listening")
    expect(page.locator("#clock")).to_have_text("0:20", timeout=60_000)
    until(page, HeardPiece.objects.exists)  # understood while it goes on
    assert page.locator("#words-now").inner_text() == ""  # no text, until she asks for it
    page.get_by_text("Show what is understood").click()
    expect(page.locator("#words-now")).to_contain_text("week")
    page.get_by_text("Show what is understood").click()
    expect(page.locator("#words-now")).to_be_empty()

    page.keyboard.press("p")
    expect(page.locator("#listening")).to_contain_text("Paused")
    stood = page.locator("#clock").inner_text()
    page.wait_for_timeout(2500)
    assert page.locator("#clock").inner_text() == stood
    page.keyboard.press("p")
    expect(page.locator("#clock")).not_to_have_text(stood)

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
    page.get_by_role("button", name="End").click()
    page.wait_for_url("**/sessions/*/#drafting")
    expect(page.get_by_role("link", name="Review the draft")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("button", name="Swap these two")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == []
    capture = Capture.objects.get()
    assert capture.state == "ended"
    assert DraftRun.objects.get(kind="draft").state == "done"
    said = transcript(cast.maya, capture.session)
    assert said is not None
    assert {turn.speaker for turn in said.turns} == {"therapist", "client"}
    assert "diary" in " ".join(turn.text for turn in said.turns)
