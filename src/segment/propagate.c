// SPDX-License-Identifier: Apache-2.0
// The stack of contours of one plane: snakes on the seeded slices, carried from slice to slice.
#include "segment/propagate.h"

#include "core/error.h"
#include "core/parallel.h"
#include "segment/snake.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double start_inset_mm = 1.5; // a carried contour starts this far inside
static const double dilation_mm = 3;      // forks are looked for this far round the last contour
static const double least_area_mm2 = 60;  // smaller parts end
static const double least_member = 0.5;   // parts with less of {T > 1/2} end
static const double band_follows = 0.3;   // share of the change of the median inside
static const double free_growth = 1.5;    // mm of growth a mm of slice distance, before resistance
static const double resistance = 0.15;    // 1/mm2 per mm beyond the free growth
static const double seeds_fraction = 0.1; // of the work, about
static const double margin_mm = 12;       // of the maps round the contour they carry

HpStack *hp_stack_new(const HpGrid *grid, HpPlane plane)
{
    HpStack *stack = g_new0(HpStack, 1);
    stack->grid = *grid;
    stack->plane = plane;
    stack->slices = grid->size[hp_grid_axis(grid, plane)];
    stack->loops = g_new0(GPtrArray *, stack->slices);
    stack->is_seed = g_new0(bool, stack->slices);
    stack->confidence = g_new0(float, stack->slices);
    stack->shift_hu = g_new0(float, stack->slices);
    return stack;
}

HpStack *hp_stack_copy(const HpStack *stack)
{
    HpStack *copy = hp_stack_new(&stack->grid, stack->plane);
    for (int slice = 0; slice < stack->slices; slice++) {
        const GPtrArray *loops = stack->loops[slice];
        for (guint at = 0; loops != NULL && at < loops->len; at++)
            hp_stack_add_seed(copy, slice, loops->pdata[at]);
    }
    memcpy(copy->is_seed, stack->is_seed, stack->slices * sizeof *copy->is_seed);
    memcpy(copy->confidence, stack->confidence, stack->slices * sizeof *copy->confidence);
    memcpy(copy->shift_hu, stack->shift_hu, stack->slices * sizeof *copy->shift_hu);
    return copy;
}

void hp_stack_free(HpStack *stack)
{
    if (stack == NULL)
        return;
    for (int slice = 0; slice < stack->slices; slice++)
        if (stack->loops[slice] != NULL)
            g_ptr_array_unref(stack->loops[slice]);
    g_free(stack->loops);
    g_free(stack->is_seed);
    g_free(stack->confidence);
    g_free(stack->shift_hu);
    g_free(stack);
}

void hp_stack_add_seed(HpStack *stack, int slice, const HpLoop *loop)
{
    g_assert(slice >= 0 && slice < stack->slices);
    if (stack->loops[slice] == NULL)
        stack->loops[slice] = hp_loops_new();
    g_ptr_array_add(stack->loops[slice], hp_loop_copy(loop));
    stack->is_seed[slice] = true;
}

// What one thread needs to evolve slice after slice.
typedef struct {
    const HpMapSources *sources;
    HpMapRule rule; // its band follows the median
    HpTask *task;
    HpRaster slice; // the whole slice
    HpSnake *snake;
    double spacing_mm; // of its points
    HpMaps *maps;
    size_t room;
    float *distance; // to the contours started from
    float *picture;  // scratch
    int *queue;      // scratch of the flood
    int x, y;        // of the maps' pixel (0,0)
    int contours, converged;
    long steps;
} Worker;

static Worker *worker_new(const HpMapSources *sources, const HpMapRule *rule, HpPlane plane,
                          HpTask *task)
{
    Worker *worker = g_new0(Worker, 1);
    *worker = (Worker){
        .sources = sources, .rule = *rule, .task = task, .spacing_mm = HP_SNAKE_SPACING_MM};
    worker->slice = hp_raster_of_slice(&sources->smooth->grid, plane);
    worker->snake = hp_snake_new();
    worker->maps = hp_maps_new();
    worker->room = (size_t)worker->slice.width * worker->slice.height;
    worker->distance = g_new(float, worker->room);
    worker->picture = g_new(float, worker->room);
    worker->queue = g_new(int, worker->room);
    return worker;
}

