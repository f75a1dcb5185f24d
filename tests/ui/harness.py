# SPDX-License-Identifier: Apache-2.0
# What every test that drives the real window shares: a display and a session bus of its own, pointer and
# keys, the accessible tree, and TAP.
#
# A test's script takes WINDOW CLI ARTEFACTS: the two programs, and the folder that keeps the screenshots.
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

WINDOW, CLI, ARTEFACTS = (os.path.abspath(word) for word in sys.argv[1:4])
STEP_WAIT_S = 90


def start_display():
    """A display server that answers, and its number."""
    for _ in range(5):
        read, write = os.pipe()
        display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip() # to its end: a server that cannot say it all gives up
        asked = subprocess.run(["xdotool", "getdisplaygeometry"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=dict(os.environ, DISPLAY=":" + number))
        if number and asked.returncode == 0:
            return display, number
        display.kill()
        display.wait()
    raise AssertionError("no display answers")


def inside_session():
    """Starts this script again under a display and a bus of its own; ends with its exit code."""
    display, number = start_display()
    try:
        with tempfile.TemporaryDirectory() as home:
            environment = dict(os.environ, DISPLAY=":" + number, XDG_RUNTIME_DIR=home, HOME=home,
                               XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8",
                               HEPATICA_UI_SESSION="1")
            # What makes the program's warnings fatal would end this script at those of its libraries.
            environment["HEPATICA_G_DEBUG"] = environment.pop("G_DEBUG", "")
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

    def __init__(self, series, *arguments, **changes):
        environment = dict(os.environ, G_DEBUG=os.environ["HEPATICA_G_DEBUG"], **changes)
        self.process = subprocess.Popen([WINDOW, *map(str, arguments), str(series)],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        env=environment)

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
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended: {self.process.stdout.read()[-2000:]}")
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

    def set(self, pattern, role, number):
        """Moves the slider or field of that name and role, as assistive technology does."""
        for node in self.tree():
            if re.fullmatch(pattern, node.name or "") and node.getRoleName() == role:
                node.queryValue().currentValue = number
                return
        raise AssertionError(f"no {role} called {pattern}")

    def has(self, pattern):
        return any(re.fullmatch(pattern, node.name or "") for node in self.tree())

    def showing(self, pattern):
        """Names that match, of what shows."""
        import pyatspi
        return [node.name for node in self.tree() if re.fullmatch(pattern, node.name or "") and
                node.getState().contains(pyatspi.STATE_SHOWING)]

    def gone(self, pattern):
        """Waits until nothing that shows has this name."""
        until = time.monotonic() + STEP_WAIT_S
        while self.showing(pattern):
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
    points = [(x + radius * math.cos(t * math.pi / 12), y + radius * math.sin(t * math.pi / 12))
              for t in range(25)]
    keys("mousemove", int(points[0][0]), int(points[0][1]), "mousedown", 1)
    for point in points[1:]:
        keys("mousemove", int(point[0]), int(point[1]))
        time.sleep(0.01)
    keys("mouseup", 1)


def ml_of(program):
    return float(re.sub(r"[^\d.]", "", program.find(r"[\d,. ]+ ml").name))


def export(program, key, folder, expected):
    """Through the dialog, by keys alone; gives the line that tells what was written."""
    keys("key", "ctrl+e")
    program.find("Choose…")
    time.sleep(0.5)
    keys("key", "alt+" + key)
    keys("key", "alt+f")
    keys("key", "ctrl+a")
    keys("type", str(folder))
    keys("key", "Return")
    words = program.find(expected).name
    picture("23-export-" + key)
    keys("key", "Escape")
    program.gone("Choose…")
    return words


def small_donor(folder):
    """A synthetic donor of about 1731 ml, small enough for every step to take a second or two."""
    subprocess.run([CLI, "phantom", "--out", folder / "donor", "--matrix", "112", "--slices", "56",
                    "--spacing", "3.3,3.3,4", "--quiet"], check=True, stdout=subprocess.DEVNULL)


def run(suite, *tests):
    """Runs `tests` on a folder with a donor in it, under a display of their own; ends with the exit code."""
    if not os.environ.get("HEPATICA_UI_SESSION"):
        sys.exit(inside_session())
    os.makedirs(ARTEFACTS, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        small_donor(folder)
        print(f"1..{len(tests)}", flush=True)
        for number, test in enumerate(tests, 1):
            try:
                skipped = test(folder)
                end = " # " + skipped if skipped else ""
                print(f"ok {number} /{suite}/{test.__name__}{end}", flush=True)
            except Exception as error:
                failed = 1
                words = str(error).replace("\n", "\n# ")
                print(f"# {words}\nnot ok {number} /{suite}/{test.__name__}", flush=True)
    sys.exit(failed)
