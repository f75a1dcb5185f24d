#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Turns, picks and cuts in the 3-D pane of the real window, with and without OpenGL, in TAP.
#
# scene.py WINDOW CLI ARTEFACTS, as window.py.
import json
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


def changed(place, before, share, words):
    """The pixels, at rest, once at least a share of them is not as before."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if difference(before, pixels(place)) > share * len(before):
            return settled(place)
        time.sleep(0.2)
    raise AssertionError(words)


def returned(place, before, share, words):
    """Waits until all but a share of the pixels are as before."""
    until = time.monotonic() + 20
    while difference(before, pixels(place)) > share * len(before):
        assert time.monotonic() < until, words
        time.sleep(0.2)


class Scene:
    """The program with an organ taken, and its 3-D pane."""

    def __init__(self, folder, params="seed.json", **changes):
        self.program = Program(folder / "donor" / "series", "--params", folder / "donor" / params,
                               **changes)
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
        before = pixels(self.place)
        keys("mousemove", *self.at(0.5, 0.5), "mousedown", button)
        for step in range(1, 9):
            x, y = self.at(0.5, 0.5)
            keys("mousemove", x + dx * step // 8, y + dy * step // 8)
            time.sleep(0.02)
        keys("mouseup", button)
        return changed(self.place, before, 0.02, f"dragging with button {button} changed nothing")

    def close(self):
        words = self.program.close()
        assert not words, words


def turning(folder):
    """A drag turns, keys and the cube's faces look from the sides, Home returns."""
    scene = Scene(folder)
    try:
        first = settled(scene.place)
        picture("scene-1-first")
        scene.drag(1, 120, 10)
        scene.says(r"Surface of \d+ triangles, seen from the patient’s right")
        picture("scene-2-turned")
        keys("key", "shift+a")
        scene.says(r"Surface of \d+ triangles, seen from the front")
        front = settled(scene.place)
        keys("key", "shift+s")
        scene.says(r"Surface of \d+ triangles, seen from above")
        changed(scene.place, front, 0.05, "above looks like the front")
        x, y, width, height = scene.place
        keys("key", "shift+a")
        settled(scene.place)
        # The cube shows A alone; nothing else of it is seen, so a click on it changes nothing.
        keys("mousemove", x + width - 44, y + 44, "click", 1)
        scene.says(r"Surface of \d+ triangles, seen from the front")
        keys("key", "Home")
        # The pointer has lit the cube's face.
        returned(scene.place, first, 0.03, "Home did not return")
        # From there the top face is seen, flat, above A.
        keys("key", "Up", "key", "Up", "key", "Up")
        scene.says(r"Surface of .*")
        settled(scene.place)
        keys("mousemove", x + width - 44, y + 60, "click", 1)
        scene.says(r"Surface of \d+ triangles, seen from (below|the front)")
    finally:
        scene.close()


