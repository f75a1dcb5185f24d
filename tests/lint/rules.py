#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Rules a line can break: banned calls, g_auto without initializer, trailing space, licence line.
import re

import tap

C_FILES = tap.sources("src", "tests")
SCRIPTS = tap.sources("src", "tests", suffixes=(".py", ".sh"))

# Call -> what to write instead. The C++ shims answer to the library they wrap for malloc and free.
BANNED = {
    "atoi": "g_ascii_string_to_signed",
    "atol": "g_ascii_string_to_signed",
    "atof": "g_ascii_strtod",
    "strtod": "g_ascii_strtod",
    "strtof": "g_ascii_strtod",
    "sprintf": "g_snprintf or g_strdup_printf",
    "vsprintf": "g_vsnprintf",
    "strcpy": "g_strlcpy",
    "strcat": "g_strlcat",
    "strncpy": "g_strlcpy",
    "strtok": "g_strsplit",
    "gets": "g_input_stream_read",
    "malloc": "g_malloc, or hp_try_alloc where the size comes from data",
    "calloc": "g_malloc0, or hp_try_alloc where the size comes from data",
    "realloc": "g_realloc or g_try_realloc",
    "free": "g_free",
    "alloca": "an array of fixed size",
    "rand": "a seeded generator",
    "system": "g_spawn_sync",
}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
G_AUTO = re.compile(r"\bg_auto(?:ptr\s*\(\w+\)|list\s*\(\w+\)|slist\s*\(\w+\)|free|\s*\(\w+\))"
                    r"[^;={}()]*;")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def banned_calls():
    for path in C_FILES:
        if path.suffix == ".cc":
            continue
        text = tap.without_comments(path.read_text(), keep_strings=False)
        for match in CALL.finditer(text):
            call = match.group(1)
            yield f"{tap.name(path)}:{line_of(text, match.start())}: {call}: use {BANNED[call]}"


def g_auto_without_initializer():
    for path in C_FILES:
        text = tap.without_comments(path.read_text(), keep_strings=False)
        for match in G_AUTO.finditer(text):
            yield f"{tap.name(path)}:{line_of(text, match.start())}: {' '.join(match.group(0).split())}"


def trailing_space():
    for path in C_FILES + SCRIPTS + tap.sources("src", "tests", suffixes=(".build", ".md")):
        text = path.read_text()
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{tap.name(path)}:{number}: space at the end of the line"
            if "\t" in line:
                yield f"{tap.name(path)}:{number}: tab"
        if text and not text.endswith("\n"):
            yield f"{tap.name(path)}: no newline at the end"


def licence_line_first():
    for path in C_FILES + SCRIPTS:
        lines = path.read_text().split("\n")
        mark = "#" if path in SCRIPTS else "//"
        lines = lines[1:] if lines[0].startswith("#!") else lines
        if lines[0] != f"{mark} SPDX-License-Identifier: Apache-2.0":
            yield f"{tap.name(path)}: first line is not the licence's"
        elif not lines[1].startswith(f"{mark} "):
            yield f"{tap.name(path)}: no sentence after the licence line"


def headers_are_included_once():
    for path in C_FILES:
        if path.suffix == ".h" and "#pragma once" not in path.read_text():
            yield f"{tap.name(path)}: no #pragma once"


def nothing_left_to_do():
    for path in C_FILES + SCRIPTS:
        if path.name == "rules.py":
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                yield f"{tap.name(path)}:{number}: {line.strip()}"


RULES = [banned_calls, g_auto_without_initializer, trailing_space, licence_line_first,
         headers_are_included_once, nothing_left_to_do]
tap.run({f"/rules/{rule.__name__}": list(rule()) for rule in RULES})
