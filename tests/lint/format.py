#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Every C and C++ file looks as clang-format leaves it; skipped where there is no clang-format.
import shutil
import subprocess

import tap


def findings():
    files = [str(path) for path in tap.sources("src", "tests")]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], capture_output=True,
                          text=True, cwd=tap.ROOT)
    wrong = {line.split(":")[0] for line in done.stderr.splitlines() if ": error: " in line}
    return [f"{path.removeprefix(str(tap.ROOT) + '/')}: run clang-format -i" for path in sorted(wrong)]


tap.run({"/format/clang_format_changes_nothing": findings() if shutil.which("clang-format") else None})
