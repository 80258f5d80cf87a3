"""How a person is named in a note: label, pronouns from the record, and whether verbs take the plural."""

from dataclasses import dataclass

from holdspace.engines.drafting.session import Person

_PRONOUNS: dict[str, tuple[str, str, str, str]] = {
    "she": ("her", "her", "hers", "herself"),
    "he": ("him", "his", "his", "himself"),
    "they": ("them", "their", "theirs", "themself"),
    "ze": ("hir", "hir", "hirs", "hirself"),
    "xe": ("xem", "xyr", "xyrs", "xemself"),
    "ey": ("em", "eir", "eirs", "emself"),
}


@dataclass(frozen=True, slots=True)
class Referent:
    """A person as the note refers to them, in every grammatical place."""

    label: str
    subject: str
    object: str
    possessive: str
    possessive_alone: str
    reflexive: str

    @property
    def is_plural(self) -> bool:
        """Whether the pronoun takes the verb's plural ("they go", although one person)."""
        return self.subject == "they"


def referent(person: Person, label: str) -> Referent:
    """The referent for a person; without recorded pronouns "they", never a guess from the name."""
    subject = person.pronouns.lower().replace(" ", "").split("/")[0]
    if subject not in _PRONOUNS:
        subject = "they"
    return Referent(label, subject, *_PRONOUNS[subject])


def named(label: str) -> Referent:
    """Someone called by the same words in every place ("this clinician")."""
    return Referent(label, label, label, f"{label}'s", f"{label}'s", label)
