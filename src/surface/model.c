// SPDX-License-Identifier: Apache-2.0
// The model of an organ: its trimmed surface and the numbers that belong to it.
#include "surface/model.h"

#include "core/error.h"
#include "surface/extract.h"
#include "surface/lock.h"
#include "surface/parts.h"
#include "surface/reduce.h"

#include <math.h>

void hp_model_free(HpModel *model)
{
    if (model == NULL)
        return;
    hp_mesh_unref(model->mesh);
    hp_mesh_unref(model->made.net);
    hp_mesh_unref(model->made.smooth);
    hp_mesh_unref(model->made.surface);
    g_ptr_array_unref(model->removed);
    g_ptr_array_unref(model->warnings);
    g_free(model);
}

static HpModel *model_new(void)
{
    HpModel *model = g_new0(HpModel, 1);
    model->removed = g_ptr_array_new_with_free_func((GDestroyNotify)hp_mesh_unref);
    model->warnings = g_ptr_array_new_with_free_func(g_free);
    model->made.amount = model->made.budget = NAN;
    model->low_ml = model->high_ml = NAN;
    model->distance = (HpMeshDistance){NAN, NAN};
    return model;
}

// A run of the stages.
typedef struct {
    const HpModelInput *input;
    HpTask *task;
    double from, to; // the caller's part of the task
} Run;

// Names a stage that fills [from, to] of the caller's part.
static void stage(const Run *run, const char *words, double from, double to)
{
    const double length = run->to - run->from;
    hp_task_stage(run->task, words, run->from + from * length, run->from + to * length);
}

static bool is_largest_wanted(const Run *run)
{
    return run->input->params->value[HP_PARAM_LARGEST_PART] > 0;
}

// Takes over from the model before what the parameters leave as it was.
static void take_over(const Run *run, HpModel *model)
{
    const HpModel *before = run->input->before;
    const double *value = run->input->params->value;
    HpModelMade *made = &model->made;
    if (before == NULL || before->made.is_largest != is_largest_wanted(run))
        return;
    *made = before->made;
    hp_mesh_ref(made->net);
    model->parts = before->parts;
    model->label_ml = before->label_ml;
    const bool is_smooth = made->amount == value[HP_PARAM_SURFACE_SMOOTH];
    const bool is_reduced = is_smooth && made->budget == value[HP_PARAM_TRIANGLES];
    made->smooth = is_smooth ? hp_mesh_ref(made->smooth) : NULL;
    made->amount = is_smooth ? made->amount : NAN;
    made->surface = is_reduced ? hp_mesh_ref(made->surface) : NULL;
    made->budget = is_reduced ? made->budget : NAN;
    model->lock = before->lock;
    model->reduced_percent = before->reduced_percent;
    if (is_reduced)
        model->distance = before->distance;
}

static bool make_net(const Run *run, HpModel *model, GError **error)
{
    HpModelMade *made = &model->made;
    if (made->net != NULL)
        return true;
    const HpModelInput *input = run->input;
    g_autoptr(HpMesh) all =
        hp_surface_extract(input->mask, input->label, &made->voxels, run->task, error);
    if (all == NULL)
        return false;
    g_autoptr(HpMesh) largest = hp_mesh_keep_largest(all, &model->parts, error);
    if (largest == NULL)
        return false;
    model->label_ml = hp_mask_volume_ml(input->mask, input->label);
    made->is_largest = is_largest_wanted(run);
    made->share = 1000 * model->label_ml / hp_mesh_volume_mm3(all);
    made->net = hp_mesh_ref(made->is_largest ? largest : all);
    made->part_ml = made->share * hp_mesh_volume_mm3(made->net) / 1000;
    return true;
}

// Millilitres of a surface within the trim planes; NAN on failure, 0 if nothing is left.
static double trimmed_ml(const HpModelInput *input, const HpMesh *mesh)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMesh) left =
        hp_surface_trim(mesh, input->cuts, input->cut_count, NULL, NULL, &error);
    if (left != NULL)
        return hp_mesh_volume_mm3(left) / 1000;
    return g_error_matches(error, HP_ERROR, HP_ERROR_NO_RESULT) ? 0 : NAN;
}

// The same, the surface moved outwards first.
static double shifted_ml(const HpModelInput *input, const HpMesh *mesh, double shift_mm)
{
    g_autoptr(HpMesh) moved = hp_mesh_copy(mesh, NULL);
    if (moved == NULL)
        return NAN;
    hp_lock_shift(moved, NULL, &shift_mm);
    return trimmed_ml(input, moved);
}

