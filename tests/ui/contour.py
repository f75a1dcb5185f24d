#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Draws seeds and moves the sliders of the contour in the real window, and reads what came of it, in TAP.
#
# contour.py WINDOW CLI ARTEFACTS, as window.py.
import itertools
import math
import re
import time

from harness import STEP_WAIT_S, Program, draw_circle, keys, ml_of, picture, run


class Contour:
    """The window on the donor with a seed drawn in its liver."""

    def __init__(self, folder, seed=True):
        self.program = Program(folder / "donor" / "series")
        self.label = None
        self.program.find(r"No seed yet.*")
        self.axial = self.program.place("Axial slice")
        if seed:
            draw_circle(*self.at(0.32, 0.47), 0.05 * self.axial[2])
            self.program.find(r"1 seed on axial 29")

    def at(self, across, down):
        """A place on the screen, from shares of the axial pane."""
        x, y, width, height = self.axial
        return int(x + across * width), int(y + down * height)

    def measures(self):
        """Area in cm2 and length in mm of the contour, once they rest."""
        last, until = None, time.monotonic() + STEP_WAIT_S
        label = self.label = self.label or self.program.find(r"Contour on axial 29: .*")
        while time.monotonic() < until:
            label.clear_cache() # else the name is the one that was read first
            found = label.name
            if found == last:
                assert found.strip(), "the contour vanished"
                area, length = re.search(r": ([\d.]+) cm², ([\d.]+) mm", found).groups()
                return float(area), float(length)
            last = found
            time.sleep(0.15)
        raise AssertionError("the contour does not come to rest")

    def sweep(self, label, role, values, rest):
        """The measures at each of `values`; the slider then goes back to `rest`."""
        found = []
        for value in values:
            self.program.set(label, role, value)
            time.sleep(0.25)
            found.append(self.measures())
        self.program.set(label, role, rest)
        time.sleep(0.25)
        self.measures()
        return found

    def close(self):
        words = self.program.close()
        assert not words, words


def roundness(measures):
    area, length = measures
    return 4 * math.pi * 100 * area / length ** 2


def rising(values):
    return all(a < b for a, b in zip(values, values[1:]))


def sliders(folder):
    """Each slider moves the contour the way its words say, and to the same place each time."""
    contour = Contour(folder)
    try:
        start = contour.measures()
        low, high = (contour.program.value("Threshold " + end) for end in ("low", "high"))
        sweeps = {
            "Balloon κ": ("spin button", [-0.6, -0.3, 0.3, 0.6], 0),
            "Length α": ("spin button", [0.3, 3, 8], 1),
            "Bending β": ("spin button", [0.3, 3, 10], 1),
            "Threshold low": ("slider", [low + 12, low + 8, low], low),
            "Threshold high": ("slider", [high - 12, high - 8, high], high),
        }
        # Both ends are the person's from here on; a value that is shown already would change nothing.
        for label, value in (("Threshold low", low), ("Threshold high", high)):
            contour.sweep(label, "slider", [value + 3], value)
        first = {name: contour.sweep(name, *sweep) for name, sweep in sweeps.items()}
        again = {name: contour.sweep(name, *sweep) for name, sweep in sweeps.items()}
        picture("contour-1-swept")
        for name, measures in first.items():
            print(f"# {name}: {measures}", flush=True)
        assert again == first, f"a second sweep gave {again}, the first {first}"
        assert rising([area for area, _ in first["Balloon κ"]]), "κ does not grow the contour"
        assert rising([-length for _, length in first["Length α"]]), "α does not shorten it"
        assert rising([roundness(one) for one in first["Bending β"]]), "β does not round it"
        for name in ("Threshold low", "Threshold high"):
            assert rising([area for area, _ in first[name]]), f"{name} does not move the edge"
        assert abs(contour.measures()[0] - start[0]) < 0.02 * start[0], "it did not come back"
    finally:
        contour.close()


