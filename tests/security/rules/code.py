"""Examples of code.yaml: what each rule finds (ruleid) and what it lets pass (ok). Nothing here ever runs."""

import os
from hmac import compare_digest

from django.template import Template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.safestring import mark_safe as trusted


def code(words, typed):
    # ruleid: code-or-markup-is-made-of-text
    eval(typed)
    # ruleid: code-or-markup-is-made-of-text
    exec(typed)
    # ruleid: code-or-markup-is-made-of-text
    __import__(typed)
    # ruleid: code-or-markup-is-made-of-text
    os.system(typed)
    # ruleid: code-or-markup-is-made-of-text
    run(typed, shell=True)
    # ruleid: code-or-markup-is-made-of-text
    Template(typed)
    # ruleid: code-or-markup-is-made-of-text
    engine.from_string(typed)
    # ruleid: code-or-markup-is-made-of-text
    trusted(words)
    # ruleid: code-or-markup-is-made-of-text
    SafeString(words)
    # ruleid: code-or-markup-is-made-of-text
    format_html(f"<b>{words}</b>")
    # ok: code-or-markup-is-made-of-text
    format_html("<b>{}</b>", words)
    # ok: code-or-markup-is-made-of-text
    re.compile(r"\d+")
    # ok: code-or-markup-is-made-of-text
    run(["ffmpeg"], shell=False)


# ruleid: code-or-markup-is-made-of-text
class Words(SafeString):
    pass


class Marked:
    # ruleid: code-or-markup-is-made-of-text
    def __html__(self):
        return self.words


def compared(request, capture, keeper, word):
    # ruleid: a-secret-is-compared-letter-by-letter
    if capture.token == request.headers["X-Capture"]:
        return
    # ruleid: a-secret-is-compared-letter-by-letter
    if request.headers["X-Capture"] != capture.token:
        return
    # ruleid: a-secret-is-compared-letter-by-letter
    if keeper.turn(wrapped) != secret:
        return
    # ok: a-secret-is-compared-letter-by-letter
    if compare_digest(capture.token, given):
        return
    # ok: a-secret-is-compared-letter-by-letter
    if capture.token == "" or capture.token is None:
        return
    # ok: a-secret-is-compared-letter-by-letter
    if form.name == word:
        return


def made(path):
    # ruleid: a-file-is-made-for-others-too
    os.open(path, os.O_WRONLY | os.O_CREAT)
    # ruleid: a-file-is-made-for-others-too
    os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    # ok: a-file-is-made-for-others-too
    os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # ok: a-file-is-made-for-others-too
    os.open(path, os.O_RDONLY)
