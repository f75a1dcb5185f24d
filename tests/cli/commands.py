#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Each command on a small synthetic donor: its JSON, its exit codes, what it writes and leaves.
import hashlib
import json
import math
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import time

from harness import PROGRAM, bytes_of, call, names, near, refused, result, run, same

MATRIX, SLICES, SPACING = 80, 44, (4.6, 4.6, 4.8)
HOME = tempfile.TemporaryDirectory()
DONOR = pathlib.Path(HOME.name) / "donor"
SERIES, TRUTH, SEED = DONOR / "series", DONOR / "liver.nii.gz", DONOR / "seed.json"


def make_donor():
    return result("phantom", "--out", DONOR, "--matrix", MATRIX, "--slices", SLICES, "--spacing",
                  ",".join(map(str, SPACING)))


def write_cube(path):
    """A mask of 6^3 voxels of 10 mm, 4^3 of them set, as the smallest NIfTI there can be."""
    inside = range(1, 5)
    voxels = bytes(int(i in inside and j in inside and k in inside)
                   for k in range(6) for j in range(6) for i in range(6))
    header = struct.pack("<i36x8h14xhh2x8f", 348, 3, 6, 6, 6, 1, 1, 1, 1, 2, 8, 1, 10, 10, 10, 0, 0,
                         0, 0)
    header += struct.pack("<ff", 352, 1).ljust(144, b"\0") + struct.pack("<hh", 0, 1)
    header += struct.pack("<18f", 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0)
    path.write_bytes(header.ljust(344, b"\0") + b"n+1\0" + bytes(4) + voxels)


def phantom_writes_series_mask_and_truth(folder):
    make_donor()
    same(len(list(SERIES.iterdir())), SLICES)
    truth = json.loads((DONOR / "truth.json").read_text())
    near(truth["liver_ml"], 1731, share=0.06)
    assert truth["liver_area_mm2"] > 0
    near(result("measure", TRUTH)["volume_ml"], truth["liver_ml"], share=0.02)
    [seed] = json.loads(SEED.read_text())["contours"]
    points = seed["points_mm"]
    area = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1])) / 2
    assert abs(area) > 6000, area # a liver's largest section, 10 mm inside
    before = bytes_of(DONOR)
    refused(1, "phantom", "--out", DONOR, "--matrix", MATRIX)
    same(bytes_of(DONOR), before)


