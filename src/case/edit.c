// SPDX-License-Identifier: Apache-2.0
// The edits of a document's plan: each makes a new plan and an undoable step of it.
#include "case/document.h"
#include "segment/seed.h"

#include <glib/gi18n.h>
#include <math.h>

// Joints of steps that join while one thing is dragged: a number for each thing.
typedef enum {
    JOINT_VALUE = 1 << 16,
    JOINT_SEED = 2 << 16,
    JOINT_TRIM = 3 << 16,
} Joint;

static HpPlan *copy_plan(const HpDocument *document)
{
    return hp_plan_copy(hp_document_get_plan(document));
}

void hp_document_set_value(HpDocument *document, HpParameterId id, double value)
{
    const double old = hp_document_get_plan(document)->params.value[id];
    if (old == value || (isnan(old) && isnan(value)))
        return;
    g_autoptr(HpPlan) plan = copy_plan(document);
    if (hp_params_set(&plan->params, id, value, NULL))
        hp_document_push(document, g_steal_pointer(&plan), hp_parameter_get(id)->label,
                         JOINT_VALUE + id);
}

void hp_document_choose_series(HpDocument *document, const char *uid)
{
    const HpSeries *series = hp_document_get_series(document);
    if (series != NULL && g_strcmp0(series->uid, uid) == 0)
        return;
    HpPlan *plan = copy_plan(document);
    g_free(plan->series);
    plan->series = g_strdup(uid);
    g_ptr_array_set_size(plan->seeds, 0);
    g_ptr_array_set_size(plan->strokes, 0);
    g_array_set_size(plan->trims, 0);
    hp_document_push(document, plan, N_("Series chosen"), 0);
    hp_document_pursue(document, HP_GOAL_IMAGE);
}

// Whether the seed can start the method; else the document says why not.
static bool check_seed(HpDocument *document, const HpContour *seed)
{
    GError *error = NULL;
    hp_document_refuse(document, NULL);
    if (hp_seed_check(seed, &hp_document_get_volume(document)->grid, &error))
        return true;
    hp_document_refuse(document, error);
    return false;
}

// Puts `seed` (taken) into the plan at `index`; older ones of its slice and plane go.
static void put_seed(HpPlan *plan, HpContour *seed, guint index)
{
    for (guint at = plan->seeds->len; at-- > 0;) {
        const HpContour *other = plan->seeds->pdata[at];
        if (other->plane != seed->plane || other->slice != seed->slice)
            continue;
        g_ptr_array_remove_index(plan->seeds, at);
        index -= at < index;
    }
    g_ptr_array_insert(plan->seeds, (int)MIN(index, plan->seeds->len), seed);
}

void hp_document_add_seed(HpDocument *document, HpContour *seed)
{
    g_autoptr(HpContour) taken = seed;
    if (hp_document_get_volume(document) == NULL || !check_seed(document, seed))
        return;
    HpPlan *plan = copy_plan(document);
    put_seed(plan, g_steal_pointer(&taken), plan->seeds->len);
    hp_document_push(document, plan, N_("Seed drawn"), 0);
}

void hp_document_replace_seed(HpDocument *document, guint index, HpContour *seed)
{
    g_autoptr(HpContour) taken = seed;
    if (hp_document_get_volume(document) == NULL ||
        index >= hp_document_get_plan(document)->seeds->len || !check_seed(document, seed))
        return;
    HpPlan *plan = copy_plan(document);
    g_ptr_array_remove_index(plan->seeds, index);
    put_seed(plan, g_steal_pointer(&taken), index);
    hp_document_push(document, plan, N_("Seed changed"), JOINT_SEED + index);
}

void hp_document_shape_seed(HpDocument *document, HpContour *seed)
{
    g_autoptr(HpContour) taken = seed;
    if (hp_document_get_volume(document) == NULL || !check_seed(document, seed))
        return;
    HpPlan *plan = copy_plan(document);
    guint index = 0; // of the seed of this slice, or of the one that is to come
    for (; index < plan->seeds->len; index++) {
        const HpContour *other = plan->seeds->pdata[index];
        if (other->plane == seed->plane && other->slice == seed->slice)
            break;
    }
    put_seed(plan, g_steal_pointer(&taken), index);
    hp_document_push(document, plan, N_("Seed changed"), JOINT_SEED + index);
}