static void worker_free(Worker *worker)
{
    hp_snake_free(worker->snake);
    hp_maps_free(worker->maps);
    g_free(worker->distance);
    g_free(worker->picture);
    g_free(worker->queue);
    g_free(worker);
}

static size_t pixels_of(const Worker *worker)
{
    return (size_t)worker->maps->raster.width * worker->maps->raster.height;
}

// Maps of `slice` round the loops, and the distance to the loops. Growth beyond `free_mm` of the
// loops meets resistance.
static bool make_maps(Worker *worker, HpPlane plane, int slice, const GPtrArray *loops,
                      double free_mm)
{
    const HpRaster part =
        hp_raster_around(&worker->slice, loops, free_mm + margin_mm, &worker->x, &worker->y);
    if (part.width == 0)
        return false;
    hp_maps_make(worker->maps, worker->sources, &worker->rule, plane, slice, &part, worker->x,
                 worker->y);
    hp_raster_distance(&part, loops, HP_FILL_UNION, free_mm + margin_mm + 1, worker->distance);
    const size_t pixels = pixels_of(worker);
    for (size_t at = 0; at < pixels; at++) {
        const double beyond = worker->distance[at] - free_mm;
        // What a person painted is meant, however far it lies.
        if (beyond > 0 && !(worker->maps->mark[at] & (HP_MARK_HOLD | HP_MARK_PUSH)))
            worker->maps->balloon[at] -= (float)(resistance * beyond);
    }
    return true;
}

// Flood of {picture > 0} from `first`, 4-connected: marks its pixels -1 and returns how many.
static int flood(Worker *worker, int first)
{
    const int width = worker->maps->raster.width, height = worker->maps->raster.height;
    float *picture = worker->picture;
    int count = 0;
    worker->queue[count++] = first;
    picture[first] = -1;
    for (int at = 0; at < count; at++) {
        const int pixel = worker->queue[at], x = pixel % width, y = pixel / width;
        const int neighbour[4] = {x > 0 ? pixel - 1 : -1, x + 1 < width ? pixel + 1 : -1,
                                  y > 0 ? pixel - width : -1, y + 1 < height ? pixel + width : -1};
        for (int way = 0; way < 4; way++)
            if (neighbour[way] >= 0 && picture[neighbour[way]] > 0) {
                picture[neighbour[way]] = -1;
                worker->queue[count++] = neighbour[way];
            }
    }
    return count;
}

// Appends the outlines round higher values that are worth evolving.
static void append_outlines(Worker *worker, const float *picture, GPtrArray *starts)
{
    g_autoptr(GPtrArray) traced = hp_raster_trace(&worker->maps->raster, picture, 0);
    for (guint at = 0; at < traced->len; at++)
        if (hp_loop_area_mm2(traced->pdata[at]) > 0.5 * least_area_mm2)
            g_ptr_array_add(starts, hp_loop_copy(traced->pdata[at]));
}

// Where to start on the slice of the maps: the last contours moved in, each component of {T > 1/2}
// near them on its own if there are several.
static GPtrArray *find_starts(Worker *worker)
{
    const HpMaps *maps = worker->maps;
    const int pixels = (int)pixels_of(worker);
    const double pixel_mm2 = maps->raster.da_mm * maps->raster.db_mm;
    GPtrArray *starts = hp_loops_new();
    int parts = 0;
    for (int at = 0; at < pixels; at++)
        worker->picture[at] =
            worker->distance[at] < dilation_mm ? MAX(maps->member[at] - 0.5f, 0) : 0;
    g_autofree float *part = g_new(float, pixels);
    g_autoptr(GPtrArray) forks = hp_loops_new();
    for (int first = 0; first < pixels; first++) {
        if (worker->picture[first] <= 0)
            continue;
        const int count = flood(worker, first);
        if (count * pixel_mm2 < least_area_mm2)
            continue;
        parts++;
        for (int at = 0; at < pixels; at++)
            part[at] = -1;
        for (int at = 0; at < count; at++) {
            const int pixel = worker->queue[at];
            part[pixel] = (float)CLAMP(-worker->distance[pixel] - start_inset_mm, -1, 1);
        }
        append_outlines(worker, part, forks);
    }
    if (parts > 1) {
        g_ptr_array_extend_and_steal(starts, g_steal_pointer(&forks));
    } else if (parts == 1) {
        for (int at = 0; at < pixels; at++)
            part[at] = (float)(-worker->distance[at] - start_inset_mm);
        append_outlines(worker, part, starts);
    }
    return starts;
}

