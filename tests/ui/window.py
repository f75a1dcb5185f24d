#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Drives the real window with pointer and keys under its own display and session bus, in TAP.
#
# window.py WINDOW CLI ARTEFACTS: the two programs, and the folder that keeps the screenshots.
import re
import time

from harness import Program, draw_circle, keys, ml_of, picture, run


def main_job(folder):
    """Open, draw one seed, take the organ, undo: what a person does, and what they then see."""
    program = Program(folder / "donor" / "series")
    try:
        program.find("Axial slice")
        program.find(r"No seed yet.*")
        picture("1-opened")
        x, y, width, height = program.place("Axial slice")
        keys("key", "d")
        time.sleep(0.5)
        draw_circle(x + 0.32 * width, y + 0.47 * height, 0.05 * width)
        program.find("1 seed.*")
        picture("2-seed")
        keys("key", "ctrl+Return")
        ml = ml_of(program)
        assert abs(ml - 1731) < 0.02 * 1731, f"{ml} ml from a seed in a liver of 1731 ml"
        program.find("Mask")
        time.sleep(0.5)
        picture("3-organ")
        keys("key", "ctrl+z")
        program.find(r"No seed yet.*")
        keys("key", "ctrl+shift+z")
        program.find("1 seed.*")
    finally:
        words = program.close()
    assert not words, words


def one_click(folder):
    """A click in the liver is a seed; the number keys choose the window."""
    program = Program(folder / "donor" / "series")
    try:
        x, y, width, height = program.place("Axial slice")
        program.find(r"No seed yet.*")
        keys("mousemove", int(x + 0.32 * width), int(y + 0.47 * height))
        keys("key", "4")
        program.find(r".* HU   W 1500  L -500")
        keys("key", "1")
        program.find(r".* HU   W 300  L 50")
        keys("key", "s")
        time.sleep(0.5)
        keys("click", 1)
        program.find("1 seed.*")
        low, high = program.value("Threshold low"), program.value("Threshold high")
        assert -50 < low < 100 < high < 250, f"a band of {low} to {high} HU for a liver of 105 HU"
        keys("key", "ctrl+Return")
        ml = ml_of(program)
        assert abs(ml - 1731) < 0.03 * 1731, f"{ml} ml from a click in a liver of 1731 ml"
        picture("5-click")
    finally:
        words = program.close()
    assert not words, words


def menu_and_identity(folder):
    """F6 hides what names the person and brings it back; Ctrl+? shows the keys."""
    program = Program(folder / "donor" / "series")
    try:
        program.find("Axial slice")
        x, y, width, height = program.place("Case")
        keys("mousemove", x + width // 2, y + height // 2, "click", 1)
        program.find("Modality")
        names = [node.name for node in program.tree() if node.name]
        title = names[names.index("Series") + 1]
        assert "Date" in names, names
        program.find(re.escape(title))
        keys("key", "F6")
        program.find("Donor")
        program.find("Slices")
        assert not program.has("Date"), "the date still shows"
        assert not program.has(re.escape(title)), "the series is still named"
        picture("6-identity")
        keys("key", "F6")
        program.find(re.escape(title))
        keys("key", "F5")
        program.find("Donor")
        picture("7-present")
        keys("key", "F5")
        program.find(re.escape(title))
        program.find("Main menu")
        keys("key", "F10")
        program.find("Hide patient identity")
        time.sleep(0.5)
        picture("8-menu")
        keys("key", "Escape")
        program.gone("Hide patient identity")
        keys("key", "ctrl+question")
        program.find("Hide the patient’s identity")
        time.sleep(0.5)
        picture("9-keys")
        keys("key", "Escape")
        program.gone("Hide the patient’s identity")
    finally:
        words = program.close()
    assert not words, words


def bad_input(folder):
    """A file that is no image is named in the bar, and the window stays."""
    wrong = folder / "wrong.nii"
    wrong.write_bytes(b"nothing")
    program = Program(wrong)
    try:
        program.find(r".*wrong\.nii.*")
        assert not program.has("Axial slice") or program.process.poll() is None
        picture("4-refused")
    finally:
        words = program.close()
    assert not words, words


def a_case_is_saved_and_opened(folder):
    """Ctrl+S asks for a place once; from then on each step is kept there, and opens again."""
    case = folder / "kept.hepatica"
    program = Program(folder / "donor" / "series", "--params", folder / "donor" / "seed.json")
    try:
        program.find("1 seed.*")
        program.find(r"112 × 112 × 56 .*Nothing to save yet")
        keys("key", "ctrl+s")
        time.sleep(2)
        keys("key", "ctrl+a")
        keys("type", str(case))
        picture("10-save")
        keys("key", "Return")
        program.find(r"112 × 112 × 56 .*All changes saved")
        assert case.exists(), "no case file"
        keys("key", "ctrl+Return")
        ml = ml_of(program)
        program.find(r"112 × 112 × 56 .*All changes saved")
        time.sleep(1)
    finally:
        words = program.close()
    assert not words, words
    again = Program(case)
    try:
        again.find(r"112 × 112 × 56 .*All changes saved")
        again.find("1 seed.*")
        assert ml_of(again) == ml, "another volume than was saved"
    finally:
        words = again.close()
    assert not words, words


run("window", main_job, one_click, menu_and_identity, a_case_is_saved_and_opened, bad_input)
