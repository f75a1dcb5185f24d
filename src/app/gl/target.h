// SPDX-License-Identifier: Apache-2.0
// Where a picture is drawn before it is shown: several samples a pixel, then their mean.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    int width, height, samples;
    unsigned framebuffer;
    unsigned colour, depth;      // renderbuffers
    int low_width, low_height;   // of the depths below, coarser than the picture
    unsigned low_framebuffer[2]; // the first has a depth buffer
    unsigned low_texture[2];     // two floats: a depth, and whether it is there
    unsigned low_depth;
} HpTarget;

// Makes it that large, with as many samples (at most) or 0, if it is not so; zeroed before the first
// call. Fails with HP_ERROR_NO_MEMORY, or
// HP_ERROR_UNSUPPORTED where the driver cannot draw into it.
bool hp_target_resize(HpTarget *target, int width, int height, int samples, GError **error);

// Lays the mean of the samples into `framebuffer`, of the same size and 8 bits a channel.
void hp_target_resolve(const HpTarget *target, unsigned framebuffer);

void hp_target_clear(HpTarget *target); // with its context current

// The depths are blurred over this many of their pixels to each side.
#define HP_TARGET_BLUR 4

G_END_DECLS