void hp_document_remove_seed(HpDocument *document, guint index)
{
    if (index >= hp_document_get_plan(document)->seeds->len)
        return;
    HpPlan *plan = copy_plan(document);
    g_ptr_array_remove_index(plan->seeds, index);
    hp_document_push(document, plan, N_("Seed removed"), 0);
}

void hp_document_clear_seeds(HpDocument *document)
{
    if (hp_document_get_plan(document)->seeds->len == 0)
        return;
    HpPlan *plan = copy_plan(document);
    g_ptr_array_set_size(plan->seeds, 0);
    hp_document_push(document, plan, N_("Seeds cleared"), 0);
}

// `cut` with a normal of unit length; false if it has no direction.
static bool scale_cut(const HpCut *cut, HpCut *scaled)
{
    const double *n = cut->normal;
    const double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    if (!(length > 1e-9) || !isfinite(length) || !isfinite(cut->d_mm))
        return false;
    // As in a params file: what has unit length already keeps its bits.
    const double divisor = fabs(length - 1) < 1e-12 ? 1 : length;
    *scaled = (HpCut){.normal = {n[0] / divisor, n[1] / divisor, n[2] / divisor},
                      .d_mm = cut->d_mm / divisor,
                      .is_off = cut->is_off};
    return true;
}

void hp_document_set_trims(HpDocument *document, const HpCut *cuts, int count)
{
    g_autoptr(HpPlan) plan = copy_plan(document);
    g_array_set_size(plan->trims, 0);
    for (int at = 0; at < count; at++) {
        HpCut cut;
        if (!scale_cut(&cuts[at], &cut))
            return;
        g_array_append_val(plan->trims, cut);
    }
    hp_document_push(document, g_steal_pointer(&plan),
                     count > 0 ? N_("Cuts set") : N_("Cuts cleared"), 0);
}

void hp_document_add_trim(HpDocument *document, const HpCut *cut)
{
    HpCut scaled;
    if (!scale_cut(cut, &scaled))
        return;
    HpPlan *plan = copy_plan(document);
    g_array_append_val(plan->trims, scaled);
    hp_document_push(document, plan, N_("Cut added"), 0);
}

void hp_document_move_trim(HpDocument *document, guint index, const HpCut *cut)
{
    HpCut scaled;
    if (index >= hp_document_get_plan(document)->trims->len || !scale_cut(cut, &scaled))
        return;
    HpPlan *plan = copy_plan(document);
    g_array_index(plan->trims, HpCut, index) = scaled;
    hp_document_push(document, plan, N_("Cut moved"), JOINT_TRIM + index);
}

void hp_document_remove_trim(HpDocument *document, guint index)
{
    if (index >= hp_document_get_plan(document)->trims->len)
        return;
    HpPlan *plan = copy_plan(document);
    g_array_remove_index(plan->trims, index);
    hp_document_push(document, plan, N_("Cut removed"), 0);
}

void hp_document_add_stroke(HpDocument *document, HpStroke *stroke)
{
    static const char *const names[HP_STROKE_KIND_COUNT] = {N_("Not liver"), N_("Hold here"),
                                                            N_("Push here"), N_("Erase strokes")};
    g_autoptr(HpStroke) taken = stroke;
    const HpVolume *volume = hp_document_get_volume(document);
    if (volume == NULL)
        return;
    GError *error = NULL;
    hp_document_refuse(document, NULL);
    HpStroke *placed = hp_stroke_place(stroke, &volume->grid, &error);
    if (placed == NULL) {
        hp_document_refuse(document, error);
        return;
    }
    HpPlan *plan = copy_plan(document);
    g_ptr_array_add(plan->strokes, placed);
    hp_document_push(document, plan, names[stroke->kind], 0);
}

void hp_document_clear_strokes(HpDocument *document, HpStrokeKind kind)
{
    HpPlan *plan = copy_plan(document);
    const guint before = plan->strokes->len;
    for (guint at = before; at-- > 0;) {
        const HpStroke *stroke = plan->strokes->pdata[at];
        if (kind == HP_STROKE_KIND_COUNT || stroke->kind == kind)
            g_ptr_array_remove_index(plan->strokes, at);
    }
    if (plan->strokes->len == before)
        hp_plan_free(plan);
    else
        hp_document_push(document, plan, N_("Strokes cleared"), 0);
}
