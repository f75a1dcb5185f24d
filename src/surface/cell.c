// SPDX-License-Identifier: Apache-2.0
// The 256 ways a surface passes between the 8 voxel centres of a cell, as closed loops.
#include "surface/cell.h"

#include <stdbool.h>
#include <string.h>

#define NONE 255

// The corner (a bit number) at (b, c) on the axes after `axis`, at `side` along it.
static int corner_at(int axis, int side, int b, int c)
{
    return side << axis | b << (axis + 1) % 3 | c << (axis + 2) % 3;
}

// Corners and edges of face 2 * axis + side in turn: edge[t] joins corner[t] and corner[t + 1].
static void walk_face(int face, int corner[4], int edge[4])
{
    static const int turn[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    const int axis = face / 2, side = face % 2, next = (axis + 1) % 3, last = (axis + 2) % 3;
    for (int t = 0; t < 4; t++)
        corner[t] = corner_at(axis, side, turn[t][0], turn[t][1]);
    edge[0] =
        hp_cell_edge(next, 0, side); // for the axis `next`, b runs along `last`, c along `axis`
    edge[1] =
        hp_cell_edge(last, side, 1); // for the axis `last`, b runs along `axis`, c along `next`
    edge[2] = hp_cell_edge(next, 1, side);
    edge[3] = hp_cell_edge(last, side, 0);
}

static void join(uint8_t loop[12], int a, int b)
{
    const uint8_t from = MAX(loop[a], loop[b]), to = MIN(loop[a], loop[b]);
    for (int edge = 0; edge < 12; edge++)
        if (loop[edge] == from)
            loop[edge] = to;
}

static bool is_inside(int code, int corner)
{
    return code >> corner & 1;
}

static bool is_ambiguous(int code, const int corner[4])
{
    return is_inside(code, corner[0]) == is_inside(code, corner[2]) &&
           is_inside(code, corner[1]) == is_inside(code, corner[3]) &&
           is_inside(code, corner[0]) != is_inside(code, corner[1]);
}

// Joins the cuts of one face in pairs; on an ambiguous face around the corners that are `apart`.
static void join_face(int code, int face, bool apart, uint8_t loop[12])
{
    int corner[4], edge[4], cut[4], cuts = 0;
    walk_face(face, corner, edge);
    if (is_ambiguous(code, corner)) {
        for (int t = 0; t < 4; t++)
            if (is_inside(code, corner[t]) == apart)
                join(loop, edge[(t + 3) % 4], edge[t]);
        return;
    }
    for (int t = 0; t < 4; t++)
        if (loop[edge[t]] != NONE)
            cut[cuts++] = edge[t];
    if (cuts == 2)
        join(loop, cut[0], cut[1]);
}

static void number_loops(HpCell *cell)
{
    uint8_t number[12];
    memset(number, NONE, sizeof number);
    for (int edge = 0; edge < 12; edge++) {
        if (cell->loop[edge] == NONE)
            continue;
        if (number[cell->loop[edge]] == NONE)
            number[cell->loop[edge]] = cell->loops++;
        cell->loop[edge] = number[cell->loop[edge]];
    }
}

static HpCell cell_new(int code, bool inside_apart)
{
    HpCell cell = {.twice = -1};
    for (int axis = 0; axis < 3; axis++)
        for (int c = 0; c < 2; c++)
            for (int b = 0; b < 2; b++) {
                const int edge = hp_cell_edge(axis, b, c);
                const bool is_cut = is_inside(code, corner_at(axis, 0, b, c)) !=
                                    is_inside(code, corner_at(axis, 1, b, c));
                cell.loop[edge] = is_cut ? edge : NONE;
            }
    for (int face = 0; face < 6; face++)
        join_face(code, face, inside_apart, cell.loop);
    number_loops(&cell);
    for (int face = 0; face < 6; face++) {
        int corner[4], edge[4];
        walk_face(face, corner, edge);
        if (is_ambiguous(code, corner) && cell.loop[edge[0]] == cell.loop[edge[1]] &&
            cell.loop[edge[1]] == cell.loop[edge[2]])
            cell.twice = (int8_t)face; // never more than one face: tests/surface/extract.c
    }
    return cell;
}

const HpCell *hp_cell_table(void)
{
    static HpCell table[512];
    static gsize is_built;
    if (g_once_init_enter(&is_built)) {
        for (int code = 0; code < 256; code++) {
            table[code] = cell_new(code, true);
            table[256 + code] = cell_new(code, false);
        }
        g_once_init_leave(&is_built, 1);
    }
    return table;
}
