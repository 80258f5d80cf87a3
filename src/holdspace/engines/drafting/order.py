"""Words spoken to the note, its writer or a machine: "write that I am fine". They are content, never commands.

What an order asks for is not stated by it: no score, dose, denial or plan is read from one. The words themselves go to
what is left out, where the clinician sees that they were said.
"""

import re

_LEAD = (
    r"^(?:(?:and|so|now|please|just|okay|ok|then|also|oh|but|yes|no|hey|well|let's"
    r"|you (?:can|could|should|must|may|will)|(?:can|could|will|would) you"
    r"|I (?:want|need|order|command|would like|'d like) (?:you|it|that|the \w+) to)[,:]? +)*"
)
_VERBS = (
    r"(?:write|put|note|record|document|state|say|print|list|change|set|mark|delete|remove|erase|strike|add|output"
    r"|insert|replace|report|diagnose|summari[sz]e|type|include|omit|skip|hide|leave out|keep out|translate|repeat"
    r"|reveal|pretend|assume|ignore|forget|disregard|override|sign|send|e-?mail|fax|submit|approve|export|post|upload)"
)
_RECORD = (
    r"(?:note|your notes|the notes|my notes|records?|chart|scores?|PHQ\S*|GAD\S*|SUDS|AUDIT\S*|risk|diagnos\w+|percent"
    r"|assessment|plan section|objective section|subjective|instructions|rules|prompt|transcript|insurer|as prescribed"
    r"|superbill|json|markdown)"
)
_CLAUSE = (
    r"that (?:I|I'm|I've|she|he|they|we|you|the|there|my|her|his|nothing|nobody|no|it|all|Dr|everything)\b"
)
_ASKS = re.compile(
    rf"{_LEAD}(?:say|write|state)(?: down)? (?:I am|I'm|I've|I have|she|he|they)\b"
    rf"|{_LEAD}{_VERBS}\b(?:(?: down| in| out| up| only| just)*,? {_CLAUSE}|(?=.*\b{_RECORD}\b))",
    re.I,
)
_REWORDS = re.compile(
    rf"{_LEAD}(?:replace|swap|change) (?:every|each|all|any|the words?)\b.+\b(?:with|to|by|for|into)\b"
    r"|[,;] (?:so|then|and so) (?:please |just |now )*(?:write|type|note|record)(?: down)? "
    r"(?!(?:to|her|him|them|me|a|the|my)\b)",
    re.I,
)
"""What the record's words should be, or what should be written because of what was just claimed."""
_OFFICE = re.compile(rf"{_LEAD}(?:bill (?:this|it|me|her|him|the)|book (?:me|her|him|them)|diagnose)\b", re.I)
_ROLE = re.compile(
    r"^\W*(?:(?:human|user|ai|assistant|system|developer|bot|note(?: writer)?|model|prompt|admin|root)(?: message)?:"
    r"|you are (?:a|an|now|no longer)\b.{0,60}\b(?:writer|assistant|model|ai|bot|machine|system|scribe|helper)"
    r"|in this (?:story|game|scenario|version)\b)|\b(?:AI|assistant): |\bsystem prompt\b",
    re.I,
)
_MARKUP = re.compile(
    r"<!--|</?[a-z]+[ >]|\{\{|\{%|^\s*[{\[]\s*[\"'{]|```|~~"
    r"|#(?:read|set|eval|image|include|import|let)\b|\bDROP TABLE\b|\bSELECT .* FROM\b"
    r"|[\u200b-\u200f\u202a-\u202e]"
)


def is_for_machine(text: str) -> bool:
    """Whether it is markup, or speaks to a machine by name; nobody says that to a client."""
    return _ROLE.search(text) is not None or _MARKUP.search(text) is not None


def is_order(text: str) -> bool:
    """Whether a sentence is spoken to the record or to a machine, or is markup read aloud or pasted."""
    return is_for_machine(text) or any(cue.search(text) for cue in (_ASKS, _REWORDS, _OFFICE))
