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


def shown(program, pattern):
    """Waits until something of this name has its place: what hidden pages hold has a name alone."""
    until = time.monotonic() + 20
    while program.place(pattern)[2] <= 1:
        assert time.monotonic() < until, f"{pattern} does not show"
        time.sleep(0.2)


def click(program, pattern):
    shown(program, pattern)
    x, y, width, height = program.place(pattern)
    keys("mousemove", x + width // 2, y + height // 2, "click", 1)


def absent(program, pattern):
    """Waits until nothing has this name, shown or hidden."""
    until = time.monotonic() + 20
    while program.has(pattern):
        assert time.monotonic() < until, f"{pattern} is still there"
        time.sleep(0.2)


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


def presets(folder):
    """Each preset changes the axial picture, each otherwise; Y held shows the original."""
    donor = folder / "donor" / "series"
    program = Program(donor)
    try:
        click(program, "Prepare")
        axial = program.place("Axial slice")
        shown(program, ORIGINAL)
        original = settled(axial)
        seen = {original}
        last = original
        for preset in PRESETS:
            click(program, preset)
            last = changed(axial, last)
            shown(program, PREPARED)
            assert last not in seen, f"{preset} looks like another"
            seen.add(last)
        picture("prepare-1-presets")
        keys("keydown", "y")
        assert changed(axial, last) == original, "held, it is not the original"
        shown(program, "The panes show the original.")
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


def threshold(folder):
    """A handle of the histogram dragged is the threshold; a double click gives it back to the seed."""
    donor = folder / "donor" / "series"
    program = Program(donor)
    try:
        click(program, "Prepare")
        shown(program, "Histogram of the volume")
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


def series(folder):
    """A folder of two series asks which; the second of the list opens, the other is a key away."""
    donor = folder / "donor" / "series"
    program = Program(two_series(donor, folder))
    try:
        program.find("Choose a Series")
        program.find("two holds 2 series.")
        program.find(r"Suggested: portal venous.*")
        shown(program, "Arterial phase")
        time.sleep(1)
        picture("prepare-3-series")
        keys("key", "Down")
        keys("key", "Return")
        program.find(r"112 × 112 × 40 .*")
        click(program, "Case")
        shown(program, "1 other series here")
        shown(program, "Arterial phase")
        picture("prepare-4-case")
        click(program, "Choose…")
        program.find(r"Suggested: .*")
        keys("key", "Escape")
        absent(program, r"Suggested: .*")
        click(program, "Choose…")
        program.find(r"Suggested: .*")
        time.sleep(0.5)
        keys("key", "Home")
        keys("key", "Return")
        program.find(r"112 × 112 × 56 .*")
        keys("key", "ctrl+z")
        program.find(r"112 × 112 × 40 .*")
    finally:
        words = program.close()
    assert not words, words


def identity(folder):
    """F6 hides names and dates of the list, the panel and an error."""
    donor = folder / "donor" / "series"
    program = Program(two_series(donor, folder))
    try:
        program.find("two holds 2 series.")
        keys("key", "F6")
        program.find("There are 2 series.")
        program.find("Series 2")
        for pattern in (r".*two.*", r".*synthetic.*", r".*2020.*"):
            absent(program, pattern)
        keys("key", "Return")
        program.find("Donor")
        click(program, "Case")
        program.find("Slices")
        for pattern in (r".*synthetic.*", r".*2020.*", "Date", ".*IODINE.*"):
            absent(program, pattern)
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
        absent(program, r".*Doe.*")
    finally:
        words = program.close()
    assert not words, words


def welcome(folder):
    """A case that was never saved is offered after the program was killed; what is gone is flagged."""
    donor = folder / "donor" / "series"
    gone = folder / "Doe_Jane"
    shutil.copytree(donor, gone)
    program = Program(gone)
    program.find(r"112 × 112 × 56 .*")
    time.sleep(1)
    program.close()
    shutil.rmtree(gone)
    program = Program(donor)
    try:
        shown(program, "Axial slice")
        x, y, width, height = program.place("Axial slice")
        keys("key", "s", "mousemove", int(x + 0.32 * width), int(y + 0.47 * height))
        time.sleep(0.5)
        keys("click", 1)
        program.find("1 seed.*")
        time.sleep(1)
    finally:
        program.process.kill()
        program.process.communicate()
    program = Program("--")
    try:
        shown(program, "Never Saved")
        shown(program, "Doe_Jane")
        program.find("It is no longer where it was.")
        time.sleep(0.5)
        picture("prepare-6-welcome")
        keys("key", "F6")
        absent(program, ".*Doe.*")
        program.find("Case 1")
        keys("key", "F6")
        program.find("Doe_Jane")
        click(program, donor.name) # the first of this name is the one never saved
        program.find("1 seed.*")
    finally:
        words = program.close()
    assert not words, words


run("prepare", presets, threshold, series, identity, welcome)
