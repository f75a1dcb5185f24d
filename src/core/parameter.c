// SPDX-License-Identifier: Apache-2.0
// The one table of parameters: every named number of the method, described once.
#include "core/parameter.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const char *const presets[] = {
    "none",           "set1-histogram-gaussian", "set2-histogram-gaussian", "set1-histogram",
    "set2-histogram", "set1-gaussian",           "set2-gaussian",           NULL};
static const char *const off_on[] = {"off", "on", NULL};

static const HpParameter table[HP_PARAM_COUNT] = {
    [HP_PARAM_PRESET] =
        {"prepare.preset", "", 0, 6, 0, 1, HP_SCALE_CHOICE, N_("Preset"),
         N_("Equalisation and Gaussian of a published set, on top of the values below."), presets},
    [HP_PARAM_WINDOW_LOW] = {"prepare.window-low", "HU", -1024, 3071, -140, 1, HP_SCALE_LINEAR,
                             N_("Window low"), N_("Values below are left as they are."), NULL},
    [HP_PARAM_WINDOW_HIGH] = {"prepare.window-high", "HU", -1024, 3071, 260, 1, HP_SCALE_LINEAR,
                              N_("Window high"), N_("Values above are left as they are."), NULL},
    [HP_PARAM_GAUSSIAN] = {"prepare.gaussian", "mm", 0, 6, 0, 0.1, HP_SCALE_LINEAR, N_("Gaussian"),
                           N_("Blurs by a Gaussian of this standard deviation."), NULL},
    [HP_PARAM_EQUALISE] = {"prepare.equalise", "", 0, 1, 0, 0.05, HP_SCALE_LINEAR, N_("Equalise"),
                           N_("Spreads the grey values of the window evenly; 0 leaves them."),
                           NULL},
    [HP_PARAM_CLAHE] = {"prepare.clahe", "", 0, 16, 0, 0.5, HP_SCALE_LINEAR, N_("Local contrast"),
                        N_("Equalises each slice in tiles, its gain limited to this; 0 is off."),
                        NULL},
    [HP_PARAM_BRIGHTNESS] = {"prepare.brightness", "HU", -200, 200, 0, 1, HP_SCALE_SIGNED,
                             N_("Brightness"), N_("Added to every value."), NULL},
    [HP_PARAM_CONTRAST] = {"prepare.contrast", "", 0.1, 5, 1, 0.05, HP_SCALE_LINEAR, N_("Contrast"),
                           N_("Stretches values away from the window's centre."), NULL},
    [HP_PARAM_DIFFUSION] = {"prepare.diffusion", "mm2", 0, 10, 0, 0.1, HP_SCALE_LINEAR,
                            N_("Diffusion"),
                            N_("Smooths inside regions and keeps edges; the diffusion time."),
                            NULL},
    [HP_PARAM_THRESHOLD_LOW] =
        {"contour.threshold-low", "HU", -1024, 3071, NAN, 1, HP_SCALE_LINEAR, N_("Threshold low"),
         N_("Darker voxels push the contour inwards; from the seed if not set."), NULL},
    [HP_PARAM_THRESHOLD_HIGH] =
        {"contour.threshold-high", "HU", -1024, 3071, NAN, 1, HP_SCALE_LINEAR, N_("Threshold high"),
         N_("Brighter voxels push the contour inwards; from the seed if not set."), NULL},
    [HP_PARAM_ALPHA] = {"contour.alpha", "", 0, 10, 1, 0.01, HP_SCALE_LOGARITHMIC, N_("Length α"),
                        N_("Higher makes the contour shorter and closes narrow necks."), NULL},
    [HP_PARAM_BETA] = {"contour.beta", "", 0, 10, 1, 0.01, HP_SCALE_LOGARITHMIC, N_("Bending β"),
                       N_("Higher makes the contour rounder."), NULL},
    [HP_PARAM_KAPPA] = {"contour.kappa", "", -2, 2, 0, 0.05, HP_SCALE_SIGNED, N_("Balloon κ"),
                        N_("Above 0 grows the contour, below 0 shrinks it."), NULL},
    [HP_PARAM_SIGMA] = {"contour.sigma", "mm", 0, 4, 1, 0.1, HP_SCALE_LINEAR,
                        N_("Data smoothing σ"),
                        N_("Blurs the picture before the contour reads it."), NULL},
    [HP_PARAM_DATA_WEIGHT] = {"contour.data-weight", "", 0, 10, 1, 0.1, HP_SCALE_LINEAR,
                              N_("Edge weight"),
                              N_("How strongly edges of the picture hold the contour."), NULL},
    [HP_PARAM_REGION_WEIGHT] =
        {"contour.region-weight", "", 0, 10, 1, 0.1, HP_SCALE_LINEAR, N_("Region weight"),
         N_("How strongly values inside the band push the contour outwards."), NULL},
    [HP_PARAM_SNAKES_WEIGHT] = {"contour.snakes-weight", "", 0, 4, 0.5, 0.1, HP_SCALE_LINEAR,
                                N_("Planar contours"),
                                N_("How much the contours of the three planes count in 3-D."),
                                NULL},
    [HP_PARAM_EDGE_REFINE] = {"contour.edge-refine", "", 0, 1, 1, 1, HP_SCALE_CHOICE,
                              N_("Edge refinement"),
                              N_("Fits the surface to the nearest edge at the end."), off_on},
    [HP_PARAM_MASK_SMOOTH] = {"contour.mask-smooth", "mm", 0, 5, 0, 0.5, HP_SCALE_LINEAR,
                              N_("Mask smoothing"), N_("Rounds the finished mask at this scale."),
                              NULL},
    [HP_PARAM_SURFACE_SMOOTH] = {"model.smooth", "", 0, 1, 0.5, 0.05, HP_SCALE_LINEAR,
                                 N_("Smoothness"), N_("Smooths the surface; the volume is kept."),
                                 NULL},
    [HP_PARAM_TRIANGLES] = {"model.triangles", "", 0, 2000000, 0, 1000, HP_SCALE_LOGARITHMIC,
                            N_("Triangles"), N_("At most this many triangles; 0 keeps all."), NULL},
    [HP_PARAM_LARGEST_PART] = {"model.largest-part", "", 0, 1, 1, 1, HP_SCALE_CHOICE,
                               N_("Largest part"), N_("Keeps only the largest part by volume."),
                               off_on},
};

