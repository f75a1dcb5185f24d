// SPDX-License-Identifier: Apache-2.0
// The closed surface of a label: its voxel faces as a manifold net, ready to be smoothed.
#include "surface/extract.h"

#include "core/error.h"
#include "core/kernel.h"
#include "core/parallel.h"
#include "surface/cell.h"
#include "surface/terrace.h"

#include <glib/gi18n.h>
#include <string.h>

// A cell that the surface passes.
typedef struct {
    int i;           // along its row
    uint32_t vertex; // of its first loop; the others follow
    uint16_t code;   // index into the table of cells
} Active;

// A row of cells along i; counts first, then, after a running sum, where its things begin.
typedef struct {
    size_t cells, vertices, quads;
} Row;

// Dense 0/1 voxels of a box with an empty border, and the net made from them.
typedef struct {
    const HpGrid *grid; // of the box
    const uint8_t *inside;
    const HpCell *table;
    Row *rows; // (nj - 1) * (nk - 1) + 1, j fastest
    Active *cells;
    HpMesh *mesh;
    HpTask *task;
    bool is_mirrored; // left-handed directions
} Net;

static const uint8_t *voxel_row(const Net *net, int j, int k)
{
    return net->inside + hp_grid_offset(net->grid, 0, j, k);
}

static size_t row_number(const Net *net, int j, int k)
{
    return (size_t)k * (net->grid->size[1] - 1) + j;
}

// Each byte becomes the four voxels (j, k), (j + 1, k), (j, k + 1), (j + 1, k + 1) at one i.
HP_KERNEL static void pack_columns(const Net *net, int j, int k, uint8_t *column)
{
    const uint8_t *restrict a = voxel_row(net, j, k), *restrict b = voxel_row(net, j + 1, k);
    const uint8_t *restrict c = voxel_row(net, j, k + 1), *restrict d =
                                                              voxel_row(net, j + 1, k + 1);
    for (int i = 0; i < net->grid->size[0]; i++)
        column[i] = (uint8_t)(a[i] | b[i] << 1 | c[i] << 2 | d[i] << 3);
}

static int cell_code(const uint8_t column[2])
{
    static const uint8_t spread[16] = {0, 1, 4, 5, 16, 17, 20, 21, 64, 65, 68, 69, 80, 81, 84, 85};
    return spread[column[0]] | spread[column[1]] << 1;
}

// First cell from `i` on that the surface passes; `cells` if none. Eight equal neighbours at once.
static int next_active(const uint8_t *column, int i, int cells)
{
    while (i < cells) {
        if (i + 8 <= cells) {
            uint64_t here, there;
            memcpy(&here, column + i, 8);
            memcpy(&there, column + i + 1, 8);
            if (here == there && (here == 0 || column[i] == 15)) {
                i += 8;
                continue;
            }
        }
        if (column[i] != column[i + 1] || (column[i] != 0 && column[i] != 15))
            return i;
        i++;
    }
    return cells;
}

static int code_at(const Net *net, int i, int j, int k)
{
    int code = 0;
    for (int corner = 0; corner < 8; corner++)
        code |= voxel_row(net, j + (corner >> 1 & 1), k + (corner >> 2))[i + (corner & 1)]
                << corner;
    return code;
}

// The code, raised by 256 where this cell and the one behind the face that a loop passes twice
// must both join their inside corners. The face is ambiguous, so the other cell is in the box.
static int settled_code(const Net *net, int code, int i, int j, int k)
{
    const int face = net->table[code].twice;
    if (face < 0)
        return code;
    int ijk[3] = {i, j, k};
    ijk[face / 2] += face % 2 ? 1 : -1;
    const int other = code_at(net, ijk[0], ijk[1], ijk[2]);
    return net->table[other].twice == (face ^ 1) ? code + 256 : code;
}

// Lattice edges from the cell's first voxel along each axis that leave or enter the label.
static bool is_cut(int code, int axis)
{
    return (code & 1) != (code >> (1 << axis) & 1);
}

static void count_cb(int begin, int end, int slab, void *data)
{
    Net *net = data;
    const int cells = net->grid->size[0] - 1;
    g_autofree uint8_t *column = g_new(uint8_t, net->grid->size[0]);
    for (int k = begin; k < end && !hp_task_is_cancelled(net->task); k++)
        for (int j = 0; j < net->grid->size[1] - 1; j++) {
            Row *row = &net->rows[row_number(net, j, k)];
            pack_columns(net, j, k, column);
            for (int i = next_active(column, 0, cells); i < cells;
                 i = next_active(column, i + 1, cells)) {
                const int code = cell_code(column + i);
                row->cells++;
                row->vertices += net->table[settled_code(net, code, i, j, k)].loops;
                row->quads += is_cut(code, 0) + is_cut(code, 1) + is_cut(code, 2);
            }
        }
}

