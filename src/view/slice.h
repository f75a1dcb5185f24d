// SPDX-License-Identifier: Apache-2.0
// Composes the picture of one slice: grey values, the mask over them, contours and marks.
#pragma once

#include "core/contour.h"
#include "core/mask.h"
#include "core/segment.h"
#include "core/volume.h"
#include "view/frame.h"
#include "view/picture.h"

G_BEGIN_DECLS

// Contours of one kind and how they are drawn; those of other slices and planes are passed over.
typedef struct {
    const GPtrArray *contours; // HpContour
    uint8_t colour[3];
    double width; // pixels
    bool dashed;
    bool nodes; // about a dozen points of each curve as discs, as a person grabs them
} HpSliceCurves;

// What is shown; everything is borrowed.
typedef struct {
    const HpVolume *volume;
    HpPlane plane;
    int slice;
    const HpVolume *prepared; // one slice of voxels, drawn in place of the volume's own; NULL: that
    double low_hu, high_hu;   // drawn black and white
    bool shows_voxels;        // as squares of their values, not interpolated
    const double *band_hu;    // low and high: values between them are tinted; NULL: none
    double margin;            // pixels left free around the slice
    double zoom;              // times the size that fits; 0 counts as 1
    double pan_mm[2];         // by which the slice is moved to the right and down

    const HpMask *mask;         // on the volume's grid; NULL: none
    const HpSegments *segments; // colours; NULL: the default ones. Hidden ones are not drawn
    double opacity;             // of the mask's inside, 0..1
    double outline;             // width in pixels; 0: none

    const HpSliceCurves *curves;
    int curves_count;

    bool letters;     // R L A P S I at the edges
    bool scale_bar;   // "5 cm" at the bottom right
    const char *name; // of the plane in the title; NULL: in English
    bool title;       // "Axial 52" at the top left, and a border in the plane's colour at the top
    const double *cross_mm; // where the other planes cut this one; NULL: not drawn
} HpSliceView;

// A window for the liver (-100 to 200 HU), the middle slice, and every mark but the cross-hair.
HpSliceView hp_slice_view_default(const HpVolume *volume, HpPlane plane);

// The slice at any size in pixels, in its true shape, after the radiological convention
// (view/frame.h). HP_ERROR_NO_MEMORY, and HP_ERROR_GRID_MISMATCH where the mask lies elsewhere.
HpPicture *hp_slice_compose(const HpSliceView *view, int width, int height, GError **error);

// The same in parts, for those who keep some of them. First grey values and mask alone;
HpPicture *hp_slice_compose_ground(const HpSliceView *view, int width, int height, GError **error);
// then the band, by the values of the volume itself at each pixel (NAN beyond it; g_free()), whatever is
// shown in its place; lines and letters are drawn by view/marks.h.
float *hp_slice_values(const HpSliceView *view, int width, int height);
void hp_slice_tint_band(HpPicture *picture, const float *hu, const double band_hu[2]);

// The frame that hp_slice_compose draws in.
HpSliceFrame hp_slice_view_frame(const HpSliceView *view, int width, int height);

// The slice of `plane` that holds most of `label` (0: of any), the middle one if none does.
int hp_slice_of_most(const HpMask *mask, HpPlane plane, uint8_t label);

G_END_DECLS
