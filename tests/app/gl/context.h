// SPDX-License-Identifier: Apache-2.0
// An OpenGL context without any display, and a framebuffer to draw pictures into.
#pragma once

#include "app/gl/painter.h"
#include "view/picture.h"

G_BEGIN_DECLS

typedef struct {
    void *display, *context; // of EGL
    unsigned framebuffer, texture;
    int width, height;
} Context;

// False, with the reason in `words`, where there is none to be had.
bool context_begin(Context *context, const char **words);
void context_end(Context *context);

// The renderer's name, to be told beside times.
const char *context_renderer(void);

// Draws `scene` and waits until it is drawn; the picture is only fetched by context_picture().
void context_draw(Context *context, HpPainter *painter, const HpScene *scene, int width,
                  int height);
HpPicture *context_picture(Context *context);

G_END_DECLS
