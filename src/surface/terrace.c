// SPDX-License-Identifier: Apache-2.0
// Cuts thick slices of a shape into thinner ones, so that its surface slopes instead of stepping.
#include "surface/terrace.h"

#include "core/error.h"
#include "core/parallel.h"

#include <math.h>
#include <string.h>

#define OUTSIDE (-1)   // a neighbour where the height is 0
#define FULL (-2)      // a neighbour that both slices have: the height is 1
#define TOLERANCE 3e-3 // of the residual; heights are cut into at most some ten steps
#define MOST_PARTS 16  // 10 mm slices of 0.6 mm pixels; bounds the memory
#define MAX_STEPS 500  // of conjugate gradients; a terrace of 200 pixels across takes some 150

// The slices across one axis, in voxels and in strides of the dense array.
typedef struct {
    const uint8_t *inside;
    uint8_t *fine;
    int columns, rows, factor;
    size_t column, row, slice; // strides of `inside`
    size_t fine_row, fine_slice, fine_column;
    double weight[2]; // 1 / spacing^2 along a row and a column, scaled
    HpTask *task;
} Stack;

// The pixels of all terraces between two slices.
typedef struct {
    int u, v;
    int next[4];   // neighbours along u -, u +, v -, v +: their number, or OUTSIDE or FULL
    int terrace;   // which connected terrace it belongs to
    bool is_lower; // the lower slice has it
} Pixel;

typedef struct {
    Pixel *pixel;
    int count, terraces;
    double *diagonal;
    double *harmonic, *dome; // the solution for c = 0, and for c = 1 with all borders at 0
    double *residual, *along, *image;
} Terraces;

static void terraces_clear(Terraces *all)
{
    g_free(all->pixel);
    g_free(all->diagonal);
    g_free(all->harmonic);
    g_free(all->dome);
    g_free(all->residual);
    g_free(all->along);
    g_free(all->image);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Terraces, terraces_clear)

static bool has(const Stack *stack, int u, int v, int slice)
{
    return stack->inside[u * stack->column + v * stack->row + slice * stack->slice];
}

// The pixels that only one of the slices has; number[] becomes their place in the list or -1.
static void list_pixels(const Stack *stack, int slice, Terraces *all, int *number)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Pixel));
    for (int v = 0; v < stack->rows; v++)
        for (int u = 0; u < stack->columns; u++) {
            const bool lower = has(stack, u, v, slice), upper = has(stack, u, v, slice + 1);
            const Pixel pixel = {.u = u, .v = v, .terrace = -1, .is_lower = lower};
            number[(size_t)v * stack->columns + u] = lower != upper ? (int)list->len : -1;
            if (lower != upper)
                g_array_append_val(list, pixel);
        }
    all->count = (int)list->len;
    all->pixel = (Pixel *)(void *)g_array_free(list, FALSE);
}

// A neighbour belongs to the same terrace only if the same slice has it.
static int find_neighbour(const Stack *stack, int slice, const Terraces *all, const int *number,
                          const Pixel *pixel, int u, int v)
{
    if (u < 0 || u >= stack->columns || v < 0 || v >= stack->rows)
        return OUTSIDE;
    const int at = number[(size_t)v * stack->columns + u];
    if (at >= 0)
        return all->pixel[at].is_lower == pixel->is_lower ? at : OUTSIDE;
    return has(stack, u, v, slice) ? FULL : OUTSIDE;
}

static void link_pixels(const Stack *stack, int slice, Terraces *all, const int *number)
{
    for (int at = 0; at < all->count; at++) {
        Pixel *p = &all->pixel[at];
        p->next[0] = find_neighbour(stack, slice, all, number, p, p->u - 1, p->v);
        p->next[1] = find_neighbour(stack, slice, all, number, p, p->u + 1, p->v);
        p->next[2] = find_neighbour(stack, slice, all, number, p, p->u, p->v - 1);
        p->next[3] = find_neighbour(stack, slice, all, number, p, p->u, p->v + 1);
    }
}