static bool evolve(Worker *worker, const HpLoop *start)
{
    g_autoptr(HpLoop) carved = hp_loop_copy(start);
    hp_maps_carve(worker->maps, carved);
    hp_snake_init(worker->snake, worker->maps, carved, worker->spacing_mm, HP_SNAKE_MAX_STEPS);
    int steps = 0;
    while (hp_snake_step(worker->snake))
        if (++steps % 16 == 0 && hp_task_is_cancelled(worker->task))
            return false;
    worker->contours++;
    worker->converged += hp_snake_get_state(worker->snake) == HP_SNAKE_RESTS;
    worker->steps += hp_snake_get_steps(worker->snake);
    return true;
}

// Share of {T > 1/2} inside a loop.
static double member_share(Worker *worker, const HpLoop *loop)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, (gpointer)loop);
    hp_raster_cover(&worker->maps->raster, one, HP_FILL_UNION, worker->picture);
    const size_t pixels = pixels_of(worker);
    double inside = 0, member = 0;
    for (size_t at = 0; at < pixels; at++) {
        inside += worker->picture[at];
        if (worker->maps->member[at] > 0.5f)
            member += worker->picture[at];
    }
    return inside > 0 ? member / inside : 0;
}

// Loops that have met become the outlines of their union.
static void merge(Worker *worker, GPtrArray *loops)
{
    if (loops->len < 2)
        return;
    const HpRaster *raster = &worker->maps->raster;
    double apart = 0, together = 0;
    for (guint at = 0; at < loops->len; at++)
        apart += hp_loop_area_mm2(loops->pdata[at]);
    hp_raster_cover(raster, loops, HP_FILL_UNION, worker->picture);
    const size_t pixels = pixels_of(worker);
    for (size_t at = 0; at < pixels; at++)
        together += worker->picture[at];
    together *= raster->da_mm * raster->db_mm;
    if (apart - together < raster->da_mm * raster->db_mm)
        return;
    g_autoptr(GPtrArray) outlines = hp_raster_trace(raster, worker->picture, 0.5);
    g_autoptr(HpLoop) scratch = hp_loop_new(64);
    g_ptr_array_set_size(loops, 0);
    for (guint at = 0; at < outlines->len; at++) {
        HpLoop *loop = outlines->pdata[at];
        if (hp_loop_area_mm2(loop) < least_area_mm2)
            continue; // holes are clockwise: less than nothing
        hp_loop_resample(loop, worker->spacing_mm, scratch);
        g_ptr_array_add(loops, hp_loop_copy(loop));
    }
}

// Mean of -D/d at the points of the loops.
static float edge_confidence(const Worker *worker, const GPtrArray *loops)
{
    const HpRaster *raster = &worker->maps->raster;
    double sum = 0;
    int count = 0;
    for (guint at = 0; at < loops->len; at++) {
        const HpLoop *loop = loops->pdata[at];
        for (int point = 0; point < loop->count; point++) {
            const int x = (int)((loop->ab[point][0] - raster->a_mm) / raster->da_mm + 0.5);
            const int y = (int)((loop->ab[point][1] - raster->b_mm) / raster->db_mm + 0.5);
            sum -= worker->maps->edge[(size_t)CLAMP(y, 0, raster->height - 1) * raster->width +
                                      CLAMP(x, 0, raster->width - 1)];
            count++;
        }
    }
    return count > 0 && worker->rule.edge > 0 ? (float)CLAMP(sum / count / worker->rule.edge, 0, 1)
                                              : 1;
}

