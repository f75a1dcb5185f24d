// SPDX-License-Identifier: Apache-2.0
// Draws a scene with OpenGL 3.3 into any framebuffer: a widget's, or one without any display.
#pragma once

#include "view/scene.h"

G_BEGIN_DECLS

typedef struct _HpPainter HpPainter;

// Of the current context, which must be current in every other call. Fails with
// HP_ERROR_UNSUPPORTED where the context has not what it takes.
HpPainter *hp_painter_new(GError **error);
void hp_painter_free(HpPainter *painter); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPainter, hp_painter_free)

// Whether the processor draws: a finer mesh then costs time that other panes need.
bool hp_painter_is_software(const HpPainter *painter);

// Fills the framebuffer that is bound, of width x height pixels (8 bits a channel). Meshes and slices
// are kept by the driver until others take their places. Fails with HP_ERROR_NO_MEMORY or
// HP_ERROR_UNSUPPORTED; the framebuffer then holds nothing of use.
bool hp_painter_draw(HpPainter *painter, const HpScene *scene, int width, int height,
                     GError **error);

// How many pictures, meshes and slices were brought to the driver so far, for tests.
typedef struct {
    unsigned pictures, meshes, slices;
} HpPainterCounts;
HpPainterCounts hp_painter_get_counts(const HpPainter *painter);

G_END_DECLS
