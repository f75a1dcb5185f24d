#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone, as C, by the compiler given.
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tap


LIBRARIES = ["glib-2.0", "gio-unix-2.0", "json-glib-1.0", "cairo", "cglm", "gtk4", "libadwaita-1"]
FLAGS = subprocess.run(["pkg-config", "--cflags", *LIBRARIES], capture_output=True, text=True,
                       check=True).stdout.split()


def findings(header):
    command = [*sys.argv[1:], *FLAGS, f"-I{tap.ROOT}/src", f"-I{tap.ROOT}/tests", "-std=gnu17", "-Wall", "-Wextra",
               "-Wno-unused-parameter", "-Werror", "-fsyntax-only", "-x", "c", "-include", str(header), "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stderr.splitlines()[:5] if done.returncode != 0 else []


headers = tap.sources("src", "tests/support", suffixes=(".h",))
with ThreadPoolExecutor(2) as pool:
    tap.run({f"/headers/{tap.name(h)}": f for h, f in zip(headers, pool.map(findings, headers))})
