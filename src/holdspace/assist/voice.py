"""The voice profile in plain words: each habit, the answers it may have, and how an answer reads to her.

No engine here, so that the page can be shown and corrected while drafting is switched off. The engine's side of the
same keys is `engines/drafting/profile.py`; a test keeps the two alike.
"""

from dataclasses import dataclass

from holdspace.errors import BadInput

FIRST_NAME = "Firstname"
"""Stands for the client's own first name in the notes a voice is learnt from, and in what is learnt."""

LEAST_WORDS, MOST_WORDS = 20, 900


@dataclass(frozen=True, slots=True)
class Habit:
    """One habit of writing. `choices` are (value, how it reads); without choices the value is a number of words.

    `is_many`: several answers may hold at once; they are kept joined by commas, none as "".
    """

    key: str
    title: str
    choices: tuple[tuple[str, str], ...] = ()
    is_many: bool = False

    def reads(self, value: str) -> str:
        """The value as she reads it."""
        if self.is_many:
            chosen = [words for key, words in self.choices if key in value.split(",")]
            return ", ".join(words.replace(" ", "\u00a0") for words in chosen) or "None"
        if not self.choices:
            return f"About {value} words" if value else "Not known yet"
        return dict(self.choices).get(value, value)


HABITS = (
    Habit(
        "naming",
        "You call the client",
        (
            ("Client", "“Client”"),
            ("Ct", "“Ct”"),
            ("Cl", "“Cl”"),
            ("Patient", "“Patient”"),
            ("Pt", "“Pt”"),
            (FIRST_NAME, "By first name"),
        ),
    ),
    Habit(
        "self",
        "You call yourself",
        (
            ("", "You are not named"),
            ("this clinician", "“this clinician”"),
            ("this counselor", "“this counselor”"),
            ("this therapist", "“this therapist”"),
            ("this writer", "“this writer”"),
            ("I", "“I”"),
        ),
    ),
    Habit(
        "sentences",
        "You write in",
        (("full", "Full sentences"), ("fragments", "Fragments, without “she” or “he”")),
    ),
    Habit("tense", "You report in the", (("past", "Past tense"), ("present", "Present tense"))),
    Habit(
        "saying",
        "Your word for what the client says",
        (
            ("share", "“shared” or “shares”"),
            ("report", "“reported” or “reports”"),
            ("rpt", "“reported” or “Rpts”"),
            ("state", "“stated” or “states”"),
            ("voice", "“voiced” or “voices”"),
            ("note", "“noted” or “notes”"),
            ("say", "“said” or “says”"),
        ),
    ),
    Habit(
        "short_forms",
        "Your short forms",
        (
            ("PAs", "PAs (panic attacks)"),
            ("wks", "wks (weeks)"),
            ("wk", "wk (week)"),
            ("hrs", "hrs (hours)"),
            ("min", "min (minutes)"),
            ("mtg", "mtg (meeting)"),
            ("ofc", "ofc (office)"),
            ("appt", "appt (appointment)"),
            ("med", "med (medication)"),
            ("hmwk", "hmwk (homework)"),
            ("w/o", "w/o (without)"),
            ("w/", "w/ (with)"),
            ("re:", "re: (regarding)"),
            ("ETOH", "ETOH (alcohol)"),
        ),
        is_many=True,
    ),
    Habit("risk", "You write risk as", (("short", "“SI/HI”"), ("words", "“suicidal ideation”, in words"))),
    Habit(
        "plans",
        "You write a plan as",
        (("will", "“will walk”"), ("chose to", "“chose to walk”")),
    ),
    Habit(
        "next_visit",
        "You write the next visit as",
        (
            ("Next session", "“Next session Tuesday”"),
            ("We will meet", "“We will meet Tuesday”"),
            ("Meet", "“Meet next Tuesday”"),
            ("RTC", "“RTC Tuesday”"),
        ),
    ),
    Habit(
        "scores",
        "You write a score and the one before as",
        (
            ("was", "“PHQ-9 11, was 14”"),
            ("(was)", "“PHQ-9 11 (was 14)”"),
            ("(from)", "“PHQ-9 11 (from 14)”"),
            ("compared with", "“PHQ-9 11, compared with 14”"),
        ),
    ),
    Habit("quote_marks", "You quote in", (("double", 'Double marks: "…"'), ("single", "Single marks: '…'"))),
    Habit("length", "Usual length of a note"),
)
BY_KEY = {habit.key: habit for habit in HABITS}


@dataclass(frozen=True, slots=True)
class LearntVoice:
    """What was counted, and in how many notes: each habit's value; how often a note quotes the client and how long
    its sections are, which is shown and not steered.
    """

    habits: dict[str, str]
    quotes_per_note: float
    section_words: tuple[tuple[str, int], ...]
    notes: int

    @property
    def remarks(self) -> dict[str, str]:
        """What to say beside a habit, by its key."""
        return {"quote_marks": self.quoting, "length": self.sections} if self.notes else {}

    @property
    def sections(self) -> str:
        """How long her sections are."""
        told = ", ".join(f"{name} {words}" for name, words in self.section_words)
        return f"By section, in words: {told}. A draft keeps to the whole length." if told else ""

    @property
    def quoting(self) -> str:
        """How often a note of hers quotes the client."""
        often = round(self.quotes_per_note)
        usual = {0: "seldom", 1: "about once a note"}.get(often, f"about {often} times a note")
        return f"You quote {usual}. A draft quotes what it cannot safely retell, however often that is."


def checked(key: str, value: str) -> str:
    """The value, if the habit may have it. Raises BadInput."""
    habit = BY_KEY.get(key)
    if habit is None:
        raise BadInput("There is no such habit in the voice profile.")
    if not habit.choices:
        if not value.isdecimal() or not LEAST_WORDS <= int(value) <= MOST_WORDS:
            raise BadInput(f"A usual length is between {LEAST_WORDS} and {MOST_WORDS} words.")
        return str(int(value))
    given = value.split(",") if habit.is_many and value else [] if habit.is_many else [value]
    known = [key for key, _ in habit.choices]
    if not set(given) <= set(known):
        raise BadInput("That is not one of the answers.")
    return ",".join(key for key in known if key in given)
