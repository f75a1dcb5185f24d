#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The whole program on a big donor: seconds and memory of loading, segmenting and meshing.
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time


def children(pid):
    """The process and all that it started, by id."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += children(int(child))
        except OSError:
            pass
    return found


def pss_kib(pid):
    """Proportional set size of the process and its children: shared pages are counted once."""
    total = 0
    for process in children(pid):
        try:
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass # it has ended
    return total


def run(*command):
    """(result, seconds, peak in MiB) of one command, sampled every 20 ms."""
    start = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE)
    peak, over = 0, threading.Event()

    def sample():
        nonlocal peak
        while not over.is_set():
            peak = max(peak, pss_kib(process.pid))
            over.wait(0.02)

    sampler = threading.Thread(target=sample)
    sampler.start()
    out, _ = process.communicate()
    seconds = time.monotonic() - start
    over.set()
    sampler.join()
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return json.loads(out), seconds, peak / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--matrix", type=int, default=512)
    parser.add_argument("--slices", type=int, default=1210)
    parser.add_argument("--spacing", default="0.7,0.7,0.5")
    options = parser.parse_args()
    volume_mib = options.matrix**2 * options.slices * 2 / 2**20
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        folder = pathlib.Path(folder)
        donor, mask = folder / "donor", folder / "mask.nii.gz"
        steps = [
            ("write the donor", "phantom", "--out", donor, "--matrix", options.matrix, "--slices",
             options.slices, "--spacing", options.spacing),
            ("load and convert", "convert", donor / "series", "--out", folder / "ct.nii"),
            ("load and segment", "segment", donor / "series", "--seed", donor / "seed.json", "--out",
             mask),
            ("mesh", "mesh", mask, "--out", folder / "liver.stl"),
            ("the whole run", "run", donor / "series", "--seed", donor / "seed.json", "--out",
             folder / "plan"),
        ]
        print(f"{options.matrix} x {options.matrix} x {options.slices}: the volume is "
              f"{volume_mib:.0f} MiB")
        print(f"{'':18}{'seconds':>9}{'peak MiB':>10}{'x volume':>10}")
        for name, *words in steps:
            _, seconds, peak = run(options.program, *words, "--json", "--quiet")
            print(f"{name:18}{seconds:9.1f}{peak:10.0f}{peak / volume_mib:10.2f}", flush=True)


main()