// A smooth surface; its volume is that of the part's voxels.
static bool make_smooth(const Run *run, HpModel *model, GError **error)
{
    HpModelMade *made = &model->made;
    const double amount = run->input->params->value[HP_PARAM_SURFACE_SMOOTH];
    if (made->smooth != NULL)
        return true;
    g_autoptr(HpMesh) smooth = hp_mesh_copy(made->net, error);
    stage(run, "Smoothing", 0.3, 0.6);
    if (smooth == NULL || !hp_surface_smooth(smooth, &made->voxels, amount, 1000 * made->part_ml,
                                             &model->lock, run->task, error))
        return false;
    made->smooth = g_steal_pointer(&smooth);
    made->amount = amount;
    return true;
}

// The same of few enough triangles.
static bool make_surface(const Run *run, HpModel *model, GError **error)
{
    HpModelMade *made = &model->made;
    const double budget = run->input->params->value[HP_PARAM_TRIANGLES];
    if (made->surface != NULL)
        return true;
    HpReduction reduction = {.unlocked_mm3 = 1000 * made->part_ml};
    stage(run, "Reducing", 0.6, 0.9);
    made->surface =
        budget > 0 ? hp_surface_reduce(made->smooth, (size_t)budget, &reduction, run->task, error)
                   : hp_mesh_ref(made->smooth);
    if (made->surface == NULL)
        return false;
    made->budget = budget;
    model->reduced_percent = 100 * (reduction.unlocked_mm3 / (1000 * made->part_ml) - 1);
    return true;
}

// Half a voxel further in and out.
static void measure_width(const HpModelInput *input, HpModel *model)
{
    const double half_mm = cbrt(hp_grid_voxel_mm3(hp_mask_get_grid(input->mask))) / 2;
    model->low_ml = MAX(shifted_ml(input, model->made.surface, -half_mm), 0);
    model->high_ml = shifted_ml(input, model->made.surface, half_mm);
}

static void warn(HpModel *model)
{
    const HpModelMade *made = &model->made;
    if (made->is_largest && model->parts > 1)
        g_ptr_array_add(model->warnings,
                        g_strdup_printf("%d smaller parts with %.2f ml in all were dropped",
                                        model->parts - 1, model->label_ml - made->part_ml));
    if (made->budget > 0 && made->surface->triangles > (size_t)made->budget)
        g_ptr_array_add(model->warnings,
                        g_strdup_printf("the shape needs %zu triangles, %zu were asked for",
                                        made->surface->triangles, (size_t)made->budget));
    char *apart =
        hp_reconciliation_dup_warning(&(HpReconciliation){model->mask_ml, model->mesh_ml, NAN});
    if (apart != NULL)
        g_ptr_array_add(model->warnings, apart);
}

static bool measure(const Run *run, HpModel *model, GError **error)
{
    const HpModelInput *input = run->input;
    const HpModelMade *made = &model->made;
    model->mask_ml =
        input->cut_count == 0 ? made->part_ml : made->share * trimmed_ml(input, made->net);
    model->mesh_ml = hp_mesh_volume_mm3(model->mesh) / 1000;
    model->area_mm2 = hp_mesh_area_mm2(model->mesh);
    model->is_watertight = hp_mesh_is_watertight(model->mesh);
    warn(model);
    if (input->is_draft)
        return hp_task_step(run->task, 1, error);
    if (!hp_task_step(run->task, 0.3, error))
        return false;
    measure_width(input, model);
    if (!hp_task_step(run->task, 0.6, error))
        return false;
    if (isnan(model->distance.max_voxels)) // nobody measured this surface before
        model->distance = hp_mesh_distance(made->surface, input->mask, input->label, run->task);
    return hp_task_step(run->task, 1, error);
}

HpModel *hp_model_make(const HpModelInput *input, HpTask *task, GError **error)
{
    g_autoptr(HpModel) model = model_new();
    const Run run = {.input = input,
                     .task = task,
                     .from = task != NULL ? task->from : 0,
                     .to = task != NULL ? task->to : 1};
    take_over(&run, model);
    stage(&run, "Extracting the surface", 0, 0.3);
    if (!make_net(&run, model, error) || !make_smooth(&run, model, error) ||
        !make_surface(&run, model, error))
        return NULL;
    stage(&run, "Trimming", 0.9, 0.95);
    model->mesh = hp_surface_trim(model->made.surface, input->cuts, input->cut_count,
                                  model->removed, task, error);
    if (model->mesh == NULL)
        return NULL;
    stage(&run, "Measuring", 0.95, 1);
    return measure(&run, model, error) ? g_steal_pointer(&model) : NULL;
}

HpModel *hp_model_new(const HpMask *mask, uint8_t label, const HpParams *params, const HpCut *cuts,
                      int cut_count, HpTask *task, GError **error)
{
    const HpModelInput input = {
        .mask = mask, .label = label, .params = params, .cuts = cuts, .cut_count = cut_count};
    return hp_model_make(&input, task, error);
}
