// SPDX-License-Identifier: Apache-2.0
// The trim planes in the 3-D pane: rectangles whose handles are dragged.
#pragma once

#include "case/document.h"
#include "view/scene.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _HpTrimHandles HpTrimHandles;

HpTrimHandles *hp_trim_handles_new(HpDocument *document);
void hp_trim_handles_free(HpTrimHandles *handles);

// Whether the plan's planes are others than at the last call.
bool hp_trim_handles_changed(HpTrimHandles *handles);

// Adds the plan's planes to what is shown, about the camera's pivot.
void hp_trim_handles_fill(HpTrimHandles *handles, HpScene *scene);

// Over the picture of `scene`, which was filled, of width x height.
void hp_trim_handles_draw(const HpTrimHandles *handles, const HpScene *scene, double width,
                          double height, GtkSnapshot *snapshot);

// The cursor over a handle; NULL beside them all.
const char *hp_trim_handles_hover(const HpTrimHandles *handles, const HpScene *scene, double width,
                                  double height, double x, double y);

// Grabs the handle at (x, y), if there is one; then drags it by (dx, dy) pixels since. A drag is one
// undoable step.
bool hp_trim_handles_press(HpTrimHandles *handles, const HpScene *scene, double width,
                           double height, double x, double y);
bool hp_trim_handles_drag(HpTrimHandles *handles, const HpScene *scene, double width, double height,
                          double dx, double dy);      // false if none is grabbed
bool hp_trim_handles_release(HpTrimHandles *handles); // false if none was

G_END_DECLS
