#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Smooths, cuts, steps back and exports with pointer and keys in the real window, in TAP.
#
# model.py WINDOW CLI ARTEFACTS: see harness.py.
import json
import os
import pathlib
import re
import subprocess
import time

from harness import CLI, Program, STEP_WAIT_S, export, keys, picture, run


def until(condition, words):
    """Waits for a condition and returns what it gave."""
    end = time.monotonic() + STEP_WAIT_S
    while time.monotonic() < end:
        got = condition()
        if got:
            return got
        time.sleep(0.2)
    raise AssertionError(words())


def shown_ml(program):
    return float(re.sub(r"[^\d.]", "", program.ml.name))


def numbers(program):
    """The rows beside the pictures that show: what stands beside Mask, Surface, ..."""
    names = [program.rows.getChildAtIndex(at).name for at in range(program.rows.childCount)]
    return dict(zip(names[::2], names[1::2]))


def settled(program):
    """The rows and the millilitres, once they rest."""
    last, since = None, time.monotonic()
    while time.monotonic() < since + STEP_WAIT_S:
        now = (numbers(program), shown_ml(program))
        if now != last:
            last, changed = now, time.monotonic()
        if time.monotonic() > changed + 1:
            return now
        time.sleep(0.1)
    raise AssertionError(f"the numbers do not come to rest: {last}")


def off_mm(words):
    """How far from the middle of the patient a cut lies, by the words of its row."""
    side, mm = re.search(r"([RL]) ([\d.]+) mm", words).groups()
    return float(mm) * (-1 if side == "R" else 1)


def triangles(program):
    return int(re.sub(r"\D", "", program.triangles.name))


def set_value(program, pattern, value):
    """Sets the first slider or field of that name through the accessible tree."""
    for node in program.tree():
        if re.fullmatch(pattern, node.name or "") and "Value" in node.get_interfaces():
            node.queryValue().currentValue = value
            return
    raise AssertionError(f"no slider called {pattern}")


