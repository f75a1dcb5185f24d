// SPDX-License-Identifier: Apache-2.0
// Shows a scene: by OpenGL, or by the processor where there is none.
#pragma once

#include "view/scene.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_SCENE_AREA (hp_scene_area_get_type())
G_DECLARE_FINAL_TYPE(HpSceneArea, hp_scene_area, HP, SCENE_AREA, GtkWidget)

// The signal "means-changed" follows when it becomes known by what means it draws.
GtkWidget *hp_scene_area_new(void);

// Draws `scene` from now on; what it borrows is kept.
void hp_scene_area_show(HpSceneArea *area, const HpScene *scene);

bool hp_scene_area_has_gl(HpSceneArea *area);
// Whether the processor draws, with or without OpenGL: other panes then come first.
bool hp_scene_area_is_slow(HpSceneArea *area);
// Why there is no OpenGL; NULL if there is, or it is not yet known.
const char *hp_scene_area_get_problem(HpSceneArea *area);

G_END_DECLS