static void number_terraces(Terraces *all)
{
    g_autofree int *waiting = g_new(int, all->count + 1);
    for (int first = 0; first < all->count; first++) {
        if (all->pixel[first].terrace >= 0)
            continue;
        int length = 0;
        waiting[length++] = first;
        all->pixel[first].terrace = all->terraces;
        while (length > 0) {
            const Pixel *p = &all->pixel[waiting[--length]];
            for (int n = 0; n < 4; n++)
                if (p->next[n] >= 0 && all->pixel[p->next[n]].terrace < 0) {
                    all->pixel[p->next[n]].terrace = all->terraces;
                    waiting[length++] = p->next[n];
                }
        }
        all->terraces++;
    }
}

// Minus the Laplacian. A border lies half a pixel away, hence its weight of 2.
static void apply(const Stack *stack, const Terraces *all, const double *x, double *out)
{
    for (int at = 0; at < all->count; at++) {
        const Pixel *p = &all->pixel[at];
        double sum = all->diagonal[at] * x[at];
        for (int n = 0; n < 4; n++)
            if (p->next[n] >= 0)
                sum -= stack->weight[n / 2] * x[p->next[n]];
        out[at] = sum;
    }
}

static double dot(const double *a, const double *b, int count)
{
    double sum = 0;
    for (int at = 0; at < count; at++)
        sum += a[at] * b[at];
    return sum;
}

// Conjugate gradients (Hestenes and Stiefel 1952) from x on; `residual` holds the right side.
static void solve(const Stack *stack, Terraces *all, double *x)
{
    const int count = all->count;
    double *r = all->residual, *p = all->along, *q = all->image;
    const double aim = TOLERANCE * TOLERANCE * dot(r, r, count);
    apply(stack, all, x, q);
    for (int at = 0; at < count; at++)
        p[at] = r[at] -= q[at];
    double rr = dot(r, r, count);
    for (int step = 0; step < MAX_STEPS && rr > aim; step++) {
        apply(stack, all, p, q);
        const double length = rr / dot(p, q, count);
        for (int at = 0; at < count; at++) {
            x[at] += length * p[at];
            r[at] -= length * q[at];
        }
        const double before = rr;
        rr = dot(r, r, count);
        for (int at = 0; at < count; at++)
            p[at] = r[at] + rr / before * p[at];
        if (step % 16 == 15 && hp_task_is_cancelled(stack->task))
            return;
    }
}

static void solve_heights(const Stack *stack, Terraces *all)
{
    double **arrays[] = {&all->diagonal, &all->harmonic, &all->dome,
                         &all->residual, &all->along,    &all->image};
    for (size_t at = 0; at < G_N_ELEMENTS(arrays); at++)
        *arrays[at] = g_new0(double, all->count + 1);
    for (int at = 0; at < all->count; at++) {
        for (int n = 0; n < 4; n++) {
            const int next = all->pixel[at].next[n];
            all->diagonal[at] += stack->weight[n / 2] * (next >= 0 ? 1 : 2);
            all->residual[at] += next == FULL ? 2 * stack->weight[n / 2] : 0;
        }
        all->harmonic[at] = 0.5;
    }
    solve(stack, all, all->harmonic);
    for (int at = 0; at < all->count; at++)
        all->residual[at] = 1;
    solve(stack, all, all->dome);
}

// harmonic += c dome, with the mean height 1/2 over each terrace.
static void balance(Terraces *all)
{
    g_autofree double *sums = g_new0(double, 3 * (size_t)all->terraces + 1);
    for (int at = 0; at < all->count; at++) {
        double *sum = sums + 3 * (size_t)all->pixel[at].terrace;
        sum[0]++;
        sum[1] += all->harmonic[at];
        sum[2] += all->dome[at];
    }
    for (int at = 0; at < all->count; at++) {
        const double *sum = sums + 3 * (size_t)all->pixel[at].terrace;
        all->harmonic[at] += (sum[0] / 2 - sum[1]) / sum[2] * all->dome[at];
    }
}

