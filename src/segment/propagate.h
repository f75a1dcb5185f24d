// SPDX-License-Identifier: Apache-2.0
// The stack of contours of one plane: snakes on the seeded slices, carried from slice to slice.
#pragma once

#include "core/task.h"
#include "segment/maps.h"

G_BEGIN_DECLS

// The contours of one plane on the slices of a grid.
typedef struct {
    HpGrid grid;
    HpPlane plane;
    int slices;
    GPtrArray **loops; // per slice: HpLoop *, or NULL
    bool *is_seed;     // per slice: it was started from a seed
    float *confidence; // per slice: mean of -D/d along the contours, 0..1
    float *shift_hu;   // per slice: how far the band had followed the values inside
    int contours;      // evolved, those that ended included
    int converged;     // of them, by resting
    long steps;        // of all of them together
} HpStack;

HpStack *hp_stack_new(const HpGrid *grid, HpPlane plane);
HpStack *hp_stack_copy(const HpStack *stack); // its contours; none of them counted as evolved
void hp_stack_free(HpStack *stack);           // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStack, hp_stack_free)

// Puts a loop on a slice, as a seed to start from.
void hp_stack_add_seed(HpStack *stack, int slice, const HpLoop *loop);

// Evolves the seeds of all stacks (one for a plane, on one grid with the sources), then carries them
// to the neighbouring slices, both ways, until their parts end; between two seeds each goes halfway.
// Runs on all threads; the result does not depend on their number. `reach_mm` limits how far a seed
// grows freely from its start. Fails with HP_ERROR_CANCELLED; the stacks then hold anything.
bool hp_propagate(HpStack *const *stacks, int count, const HpMapSources *sources,
                  const HpMapRule *rule, double reach_mm, HpTask *task, GError **error);

// Evolves what contours the stacks have each on its own slice, from where it lies: all at once, where
// hp_propagate goes from one to the next. For parameters near those they come from. Fails likewise.
bool hp_propagate_again(HpStack *const *stacks, int count, const HpMapSources *sources,
                        const HpMapRule *rule, double reach_mm, HpTask *task, GError **error);

#define HP_PROPAGATE_AGAIN_SPACING_MM 3 // of its contours' points: as coarse as the voxels

// The contours as HpContour *, slices ascending, appended to `contours`.
void hp_stack_get_contours(const HpStack *stack, GPtrArray *contours);

// The sections of a stack on the slices of another plane, within `within_mm` of its seeded slices:
// seeds for the stack of that plane, `apart_mm` apart and on the slice of the largest section.
void hp_stack_add_sections(HpStack *stack, const HpStack *seeded, double within_mm,
                           double apart_mm);

G_END_DECLS
