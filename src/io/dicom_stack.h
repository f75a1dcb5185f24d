// SPDX-License-Identifier: Apache-2.0
// Groups the slices of DICOM files into stacks and finds where each stack lies.
//
// Slices are sorted by their position along cross(row, column), never by number or name, unless no
// slice has a position. What is odd is said in warnings; what makes no grid (uneven, sheared) gets
// the grid it is to be resampled onto.
#pragma once

#include "core/grid.h"
#include "io/dicom_record.h"

G_BEGIN_DECLS

// A file as the stacks see it: borrowed, must outlive them.
typedef struct {
    const char *name; // for warnings
    const HpDicomImage *image;
    const HpDicomFrame *frames;
} HpDicomStackFile;

typedef struct {
    int file, frame;    // index of the file, frame in it
    double z_mm;        // along the normal, from the first slice
    double shift_mm[2]; // how far it lies sideways of the first slice, along row and column
} HpDicomStackSlice;

typedef struct {
    GArray *slices; // of HpDicomStackSlice, sorted
    HpGrid stored;  // as the files have it: slices and median step, before anything is resampled
    HpGrid grid;    // as it is loaded
    bool is_even;   // nothing to resample: slice k of the grid is slice k of the stack
    char *phase;    // "2 of 3" of a series that holds several volumes; NULL
    GPtrArray *warnings; // of char *
} HpDicomStack;

void hp_dicom_stack_free(HpDicomStack *stack); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpDicomStack, hp_dicom_stack_free)

// All stacks of `count` files, the largest first; a GPtrArray of HpDicomStack that frees them.
GPtrArray *hp_dicom_stacks_find(const HpDicomStackFile *files, int count);

G_END_DECLS
