// SPDX-License-Identifier: Apache-2.0
// Finds where a line of sight meets a mesh, in microseconds: a tree of boxes over its triangles.
#pragma once

#include "view/camera.h"

G_BEGIN_DECLS

typedef struct _HpPick HpPick;

typedef struct {
    double along_mm; // from the ray's point, away from the eye
    size_t triangle;
    bool is_inside; // the triangle shows its inner side
} HpHit;

// Keeps a reference to `mesh`. Fails with HP_ERROR_NO_MEMORY.
HpPick *hp_pick_new(HpMesh *mesh, GError **error);
void hp_pick_free(HpPick *pick); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPick, hp_pick_free)

const HpMesh *hp_pick_get_mesh(const HpPick *pick);

// The first triangle that `ray` meets between two distances along it (they may be infinite).
bool hp_pick_ray(const HpPick *pick, const HpRay *ray, double from_mm, double to_mm, HpHit *hit);

G_END_DECLS
