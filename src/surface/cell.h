// SPDX-License-Identifier: Apache-2.0
// The 256 ways a surface passes between the 8 voxel centres of a cell, as closed loops.
//
// A cell is the cube between 2 x 2 x 2 voxel centres; bit di + 2 dj + 4 dk of its code is set where
// that voxel is inside. The surface cuts every cell edge that joins inside and outside, and on each
// face of the cell the cuts are joined in pairs, so that the cuts of a cell form closed loops: each
// loop becomes one vertex (dual marching cubes, Nielson 2004). A face with two diagonal inside
// corners can be joined in two ways; the inside corners are kept apart there, unless both cells at
// that face would then run through it twice with one loop, which would give an edge with four
// triangles: there, and only there, both cells take the other way (after Wenger 2013).
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    uint8_t loops;    // 0 to 4
    uint8_t loop[12]; // of each cut edge; see hp_cell_edge
    int8_t twice;     // the face that one loop passes twice, 2 * axis + side; -1: none
} HpCell;

// The cell edge along `axis` that lies at (b, c), each 0 or 1, on the next two axes, in turn.
static inline int hp_cell_edge(int axis, int b, int c)
{
    return 4 * axis + b + 2 * c;
}

// The table of 2 * 256 cells, built at the first call: first the usual way, then, from 256 on, with
// the inside corners joined across ambiguous faces.
const HpCell *hp_cell_table(void);

G_END_DECLS
