#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Drives the real window with pointer and keys under its own display and session bus, in TAP.
#
# window.py WINDOW CLI ARTEFACTS: the two programs, and the folder that keeps the screenshots.
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

WINDOW, CLI, ARTEFACTS = (os.path.abspath(word) for word in sys.argv[1:4])
DISPLAY_WAIT_S, STEP_WAIT_S = 20, 90


def inside_session():
    """Starts this script again under a display and a bus of its own; ends with its exit code."""
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    number = os.read(read, 16).decode().strip()
    try:
        with tempfile.TemporaryDirectory() as home:
            environment = dict(os.environ, DISPLAY=":" + number, XDG_RUNTIME_DIR=home, HOME=home,
                               XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8",
                               HEPATICA_UI_SESSION="1")
            os.chmod(home, 0o700)
            done = subprocess.Popen(["dbus-run-session", "--", sys.executable, *sys.argv],
                                    env=environment, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True)
            for line in done.stdout: # the bus's own daemons write there, too
                if re.match(r"ok |not ok |#|1\.\.", line):
                    print(line, end="", flush=True)
        return done.wait()
    finally:
        display.terminate()
        display.wait()


def keys(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)


def picture(name):
    subprocess.run(["import", "-window", "root", os.path.join(ARTEFACTS, name + ".png")], check=True)


class Program:
    """The window on a series, read through the accessible tree."""

    def __init__(self, series):
        self.process = subprocess.Popen([WINDOW, str(series)], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)

    def tree(self):
        import pyatspi

        def walk(node, depth=0):
            yield node
            for at in range(node.childCount if depth < 30 else 0):
                child = node.getChildAtIndex(at)
                if child is not None:
                    yield from walk(child, depth + 1)

        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.get_process_id() == self.process.pid:
                yield from walk(application)

    def find(self, pattern):
        """The first accessible whose name matches, waiting for it to appear."""
        until = time.monotonic() + STEP_WAIT_S
        while time.monotonic() < until:
            assert self.process.poll() is None, "the program ended"
            for node in self.tree():
                if re.fullmatch(pattern, node.name or ""):
                    return node
            time.sleep(0.2)
        raise AssertionError(f"nothing called {pattern}: {[n.name for n in self.tree() if n.name]}")

    def value(self, pattern):
        """The number a slider or field of that name shows."""
        for node in self.tree():
            if re.fullmatch(pattern, node.name or "") and "Value" in node.get_interfaces():
                return node.queryValue().currentValue
        raise AssertionError(f"no number called {pattern}")

    def has(self, pattern):
        return any(re.fullmatch(pattern, node.name or "") for node in self.tree())

    def gone(self, pattern):
        """Waits until nothing that shows has this name."""
        import pyatspi
        until = time.monotonic() + STEP_WAIT_S
        while any(re.fullmatch(pattern, node.name or "") and
                  node.getState().contains(pyatspi.STATE_SHOWING) for node in self.tree()):
            assert time.monotonic() < until, f"{pattern} still shows"
            time.sleep(0.2)

    def place(self, pattern):
        """x, y, width, height of an accessible on the screen: GTK's window stands 5 pixels in."""
        import pyatspi
        box = self.find(pattern).queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        return box.x + 5, box.y + 5, box.width, box.height

    def close(self):
        self.process.terminate()
        words, _ = self.process.communicate(timeout=20)
        return [line for line in words.splitlines() if "CRITICAL" in line or "WARNING" in line]


def draw_circle(x, y, radius):
    import math
    points = [(x + radius * math.cos(t * math.pi / 12), y + radius * math.sin(t * math.pi / 12))
              for t in range(25)]
    keys("mousemove", int(points[0][0]), int(points[0][1]), "mousedown", 1)
    for point in points[1:]:
        keys("mousemove", int(point[0]), int(point[1]))
        time.sleep(0.01)
    keys("mouseup", 1)


def ml_of(program):
    return float(re.sub(r"[^\d.]", "", program.find(r"[\d,. ]+ ml").name))


def main_job(series):
    """Open, draw one seed, take the organ, undo: what a person does, and what they then see."""
    program = Program(series)
    try:
        program.find("Axial slice")
        program.find(r"No seed yet.*")
        picture("1-opened")
        x, y, width, height = program.place("Axial slice")
        keys("key", "d")
        time.sleep(0.5)
        draw_circle(x + 0.32 * width, y + 0.47 * height, 0.05 * width)
        program.find("1 seed")
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
        program.find("1 seed")
    finally:
        words = program.close()
    assert not words, words


def one_click(series):
    """A click in the liver is a seed; the number keys choose the window."""
    program = Program(series)
    try:
        x, y, width, height = program.place("Axial slice")
        program.find(r"No seed yet.*")
        keys("mousemove", int(x + 0.32 * width), int(y + 0.47 * height))
        keys("key", "4")
        program.find(r".* HU   W 1500  L -500")
        keys("key", "1")
        program.find(r".* HU   W 300  L 50")
        keys("key", "d")
        time.sleep(0.5)
        keys("click", 1)
        program.find("1 seed")
        low, high = program.value("Threshold low"), program.value("Threshold high")
        assert -50 < low < 100 < high < 250, f"a band of {low} to {high} HU for a liver of 105 HU"
        keys("key", "ctrl+Return")
        ml = ml_of(program)
        assert abs(ml - 1731) < 0.03 * 1731, f"{ml} ml from a click in a liver of 1731 ml"
        picture("5-click")
    finally:
        words = program.close()
    assert not words, words


def menu_and_identity(series):
    """F6 hides what names the person and brings it back; Ctrl+? shows the keys."""
    program = Program(series)
    try:
        program.find("Axial slice")
        x, y, width, height = program.place("Case")
        keys("mousemove", x + width // 2, y + height // 2, "click", 1)
        facts = program.find(r"(?s)Series: .*Slices: \d+.*").name
        title = re.search(r"Series: (.*)", facts).group(1)
        assert "Date: " in facts, facts
        program.find(re.escape(title))
        keys("key", "F6")
        program.find("Donor")
        program.find(r"(?s)(?!.*(Series|Phase|Date): ).*Slices: \d+.*")
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


def session():
    os.makedirs(ARTEFACTS, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([CLI, "phantom", "--out", folder / "donor", "--matrix", "112", "--slices",
                        "56", "--spacing", "3.3,3.3,4", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        tests = [("main_job", lambda: main_job(folder / "donor" / "series")),
                 ("one_click", lambda: one_click(folder / "donor" / "series")),
                 ("menu_and_identity", lambda: menu_and_identity(folder / "donor" / "series")),
                 ("bad_input", lambda: bad_input(folder))]
        print(f"1..{len(tests)}", flush=True)
        for number, (label, test) in enumerate(tests, 1):
            try:
                test()
                print(f"ok {number} /window/{label}", flush=True)
            except Exception as error:
                failed = 1
                print(f"# {error}\nnot ok {number} /window/{label}", flush=True)
    return failed


sys.exit(session() if os.environ.get("HEPATICA_UI_SESSION") else inside_session())
