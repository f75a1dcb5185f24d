#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Pictures of every stage, dark and light, at one and two pixels a point, on the synthetic donor and on
# a real CT, and in a language that runs from right to left; in TAP. They stay in the build folder.
#
# shots.py WINDOW CLI ARTEFACTS SOURCE
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WINDOW, CLI, ARTEFACTS, SOURCE = (pathlib.Path(word).resolve() for word in sys.argv[1:5])
MATERIAL = pathlib.Path(os.environ.get("HEPATICA_MATERIAL", SOURCE.parent / "shared" / "material"))
REAL = MATERIAL / "ct" / "lits005w"
STAGES = ["1-case", "3-contour", "4-organ", "5-model"]


def display(scale):
    """A server large enough for the window at `scale`, and its number."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{1280 * scale}x{800 * scale}x24",
         "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as said:
        return server, said.readline().strip()


def size_of(picture):
    words = subprocess.run(["identify", "-format", "%w %h %k", picture], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    return [int(word) for word in words.split()]


def tour(folder, arguments, style="dark", scale=1, language="en"):
    """Walks the window through its stages; returns the folder of the pictures."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    server, number = display(scale)
    with tempfile.TemporaryDirectory() as home:
        kept = pathlib.Path(home) / "glib-2.0" / "settings"
        kept.mkdir(parents=True)
        (kept / "keyfile").write_text(f"[org/hepatica/Hepatica]\nstyle='{style}'\n")
        environment = dict(os.environ, DISPLAY=":" + number, GDK_SCALE=str(scale), HOME=home,
                           XDG_CONFIG_HOME=home, XDG_RUNTIME_DIR=home, XDG_STATE_HOME=home,
                           GSETTINGS_BACKEND="keyfile", GTK_A11Y="none", LC_ALL="C.UTF-8",
                           LANGUAGE=language, G_DEBUG="")
        if language == "ar_XB":
            subprocess.run([sys.executable, SOURCE / "po" / "pseudo.py", SOURCE, home], check=True)
            environment["HEPATICA_LOCALES"] = home
        try:
            done = subprocess.run([WINDOW, "--pictures", folder, *arguments], env=environment,
                                  timeout=120, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        finally:
            server.terminate()
            server.wait()
    # There is no session bus here, which GTK says and means nothing.
    wrong = [line for line in done.stdout.splitlines()
             if ("CRITICAL" in line or "WARNING" in line) and "session bus" not in line]
    assert done.returncode == 0 and not wrong, done.stdout
    for stage in STAGES:
        width, height, colours = size_of(folder / (stage + ".png"))
        # The frame that GTK draws where there is no window manager is not in the picture.
        assert width in range(1260 * scale, 1281 * scale), f"{stage} is {width}x{height}"
        assert colours > 300, f"{stage} has {colours} colours: nothing is drawn"
    return folder


def panes_of(picture):
    """Where the panes begin and end: the one long run of near-black in a row below the anatomy."""
    row = subprocess.run(["convert", picture, "-crop", "x1+0+690", "+repage", "-colorspace", "Gray",
                          "-depth", "8", "gray:-"], check=True, stdout=subprocess.PIPE).stdout
    runs = re.finditer(rb"[\x00-\x20]{150,}", row)
    return [run.span() for run in runs]


def is_mirrored(left_to_right, right_to_left):
    """Panels change sides; slices, letters and the surface do not."""
    plain, turned = left_to_right / "4-organ.png", right_to_left / "4-organ.png"
    width = size_of(plain)[0]
    (start, _), *_, (_, end) = panes_of(plain)
    (other_start, _), *_, (_, other_end) = panes_of(turned)
    assert abs(start - (width - other_end)) < 4 and abs(end - (width - other_start)) < 4, \
        f"panes from {start} to {end} of {width}, and from {other_start} to {other_end} mirrored"
    crops = []
    for picture, at in ((plain, start), (turned, other_start)):
        crops.append(subprocess.run(
            ["convert", picture, "-crop", f"{end - start}x600+{at}+100", "+repage", "-depth", "8",
             "rgb:-"], check=True, stdout=subprocess.PIPE).stdout)
    # A pane that begins at another fraction of a pixel is not the same to the last bit.
    apart = sum(abs(one - other) for one, other in zip(*crops)) / len(crops[0])
    assert apart < 3, f"the panes differ by {apart} of 255"


def main():
    with tempfile.TemporaryDirectory() as name:
        donor = pathlib.Path(name) / "donor"
        subprocess.run([CLI, "phantom", "--out", donor, "--matrix", "112", "--slices", "56",
                        "--spacing", "3.3,3.3,4", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        phantom = ["--params", donor / "seed.json", donor / "series"]
        real = ["--params", pathlib.Path(name) / "plan" / "params.json", REAL / "ct.nii.gz"]
        if REAL.exists():
            subprocess.run([CLI, "run", REAL / "ct.nii.gz", "--seed-from-mask",
                            REAL / "liver.nii.gz", "--out", real[1].parent, "--quiet"], check=True,
                           stdout=subprocess.DEVNULL)
        tests = {
            "phantom_dark": lambda: tour(ARTEFACTS / "phantom-dark", phantom),
            "phantom_light": lambda: tour(ARTEFACTS / "phantom-light", phantom, "light"),
            "phantom_dark_two_pixels_a_point":
                lambda: tour(ARTEFACTS / "phantom-dark-2", phantom, scale=2),
            "right_to_left_is_mirrored": lambda: is_mirrored(
                ARTEFACTS / "phantom-dark",
                tour(ARTEFACTS / "phantom-right-to-left", phantom, language="ar_XB")),
            "german": lambda: tour(ARTEFACTS / "phantom-german", phantom, language="de"),
            "real_dark": lambda: tour(ARTEFACTS / "real-dark", real),
            "real_light_two_pixels_a_point":
                lambda: tour(ARTEFACTS / "real-light-2", real, "light", 2),
        }
        failed = 0
        print(f"1..{len(tests)}", flush=True)
        for number, (label, test) in enumerate(tests.items(), 1):
            if label.startswith("real") and not REAL.exists():
                print(f"ok {number} /shots/{label} # SKIP no {REAL}", flush=True)
                continue
            try:
                test()
                print(f"ok {number} /shots/{label}", flush=True)
            except Exception as error:
                failed = 1
                print("# " + str(error).replace("\n", "\n# "))
                print(f"not ok {number} /shots/{label}", flush=True)
    return failed


sys.exit(main())
