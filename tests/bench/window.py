#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# The latencies of the window on the synthetic donor at 512x512x300, under a display of its own.
#
# window.py WINDOW CLI
import os
import subprocess
import sys
import tempfile

WINDOW, CLI = (os.path.abspath(word) for word in sys.argv[1:3])


def main():
    with tempfile.TemporaryDirectory() as home:
        donor = os.path.join(home, "donor")
        subprocess.run([CLI, "phantom", "--out", donor, "--matrix", "512", "--slices", "300",
                        "--quiet"], check=True, stdout=subprocess.DEVNULL)
        read, write = os.pipe()
        display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        environment = dict(os.environ, DISPLAY=":" + number, HOME=home, XDG_RUNTIME_DIR=home,
                           XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", GTK_A11Y="none")
        try:
            return subprocess.run([WINDOW, "--latency", "--params", donor + "/seed.json",
                                   donor + "/series"], env=environment, timeout=600).returncode
        finally:
            display.terminate()
            display.wait()


sys.exit(main())
