// SPDX-License-Identifier: Apache-2.0
// How long each stage of a run takes from cancel to return, cancelled at random times.
//
//   bench-cancel [TRIALS [SLICES]]
//
// A donor of 512 x 512 x SLICES (300) is made first. Every stage is cancelled TRIALS (30) times, each
// at another moment of its time; the stages before it stand ready. Anything over 100 ms fails.
#include "case/export.h"
#include "case/pipeline.h"
#include "case/seeds.h"
#include "cli/command.h"
#include "cli/pictures.h"
#include "io/image_file.h"
#include "phantom/phantom.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define LIMIT_MS 100
#define STAGES (HP_STAGE_COUNT + 1) // the last one writes

const HpCommand *const hp_commands[] = {NULL}; // the library of the commands asks for a list

typedef struct {
    HpPipeline *pipeline;
    HpPlan *plan;
    const char *folder;
    int stage;
    HpTask task;
    gint is_over;
} Run;

// As hepatica-cli run does it.
static bool write_all(Run *run)
{
    const HpOrgan *organ = hp_pipeline_get_organ(run->pipeline);
    const HpMesh *mesh = hp_pipeline_get_model(run->pipeline)->mesh;
    static const char *const names[] = {"liver.ply", "liver.stl", "liver.obj"};
    g_autofree char *mask = g_build_filename(run->folder, "mask.nii.gz", NULL);
    g_autofree char *contours = g_build_filename(run->folder, "contours.json", NULL);
    double ml = 0;
    hp_task_stage(&run->task, "Writing the mask", 0, 0.2);
    if (!hp_image_file_write_mask(organ->mask, mask, &run->task, NULL))
        return false;
    hp_task_stage(&run->task, "Writing contours", 0.2, 0.3);
    if (!hp_contours_write(organ->contours, contours, &run->task, NULL))
        return false;
    for (int at = 0; at < (int)G_N_ELEMENTS(names); at++) {
        g_autofree char *path = g_build_filename(run->folder, names[at], NULL);
        hp_task_stage(&run->task, names[at], 0.3 + 0.1 * at, 0.4 + 0.1 * at);
        if (!hp_export_mesh(mesh, path, &ml, &run->task, NULL))
            return false;
    }
    hp_task_stage(&run->task, "Writing pictures", 0.6, 0.9);
    if (!hp_pictures_write(run->pipeline, run->plan, run->folder, &run->task, NULL))
        return false;
    hp_task_stage(&run->task, "Reporting", 0.9, 1);
    json_object_unref(hp_pipeline_dup_report(run->pipeline, run->plan, ml, NULL));
    return true;
}

static gpointer run_cb(gpointer data)
{
    Run *run = data;
    const bool is_done =
        run->stage == HP_STAGE_COUNT
            ? write_all(run)
            : hp_pipeline_run(run->pipeline, run->plan, run->stage, &run->task, NULL);
    g_atomic_int_set(&run->is_over, 1);
    return GINT_TO_POINTER(is_done);
}

static double ms_since(gint64 start)
{
    return (double)(g_get_monotonic_time() - start) / 1000;
}