static void place_vertex(const Net *net, uint32_t vertex, int i, int j, int k)
{
    double mm[3];
    hp_grid_to_mm(net->grid, (double[3]){i + 0.5, j + 0.5, k + 0.5}, mm);
    for (int axis = 0; axis < 3; axis++)
        net->mesh->mm[3 * (size_t)vertex + axis] = (float)mm[axis];
}

static void fill_cb(int begin, int end, int slab, void *data)
{
    Net *net = data;
    const int cells = net->grid->size[0] - 1;
    g_autofree uint8_t *column = g_new(uint8_t, net->grid->size[0]);
    for (int k = begin; k < end && !hp_task_is_cancelled(net->task); k++)
        for (int j = 0; j < net->grid->size[1] - 1; j++) {
            const Row *row = &net->rows[row_number(net, j, k)];
            Active *cell = net->cells + row->cells;
            uint32_t vertex = (uint32_t)row->vertices;
            if (row[1].cells == row->cells)
                continue;
            pack_columns(net, j, k, column);
            for (int i = next_active(column, 0, cells); i < cells;
                 i = next_active(column, i + 1, cells)) {
                const int code = settled_code(net, cell_code(column + i), i, j, k);
                *cell++ = (Active){.i = i, .vertex = vertex, .code = (uint16_t)code};
                for (int loop = 0; loop < net->table[code].loops; loop++)
                    place_vertex(net, vertex++, i, j, k);
            }
        }
}

// The cell at `i` of a row, given a place at or before it; moves the place there. It exists.
static const Active *seek(const Active **place, int i)
{
    while ((*place)->i < i)
        (*place)++;
    return *place;
}

static uint32_t vertex_at(const Net *net, const Active *cell, int edge)
{
    return cell->vertex + net->table[cell->code].loop[edge];
}

// The quad across the lattice edge from the first voxel of around[0] along `axis`. around[b + 2 c]
// is the cell one back on the next axis where b is 1, on the last where c is.
static void add_quad(const Net *net, int axis, const Active *const around[4], size_t quad)
{
    static const int turn[4] = {0, 1, 3, 2}; // counter-clockwise, seen from the end of the axis
    uint32_t corner[4];
    const bool is_first_inside = around[0]->code & 1;
    for (int t = 0; t < 4; t++) {
        const int at = turn[is_first_inside != net->is_mirrored ? t : 3 - t];
        corner[t] = vertex_at(net, around[at], hp_cell_edge(axis, at & 1, at >> 1));
    }
    uint32_t *index = net->mesh->index + 6 * quad;
    const uint32_t two[6] = {corner[0], corner[1], corner[2], corner[0], corner[2], corner[3]};
    memcpy(index, two, sizeof two);
}

static void quads_of_row(const Net *net, int j, int k)
{
    const Row *row = &net->rows[row_number(net, j, k)];
    const int back = j > 0, below = k > 0; // the border is empty: no quad needs a row before it
    const Active *end = net->cells + row[1].cells;
    const Active *in_j = net->cells + net->rows[row_number(net, j - back, k)].cells;
    const Active *in_k = net->cells + net->rows[row_number(net, j, k - below)].cells;
    const Active *in_jk = net->cells + net->rows[row_number(net, j - back, k - below)].cells;
    size_t quad = row->quads;
    for (const Active *cell = net->cells + row->cells; cell < end; cell++) {
        const int i = cell->i;
        if (is_cut(cell->code, 0)) {
            const Active *around[4] = {cell, seek(&in_j, i), seek(&in_k, i), seek(&in_jk, i)};
            add_quad(net, 0, around, quad++);
        }
        if (is_cut(cell->code, 1)) { // the next axis is k, the last is i
            const Active *beside = seek(&in_k, i);
            const Active *around[4] = {cell, beside, cell - 1, beside - 1};
            add_quad(net, 1, around, quad++);
        }
        if (is_cut(cell->code, 2)) { // the next axis is i, the last is j
            const Active *beside = seek(&in_j, i);
            const Active *around[4] = {cell, cell - 1, beside, beside - 1};
            add_quad(net, 2, around, quad++);
        }
    }
}