// One thin slice, `part` (from 0 to below 1) of the way from a slice to the next: what both have, and
// terraces up to their height above the slice that has them.
static void fill_slice(const Stack *stack, int slice, double part, int fine, const Terraces *all)
{
    uint8_t *out = stack->fine + fine * stack->fine_slice;
    for (int v = 0; v < stack->rows; v++)
        for (int u = 0; u < stack->columns; u++)
            out[u * stack->fine_column + v * stack->fine_row] = has(stack, u, v, slice);
    for (int at = 0; at < all->count && part > 0; at++) {
        const Pixel *p = &all->pixel[at];
        out[p->u * stack->fine_column + p->v * stack->fine_row] =
            all->harmonic[at] > (p->is_lower ? part : 1 - part);
    }
}

// The thin slices of a voxel lie as its equal parts do; so a box of voxels stays the same box. Those
// whose middle is between the middles of this slice and the next are filled here.
static void fill_between(const Stack *stack, int slice, const Terraces *all)
{
    const int first = slice * stack->factor + stack->factor / 2;
    for (int fine = first; fine < first + stack->factor; fine++)
        fill_slice(stack, slice, (fine + 0.5) / stack->factor - 0.5 - slice, fine, all);
}

static void between_cb(int begin, int end, int slab, void *data)
{
    const Stack *stack = data;
    g_autofree int *number = g_new(int, (size_t)stack->columns * stack->rows);
    for (int slice = begin; slice < end && !hp_task_is_cancelled(stack->task); slice++) {
        g_auto(Terraces) all = {0};
        list_pixels(stack, slice, &all, number);
        link_pixels(stack, slice, &all, number);
        number_terraces(&all);
        solve_heights(stack, &all);
        balance(&all);
        fill_between(stack, slice, &all);
    }
}

int hp_terrace_factor(const HpGrid *grid, int *axis)
{
    const double *spacing = grid->spacing_mm;
    *axis = 0;
    for (int a = 1; a < 3; a++)
        *axis = spacing[a] > spacing[*axis] ? a : *axis;
    const double other = MAX(spacing[(*axis + 1) % 3], spacing[(*axis + 2) % 3]);
    const double most = MIN(MOST_PARTS, 65535 / grid->size[*axis]); // no grid is larger
    return (int)CLAMP(round(spacing[*axis] / other), 1, MAX(most, 1));
}

uint8_t *hp_terrace_cut(const uint8_t *inside, const HpGrid *grid, int axis, int factor,
                        HpGrid *fine, HpTask *task, GError **error)
{
    const int u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
    const size_t stride[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    *fine = *grid;
    fine->size[axis] = grid->size[axis] * factor;
    fine->spacing_mm[axis] /= factor;
    double first[3] = {0, 0, 0};
    first[axis] = 0.5 / factor - 0.5; // the middle of the first part of the first slice
    hp_grid_to_mm(grid, first, fine->origin_mm);
    const size_t fine_stride[3] = {1, fine->size[0], (size_t)fine->size[0] * fine->size[1]};
    g_autofree uint8_t *out = hp_try_alloc(hp_grid_count(fine), 1, "thin slices", error);
    if (out == NULL)
        return NULL;
    Stack stack = {.inside = inside,
                   .fine = out,
                   .columns = grid->size[u],
                   .rows = grid->size[v],
                   .factor = factor,
                   .column = stride[u],
                   .row = stride[v],
                   .slice = stride[axis],
                   .fine_column = fine_stride[u],
                   .fine_row = fine_stride[v],
                   .fine_slice = fine_stride[axis],
                   .weight = {1, pow(grid->spacing_mm[u] / grid->spacing_mm[v], 2)},
                   .task = task};
    hp_parallel_for(grid->size[axis] - 1, 1, between_cb, &stack);
    return hp_task_step(task, 0.3, error) ? g_steal_pointer(&out) : NULL;
}
