// SPDX-License-Identifier: Apache-2.0
// Connected parts and holes of dense labels: voxels that share a face belong together.
#include "image/components.h"

#include "core/error.h"
#include "core/parallel.h"

#include <glib/gi18n.h>
#include <string.h>

// Voxels [begin, end) of a row. Runs are listed row by row.
typedef struct {
    int begin, end;
    guint32 root; // a run of the same part that stands earlier, or itself
} Run;

typedef struct {
    int size[3];
    const uint8_t *labels;
    bool is_hole;  // runs of 0 instead of runs of the set
    size_t *first; // of each row, and one past the last: its runs in `run`
    Run *run;
    HpTask *task;
} Runs;

// Where the next voxel of the other kind stands; eight voxels at a time where they are all alike.
static int skip(const uint8_t *row, int at, int end, bool is_set)
{
    for (; at + 8 <= end; at += 8) {
        guint64 eight;
        memcpy(&eight, row + at, 8);
        // The high bit of each byte that is 0 (exact: no carry crosses a byte).
        const guint64 low = G_GUINT64_CONSTANT(0x7f7f7f7f7f7f7f7f);
        const guint64 zeros = ~(((eight & low) + low) | eight | low);
        if (is_set ? zeros != 0 : eight != 0)
            break;
    }
    while (at < end && (row[at] != 0) == is_set)
        at++;
    return at;
}

// Lists the runs of one row into `run` unless it is NULL; returns how many there are.
static int scan_row(const Runs *runs, size_t row, Run *run)
{
    const uint8_t *labels = runs->labels + row * runs->size[0];
    const int end = runs->size[0];
    int count = 0;
    for (int at = skip(labels, 0, end, runs->is_hole); at < end;) {
        const int stop = skip(labels, at, end, !runs->is_hole);
        if (run != NULL)
            run[count] = (Run){.begin = at, .end = stop};
        count++;
        at = skip(labels, stop, end, runs->is_hole);
    }
    return count;
}

static void count_cb(int begin, int end, int slab, void *data)
{
    Runs *runs = data;
    for (int row = begin; row < end && !hp_task_is_cancelled(runs->task); row++)
        runs->first[row + 1] = scan_row(runs, row, NULL);
}

static void list_cb(int begin, int end, int slab, void *data)
{
    Runs *runs = data;
    for (int row = begin; row < end && !hp_task_is_cancelled(runs->task); row++)
        scan_row(runs, row, runs->run + runs->first[row]);
}

static guint32 find(Run *run, guint32 at)
{
    while (run[at].root != at)
        at = run[at].root = run[run[at].root].root; // path halving
    return at;
}

// Joins runs of two rows where they overlap. The earlier root wins, so a part's root is its first run.
static void join_rows(Runs *runs, size_t row, size_t other)
{
    Run *run = runs->run;
    size_t a = runs->first[row], b = runs->first[other];
    const size_t a_end = runs->first[row + 1], b_end = runs->first[other + 1];
    while (a < a_end && b < b_end) {
        if (run[a].begin < run[b].end && run[b].begin < run[a].end) {
            const guint32 x = find(run, (guint32)a), y = find(run, (guint32)b);
            run[MAX(x, y)].root = MIN(x, y);
        }
        if (run[a].end < run[b].end)
            a++;
        else
            b++;
    }
}

static bool join(Runs *runs, GError **error)
{
    const size_t count = runs->first[(size_t)runs->size[1] * runs->size[2]];
    for (size_t at = 0; at < count; at++)
        runs->run[at].root = (guint32)at;
    for (int k = 0; k < runs->size[2]; k++) {
        if (!hp_task_step(runs->task, 0.5 + 0.5 * k / runs->size[2], error))
            return false;
        for (int j = 0; j < runs->size[1]; j++) {
            const size_t row = (size_t)k * runs->size[1] + j;
            if (j > 0)
                join_rows(runs, row, row - 1);
            if (k > 0)
                join_rows(runs, row, row - runs->size[1]);
        }
    }
    for (size_t at = 0; at < count; at++) // roots stand first, so one step reaches them
        runs->run[at].root = runs->run[runs->run[at].root].root;
    return true;
}

static void runs_clear(Runs *runs)
{
    g_free(runs->first);
    g_free(runs->run);
}