// Evolves the starts on the slice of the maps; the parts that live, NULL if cancelled.
static GPtrArray *evolve_parts(Worker *worker, const GPtrArray *starts)
{
    g_autoptr(GPtrArray) loops = hp_loops_new();
    for (guint at = 0; at < starts->len; at++) {
        if (!evolve(worker, starts->pdata[at]))
            return NULL;
        const HpLoop *loop = hp_snake_get_loop(worker->snake);
        if (hp_snake_get_state(worker->snake) != HP_SNAKE_VANISHED &&
            hp_loop_area_mm2(loop) >= least_area_mm2 && member_share(worker, loop) >= least_member)
            g_ptr_array_add(loops, hp_loop_copy(loop));
    }
    merge(worker, loops);
    for (guint at = 0; at < loops->len; at++) {
        hp_maps_carve(worker->maps, loops->pdata[at]);
        if (hp_loop_area_mm2(loops->pdata[at]) < least_area_mm2)
            g_ptr_array_remove_index(loops, at--);
    }
    return g_steal_pointer(&loops);
}

static int compare_floats(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// Median of J inside the loops on the slice of the maps; NAN if they cover no pixel.
static double median_inside(Worker *worker, HpPlane plane, int slice, const GPtrArray *loops)
{
    const HpRaster *raster = &worker->maps->raster;
    hp_raster_cover(raster, loops, HP_FILL_UNION, worker->picture);
    const HpField *smooth = worker->sources->smooth;
    int u, v, ijk[3], count = 0;
    hp_plane_axes(&smooth->grid, plane, &u, &v);
    ijk[3 - u - v] = slice;
    for (int y = 0; y < raster->height; y++)
        for (int x = 0; x < raster->width; x++) {
            if (worker->picture[(size_t)y * raster->width + x] < 0.5f)
                continue;
            ijk[u] = worker->x + x;
            ijk[v] = worker->y + y;
            // Behind the pixels already read: never overtakes them.
            worker->picture[count++] =
                smooth->value[hp_grid_offset(&smooth->grid, ijk[0], ijk[1], ijk[2])];
        }
    if (count == 0)
        return NAN;
    qsort(worker->picture, count, sizeof(float), compare_floats);
    return worker->picture[count / 2];
}

static void keep(HpStack *stack, int slice, GPtrArray *loops, Worker *worker)
{
    stack->confidence[slice] = edge_confidence(worker, loops);
    if (stack->loops[slice] != NULL)
        g_ptr_array_unref(stack->loops[slice]);
    stack->loops[slice] = loops->len > 0 ? g_ptr_array_ref(loops) : NULL;
}

// A way along the slices of a stack: evolve `from` if it is a seed's own, then go to `end`.
typedef struct {
    HpStack *stack;
    int from, end, step; // step 0: the seed itself
    int contours, converged;
    long steps;
} Run;

typedef struct {
    const HpMapSources *sources;
    const HpMapRule *rule;
    double reach_mm;
    double spacing_mm; // 0: the usual
    HpTask *task;
    Run *run;
    gint done;
    int count;
    double from, to; // of the task
} Runs;

static bool evolve_seed(Worker *worker, Run *run, double reach_mm)
{
    HpStack *stack = run->stack;
    worker->rule.low_hu += stack->shift_hu[run->from];
    worker->rule.high_hu += stack->shift_hu[run->from];
    if (!make_maps(worker, stack->plane, run->from, stack->loops[run->from], reach_mm))
        return true;
    g_autoptr(GPtrArray) loops = evolve_parts(worker, stack->loops[run->from]);
    if (loops == NULL)
        return false;
    keep(stack, run->from, loops, worker);
    return true;
}

static bool carry(Worker *worker, Run *run)
{
    HpStack *stack = run->stack;
    const double apart_mm = stack->grid.spacing_mm[hp_grid_axis(&stack->grid, stack->plane)];
    const double low = worker->rule.low_hu, high = worker->rule.high_hu;
    const double first_median = worker->rule.median_hu;
    for (int slice = run->from + run->step; slice != run->end; slice += run->step) {
        const GPtrArray *last = stack->loops[slice - run->step];
        if (last == NULL || !make_maps(worker, stack->plane, slice, last, free_growth * apart_mm))
            return true;
        g_autoptr(GPtrArray) starts = find_starts(worker);
        g_autoptr(GPtrArray) loops = evolve_parts(worker, starts);
        if (loops == NULL)
            return false;
        keep(stack, slice, loops, worker);
        stack->shift_hu[slice] = (float)(worker->rule.low_hu - low);
        const double median = median_inside(worker, stack->plane, slice, loops);
        if (!isnan(median)) {
            const double shift = band_follows * (median - first_median);
            worker->rule.low_hu = low + shift;
            worker->rule.high_hu = high + shift;
        }
    }
    return true;
}

static void run_cb(int begin, int end, int slab, void *data)
{
    Runs *runs = data;
    (void)slab;
    for (int at = begin; at < end; at++) {
        Run *run = &runs->run[at];
        if (hp_task_is_cancelled(runs->task))
            return;
        Worker *worker = worker_new(runs->sources, runs->rule, run->stack->plane, runs->task);
        if (runs->spacing_mm > 0)
            worker->spacing_mm = runs->spacing_mm;
        if (run->step == 0)
            evolve_seed(worker, run, runs->reach_mm);
        else
            carry(worker, run);
        run->contours = worker->contours;
        run->converged = worker->converged;
        run->steps = worker->steps;
        worker_free(worker);
        const double share = (g_atomic_int_add(&runs->done, 1) + 1.0) / runs->count;
        hp_task_step(runs->task, runs->from + share * (runs->to - runs->from), NULL);
    }
}

static void add_runs(GArray *runs, HpStack *stack, bool of_seeds)
{
    int last = -1;
    for (int slice = 0; slice <= stack->slices; slice++) {
        if (slice < stack->slices && !stack->is_seed[slice])
            continue;
        if (of_seeds) {
            if (slice < stack->slices)
                g_array_append_val(runs, ((Run){.stack = stack, .from = slice}));
            continue;
        }
        // The gap between the seeds `last` and `slice`; the middle slice belongs to the lower.
        const int middle = last < 0 ? 0 : slice == stack->slices ? slice : (last + slice) / 2 + 1;
        if (last >= 0)
            g_array_append_val(runs,
                               ((Run){.stack = stack, .from = last, .end = middle, .step = 1}));
        if (slice < stack->slices)
            g_array_append_val(
                runs, ((Run){.stack = stack, .from = slice, .end = middle - 1, .step = -1}));
        last = slice;
    }
}

static void run_all(Runs *all, GArray *runs)
{
    all->run = &g_array_index(runs, Run, 0);
    all->count = (int)runs->len;
    all->done = 0;
    hp_parallel_for(all->count, 1, run_cb, all);
    for (guint at = 0; at < runs->len; at++) {
        const Run *run = &g_array_index(runs, Run, at);
        run->stack->contours += run->contours;
        run->stack->converged += run->converged;
        run->stack->steps += run->steps;
    }
}

bool hp_propagate(HpStack *const *stacks, int count, const HpMapSources *sources,
                  const HpMapRule *rule, double reach_mm, HpTask *task, GError **error)
{
    Runs runs = {.sources = sources, .rule = rule, .reach_mm = reach_mm, .task = task};
    for (int of_seeds = 1; of_seeds >= 0; of_seeds--) {
        runs.from = of_seeds ? 0 : seeds_fraction;
        runs.to = of_seeds ? seeds_fraction : 1;
        g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(Run));
        for (int at = 0; at < count; at++)
            add_runs(list, stacks[at], of_seeds);
        run_all(&runs, list);
        if (!hp_task_step(task, runs.to, error))
            return false;
    }
    return true;
}

