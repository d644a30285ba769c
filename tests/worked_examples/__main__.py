"""`python -m tests.worked_examples FILE.csv` ends with 0 if every row agrees, 2 if the file is bad, otherwise 1."""

from __future__ import annotations

import sys
from collections import Counter
from io import TextIOWrapper
from pathlib import Path

from .compare import check
from .reading import BadFile, read_examples


def main(arguments: list[str]) -> int:
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # no row may break the printing of the others
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("python -m tests.worked_examples FILE.csv", file=sys.stderr)
        return 2
    try:
        examples = read_examples(Path(arguments[0]))
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    words: Counter[str] = Counter()
    for example in examples:
        outcome = check(example)
        words[outcome.word] += 1
        print(f"{example.id}: {outcome.word}" + (f": {outcome.detail}" if outcome.detail else ""))
    print(", ".join(f"{words[word]} {word}" for word in ("agrees", "differs", "not covered")))
    return 0 if words["agrees"] == len(examples) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