def nodes(folder):
    """A node is dragged, taken away and brought back; what was found becomes a seed where it is pulled."""
    contour = Contour(folder)
    try:
        program = contour.program
        seed = r"(?s).*Seed of ([\d.]+) cm².*"

        def area():
            return float(re.match(seed, program.find("Axial slice").description).group(1))

        first = area()
        x, y = contour.at(0.32, 0.47)
        right = int(x + 0.05 * contour.axial[2])
        keys("mousemove", right, y, "mousedown", 1)
        for step in range(1, 9): # the first node lies where the circle began
            keys("mousemove", right + 3 * step, y)
            time.sleep(0.03)
        keys("mouseup", 1)
        time.sleep(0.5)
        dragged = area()
        assert dragged > 1.05 * first, f"{first} cm2 became {dragged} when a node was pulled out"
        keys("key", "Delete") # the pointer is on the node still
        time.sleep(0.5)
        assert area() < first, f"without a node {area()} of {first} cm2 are left"
        for _ in range(2):
            keys("key", "ctrl+z")
            time.sleep(0.4)
        assert area() == first, "two edits are not two steps"
        picture("contour-2-nodes")
        keys("mousemove", x, y, "click", 3)
        program.find("Remove the seed here")
        time.sleep(0.4)
        keys("key", "Escape")
    finally:
        contour.close()


def grabbing(folder):
    """A contour the method found is pulled on its slice: it becomes a seed, and the organ follows."""
    contour = Contour(folder)
    try:
        program = contour.program
        keys("key", "ctrl+Return")
        first = ml_of(program)
        program.find("Mask")
        time.sleep(0.5)
        x, y, width, height = program.place("Coronal slice")
        # Along lines from the liver outwards: where the pointer says that it would grab something.
        told = program.find("Coronal slice")
        for across, share in itertools.product((0.42, 0.47, 0.52), range(30, 2, -1)):
            keys("mousemove", int(x + share * width / 100), int(y + across * height))
            time.sleep(0.1)
            keys("mousedown", 1, "mousemove_relative", "--", -6, 0, "mousemove_relative", "--", -6, 0,
                 "mousemove_relative", "--", -6, 0, "mouseup", 1)
            time.sleep(0.6) # longer than between the presses of a double click
            told.clear_cache()
            if "Seed of" in (told.description or ""):
                break
        else:
            picture("contour-4-not-grabbed")
            raise AssertionError("nothing could be grabbed on the coronal slice")
        program.find("2 seeds, the last on coronal 56")
        program.gone(re.escape(f"{first:.0f}") + " ml") # the organ was found anew
        keys("key", "ctrl+z")
        program.find("1 seed on axial 29")
        picture("contour-4-grabbed")
    finally:
        contour.close()


def tools(folder):
    """Corners, a circle and a click are seeds, too; the ruler and the circle of HU measure."""
    contour = Contour(folder, seed=False)
    try:
        program = contour.program
        keys("key", "p")
        for place in ((0.25, 0.4), (0.4, 0.4), (0.4, 0.55), (0.25, 0.55)):
            keys("mousemove", *contour.at(*place), "click", 1)
            time.sleep(0.5)
        keys("key", "Return")
        program.find("1 seed on axial 29")
        keys("mousemove", *contour.at(0.32, 0.47), "click", "--repeat", 2, 4) # two slices up
        time.sleep(0.3)
        keys("key", "o", "mousemove", *contour.at(0.32, 0.47), "mousedown", 1, "mousemove",
             *contour.at(0.36, 0.47), "mousemove", *contour.at(0.38, 0.47), "mouseup", 1)
        program.find("2 seeds, the last on axial 31")
        keys("key", "r", "mousemove", *contour.at(0.32, 0.47), "mousedown", 1, "mousemove",
             *contour.at(0.34, 0.47), "mousemove", *contour.at(0.35, 0.47), "mouseup", 1)
        keys("key", "m", "mousemove", *contour.at(0.5, 0.3), "mousedown", 1, "mousemove",
             *contour.at(0.55, 0.3), "mousemove", *contour.at(0.6, 0.3), "mouseup", 1)
        time.sleep(0.5)
        picture("contour-3-measures")
        told = program.find("Axial slice").description
        circle = re.search(r"HU in a circle: ([-\d.]+) ± ([\d.]+) HU", told)
        assert circle, told
        assert 85 < float(circle.group(1)) < 125, f"{circle.group(0)} in a liver of 105 HU"
        assert re.search(r"Ruler: [\d.]+ mm", told), told
        keys("key", "n", "mousemove", *contour.at(0.3, 0.6), "mousedown", 1, "mousemove",
             *contour.at(0.33, 0.6), "mousemove", *contour.at(0.36, 0.6), "mouseup", 1)
        program.find("Clear the strokes")
        keys("key", "space")
        program.find(r"Step \d+, at rest.*")
        keys("key", "period")
        program.find(r"Step 1")
    finally:
        contour.close()


run("contour", sliders, nodes, grabbing, tools)
