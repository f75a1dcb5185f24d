# SPDX-License-Identifier: Apache-2.0
# The shape of every lint: named checks, each with a list of findings, printed as TAP.
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def sources(*folders, suffixes=(".c", ".h", ".cc")):
    """Files of the folders (below the root) with one of the suffixes, in order."""
    found = []
    for folder in folders:
        found += (p for p in (ROOT / folder).rglob("*") if p.suffix in suffixes and p.is_file())
    return sorted(found)


def name(path):
    return str(path.relative_to(ROOT))


def without_comments(text, keep_strings=True):
    """The text with comments (and the insides of strings) blanked, line numbers kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''

    def blank(match):
        token = match.group(0)
        if token[0] in "\"'":
            return token if keep_strings else token[0] * 2
        return "\n" * token.count("\n")

    return re.sub(pattern, blank, text, flags=re.S)


def run(checks):
    """`checks`: name -> list of findings, or None where the check had to be skipped."""
    print(f"1..{len(checks)}")
    failed = False
    for number, (check, findings) in enumerate(checks.items(), 1):
        if findings is None:
            print(f"ok {number} {check} # SKIP")
            continue
        for finding in findings:
            print(f"# {finding}")
        print(f"{'not ok' if findings else 'ok'} {number} {check}")
        failed = failed or bool(findings)
    sys.exit(1 if failed else 0)
