#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# The main job from start to exported mesh, counted, on the synthetic donor and on a real CT, in TAP.
#
# job.py WINDOW CLI ARTEFACTS SOURCE: see harness.py.
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from harness import CLI, Program, draw_circle, export, keys, picture, run

SOURCE = pathlib.Path(sys.argv[4])
MATERIAL = pathlib.Path(os.environ.get("HEPATICA_MATERIAL", SOURCE.parent / "shared" / "material"))
REAL = MATERIAL / "ct" / "lits005w"
EXPORT_ACTIONS = 4 # Ctrl+E, what, where, Enter


def ask(*words):
    done = subprocess.run([CLI, *map(str, words), "--json"], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def do_job(name, path, place, radius, out):
    """Opens, draws one circle, takes the organ and exports it; what it took."""
    began, actions = time.monotonic(), 1
    program = Program(path)
    try:
        program.find(r"No seed yet.*")
        x, y, width, height = program.place("Axial slice")
        keys("key", "d")
        time.sleep(0.5)
        draw_circle(x + place[0] * width, y + place[1] * height, radius * width)
        program.find("1 seed.*")
        keys("key", "ctrl+Return")
        actions += 3
        program.find("Mask")
        time.sleep(0.5)
        picture("job-" + name)
        out.mkdir()
        for key, file in (("o", "liver.obj"), ("n", "liver.nii.gz"), ("t", "liver.html")):
            export(program, key, out, re.escape(file) + " (holds|is written).*")
            if key == "o":
                actions += EXPORT_ACTIONS
                seconds = time.monotonic() - began
        print(f"# {name}: {actions} actions, {seconds:.1f} s from start to exported mesh", flush=True)
        assert actions <= 12, actions
    finally:
        words = program.close()
    assert not words, words


def donor(folder):
    """The exported surface holds the donor's true millilitres within 2 %."""
    do_job("donor", folder / "donor" / "series", (0.32, 0.47), 0.05, folder / "out")
    truth = json.loads((folder / "donor" / "truth.json").read_text())["liver_ml"]
    file_ml = ask("measure", folder / "out" / "liver.obj")["volume_ml"]
    print(f"# {file_ml:.1f} ml in the file, {truth:.1f} ml in truth", flush=True)
    assert abs(file_ml / truth - 1) < 0.02, f"{file_ml} ml of {truth}"


def real_ct(folder):
    """The mask is as near to the reference as the command line's from the same seed, within 0.01."""
    if not REAL.exists():
        return f"SKIP no {REAL}"
    do_job("real", REAL / "ct.nii.gz", (0.33, 0.45), 0.05, folder / "real")
    ask("segment", REAL / "ct.nii.gz", "--params", folder / "real" / "liver.json", "--out",
        folder / "alone.nii.gz")
    dice = [ask("compare", mask, REAL / "liver.nii.gz")["dice"]
            for mask in (folder / "real" / "liver.nii.gz", folder / "alone.nii.gz")]
    print(f"# Dice {dice[0]:.4f} in the window, {dice[1]:.4f} on the command line", flush=True)
    assert dice[0] > dice[1] - 0.01 and dice[0] > 0.8, dice
    return None


run("job", donor, real_ct)
