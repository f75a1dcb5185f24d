#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Chooses a series, prepares it and drags the threshold in the real window, in TAP.
#
# prepare.py WINDOW CLI ARTEFACTS: the two programs, and the folder that keeps the screenshots.
import re
import shutil
import subprocess
import time

from harness import Program, keys, picture, run

PRESETS = ["Mild equalisation and Gaussian", "Strong equalisation and Gaussian",
           "Mild equalisation", "Strong equalisation", "Mild Gaussian", "Strong Gaussian"]
ORIGINAL = "Nothing is prepared: the panes show the original."
PREPARED = "The panes show what the contour will read."


def click(program, pattern):
    x, y, width, height = program.place(pattern)
    keys("mousemove", x + width // 2, y + height // 2, "click", 1)


def pixels(place):
    """Grey values of the inside of a pane, without its frame."""
    x, y, width, height = place
    return subprocess.run(["import", "-window", "root", "-crop",
                           f"{width - 40}x{height - 60}+{x + 20}+{y + 30}", "-colorspace", "Gray",
                           "-depth", "8", "gray:-"], check=True, stdout=subprocess.PIPE).stdout


def settled(place):
    """The pixels, once they rest."""
    last, until = pixels(place), time.monotonic() + 20
    while time.monotonic() < until:
        time.sleep(0.3)
        now = pixels(place)
        if now == last:
            return now
        last = now
    raise AssertionError("the picture does not come to rest")


def changed(place, before):
    """The pixels once they differ from `before` and rest."""
    until = time.monotonic() + 20
    while pixels(place) == before:
        assert time.monotonic() < until, "the picture stays as it was"
        time.sleep(0.1)
    return settled(place)


def presets(donor, folder):
    """Each preset changes the axial picture, each otherwise; Y held shows the original."""
    program = Program(donor)
    try:
        program.find("Axial slice")
        program.find(r"No seed yet.*")
        click(program, "Prepare")
        axial = program.place("Axial slice")
        program.find(ORIGINAL)
        original = settled(axial)
        seen = {original}
        last = original
        for preset in PRESETS:
            click(program, preset)
            last = changed(axial, last)
            program.find(PREPARED)
            assert last not in seen, f"{preset} looks like another"
            seen.add(last)
        picture("prepare-1-presets")
        keys("keydown", "y")
        assert changed(axial, last) == original, "held, it is not the original"
        program.find("The panes show the original.")
        keys("keyup", "y")
        assert changed(axial, original) == last, "let go, it is not the prepared CT"
        x, y, width, height = program.place("Hold for original")
        keys("mousemove", x + width // 2, y + height // 2, "mousedown", 1)
        assert changed(axial, last) == original, "the button held, it is not the original"
        keys("mouseup", 1)
        changed(axial, original)
        click(program, "No preset")
        assert changed(axial, last) == original, "without a preset it is not the original"
        keys("key", "ctrl+z")
        assert changed(axial, original) == last, "undone, the preset is not back"
    finally:
        words = program.close()
    assert not words, words


def threshold(donor, folder):
    """A handle of the histogram dragged is the threshold; a double click gives it back to the seed."""
    program = Program(donor)
    try:
        program.find(r"No seed yet.*")
        click(program, "Prepare")
        program.find("from the seed")
        low, high = program.value("Threshold low"), program.value("Threshold high")
        x, y, width, height = program.place("Histogram of the volume")
        keys("mousemove", x + 8, y + height // 2, "mousedown", 1)
        for step in range(1, 13):
            keys("mousemove", x + 8 + 8 * step, y + height // 2)
            time.sleep(0.02)
        keys("mouseup", 1)
        program.find(r"−?\d+ – \d+ HU")
        # 96 pixels of some 300 that stand for -200 to 400 HU.
        dragged = program.value("Threshold low")
        assert -60 < dragged < 40, f"the low end is {dragged} HU after the drag"
        keys("key", "Right")
        time.sleep(0.5)
        assert program.value("Threshold low") == dragged + 1, "the arrow key did not move it by 1 HU"
        picture("prepare-2-threshold")
        keys("mousemove", x + width // 2, y + height // 2, "click", "--repeat", 2, "--delay", 60, 1)
        program.find("from the seed")
        assert (program.value("Threshold low"), program.value("Threshold high")) == (low, high)
    finally:
        words = program.close()
    assert not words, words


def two_series(donor, folder):
    """A folder of two: the donor, and the same of fewer slices, under other UIDs and another phase."""
    two = folder / "two"
    if two.exists():
        return two
    shutil.copytree(donor, two / "portal")
    (two / "arterial").mkdir()
    for file in sorted(donor.iterdir())[:40]:
        words = file.read_bytes().replace(b"portal venous", b"arterial 30 s")
        words = re.sub(rb"2\.25\.(\d)", lambda uid: b"2.25.%d" % (int(uid[1]) % 9 + 1), words)
        (two / "arterial" / file.name).write_bytes(words)
    return two


def series(donor, folder):
    """A folder of two series asks which; the second of the list opens, the other is a key away."""
    program = Program(two_series(donor, folder))
    try:
        program.find("Choose a Series")
        program.find("two holds 2 series.")
        program.find(r"Suggested: portal venous.*")
        program.find("Arterial phase")
        time.sleep(1)
        picture("prepare-3-series")
        keys("key", "Down")
        keys("key", "Return")
        program.find(r"112 × 112 × 40 .*")
        click(program, "Case")
        program.find("1 other series here")
        time.sleep(1)
        assert program.showing("Arterial phase"), "the panel warns of no phase"
        picture("prepare-4-case")
        click(program, "Choose…")
        program.find("open")
        keys("key", "Escape")
        program.gone("Choose a Series")
        click(program, "Choose…")
        time.sleep(0.5)
        keys("key", "Home")
        keys("key", "Return")
        program.find(r"112 × 112 × 56 .*")
        keys("key", "ctrl+z")
        program.find(r"112 × 112 × 40 .*")
    finally:
        words = program.close()
    assert not words, words


def identity(donor, folder):
    """F6 hides names and dates of the list, the panel and an error."""
    program = Program(two_series(donor, folder))
    try:
        program.find("two holds 2 series.")
        keys("key", "F6")
        program.find("There are 2 series.")
        program.find("Series 2")
        for pattern in (r".*two.*", r".*synthetic.*", r".*2020.*"):
            program.gone(pattern)
        keys("key", "Return")
        program.find("Donor")
        click(program, "Case")
        program.find("Slices")
        for pattern in (r".*synthetic.*", r".*2020.*", "Date", ".*IODINE.*"):
            program.gone(pattern)
        picture("prepare-5-hidden")
        keys("key", "F6")
        program.find("Date")
    finally:
        words = program.close()
    assert not words, words
    (folder / "Doe.nii").write_bytes(b"nothing")
    program = Program(folder / "Doe.nii")
    try:
        program.find(r"Doe\.nii: .*")
        keys("key", "F6")
        program.find(r"…\.nii: .*")
        program.gone(r".*Doe.*")
    finally:
        words = program.close()
    assert not words, words


run("prepare", presets, threshold, series, identity)
