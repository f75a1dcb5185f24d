// SPDX-License-Identifier: Apache-2.0
// A small synthetic donor as a DICOM series, and a document that is worked on without a window.
#pragma once

#include "case/document.h"

G_BEGIN_DECLS

typedef struct {
    char *root;   // a folder that holds all the test writes
    char *series; // root/donor/series: 84 x 84 x 64 voxels of 4.4 x 4.4 x 3.5 mm
} Donor;

Donor *donor_new(void);
void donor_free(Donor *donor); // removes everything under its root
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Donor, donor_free)

// A further donor of another number beside the first, with fewer slices; its folder. g_free().
char *donor_add(const Donor *donor, int number);

// The seed the phantom comes with, placed on `grid`; hp_contour_free().
HpContour *donor_seed(const Donor *donor, const HpGrid *grid);

// A path in the root; g_free().
char *donor_path(const Donor *donor, const char *name);

// Runs the main loop until the document is idle; fails the test after two minutes.
void wait_idle(HpDocument *document);

// A document with the donor's image loaded.
HpDocument *donor_open(const Donor *donor);

G_END_DECLS
