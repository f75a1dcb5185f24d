#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Turns, picks and cuts in the 3-D pane of the real window, with and without OpenGL, in TAP.
#
# scene.py WINDOW CLI ARTEFACTS, as window.py.
import re
import subprocess
import time

from harness import STEP_WAIT_S, Program, keys, picture, run

PANE = "Surface in 3-D"
NOTICE = "3-D without OpenGL: drawn by the processor"


def pixels(place):
    """Grey values of a part of the screen."""
    x, y, width, height = place
    return subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}",
                           "-colorspace", "Gray", "-depth", "8", "gray:-"], check=True,
                          stdout=subprocess.PIPE).stdout


def settled(place):
    """The pixels, once they rest."""
    last, until = pixels(place), time.monotonic() + 20
    while time.monotonic() < until:
        time.sleep(0.4)
        now = pixels(place)
        if now == last:
            return now
        last = now
    raise AssertionError("the picture does not come to rest")


def difference(one, other):
    """How many pixels differ by more than a shade."""
    return sum(abs(a - b) > 8 for a, b in zip(one, other))


class Scene:
    """The program with an organ taken, and its 3-D pane."""

    def __init__(self, folder, **changes):
        self.program = Program(folder / "donor" / "series", "--params",
                               folder / "donor" / "seed.json", **changes)
        self.program.find("1 seed.*")
        self.says("No surface yet.*|Nothing.*")
        self.place = self.program.place(PANE)
        keys("key", "ctrl+Return")
        self.says(r"Surface of \d+ triangles, seen from the front")
        self.axial = self.program.place("Axial slice")
        settled(self.place)

    def says(self, pattern):
        """Waits until the pane's description matches."""
        until = time.monotonic() + STEP_WAIT_S
        while time.monotonic() < until:
            words = self.program.find(PANE).description or ""
            if re.fullmatch(pattern, words):
                return
            time.sleep(0.2)
        raise AssertionError(f"the pane says '{words}', not '{pattern}'")

    def at(self, right, down):
        """A point of the pane on the screen."""
        x, y, width, height = self.place
        return int(x + right * width), int(y + down * height)

    def drag(self, button, dx, dy):
        keys("mousemove", *self.at(0.5, 0.5), "mousedown", button)
        for step in range(1, 9):
            x, y = self.at(0.5, 0.5)
            keys("mousemove", x + dx * step // 8, y + dy * step // 8)
            time.sleep(0.02)
        keys("mouseup", button)
        return settled(self.place)

    def close(self):
        words = self.program.close()
        assert not words, words


def turning(folder):
    """A drag turns, keys and the cube's faces look from the sides, Home returns."""
    scene = Scene(folder)
    try:
        first = settled(scene.place)
        picture("scene-1-first")
        turned = scene.drag(1, 120, 10)
        assert difference(first, turned) > 0.05 * len(first), "a drag changed nothing"
        scene.says(r"Surface of \d+ triangles, seen from the patient’s right")
        picture("scene-2-turned")
        keys("key", "a")
        scene.says(r"Surface of \d+ triangles, seen from the front")
        front = settled(scene.place)
        keys("key", "s")
        scene.says(r"Surface of \d+ triangles, seen from above")
        above = settled(scene.place)
        assert difference(front, above) > 0.05 * len(front)
        x, y, width, height = scene.place
        keys("key", "a")
        settled(scene.place)
        # The cube shows A alone; nothing else of it is seen, so a click on it changes nothing.
        keys("mousemove", x + width - 44, y + 44, "click", 1)
        scene.says(r"Surface of \d+ triangles, seen from the front")
        keys("key", "Home")
        again = settled(scene.place)
        # The pointer has lit the cube's face.
        assert difference(first, again) < 0.03 * len(first), "Home did not return"
        # From there the top face is seen, flat, above A.
        keys("key", "Up", "key", "Up", "key", "Up")
        scene.says(r"Surface of .*")
        settled(scene.place)
        keys("mousemove", x + width - 44, y + 60, "click", 1)
        scene.says(r"Surface of \d+ triangles, seen from (below|the front)")
    finally:
        scene.close()


def zooming(folder):
    """The wheel zooms to the pointer, the middle button moves the picture, F shows the pane alone."""
    scene = Scene(folder)
    try:
        keys("mousemove", *scene.at(0.5, 0.5), "click", 1) # the focus
        first = settled(scene.place)
        keys("mousemove", *scene.at(0.5, 0.5), "click", "--repeat", 4, "--delay", 30, 4)
        larger = settled(scene.place)
        light = sum(value > 60 for value in larger) - sum(value > 60 for value in first)
        assert light > 0.05 * len(first), "the wheel did not make it larger"
        keys("click", "--repeat", 4, "--delay", 30, 5)
        smaller = settled(scene.place)
        assert difference(first, smaller) < 0.02 * len(first), "and back is not where it was"
        moved = scene.drag(2, 60, 0)
        assert difference(first, moved) > 0.02 * len(first), "the middle button moved nothing"
        keys("key", "f")
        time.sleep(0.7)
        picture("scene-3-alone")
        x, y, width, height = scene.program.place(PANE)
        assert width > 1.5 * scene.place[2], f"{width} pixels wide alone"
        keys("key", "f")
        time.sleep(0.7)
        back = settled(scene.place)
        assert difference(moved, back) < 0.01 * len(first), "shown again it is another picture"
    finally:
        scene.close()


def picking(folder):
    """A click on the organ moves the cross-hair of the slices there."""
    scene = Scene(folder)
    try:
        before = settled(scene.axial)
        x, y = scene.at(0.45, 0.42)
        keys("mousemove", x, y, "click", 1)
        time.sleep(0.5)
        after = settled(scene.axial)
        assert difference(before, after) > 100, "the slices stayed"
        # Its mark stands where the click was: an arm to each side, brighter than the organ.
        settled(scene.place)
        for dx, dy in ((8, 0), (-8, 0), (0, 8), (0, -8)):
            arm = pixels((x + dx - 2, y + dy - 2, 5, 5))
            assert max(arm) > 150, f"no mark at {dx}, {dy}: {max(arm)}"
        picture("scene-4-picked")
    finally:
        scene.close()


def cutting(folder):
    """G shows the slices, K cuts, and the words say so."""
    scene = Scene(folder)
    try:
        keys("mousemove", *scene.at(0.5, 0.5), "click", 1)
        first = settled(scene.place)
        keys("key", "g")
        slices = settled(scene.place)
        picture("scene-5-slices")
        assert difference(first, slices) > 0.05 * len(first), "no slices"
        keys("key", "g")
        assert difference(first, settled(scene.place)) < 0.01 * len(first), "the slices stayed"
        keys("key", "k")
        scene.says(r"Surface of \d+ triangles, cut open, seen from the front")
        cut = settled(scene.place)
        picture("scene-6-cut")
        assert difference(first, cut) > 0.01 * len(first), "nothing was cut"
        keys("key", "shift+k")
        other = settled(scene.place)
        assert difference(cut, other) > 0.01 * len(first), "the other side is the same"
        keys("key", "k")
        scene.says(r"Surface of \d+ triangles, seen from the front")
    finally:
        scene.close()


def without_gl(folder):
    """Without OpenGL the processor draws, the pane says so, and no control is dead."""
    for changes in ({"GDK_DEBUG": "gl-disable"}, {"LIBGL_DRIVERS_PATH": "/nonexistent"}):
        scene = Scene(folder, **changes)
        try:
            scene.program.find(NOTICE)
            shown = scene.program.showing("Slices in their places|Cut open")
            assert not shown, f"{shown} show"
            first = settled(scene.place)
            picture("scene-7-without-gl")
            assert sum(value > 60 for value in first) > 0.1 * len(first), "no organ"
            turned = scene.drag(1, 120, 10)
            assert difference(first, turned) > 0.05 * len(first), "a drag changed nothing"
        finally:
            scene.close()


run("scene", turning, zooming, picking, cutting, without_gl)