def hiding(folder):
    """Hidden by another pane and shown again, it shows what it did."""
    scene = Scene(folder)
    try:
        x, y, width, height = scene.axial
        keys("mousemove", x + width // 2, y + height // 2, "click", 1)
        time.sleep(0.5)
        first = settled(scene.place)
        keys("key", "f")
        changed(scene.place, first, 0.2, "the axial pane is not alone")
        keys("key", "f")
        returned(scene.place, first, 0.01, "shown again it is another picture")
    finally:
        scene.close()


def zooming(folder):
    """The wheel zooms to the pointer, the middle button moves the picture, F shows the pane alone."""
    scene = Scene(folder)
    try:
        keys("mousemove", *scene.at(0.5, 0.5), "click", 1) # the focus
        first = settled(scene.place)
        keys("mousemove", *scene.at(0.5, 0.5), "click", "--repeat", 4, "--delay", 30, 4)
        larger = changed(scene.place, first, 0.05, "the wheel changed nothing")
        light = sum(value > 60 for value in larger) - sum(value > 60 for value in first)
        assert light > 0.05 * len(first), "the wheel did not make it larger"
        keys("click", "--repeat", 4, "--delay", 30, 5)
        returned(scene.place, first, 0.02, "and back is not where it was")
        moved = scene.drag(2, 60, 0)
        keys("key", "f")
        changed(scene.place, moved, 0.2, "F changed nothing")
        picture("scene-3-alone")
        x, y, width, height = scene.program.place(PANE)
        assert width > 1.5 * scene.place[2], f"{width} pixels wide alone"
        keys("key", "f")
        returned(scene.place, moved, 0.01, "shown again it is another picture")
    finally:
        scene.close()


def picking(folder):
    """A click on the organ moves the cross-hair of the slices there."""
    scene = Scene(folder)
    try:
        before = settled(scene.axial)
        x, y = scene.at(0.45, 0.42)
        keys("mousemove", x, y, "click", 1)
        changed(scene.axial, before, 0.001, "the slices stayed")
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
        changed(scene.place, first, 0.05, "no slices")
        picture("scene-5-slices")
        keys("key", "g")
        returned(scene.place, first, 0.01, "the slices stayed")
        keys("key", "k")
        scene.says(r"Surface of \d+ triangles, cut open, seen from the front")
        cut = changed(scene.place, first, 0.01, "nothing was cut")
        picture("scene-6-cut")
        keys("key", "shift+k")
        changed(scene.place, cut, 0.01, "the other side is the same")
        keys("key", "k")
        scene.says(r"Surface of \d+ triangles, seen from the front")
    finally:
        scene.close()


def handle_of(place):
    """Where the disc of a trim plane's middle is: the thickest spot of its yellow."""
    x, y, width, height = place
    rgb = subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}",
                          "-depth", "8", "rgb:-"], check=True, stdout=subprocess.PIPE).stdout
    yellow = {(at % width, at // width) for at in range(width * height)
              if rgb[3 * at] > 230 and 180 < rgb[3 * at + 1] < 230 and rgb[3 * at + 2] < 120}
    assert yellow, "no trim plane is drawn"
    thickness = {(i, j): sum((i + di, j + dj) in yellow for di in range(-5, 6)
                             for dj in range(-5, 6)) for i, j in yellow}
    i, j = max(thickness, key=thickness.get)
    return x + i, y + j


def trimming(folder):
    """A trim plane's handle is dragged: it moves in one undoable step, and the organ is cut there."""
    params = json.loads((folder / "donor" / "seed.json").read_text())
    points = params["contours"][0]["points_mm"]
    middle = [sum(point[axis] for point in points) / len(points) for axis in range(3)]
    params["trim"] = [[0.8, 0.0, 0.6, 0.8 * middle[0] + 0.6 * middle[2] + 30]]
    (folder / "donor" / "trim.json").write_text(json.dumps(params))
    scene = Scene(folder, "trim.json")
    try:
        first = settled(scene.place)
        picture("scene-8-trim")
        x, y = handle_of(scene.place)
        keys("mousemove", x, y, "mousedown", 1)
        for step in range(1, 7):
            keys("mousemove", x - 5 * step, y + 4 * step)
            time.sleep(0.05)
        keys("mouseup", 1)
        changed(scene.place, first, 0.005, "the plane stayed")
        picture("scene-9-trim-moved")
        after = handle_of(scene.place)
        assert after[0] < x - 15 and after[1] > y + 10, f"from {x}, {y} to {after}"
        keys("key", "ctrl+z")
        # The status line, which tells of it, makes the pane a little smaller.
        until, back = time.monotonic() + 20, after
        while abs(back[0] - x) + abs(back[1] - y) > 12:
            assert time.monotonic() < until, f"from {x}, {y} back to {back}: not one step"
            time.sleep(0.3)
            back = handle_of(scene.place)
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
            scene.drag(1, 120, 10)
        finally:
            scene.close()


run("scene", turning, hiding, zooming, picking, cutting, trimming, without_gl)
