#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# What a person reads can be translated: POTFILES names every file with such words, and German has them all.
import re
import subprocess
import tempfile

import tap

MARKED = re.compile(r"\b(?:(?:N?_|ngettext)\(\s*\"|hp_task_stage\([^;\"]*\")")
# Never on the window's screen: the command line speaks English, and the donor's files are made by it.
LEFT_OUT = ("src/cli/", "src/phantom/")
KEYWORDS = re.findall(r"--keyword=[^']+", (tap.ROOT / "po" / "meson.build").read_text())


def marked_files():
    found = {tap.name(path) for path in tap.sources("src", suffixes=(".c",))
             if MARKED.search(tap.without_comments(path.read_text()))}
    found = {name for name in found if not name.startswith(LEFT_OUT)}
    found |= {tap.name(path) for path in (tap.ROOT / "ui").glob("*.ui")
              if "translatable=\"yes\"" in path.read_text()}
    return found


def potfiles():
    listed = set((tap.ROOT / "po" / "POTFILES").read_text().split())
    data = {name for name in listed if name.startswith("data/")}
    marked = marked_files()
    return ([f"po/POTFILES: {name} is missing" for name in sorted(marked - listed)] +
            [f"po/POTFILES: {name} has no words" for name in sorted(listed - marked - data)])


def untranslated(language):
    """Strings of the sources that the catalogue lacks, by xgettext and msgmerge."""
    catalogue = tap.ROOT / "po" / (language + ".po")
    with tempfile.NamedTemporaryFile(suffix=".pot") as template:
        subprocess.run(["xgettext", "--directory", tap.ROOT, "--files-from",
                        tap.ROOT / "po" / "POTFILES", "--from-code=UTF-8", "-o", template.name,
                        *KEYWORDS], check=True)
        merged = subprocess.run(["msgmerge", "-q", "--no-fuzzy-matching", "--no-wrap", "-o", "-",
                                 catalogue, template.name], check=True, stdout=subprocess.PIPE).stdout
    left = subprocess.run(["msgattrib", "--untranslated", "--no-obsolete", "--no-wrap"], input=merged,
                          check=True, stdout=subprocess.PIPE).stdout.decode()
    wrong = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", "-"], input=merged,
                           stderr=subprocess.PIPE).stderr.decode()
    found = re.findall(r'^msgid "(.*)"$', left, re.M)[1:]
    return ([f"po/{language}.po: no words for \"{words}\"" for words in found] +
            [f"po/{language}.po: {line}" for line in wrong.splitlines() if line])


tap.run({"potfiles": potfiles(),
         **{language: untranslated(language)
            for language in (tap.ROOT / "po" / "LINGUAS").read_text().split()}})
