"""`make bench`: names what can be measured by hand.

Each takes minutes and wants a quiet machine to itself.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.stdout.write(Path(__file__).with_name("README.md").read_text(encoding="utf-8"))