def info_describes_the_series(folder):
    [series] = result("info", SERIES)["series"]
    same(series["size"], [MATRIX, MATRIX, SLICES])
    same(series["slices"], SLICES)
    same(series["modality"], "CT")
    same(series["directions"], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    same(series["warnings"], [])
    for got, expected in zip(series["spacing"], SPACING):
        near(got, expected, margin=1e-6)
    same(len(series["origin"]), 3)
    assert -1024 <= series["min"] < -900 and 200 < series["max"] < 3072, series
    assert len(series["sha256"]) == 64 and series["uid"] != "" and "description" in series
    table = call("info", SERIES)
    assert "holds no series 1.2.3" in refused(1, "info", SERIES, "--series", "1.2.3")
    assert series["uid"] in table.out and f"{MATRIX}  {MATRIX}  {SLICES}" in table.out, table.out


def convert_keeps_every_value(folder):
    [series] = result("info", SERIES)["series"]
    for name in ["a.nii", "a.nii.gz", "a.nrrd"]:
        result("convert", SERIES, "--out", folder / name)
        [copy] = result("info", folder / name)["series"]
        same(copy["sha256"], series["sha256"])
        same(copy["size"], series["size"])
        for key in ["spacing", "origin", "directions"]:
            for got, expected in zip(copy[key], series[key]):
                near(got, expected, margin=1e-3)
    same(names(folder), ["a.nii", "a.nii.gz", "a.nrrd"])


def prepare_applies_presets_and_parameters(folder):
    result("prepare", SERIES, "--out", folder / "none.nii.gz")
    result("convert", SERIES, "--out", folder / "plain.nii.gz")
    same((folder / "none.nii.gz").read_bytes(), (folder / "plain.nii.gz").read_bytes())
    result("prepare", SERIES, "--out", folder / "preset.nii.gz", "--preset", "set2-gaussian")
    result("prepare", SERIES, "--out", folder / "sigma.nii.gz", "--gaussian", "2")
    assert (folder / "preset.nii.gz").read_bytes() != (folder / "plain.nii.gz").read_bytes()
    same((folder / "preset.nii.gz").read_bytes(), (folder / "sigma.nii.gz").read_bytes())


def segment_finds_the_liver_from_one_contour(folder):
    mask = folder / "mask.nii.gz"
    found = result("segment", SERIES, "--seed", SEED, "--out", mask, "--contours",
                   folder / "contours.json")
    for key in ["volume_ml", "snakes_ml", "lower_bound", "seconds"]:
        assert key in found, key
    # The heart's grey values are the liver's, and it reaches the last slice: nothing may leak into it.
    same((found["lower_bound"], found["warnings"]), (False, []))
    near(found["volume_ml"], json.loads((DONOR / "truth.json").read_text())["liver_ml"], share=0.02)
    agreement = result("compare", mask, TRUTH)
    near(agreement["volume_ml"], found["volume_ml"], share=1e-6)
    assert agreement["dice"] > 0.95, agreement
    contours = json.loads((folder / "contours.json").read_text())["contours"]
    same({contour["plane"] for contour in contours}, {"axial", "coronal", "sagittal"})
    same(names(folder), ["contours.json", "mask.nii.gz"])


def segment_takes_its_seed_from_a_mask(folder):
    result("segment", SERIES, "--seed-from-mask", TRUTH, "--out", folder / "mask.nrrd")
    assert result("compare", folder / "mask.nrrd", TRUTH)["dice"] > 0.95


def a_small_circle_is_seed_enough(folder):
    [drawn] = json.loads(SEED.read_text())["contours"]
    points = drawn["points_mm"]
    x, y, z = (sum(point[axis] for point in points) / len(points) for axis in range(3))
    drawn["points_mm"] = [[x + 12 * math.cos(t), y + 12 * math.sin(t), z]
                          for t in (step * math.pi / 12 for step in range(24))]
    (folder / "seed.json").write_text(json.dumps({"contours": [drawn]}))
    result("segment", SERIES, "--seed", folder / "seed.json", "--out", folder / "mask.nii.gz")
    agreement = result("compare", folder / "mask.nii.gz", TRUTH)
    assert agreement["dice"] > 0.94, agreement


def every_slider_moves_the_mask(folder):
    def mask_of(*words):
        result("segment", SERIES, "--seed", SEED, "--out", folder / "mask.nii", *words)
        return hashlib.sha256((folder / "mask.nii").read_bytes()).hexdigest()

    usual = mask_of()
    same(mask_of(), usual)
    for words in [("--threshold-low", "70"), ("--threshold-high", "130"), ("--alpha", "4"),
                  ("--beta", "8"), ("--kappa", "0.6"), ("--mask-smooth", "3")]:
        assert mask_of(*words) != usual, words


def compare_a_mask_with_itself(folder):
    found = result("compare", TRUTH, TRUTH)
    same(found["dice"], 1)
    same(found["volume_difference_percent"], 0)
    same((found["assd_mm"], found["hd95_mm"]), (0, 0))
    same(found["volume_ml"], found["reference_ml"])


def compare_refuses_unequal_grids(folder):
    write_cube(folder / "cube.nii")
    err = refused(1, "compare", TRUTH, folder / "cube.nii")
    assert f"{MATRIX} x {MATRIX} x {SLICES}" in err and "6 x 6 x 6" in err, err


def mesh_agrees_with_its_mask_and_its_file(folder):
    for name in ["liver.obj", "liver.stl", "liver.ply"]:
        found = result("mesh", TRUTH, "--out", folder / name)
        near(found["mesh_ml"], found["mask_ml"], share=2e-4)
        near(found["file_ml"], found["mesh_ml"], share=1e-4)
        same(found["watertight"], True)
        again = result("measure", folder / name)
        near(again["volume_ml"], found["file_ml"], share=1e-6)
        near(again["area_mm2"], found["area_mm2"], share=1e-4)
    same(names(folder), ["liver.mtl", "liver.obj", "liver.ply", "liver.stl"])


def mesh_keeps_to_a_budget_and_its_volume(folder):
    found = result("mesh", TRUTH, "--out", folder / "a.stl", "--triangles", "3000")
    assert found["triangles"] <= 3000, found
    near(found["file_ml"], found["mask_ml"], share=1e-3)


def mesh_is_trimmed_by_planes(folder):
    whole = result("mesh", TRUTH, "--out", folder / "a.stl", "--largest-part", "off")
    low = result("mesh", TRUTH, "--out", folder / "low.stl", "--trim", "0,0,1,0", "--largest-part",
                 "off")
    high = result("mesh", TRUTH, "--out", folder / "high.stl", "--trim", "0,0,-1,0",
                  "--largest-part", "off")
    same((low["watertight"], high["watertight"]), (True, True))
    assert 0.05 * whole["mesh_ml"] < low["mesh_ml"] < 0.95 * whole["mesh_ml"]
    near(low["mesh_ml"] + high["mesh_ml"], whole["mesh_ml"], share=1e-5)


def a_cube_has_the_numbers_of_a_cube(folder):
    write_cube(folder / "cube.nii")
    near(result("measure", folder / "cube.nii")["volume_ml"], 64)
    found = result("mesh", folder / "cube.nii", "--out", folder / "cube.stl", "--smooth", "0")
    near(found["mesh_ml"], 64, share=1e-6)
    near(found["area_mm2"], 9600, share=1e-6)
    half = result("mesh", folder / "cube.nii", "--out", folder / "half.stl", "--smooth", "0", "--trim",
                  "1,0,0,-25")
    near(half["mesh_ml"], 32, share=1e-6)


def measure_reads_hu_of_the_image(folder):
    found = result("measure", TRUTH, "--image", SERIES)
    assert 80 < found["mean_hu"] < 140, found
    same([item["label"] for item in found["labels"]], [1])
    err = refused(2, "measure", folder / "a.stl", "--image", SERIES)
    assert "--image goes with a mask" in err, err


def run_repeats_itself_from_the_params_it_wrote(folder):
    first, second = folder / "first", folder / "second"
    result("run", SERIES, "--seed", SEED, "--out", first, "--kappa", "0.1", "--triangles", "4000",
           "--trim", "0,0,1,60", "--threads", "8")
    result("run", SERIES, "--params", first / "params.json", "--out", second, "--threads", "1")
    same(names(first), names(second))
    for name, content in bytes_of(first).items():
        assert content == (second / name).read_bytes(), name
    wanted = {"mask.nii.gz", "liver.obj", "liver.mtl", "liver.stl", "liver.ply", "contours.json",
              "axial.png", "coronal.png", "sagittal.png", "surface.png", "report.json",
              "report.html", "params.json"}
    same(set(names(first)), wanted)
    params = json.loads((first / "params.json").read_text())
    same((params["contour.kappa"], params["model.triangles"]), (0.1, 4000))
    report = json.loads((first / "report.json").read_text())
    near(report["reconciliation"]["file_ml"], report["reconciliation"]["mesh_ml"], share=1e-4)


def strokes_of_a_params_or_seed_file_are_obeyed(folder):
    seed = json.loads(SEED.read_text())
    points = seed["contours"][0]["points_mm"]
    middle = [sum(p[axis] for p in points) / len(points) for axis in range(3)]
    ends = [[middle[0], middle[1] + y, middle[2]] for y in (-150, 150)]
    stroke = {"kind": "barrier", "plane": "axial", "radius_mm": 8, "points_mm": ends}
    seed["strokes"] = [stroke]
    steered, params = folder / "steered.json", folder / "params.json"
    steered.write_text(json.dumps(seed))
    params.write_text(json.dumps({"strokes": [stroke]}))
    plain = result("segment", SERIES, "--seed", SEED, "--out", folder / "plain.nii.gz")
    ways = [("--seed", steered), ("--params", params, "--seed", SEED)]
    for at, way in enumerate(ways):
        cut = result("segment", SERIES, *way, "--out", folder / f"{at}.nii.gz")
        assert cut["volume_ml"] < plain["volume_ml"] - 10, (cut, plain)
    same((folder / "0.nii.gz").read_bytes(), (folder / "1.nii.gz").read_bytes())
    stroke["points_mm"] = [[middle[0], middle[1], 9000]]
    params.write_text(json.dumps({"strokes": [stroke]}))
    err = refused(1, "segment", SERIES, "--params", params, "--seed", SEED, "--out",
                  folder / "none.nii.gz")
    assert "stroke 1: it lies on axial slice" in err, err
    assert not (folder / "none.nii.gz").exists()


def bad_input_is_named_and_leaves_nothing(folder):
    broken = folder / "broken.nii"
    broken.write_bytes(b"\x5c\x01\x00\x00" + bytes(344))
    notes = folder / "notes.txt"
    notes.write_text("no image")
    params = folder / "params.json"
    params.write_text('{"contour.gamma": 1}')
    before = names(folder)
    for words in [("convert", broken, "--out", folder / "o.nii"),
                  ("convert", notes, "--out", folder / "o.nii"),
                  ("convert", folder / "absent", "--out", folder / "o.nii"),
                  ("info", notes),
                  ("mesh", broken, "--out", folder / "o.stl"),
                  ("segment", SERIES, "--seed", notes, "--out", folder / "o.nii"),
                  ("segment", broken, "--seed", SEED, "--out", folder / "o.nii"),
                  ("run", broken, "--seed", SEED, "--out", folder / "o"),
                  ("run", SERIES, "--params", params, "--out", folder / "o")]:
        err = refused(1, *words)
        assert any(name in err for name in ["broken.nii", "notes.txt", "absent", "params.json"]), err
        same(err.count("\n"), 1)
        same(names(folder), before)
    assert "contour.gamma" in refused(1, "info", SERIES, "--params", params)


def a_wrong_name_is_refused_before_the_work(folder):
    start = time.monotonic()
    err = refused(1, "segment", SERIES, "--seed", SEED, "--out", folder / "mask.doc")
    assert "mask.doc" in err and ".nii.gz" in err, err
    err = refused(1, "mesh", TRUTH, "--out", folder / "liver.doc")
    assert "liver.doc" in err and ".stl" in err, err
    err = refused(1, "convert", SERIES, "--out", folder / "no" / "such.nii")
    assert "No such file or directory" in err, err
    assert time.monotonic() - start < 20
    same(names(folder), [])


def a_run_without_a_seed_says_how_to_give_one(folder):
    err = refused(2, "run", SERIES, "--out", folder / "plan")
    assert "--seed" in err, err
    same(names(folder), [])


def one_thread_and_eight_give_the_same_bytes(folder):
    for threads in ["1", "8"]:
        result("segment", SERIES, "--seed", SEED, "--out", folder / f"{threads}.nii.gz", "--contours",
               folder / f"{threads}.json", "--threads", threads)
        result("mesh", folder / f"{threads}.nii.gz", "--out", folder / f"{threads}.ply",
               "--triangles", "5000", "--threads", threads)
    for suffix in [".nii.gz", ".json", ".ply"]:
        same((folder / f"1{suffix}").read_bytes(), (folder / f"8{suffix}").read_bytes())


def an_interrupt_ends_a_command_soon_and_cleanly(folder):
    for wait in [0.02, 0.3, 0.8]:
        process = subprocess.Popen(
            [PROGRAM, "run", str(SERIES), "--seed", str(SEED), "--out", str(folder / "plan"),
             "--contour.sigma", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True)
        time.sleep(wait)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        if process.returncode == 0:
            break # it was done before
        # A process so young that it has no handler yet dies of the signal itself.
        assert process.returncode in (130, -signal.SIGINT), (process.returncode, err)
        assert time.monotonic() - start < 1 * float(os.environ.get("HP_SLOWNESS", "1")), wait
        same(out, "")
        if process.returncode == 130:
            same(err, "hepatica-cli run: cancelled\n")
        same(names(folder), [])


def progress_goes_to_a_terminal_alone(folder):
    done = call("measure", TRUTH)
    same(done.err, "")


run([phantom_writes_series_mask_and_truth, info_describes_the_series, convert_keeps_every_value,
     prepare_applies_presets_and_parameters, segment_finds_the_liver_from_one_contour,
     segment_takes_its_seed_from_a_mask, a_small_circle_is_seed_enough, every_slider_moves_the_mask, compare_a_mask_with_itself,
     compare_refuses_unequal_grids, mesh_agrees_with_its_mask_and_its_file,
     mesh_keeps_to_a_budget_and_its_volume, mesh_is_trimmed_by_planes,
     a_cube_has_the_numbers_of_a_cube, measure_reads_hu_of_the_image, run_repeats_itself_from_the_params_it_wrote,
     strokes_of_a_params_or_seed_file_are_obeyed,
     bad_input_is_named_and_leaves_nothing, a_wrong_name_is_refused_before_the_work,
     a_run_without_a_seed_says_how_to_give_one, one_thread_and_eight_give_the_same_bytes,
     an_interrupt_ends_a_command_soon_and_cleanly, progress_goes_to_a_terminal_alone])
