#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Writes a language that nobody speaks: every string of the template turned to run from right to left.
# What is not turned on the screen is not translatable.
#
# pseudo.py ROOT FOLDER: ROOT is the source tree; FOLDER/ar_XB/LC_MESSAGES/hepatica.mo is written.
import pathlib
import re
import subprocess
import sys

RIGHT_TO_LEFT, END = "\u202e", "\u202c"
# Not turned: formats, mnemonics, tags and their like.
KEPT = re.compile(r"%[-+ #0']*\d*(?:\.\d+)?[a-z]|_(?=\w)|<[^>]*>|\\.|[^\w%<\\]+")


def turn(words):
    if words == "default:LTR":
        return "default:RTL"
    out, at = [], 0
    for kept in KEPT.finditer(words):
        if kept.start() > at:
            out.append(RIGHT_TO_LEFT + words[at:kept.start()] + END)
        out.append(kept.group(0))
        at = kept.end()
    if at < len(words):
        out.append(RIGHT_TO_LEFT + words[at:] + END)
    return "".join(out)


def main():
    root, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    keywords = re.findall(r"--keyword=[^']+", (root / "po" / "meson.build").read_text())
    template = subprocess.run(
        ["xgettext", "--directory", root, "--files-from", root / "po" / "POTFILES",
         "--from-code=UTF-8", "--no-wrap", "--no-location", "-o", "-", *keywords],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    lines, message, plural, into = [], "", "", None
    template = template.replace("CHARSET", "UTF-8").replace("nplurals=INTEGER; plural=EXPRESSION",
                                                            "nplurals=2; plural=n != 1")
    for line in template.splitlines():
        found = re.match(r'(msgid|msgid_plural|msgstr|msgstr\[\d\]|msgctxt) "(.*)"$', line)
        if found and found.group(1).startswith("msgstr"):
            which = plural if found.group(1) == "msgstr[1]" else message
            lines.append(f'{found.group(1)} "{turn(which)}"')
            continue
        if found:
            into = found.group(1)
            if into == "msgid":
                message = found.group(2)
            elif into == "msgid_plural":
                plural = found.group(2)
        elif line.startswith('"') and into == "msgid":
            message += line[1:-1]
        lines.append(line)
    place = folder / "ar_XB" / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["msgfmt", "-o", place / "hepatica.mo", "-"], input="\n".join(lines), check=True,
                   text=True)


main()