class Organ:
    """The program with an organ taken, at the stage Model."""

    def __init__(self, folder):
        self.program = Program(folder / "donor" / "series", "--params", folder / "donor" / "seed.json")
        self.program.find("1 seed.*")
        keys("key", "ctrl+Return")
        # Walking the tree takes long; what is read often is looked up once.
        self.program.rows = self.program.find("Mask").parent
        self.program.ml = self.program.find(r"[\d,. ]+ ml")
        self.program.area = self.program.find(r"Liver  ·  .* cm²")
        self.program.triangles = self.program.find(r"[\d,]+ triangles?")
        settled(self.program)
        x, y, width, height = self.program.place("Model")
        keys("mousemove", x + width // 2, y + height // 2, "click", 1)
        time.sleep(0.5)

    def __enter__(self):
        return self.program

    def __exit__(self, kind, error, trace):
        words = self.program.close()
        if kind is None:
            assert not words, words


def the_surface_follows_its_settings(folder):
    """Smoothness moves the surface's numbers and leaves the mask's; the triangles obey their budget."""
    with Organ(folder) as program:
        before, ml = settled(program)
        was = program.area.name
        set_value(program, "Smoothness", 0)
        until(lambda: program.area.name != was, lambda: f"the area stays {was}")
        after, rough_ml = settled(program)
        assert after["Mask"] == before["Mask"], (before, after)
        assert abs(rough_ml - ml) <= 1, (ml, rough_ml)
        set_value(program, "Triangles", 0.3) # of the slider's way
        until(lambda: triangles(program) < 6000, lambda: f"{triangles(program)} triangles")
        reduced, reduced_ml = settled(program)
        assert reduced["Mask"] == before["Mask"] and abs(reduced_ml - ml) <= 1, (before, reduced)
        picture("20-model")
        assert not program.has("Apply")


def a_cut_is_dragged_and_taken_back(folder):
    """A plane added by key takes millilitres, dragged it takes more; undo gives the same figures back."""
    with Organ(folder) as program:
        whole, whole_ml = settled(program)
        keys("key", "t")
        program.find("Sagittal  .* mm")
        first, first_ml = settled(program)
        assert first_ml < whole_ml - 20, (whole_ml, first_ml)
        assert abs(float(first["Cut off"]) - (whole_ml - first_ml)) <= 1.1, (whole_ml, first)
        x, y, width, height = program.place("Axial slice")
        # The cross-hair stands in the middle of the volume, and so does the plane.
        line, row = x + width // 2, y + int(0.8 * height)
        keys("mousemove", line, row, "mousedown", 1)
        for step in range(1, 13):
            keys("mousemove", line - 2 * step, row)
            time.sleep(0.03)
        until(lambda: shown_ml(program) < first_ml - 20, lambda: f"still {shown_ml(program)} ml")
        picture("21-drag")
        keys("mouseup", 1)
        second, second_ml = settled(program)
        assert second_ml < first_ml - 20, (first_ml, second_ml)
        picture("22-cut")
        place = program.find("Sagittal  .* mm").name
        # The keys of the list: 1 mm, with Shift 5, along the normal.
        bx, by, bw, bh = program.place("Sagittal  .* mm")
        keys("mousemove", bx + bw // 2, by + bh // 2, "click", 1)
        time.sleep(0.3)
        keys("key", "Left")
        keys("key", "shift+Left")
        was = off_mm(place)
        until(lambda: abs(abs(off_mm(program.find("Sagittal  .* mm").name) - was) - 6) < 0.11,
              lambda: f"{place} became {program.find('Sagittal  .* mm').name}")
        third = settled(program)[0]
        assert third["Mask"] != second["Mask"], (second, third)
        keys("key", "ctrl+z")
        again, again_ml = settled(program)
        assert (again, again_ml) == (second, second_ml), (again, second)
        keys("key", "ctrl+z")
        again, again_ml = settled(program)
        assert (again, again_ml) == (first, first_ml), (again, first)
        keys("key", "ctrl+z")
        again, again_ml = settled(program)
        assert again == whole and again_ml == whole_ml, (again, whole)
        # By the list of steps, forth to the end.
        hx, hy, hw, hh = program.place("Cut moved")
        keys("mousemove", hx + hw // 2, hy + hh // 2, "click", 1)
        again, again_ml = settled(program)
        assert again == third, (again, third)
        keys("key", "F9")
        program.gone("History")
        assert shown_ml(program) == again_ml
        keys("key", "F9")
        program.find("History")


def measured(path):
    done = subprocess.run([CLI, "measure", "--json", path], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def files_hold_what_the_window_shows(folder):
    """Every format goes through the dialog, and the command line measures the same in the files."""
    with Organ(folder) as program:
        keys("key", "t")
        program.find("Sagittal  .* mm")
        rows, ml = settled(program)
        out = folder / "out"
        out.mkdir()
        for key, name in (("o", "liver.obj"), ("s", "liver.stl"), ("p", "liver.ply"),
                          ("n", "liver.nii.gz"), ("r", "liver.nrrd")):
            words = export(program, key, out, re.escape(name) + " holds .* ml, the .* ml .*")
            got = measured(out / name)["volume_ml"]
            assert abs(got / ml - 1) < 0.005, f"{name}: {got} ml, {ml} shown"
            said = float(re.search(r"holds ([\d.,]+) ml", words).group(1).replace(",", ""))
            assert abs(got - said) < 0.06, (words, got)
        assert measured(out / "liver.obj")["watertight"]
        assert numbers(program)["File"] == numbers(program)["Surface"], numbers(program)
        export(program, "t", out, r"liver\.html is written\.")
        assert (out / "liver.html").read_text().count("data:image/png") == 4
        assert len(json.loads((out / "liver.json").read_text())["trim"]) == 1
        assert sorted(os.listdir(out)) == ["liver.html", "liver.json", "liver.mtl", "liver.nii.gz",
                                           "liver.nrrd", "liver.obj", "liver.ply", "liver.stl"]
        # Format and Enter are enough where the folder is known.
        (out / "liver.html").unlink()
        keys("key", "ctrl+e")
        program.find("Choose…")
        time.sleep(0.5)
        keys("key", "alt+t")
        time.sleep(0.8) # a button that is pressed by a key takes a moment
        keys("key", "Return")
        until((out / "liver.html").exists, lambda: "alt+t and Enter wrote nothing")
        program.find(r"liver\.html is written\.")
        keys("key", "Escape")
        program.gone("Choose…")
        # Ctrl+E and Enter write again what was written last, where it was written.
        (out / "liver.html").unlink()
        keys("key", "ctrl+e")
        program.find("Choose…")
        time.sleep(0.5)
        keys("key", "Return")
        until((out / "liver.html").exists, lambda: "Enter wrote nothing")
        program.find(r"liver\.html is written\.")
        keys("key", "Escape")
        program.gone("Choose…")
        # What cannot be written is named, with the reason, and nothing is left there.
        for closed in (read_only(folder), folder / "nowhere"):
            before = os.listdir(closed) if closed.exists() else None
            words = export(program, "o", closed, r"liver\.obj: .*")
            assert str(closed) in words, words
            assert (os.listdir(closed) if closed.exists() else None) == before


def read_only(folder):
    """A folder that refuses files, even the superuser's."""
    if os.geteuid() == 0:
        return pathlib.Path("/proc/self")
    closed = folder / "closed"
    closed.mkdir(mode=0o555, exist_ok=True)
    return closed


run("model", the_surface_follows_its_settings, a_cut_is_dragged_and_taken_back,
    files_hold_what_the_window_shows)
