"""`python -m evaluation.fuzz [INPUTS] [PARSER …]`: by hand; 100,000 inputs for each parser unless said."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdspace.web.settings")
django.setup()

from evaluation.fuzz.parsers import PARSERS  # noqa: E402  # needs a started Django
from evaluation.fuzz.run import fuzz  # noqa: E402  # likewise


def main() -> int:
    """Print a row for each parser, and its faults; 1 when there is any."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    wanted = sys.argv[2:]
    print(
        f"{'parser':<26} {'inputs':>8} {'read':>8} {'refused':>8} {'faults':>7} {'slowest s':>9} {'grew MB':>8}"
    )
    is_clean = True
    for parser in PARSERS:
        if not wanted or parser.name in wanted:
            found = fuzz(parser, inputs, int(os.environ.get("FUZZ_SEED", "1")))
            is_clean = is_clean and not found.faults
            print(found.row, *(f"    {fault}" for fault in found.faults), sep="\n", flush=True)
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
