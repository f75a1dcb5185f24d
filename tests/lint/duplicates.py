#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# No run of eight lines of code stands in two places of src/.
import re

import tap

RUN = 8 # lines; long enough that two chance neighbours never match

# Places that may repeat each other, each with its reason. Empty is best.
ALLOWED = {}


def lines_of(path):
    """(number, text) of lines that say something: no comments, includes or lone brackets."""
    text = tap.without_comments(path.read_text())
    for number, line in enumerate(text.split("\n"), 1):
        line = re.sub(r"\s+", " ", line).strip()
        if re.search(r"\w", line) and not line.startswith("#include"):
            yield number, line


def findings():
    seen, found, last = {}, [], {}
    for path in tap.sources("src"):
        lines = list(lines_of(path))
        for at in range(len(lines) - RUN + 1):
            run = tuple(text for _, text in lines[at:at + RUN])
            here = (tap.name(path), lines[at][0])
            there = seen.setdefault(run, here)
            if there == here or frozenset((here[0], there[0])) in ALLOWED:
                continue
            pair = (here[0], there[0])
            if last.get(pair) != at - 1: # one finding for a run, however long
                found.append(f"{here[0]}:{here[1]} repeats {there[0]}:{there[1]}")
            last[pair] = at
    return found


tap.run({"/duplicates/no_eight_lines_stand_twice": findings()})