const HpParameter *hp_parameter_get(HpParameterId id)
{
    g_assert(id < HP_PARAM_COUNT);
    return &table[id];
}

HpParameterId hp_parameter_find(const char *id)
{
    for (int at = 0; at < HP_PARAM_COUNT; at++)
        if (strcmp(id, table[at].id) == 0 || strcmp(id, strchr(table[at].id, '.') + 1) == 0)
            return at;
    return HP_PARAM_COUNT;
}

bool hp_parameter_is_automatic(HpParameterId id)
{
    return isnan(hp_parameter_get(id)->value);
}

HpParams hp_params_default(void)
{
    HpParams params;
    for (int at = 0; at < HP_PARAM_COUNT; at++)
        params.value[at] = table[at].value;
    return params;
}

bool hp_params_set(HpParams *params, HpParameterId id, double value, GError **error)
{
    const HpParameter *parameter = hp_parameter_get(id);
    const bool is_whole = parameter->scale != HP_SCALE_CHOICE || value == floor(value);
    const bool is_inside = value >= parameter->low && value <= parameter->high && is_whole;
    if (!is_inside && !(isnan(value) && hp_parameter_is_automatic(id))) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s is %g, expected %s%g to %g%s%s"),
                    parameter->id, value, parameter->scale == HP_SCALE_CHOICE ? "one of " : "",
                    parameter->low, parameter->high, parameter->unit[0] ? " " : "",
                    parameter->unit);
        return false;
    }
    params->value[id] = value;
    return true;
}