static void quads_cb(int begin, int end, int slab, void *data)
{
    const Net *net = data;
    for (int k = begin; k < end && !hp_task_is_cancelled(net->task); k++)
        for (int j = 0; j < net->grid->size[1] - 1; j++)
            quads_of_row(net, j, k);
}

// Turns counts into places; the last row becomes the totals.
static void sum_rows(Row *rows, size_t count)
{
    Row sum = {0};
    for (size_t at = 0; at <= count; at++) {
        const Row here = rows[at];
        rows[at] = sum;
        sum.cells += here.cells;
        sum.vertices += here.vertices;
        sum.quads += here.quads;
    }
}

static bool make_net(Net *net, GError **error)
{
    const int layers = net->grid->size[2] - 1;
    const size_t count = (size_t)(net->grid->size[1] - 1) * layers;
    g_autofree Row *rows = net->rows = hp_try_alloc(count + 1, sizeof *rows, "rows", error);
    if (rows == NULL)
        return false;
    hp_parallel_for(layers, 1, count_cb, net);
    sum_rows(rows, count);
    if (!hp_task_step(net->task, 0.5, error))
        return false;
    const Row *total = &rows[count];
    if (total->vertices > INT32_MAX) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY,
                    _("%zu vertices in a surface, expected at most %d"), total->vertices,
                    INT32_MAX);
        return false;
    }
    g_autofree Active *cells = net->cells =
        hp_try_alloc(total->cells, sizeof *cells, "cells", error);
    if (cells == NULL)
        return false;
    net->mesh = hp_mesh_new(total->vertices, 2 * total->quads, error);
    if (net->mesh == NULL)
        return false;
    hp_parallel_for(layers, 1, fill_cb, net);
    hp_parallel_for(layers, 1, quads_cb, net);
    return hp_task_step(net->task, 1, error);
}

static double determinant(const double d[9])
{
    return d[0] * (d[4] * d[8] - d[5] * d[7]) - d[1] * (d[3] * d[8] - d[5] * d[6]) +
           d[2] * (d[3] * d[7] - d[4] * d[6]);
}

// The label's voxels as 0 and 1, in its bounding box with a border of one empty voxel.
static uint8_t *read_inside(const HpMask *mask, uint8_t label, HpGrid *box, GError **error)
{
    int lo[3], hi[3], size[3];
    if (!hp_mask_bounds(mask, label, lo, hi)) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                    label == 0 ? "the mask is empty" : "no voxel carries label %d", label);
        return NULL;
    }
    for (int axis = 0; axis < 3; axis++) {
        size[axis] = hi[axis] - lo[axis] + 2;
        lo[axis]--;
    }
    *box = hp_grid_crop(hp_mask_get_grid(mask), lo, size);
    uint8_t *inside = hp_try_alloc(hp_grid_count(box), 1, "voxels of a label", error);
    if (inside == NULL)
        return NULL;
    hp_mask_read_box(mask, lo, size, inside);
    const size_t count = hp_grid_count(box);
    for (size_t at = 0; at < count; at++)
        inside[at] = label == 0 ? inside[at] != 0 : inside[at] == label;
    return inside;
}

// Replaces voxels in thick slices by thinner ones.
static bool thin_slices(uint8_t **inside, HpGrid *box, HpTask *task, GError **error)
{
    int axis;
    HpGrid fine;
    const int factor = hp_terrace_factor(box, &axis);
    if (factor < 2)
        return true;
    uint8_t *thin = hp_terrace_cut(*inside, box, axis, factor, &fine, task, error);
    if (thin == NULL)
        return false;
    g_free(*inside);
    *inside = thin;
    *box = fine;
    return true;
}

HpMesh *hp_surface_extract(const HpMask *mask, uint8_t label, HpGrid *voxels, HpTask *task,
                           GError **error)
{
    HpGrid box;
    g_autofree uint8_t *inside = read_inside(mask, label, &box, error);
    if (inside == NULL || !thin_slices(&inside, &box, task, error))
        return NULL;
    Net net = {.grid = &box,
               .inside = inside,
               .table = hp_cell_table(),
               .task = task,
               .is_mirrored = determinant(box.directions) < 0};
    if (!make_net(&net, error)) {
        hp_mesh_unref(net.mesh);
        return NULL;
    }
    hp_mesh_compute_normals(net.mesh);
    if (voxels != NULL)
        *voxels = box;
    return net.mesh;
}