// Lists and joins the runs; their `root` is then the first run of their part.
static bool runs_init(Runs *runs, const uint8_t *labels, const int size[3], bool is_hole,
                      HpTask *task, GError **error)
{
    const int rows = size[1] * size[2];
    *runs = (Runs){
        .size = {size[0], size[1], size[2]}, .labels = labels, .is_hole = is_hole, .task = task};
    runs->first = hp_try_alloc((size_t)rows + 1, sizeof *runs->first, "rows of runs", error);
    if (runs->first == NULL)
        return false;
    hp_parallel_for(rows, 512, count_cb, runs);
    for (int row = 0; row < rows; row++)
        runs->first[row + 1] += runs->first[row];
    if (!hp_task_step(task, 0.25, error))
        return false;
    if (runs->first[rows] > G_MAXUINT32) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("%zu runs, at most 2^32"),
                    runs->first[rows]);
        return false;
    }
    runs->run = hp_try_alloc(runs->first[rows], sizeof *runs->run, "runs", error);
    if (runs->run == NULL)
        return false;
    hp_parallel_for(rows, 512, list_cb, runs);
    return hp_task_step(task, 0.5, error) && join(runs, error);
}

static size_t runs_count(const Runs *runs)
{
    return runs->first[(size_t)runs->size[1] * runs->size[2]];
}

// Voxels of each part, at its root.
static size_t *part_sizes(const Runs *runs, GError **error)
{
    size_t *voxels = hp_try_alloc(runs_count(runs), sizeof *voxels, "sizes of parts", error);
    for (size_t at = 0; voxels != NULL && at < runs_count(runs); at++)
        voxels[runs->run[at].root] += runs->run[at].end - runs->run[at].begin;
    return voxels;
}

// Writes `value` to every run whose part is marked `is_marked` in `mark`.
typedef struct {
    const Runs *runs;
    uint8_t *labels;
    const uint8_t *mark;
    bool is_marked;
    uint8_t value;
} Paint;

static void paint_cb(int begin, int end, int slab, void *data)
{
    const Paint *paint = data;
    const Runs *runs = paint->runs;
    for (int row = begin; row < end; row++)
        for (size_t at = runs->first[row]; at < runs->first[row + 1]; at++) {
            const Run *run = &runs->run[at];
            if (paint->mark[run->root] == paint->is_marked)
                memset(paint->labels + (size_t)row * runs->size[0] + run->begin, paint->value,
                       run->end - run->begin);
        }
}

static void paint_parts(const Runs *runs, uint8_t *labels, const uint8_t *mark, bool is_marked,
                        uint8_t value)
{
    Paint paint = {runs, labels, mark, is_marked, value};
    hp_parallel_for(runs->size[1] * runs->size[2], 512, paint_cb, &paint);
}

