// SPDX-License-Identifier: Apache-2.0
// The one table of parameters: every named number of the method, described once.
//
// Sliders, command-line options, params JSON, tooltips, man page and reports are made from it.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
    // Prepare
    HP_PARAM_PRESET,
    HP_PARAM_WINDOW_LOW,
    HP_PARAM_WINDOW_HIGH,
    HP_PARAM_GAUSSIAN,
    HP_PARAM_EQUALISE,
    HP_PARAM_CLAHE,
    HP_PARAM_BRIGHTNESS,
    HP_PARAM_CONTRAST,
    HP_PARAM_DIFFUSION,
    // Contour
    HP_PARAM_THRESHOLD_LOW,
    HP_PARAM_THRESHOLD_HIGH,
    HP_PARAM_ALPHA,
    HP_PARAM_BETA,
    HP_PARAM_KAPPA,
    HP_PARAM_SIGMA,
    HP_PARAM_DATA_WEIGHT,
    HP_PARAM_REGION_WEIGHT,
    HP_PARAM_SNAKES_WEIGHT,
    HP_PARAM_EDGE_REFINE,
    HP_PARAM_MASK_SMOOTH,
    // Model
    HP_PARAM_SURFACE_SMOOTH,
    HP_PARAM_TRIANGLES,
    HP_PARAM_LARGEST_PART,
    HP_PARAM_COUNT
} HpParameterId;

typedef enum {
    HP_SCALE_LINEAR,
    HP_SCALE_LOGARITHMIC, // 0 at the left end, then logarithmic from `step` to `high`
    HP_SCALE_SIGNED,      // 0 in the middle
    HP_SCALE_CHOICE,      // whole numbers that index `choices`
} HpScale;

typedef struct {
    const char *id;   // "contour.alpha": the key in params JSON; "--alpha" is its last part
    const char *unit; // "mm", "HU", "" ...
    double low, high; // range, inclusive
    double value;     // default; NAN: taken from the data, written as null
    double step;      // of a slider or spin button
    HpScale scale;
    const char *label;          // translatable
    const char *sentence;       // translatable: what it does
    const char *const *choices; // names of a choice, NULL-terminated; else NULL
} HpParameter;

// A value for every parameter; NAN where it is taken from the data.
typedef struct {
    double value[HP_PARAM_COUNT];
} HpParams;

const HpParameter *hp_parameter_get(HpParameterId id);
// By full id ("contour.alpha") or its last part ("alpha"); HP_PARAM_COUNT if unknown.
HpParameterId hp_parameter_find(const char *id);
bool hp_parameter_is_automatic(HpParameterId id); // its default is NAN

HpParams hp_params_default(void);

// Sets one value; HP_ERROR_BAD_FILE naming the parameter, the value and the range when it is outside.
bool hp_params_set(HpParams *params, HpParameterId id, double value, GError **error);

G_END_DECLS