bool hp_propagate_again(HpStack *const *stacks, int count, const HpMapSources *sources,
                        const HpMapRule *rule, double reach_mm, HpTask *task, GError **error)
{
    Runs runs = {.sources = sources,
                 .rule = rule,
                 .reach_mm = reach_mm,
                 .spacing_mm = HP_PROPAGATE_AGAIN_SPACING_MM,
                 .task = task,
                 .from = 0,
                 .to = 1};
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(Run));
    for (int at = 0; at < count; at++)
        for (int slice = 0; slice < stacks[at]->slices; slice++)
            if (stacks[at]->loops[slice] != NULL)
                g_array_append_val(list, ((Run){.stack = stacks[at], .from = slice}));
    run_all(&runs, list);
    return hp_task_step(task, 1, error);
}

void hp_stack_get_contours(const HpStack *stack, GPtrArray *contours)
{
    for (int slice = 0; slice < stack->slices; slice++)
        for (guint at = 0; stack->loops[slice] != NULL && at < stack->loops[slice]->len; at++)
            g_ptr_array_add(contours, hp_loop_to_contour(stack->loops[slice]->pdata[at],
                                                         &stack->grid, stack->plane, slice));
}

// The inside of the seeded slab as a distance per voxel of its slices [lo, hi), slice after slice.
static float *rasterise_slab(const HpStack *stack, int lo, int hi, double clamp_mm)
{
    const HpRaster raster = hp_raster_of_slice(&stack->grid, stack->plane);
    const size_t pixels = (size_t)raster.width * raster.height;
    float *slab = g_new(float, pixels *(hi - lo));
    for (int slice = lo; slice < hi; slice++)
        hp_raster_distance(&raster, stack->loops[slice], HP_FILL_UNION, clamp_mm,
                           slab + (slice - lo) * pixels);
    return slab;
}

