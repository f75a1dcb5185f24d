// SPDX-License-Identifier: Apache-2.0
// Where a liver may be, judged from one of its axial sections alone.
//
// No atlas: a formula in the distance to the section, the height over it and the place between the
// section's right and left ends, scaled by the section's size. Its constants are round numbers.
#pragma once

#include "core/field.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// Most nats a voxel may cost where it lies far below its section or beside it (what the grey values
// say must be able to win there: thin left lobes, hanging right ones), or straight above (it must not:
// there the heart lies, at the liver's values in some phases).
typedef struct {
    float strength; // 1: as measured
    float most_below, most_beside, most_above;
    float most_gain; // nats that lying in the midst may earn
} HpPriorParams;

HpPriorParams hp_prior_params_default(void);

// A section of the liver: where and how far inside each pixel of an axial slice lies.
typedef struct {
    int slice;      // along the axial axis
    HpField *depth; // mm to the section's outline, positive inside; one slice of the grid
} HpSection;

// The section {labels != 0} of axial slice `slice` of `grid`, grown by `grow_mm`. Fails with
// HP_ERROR_NO_RESULT if it is empty, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
bool hp_section_init(HpSection *section, const HpGrid *grid, const uint8_t *labels, int slice,
                     double grow_mm, HpTask *task, GError **error);
void hp_section_clear(HpSection *section);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpSection, hp_section_clear)

// Nats against each voxel of `grid` being liver (negative: for it), given sections in ascending
// order of slices; between two the depth is interpolated. Fails with HP_ERROR_NO_MEMORY.
HpField *hp_prior(const HpGrid *grid, const HpSection *sections, int count,
                  const HpPriorParams *params, GError **error);

G_END_DECLS
