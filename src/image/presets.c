// SPDX-License-Identifier: Apache-2.0
// Preparation: what is done to a CT before a contour reads it, from the one table of parameters.
#include "image/presets.h"

#include "core/error.h"
#include "image/clahe.h"
#include "image/contrast.h"
#include "image/diffusion.h"
#include "image/equalise.h"
#include "image/gaussian.h"

#include <glib/gi18n.h>
#include <math.h>

// In the order of the choices of prepare.preset.
static const struct {
    double equalise, sigma_mm;
} presets[] = {{0, 0}, {0.5, 1}, {1, 2}, {0.5, 0}, {1, 0}, {0, 1}, {0, 2}};

static int preset_of(const HpParams *params)
{
    const int preset = (int)params->value[HP_PARAM_PRESET];
    g_assert(preset >= 0 && preset < (int)G_N_ELEMENTS(presets));
    return preset;
}

double hp_prepare_equalise(const HpParams *params)
{
    return 1 - (1 - presets[preset_of(params)].equalise) * (1 - params->value[HP_PARAM_EQUALISE]);
}

double hp_prepare_sigma_mm(const HpParams *params)
{
    return hypot(presets[preset_of(params)].sigma_mm, params->value[HP_PARAM_GAUSSIAN]);
}

static bool has_contrast(const HpParams *params)
{
    return params->value[HP_PARAM_CONTRAST] != 1 || params->value[HP_PARAM_BRIGHTNESS] != 0;
}

bool hp_prepare_is_nothing(const HpParams *params)
{
    return params->value[HP_PARAM_DIFFUSION] <= 0 && params->value[HP_PARAM_CLAHE] <= 0 &&
           hp_prepare_equalise(params) <= 0 && hp_prepare_sigma_mm(params) <= 0 &&
           !has_contrast(params);
}

static bool check_window(const HpParams *params, GError **error)
{
    const double low = params->value[HP_PARAM_WINDOW_LOW];
    const double high = params->value[HP_PARAM_WINDOW_HIGH];
    if (high - low >= 1)
        return true;
    g_set_error(
        error, HP_ERROR, HP_ERROR_BAD_FILE,
        _("prepare.window-low is %g HU, expected at least 1 below prepare.window-high, %g HU"), low,
        high);
    return false;
}

static HpCurve *equalise_curve(const HpVolume *volume, const HpParams *params, HpTask *task,
                               GError **error)
{
    return hp_equalise_curve(volume, params->value[HP_PARAM_WINDOW_LOW],
                             params->value[HP_PARAM_WINDOW_HIGH], hp_prepare_equalise(params), task,
                             error);
}

static HpCurve *contrast_curve(const HpParams *params)
{
    return hp_contrast_curve(params->value[HP_PARAM_WINDOW_LOW],
                             params->value[HP_PARAM_WINDOW_HIGH], params->value[HP_PARAM_CONTRAST],
                             params->value[HP_PARAM_BRIGHTNESS]);
}

HpCurve *hp_prepare_curve(const HpVolume *volume, const HpParams *params, HpTask *task,
                          GError **error)
{
    if (!check_window(params, error))
        return NULL;
    g_autoptr(HpCurve) curve = equalise_curve(volume, params, task, error);
    if (curve == NULL)
        return NULL;
    g_autoptr(HpCurve) contrast = contrast_curve(params);
    hp_curve_append(curve, contrast);
    return g_steal_pointer(&curve);
}

// The steps, each from `from` (the volume, until the first is done) into `out`.
typedef struct {
    const HpVolume *volume, *from;
    const HpCurve *equalise; // NULL: that of `volume`
    HpVolume *out;
    const HpParams *params;
    HpTask *task;
} Steps;

static bool diffuse(const Steps *steps, GError **error)
{
    return hp_diffusion(steps->from, steps->params->value[HP_PARAM_DIFFUSION], steps->out,
                        steps->task, error);
}

static bool equalise(const Steps *steps, GError **error)
{
    if (steps->equalise != NULL)
        return hp_curve_apply(steps->equalise, steps->from, steps->out, steps->task, error);
    // Of the volume as it came, so that a band can be mapped without diffusing first.
    g_autoptr(HpCurve) curve = equalise_curve(steps->volume, steps->params, steps->task, error);
    return curve != NULL && hp_curve_apply(curve, steps->from, steps->out, steps->task, error);
}

static bool equalise_in_tiles(const Steps *steps, GError **error)
{
    const double *value = steps->params->value;
    return hp_clahe(steps->from, value[HP_PARAM_WINDOW_LOW], value[HP_PARAM_WINDOW_HIGH],
                    MAX(value[HP_PARAM_CLAHE], 1), steps->out, steps->task, error);
}

static bool stretch(const Steps *steps, GError **error)
{
    g_autoptr(HpCurve) curve = contrast_curve(steps->params);
    return hp_curve_apply(curve, steps->from, steps->out, steps->task, error);
}

static bool blur(const Steps *steps, GError **error)
{
    return hp_gaussian_into(steps->from, hp_prepare_sigma_mm(steps->params), steps->out,
                            steps->task, error);
}

HpVolume *hp_prepare_part(const HpVolume *volume, const HpCurve *curve, const HpParams *params,
                          HpTask *task, GError **error)
{
    const struct {
        const char *words;
        bool is_on;
        double share; // of the time, roughly
        bool (*run)(const Steps *steps, GError **error);
    } table[] = {
        {"Diffusing", params->value[HP_PARAM_DIFFUSION] > 0, 20, diffuse},
        {"Equalising", hp_prepare_equalise(params) > 0, 1, equalise},
        {"Equalising in tiles", params->value[HP_PARAM_CLAHE] > 0, 1, equalise_in_tiles},
        {"Setting contrast", has_contrast(params), 0.5, stretch},
        {"Blurring", hp_prepare_sigma_mm(params) > 0, 2, blur},
    };
    if (!check_window(params, error))
        return NULL;
    if (hp_prepare_is_nothing(params))
        return hp_volume_ref((HpVolume *)volume);
    double all = 0, done = 0;
    for (guint at = 0; at < G_N_ELEMENTS(table); at++)
        all += table[at].is_on ? table[at].share : 0;

    g_autoptr(HpVolume) out = hp_volume_new(&volume->grid, error);
    if (out == NULL)
        return NULL;
    Steps steps = {volume, volume, curve, out, params, task};
    const double from = task != NULL ? task->from : 0, to = task != NULL ? task->to : 1;
    for (guint at = 0; at < G_N_ELEMENTS(table); at++) {
        if (!table[at].is_on)
            continue;
        const double next = done + table[at].share / all;
        hp_task_stage(task, table[at].words, from + (to - from) * done, from + (to - from) * next);
        if (!table[at].run(&steps, error))
            return NULL;
        steps.from = out;
        done = next;
    }
    return g_steal_pointer(&out);
}

HpVolume *hp_prepare(const HpVolume *volume, const HpParams *params, HpTask *task, GError **error)
{
    return hp_prepare_part(volume, NULL, params, task, error);
}