static int larger_first(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

size_t *hp_components_sizes(const uint8_t *labels, const HpGrid *grid, int *count, HpTask *task,
                            GError **error)
{
    Runs runs;
    size_t *voxels = NULL;
    if (runs_init(&runs, labels, grid->size, false, task, error) &&
        (voxels = part_sizes(&runs, error)) != NULL) {
        size_t parts = 0;
        for (size_t at = 0; at < runs_count(&runs); at++)
            if (voxels[at] > 0)
                voxels[parts++] = voxels[at];
        qsort(voxels, parts, sizeof *voxels, larger_first);
        *count = (int)parts;
    }
    runs_clear(&runs);
    return voxels;
}

// Which parts stay, as a mark at each root.
typedef bool (*ChooseCb)(const Runs *runs, const void *data, uint8_t *mark, GError **error);

static bool keep(uint8_t *labels, const HpGrid *grid, ChooseCb choose_cb, const void *data,
                 HpTask *task, GError **error)
{
    Runs runs;
    g_autofree uint8_t *mark = NULL;
    const bool is_done = runs_init(&runs, labels, grid->size, false, task, error) &&
                         (mark = hp_try_alloc(runs_count(&runs), 1, "parts", error)) != NULL &&
                         choose_cb(&runs, data, mark, error) && hp_task_step(task, 1, error);
    if (is_done)
        paint_parts(&runs, labels, mark, false, 0);
    runs_clear(&runs);
    return is_done;
}

static bool choose_largest_cb(const Runs *runs, const void *data, uint8_t *mark, GError **error)
{
    g_autofree size_t *voxels = part_sizes(runs, error);
    if (voxels == NULL)
        return false;
    size_t best = 0;
    for (size_t at = 0; at < runs_count(runs); at++)
        if (voxels[at] > voxels[best])
            best = at;
    mark[best] = 1;
    return true;
}

static bool choose_large_cb(const Runs *runs, const void *data, uint8_t *mark, GError **error)
{
    g_autofree size_t *voxels = part_sizes(runs, error);
    for (size_t at = 0; voxels != NULL && at < runs_count(runs); at++)
        mark[at] = voxels[at] >= *(const size_t *)data;
    return voxels != NULL;
}

static bool choose_touching_cb(const Runs *runs, const void *data, uint8_t *mark, GError **error)
{
    const uint8_t *seeds = data;
    const size_t rows = (size_t)runs->size[1] * runs->size[2];
    for (size_t row = 0; row < rows; row++)
        for (size_t at = runs->first[row]; at < runs->first[row + 1]; at++) {
            const Run *run = &runs->run[at];
            if (mark[run->root] == 0 &&
                skip(seeds + row * runs->size[0], run->begin, run->end, false) < run->end)
                mark[run->root] = 1;
        }
    return true;
}

bool hp_components_keep_largest(uint8_t *labels, const HpGrid *grid, HpTask *task, GError **error)
{
    return keep(labels, grid, choose_largest_cb, NULL, task, error);
}

bool hp_components_keep_touching(uint8_t *labels, const HpGrid *grid, const uint8_t *seeds,
                                 HpTask *task, GError **error)
{
    return keep(labels, grid, choose_touching_cb, seeds, task, error);
}

bool hp_components_keep_large(uint8_t *labels, const HpGrid *grid, size_t voxels, HpTask *task,
                              GError **error)
{
    return keep(labels, grid, choose_large_cb, &voxels, task, error);
}

// `is_flat`: slices of a flat picture have no border above and below.
static bool fill_holes(uint8_t *labels, const int size[3], bool is_flat, uint8_t label,
                       HpTask *task, GError **error)
{
    Runs runs;
    g_autofree uint8_t *is_open = NULL;
    const bool is_done = runs_init(&runs, labels, size, true, task, error) &&
                         (is_open = hp_try_alloc(runs_count(&runs), 1, "holes", error)) != NULL;
    for (int row = 0; is_done && row < size[1] * size[2]; row++) {
        const int j = row % size[1], k = row / size[1];
        const bool is_border =
            j == 0 || j == size[1] - 1 || (!is_flat && (k == 0 || k == size[2] - 1));
        for (size_t at = runs.first[row]; at < runs.first[row + 1]; at++)
            if (is_border || runs.run[at].begin == 0 || runs.run[at].end == size[0])
                is_open[runs.run[at].root] = 1;
    }
    if (is_done)
        paint_parts(&runs, labels, is_open, false, label);
    runs_clear(&runs);
    return is_done;
}

bool hp_fill_holes_3d(uint8_t *labels, const HpGrid *grid, uint8_t label, HpTask *task,
                      GError **error)
{
    return fill_holes(labels, grid->size, false, label, task, error);
}

typedef struct {
    uint8_t *labels; // of the whole grid
    const int *size;
    int axis;
    uint8_t label;
    HpTask *task;
    gint failed;
} Slices;

// Copies a slice across axis 0 or 1 out of the grid, or back into it.
static void copy_slice(const Slices *slices, int at, uint8_t *flat, bool is_back)
{
    const int ni = slices->size[0], nj = slices->size[1], nk = slices->size[2];
    const int rows = slices->axis == 0 ? nj : ni; // flat is rows x nk
    const size_t step = slices->axis == 0 ? (size_t)ni : 1;
    for (int k = 0; k < nk; k++) {
        uint8_t *labels =
            slices->labels + (size_t)k * ni * nj + (slices->axis == 0 ? at : (size_t)at * ni);
        for (int x = 0; x < rows; x++)
            if (is_back)
                labels[x * step] = flat[(size_t)k * rows + x];
            else
                flat[(size_t)k * rows + x] = labels[x * step];
    }
}

static void fill_slices_cb(int begin, int end, int slab, void *data)
{
    Slices *slices = data;
    const int *size = slices->size;
    const int flat_size[3] = {slices->axis == 0 ? size[1] : size[0],
                              slices->axis == 2 ? size[1] : size[2], 1};
    const size_t plane = (size_t)flat_size[0] * flat_size[1];
    g_autofree uint8_t *flat = slices->axis != 2 ? g_new(uint8_t, plane) : NULL;
    for (int at = begin; at < end && !hp_task_is_cancelled(slices->task); at++) {
        uint8_t *labels = flat != NULL ? flat : slices->labels + at * plane;
        if (flat != NULL)
            copy_slice(slices, at, flat, false);
        if (!fill_holes(labels, flat_size, true, slices->label, NULL, NULL))
            g_atomic_int_set(&slices->failed, 1);
        if (flat != NULL)
            copy_slice(slices, at, flat, true);
    }
}

bool hp_fill_holes_slices(uint8_t *labels, const HpGrid *grid, int axis, uint8_t label,
                          HpTask *task, GError **error)
{
    g_assert(axis >= 0 && axis <= 2);
    Slices slices = {labels, grid->size, axis, label, task, 0};
    hp_parallel_for(grid->size[axis], 8, fill_slices_cb, &slices);
    if (slices.failed) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_MEMORY,
                            _("no memory for holes of a slice"));
        return false;
    }
    return hp_task_step(task, 1, error);
}