// Runs the stage and cancels it after `after_ms`. Returns the milliseconds from there to its return,
// or -1 where it was done before; `words` is what was being done.
static double cancel_after(Run *run, double after_ms, const char **words)
{
    hp_task_init(&run->task);
    g_atomic_int_set(&run->is_over, 0);
    GThread *thread = g_thread_new("run", run_cb, run);
    const gint64 begin = g_get_monotonic_time();
    while (!g_atomic_int_get(&run->is_over) && ms_since(begin) < after_ms)
        g_usleep(500);
    *words = hp_task_get_words(&run->task);
    const bool was_over = g_atomic_int_get(&run->is_over);
    const gint64 cancelled = g_get_monotonic_time();
    hp_task_cancel(&run->task);
    const bool is_done = GPOINTER_TO_INT(g_thread_join(thread));
    return was_over || is_done ? -1 : ms_since(cancelled);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// A pipeline that stands just before the run's stage.
static void start_afresh(Run *run, const char *series)
{
    hp_pipeline_free(run->pipeline);
    run->pipeline = hp_pipeline_new(series);
    if (run->stage > 0)
        g_assert_true(hp_pipeline_run(run->pipeline, run->plan, run->stage - 1, NULL, NULL));
}

// Cancels one stage `trials` times; returns the longest return in milliseconds.
static double measure(Run *run, const char *series, int trials, double stage_ms, GRand *dice)
{
    static const char *const names[STAGES] = {"load", "prepare", "segment", "model", "write"};
    g_autofree double *ms = g_new0(double, (size_t)trials);
    int count = 0;
    start_afresh(run, series);
    for (int trial = 0; trial < trials; trial++) {
        const double after = stage_ms * (trial + g_rand_double(dice)) / trials;
        const char *words = "";
        const double took = cancel_after(run, after, &words);
        if (took < 0) {
            start_afresh(run, series);
            continue;
        }
        ms[count++] = took;
        if (took > LIMIT_MS / 2)
            g_print("# %.0f ms after %.0f ms, in \"%s\"\n", took, after, words);
    }
    qsort(ms, (size_t)count, sizeof *ms, ascending);
    if (count > 0)
        g_print("%-8s %6.0f ms, cancelled %3d times: median %5.1f ms, 95 %% %5.1f ms, "
                "most %5.1f ms\n",
                names[run->stage], stage_ms, count, ms[count / 2], ms[count * 95 / 100],
                ms[count - 1]);
    return count > 0 ? ms[count - 1] : 0;
}

static double time_stage(Run *run)
{
    const gint64 begin = g_get_monotonic_time();
    hp_task_init(&run->task);
    g_assert_true(GPOINTER_TO_INT(run_cb(run)));
    return ms_since(begin);
}

static char *make_donor(const char *folder, int slices, HpPlan *plan)
{
    const HpPhantomParams donor = {512, slices, {0.7, 0.7, 450.0 / slices}, 0, 1};
    g_autofree char *seed = g_build_filename(folder, "seed.json", NULL);
    g_autoptr(GError) error = NULL;
    hp_phantom_write(&donor, folder, NULL, &error);
    g_assert_no_error(error);
    hp_plan_read(plan, seed, &error);
    g_assert_no_error(error);
    // So that there is something to prepare.
    hp_plan_set(plan, HP_PARAM_PRESET, "set1-histogram-gaussian", &error);
    g_assert_no_error(error);
    return g_build_filename(folder, "series", NULL);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_unlink(inner) != 0)
            remove_tree(inner);
    }
    g_rmdir(path);
}

int main(int argc, char **argv)
{
    const int trials = argc > 1 ? (int)g_ascii_strtoll(argv[1], NULL, 10) : 30;
    const int slices = argc > 2 ? (int)g_ascii_strtoll(argv[2], NULL, 10) : 300;
    g_autofree char *folder = g_dir_make_tmp("hepatica-bench-XXXXXX", NULL);
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_autofree char *series = make_donor(folder, slices, plan);
    Run run = {.pipeline = hp_pipeline_new(series), .plan = plan, .folder = folder};
    double stage_ms[STAGES], most = 0;
    for (run.stage = 0; run.stage < STAGES; run.stage++) {
        start_afresh(&run, series); // files are cached from here on
        stage_ms[run.stage] = time_stage(&run);
    }
    GRand *dice = g_rand_new_with_seed(1);
    for (run.stage = 0; run.stage < STAGES; run.stage++) {
        const double longest = measure(&run, series, trials, stage_ms[run.stage], dice);
        most = MAX(most, longest); // which evaluates twice
    }
    g_rand_free(dice);
    hp_pipeline_free(run.pipeline);
    remove_tree(folder);
    return most <= LIMIT_MS ? 0 : 1;
}
