#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Who may include whom: each module's #include lines against the table of floors and libraries.
import re

import tap

BELOW_CASE = {"core", "image", "io", "segment", "surface", "net"}

# Module -> the modules it may include besides itself.
MODULES = {
    "core": set(),
    "image": {"core"},
    "io": {"core"},
    "view": {"core"},
    "segment": {"core", "image"},
    "surface": {"core", "image"},
    "phantom": {"core", "image", "io", "segment"}, # its seed is made as any mask's
    "net": {"core", "image", "segment"},
    "case": BELOW_CASE,
    "cli": BELOW_CASE | {"view", "phantom", "case"},
    "app": {"case", "view", "core"},
}

# First words of an include of a library -> where in src/ it may stand (a path or a folder).
LIBRARIES = {
    "glib.h": [""],
    "glib/gstdio.h": [""],
    "glib-unix.h": ["io/", "cli/", "case/"],
    "glib-object.h": ["case/", "app/"],
    "gio/": ["io/", "case/", "app/"],
    "glib/gi18n.h": [""], # words are marked where they are written; only the window turns them
    "gmodule.h": [],
    "dcmtk/": ["io/dicom_shim.cc", "io/dicom_write.cc"],
    "openjpeg": ["io/codec.c"],
    "archive": ["io/"],
    "libdeflate.h": ["io/"],
    "igzip_lib.h": ["io/"],
    "isa-l": ["io/"],
    "zlib.h": ["io/"],
    "cglm/": ["view/"],
    "cairo": ["view/"],
    "meshoptimizer.h": ["surface/reduce.c"],
    "oneapi/dnnl": ["net/onednn.c"],
    "sqlite3.h": ["case/store"],
    "json-glib/": ["case/", "cli/"],
    "gtk/": ["app/"],
    "adwaita.h": ["app/"],
    "epoxy/": ["app/gl/"],
}

# The C and POSIX headers, and the C++ ones of the shims, which are everybody's.
SYSTEM = re.compile(
    r"(assert|ctype|dirent|errno|fcntl|fenv|float|inttypes|limits|locale|math|poll|pthread|sched|"
    r"setjmp|signal|spawn|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|unistd|"
    r"sys/\w+|immintrin)\.h|linux/\w+\.h"
)
SYSTEM_CC = re.compile(r"[a-z_]+")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.M)


def library_finding(inside, include):
    if SYSTEM.fullmatch(include) or (inside.endswith(".cc") and SYSTEM_CC.fullmatch(include)):
        return None
    for start, places in LIBRARIES.items():
        if include.startswith(start):
            if any(inside.startswith(place) for place in places):
                return None
            return f"<{include}> belongs in {', '.join(places) or 'no file'}"
    return f"<{include}> is in no row of the table of libraries"


def module_finding(module, include):
    other = include.split("/")[0]
    if "/" not in include:
        return f'"{include}" does not name its module'
    if other not in MODULES:
        return f'"{include}" is of no module'
    if other != module and other not in MODULES[module]:
        return f'"{include}": {module} stands below {other}, or beside it'
    return None


def findings(module):
    for path in tap.sources("src/" + module):
        inside = str(path.relative_to(tap.ROOT / "src"))
        for library, ours in INCLUDE.findall(path.read_text()):
            wrong = library_finding(inside, library) if library else module_finding(module, ours)
            if wrong:
                yield f"{tap.name(path)}: {wrong}"


def strangers():
    for folder in sorted((tap.ROOT / "src").iterdir()):
        if folder.is_dir() and folder.name not in MODULES:
            yield f"src/{folder.name} is in no row of the table of modules"


def main():
    present = [module for module in MODULES if (tap.ROOT / "src" / module).is_dir()]
    checks = {f"/layers/{module}": list(findings(module)) for module in present}
    checks["/layers/every_folder_is_a_module"] = list(strangers())
    tap.run(checks)


main()