// First and one past the last slice within `within_mm` of a seed.
static void find_slab(const HpStack *stack, double within_mm, int *lo, int *hi)
{
    const double apart = stack->grid.spacing_mm[hp_grid_axis(&stack->grid, stack->plane)];
    const int near = (int)(within_mm / apart);
    *lo = stack->slices;
    *hi = 0;
    for (int slice = 0; slice < stack->slices; slice++)
        if (stack->is_seed[slice]) {
            *lo = MIN(*lo, MAX(slice - near, 0));
            *hi = MAX(*hi, MIN(slice + near + 1, stack->slices));
        }
}

// The section of the slab on one slice of the other plane: higher inside.
static void cut_slab(const HpStack *stack, const HpStack *seeded, const float *slab, int lo, int hi,
                     int slice, float *picture)
{
    const HpGrid *grid = &stack->grid;
    const HpRaster seeded_raster = hp_raster_of_slice(grid, seeded->plane);
    const HpRaster raster = hp_raster_of_slice(grid, stack->plane);
    int u, v, seeded_u, seeded_v, ijk[3];
    hp_plane_axes(grid, stack->plane, &u, &v);
    hp_plane_axes(grid, seeded->plane, &seeded_u, &seeded_v);
    const int seeded_normal = 3 - seeded_u - seeded_v;
    const size_t pixels = (size_t)seeded_raster.width * seeded_raster.height;
    ijk[3 - u - v] = slice;
    for (int y = 0; y < raster.height; y++)
        for (int x = 0; x < raster.width; x++) {
            ijk[u] = x;
            ijk[v] = y;
            const int level = ijk[seeded_normal];
            const size_t at = (size_t)ijk[seeded_v] * seeded_raster.width + ijk[seeded_u];
            picture[(size_t)y * raster.width + x] =
                level >= lo && level < hi ? -slab[(level - lo) * pixels + at] : -1;
        }
}

void hp_stack_add_sections(HpStack *stack, const HpStack *seeded, double within_mm, double apart_mm)
{
    int lo, hi;
    find_slab(seeded, within_mm, &lo, &hi);
    if (lo >= hi)
        return;
    const HpRaster raster = hp_raster_of_slice(&stack->grid, stack->plane);
    g_autofree float *slab = rasterise_slab(seeded, lo, hi, 4);
    g_autofree float *picture = g_new(float, (size_t)raster.width *raster.height);
    g_autofree double *area = g_new0(double, stack->slices);
    g_autofree GPtrArray **sections = g_new0(GPtrArray *, stack->slices);
    int largest = 0;
    for (int slice = 0; slice < stack->slices; slice++) {
        cut_slab(stack, seeded, slab, lo, hi, slice, picture);
        sections[slice] = hp_raster_trace(&raster, picture, 0);
        for (guint at = 0; at < sections[slice]->len; at++)
            area[slice] += MAX(hp_loop_area_mm2(sections[slice]->pdata[at]), 0);
        if (area[slice] > area[largest])
            largest = slice;
    }
    const double thick = stack->grid.spacing_mm[hp_grid_axis(&stack->grid, stack->plane)];
    const int every = MAX(1, (int)(apart_mm / thick + 0.5));
    for (int slice = 0; slice < stack->slices; slice++) {
        for (guint at = 0; at < sections[slice]->len; at++)
            if (abs(slice - largest) % every == 0 && area[slice] > 0.2 * area[largest] &&
                hp_loop_area_mm2(sections[slice]->pdata[at]) >= least_area_mm2)
                hp_stack_add_seed(stack, slice, sections[slice]->pdata[at]);
        g_ptr_array_unref(sections[slice]);
    }
}
