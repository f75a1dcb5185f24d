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
    g_ptr_array_unref(model->removed);
    g_ptr_array_unref(model->warnings);
    g_free(model);
}

static HpModel *model_new(void)
{
    HpModel *model = g_new0(HpModel, 1);
    model->removed = g_ptr_array_new_with_free_func((GDestroyNotify)hp_mesh_unref);
    model->warnings = g_ptr_array_new_with_free_func(g_free);
    return model;
}

// What a run of the stages needs besides the model.
typedef struct {
    const HpMask *mask;
    uint8_t label;
    const HpParams *params;
    const HpCut *cuts;
    int cut_count;
    HpTask *task;
    double from, to; // the caller's part of the task
    HpGrid voxels;   // whose faces the net has
    HpMesh *net;     // of the part taken; fresh
    double part_ml;  // its voxels
    double share;    // mask volume over net volume; 1 but for thinner slices
} Run;

static void run_clear(Run *run)
{
    hp_mesh_unref(run->net);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

// Names a stage that fills [from, to] of the caller's part.
static void stage(const Run *run, const char *words, double from, double to)
{
    const double length = run->to - run->from;
    hp_task_stage(run->task, words, run->from + from * length, run->from + to * length);
}

static bool make_net(Run *run, HpModel *model, GError **error)
{
    g_autoptr(HpMesh) all =
        hp_surface_extract(run->mask, run->label, &run->voxels, run->task, error);
    if (all == NULL)
        return false;
    const bool is_largest_wanted = run->params->value[HP_PARAM_LARGEST_PART] > 0;
    g_autoptr(HpMesh) largest = hp_mesh_keep_largest(all, &model->parts, error);
    if (largest == NULL)
        return false;
    model->label_ml = hp_mask_volume_ml(run->mask, run->label);
    run->share = 1000 * model->label_ml / hp_mesh_volume_mm3(all);
    run->net = hp_mesh_ref(is_largest_wanted ? largest : all);
    run->part_ml = run->share * hp_mesh_volume_mm3(run->net) / 1000;
    if (is_largest_wanted && model->parts > 1)
        g_ptr_array_add(model->warnings,
                        g_strdup_printf("%d smaller parts with %.2f ml in all were dropped",
                                        model->parts - 1, model->label_ml - run->part_ml));
    return true;
}

// Millilitres of a surface within the trim planes; NAN on failure, 0 if nothing is left.
static double trimmed_ml(const Run *run, const HpMesh *mesh)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMesh) left = hp_surface_trim(mesh, run->cuts, run->cut_count, NULL, NULL, &error);
    if (left != NULL)
        return hp_mesh_volume_mm3(left) / 1000;
    return g_error_matches(error, HP_ERROR, HP_ERROR_NO_RESULT) ? 0 : NAN;
}

// The same, the surface moved outwards first.
static double shifted_ml(const Run *run, const HpMesh *mesh, double shift_mm)
{
    g_autoptr(HpMesh) moved = hp_mesh_copy(mesh, NULL);
    if (moved == NULL)
        return NAN;
    hp_lock_shift(moved, NULL, &shift_mm);
    return trimmed_ml(run, moved);
}

// A smooth surface of few enough triangles; its volume is that of the part's voxels.
static HpMesh *make_surface(Run *run, HpModel *model, GError **error)
{
    const double *value = run->params->value;
    const size_t budget = (size_t)value[HP_PARAM_TRIANGLES];
    g_autoptr(HpMesh) smooth = hp_mesh_copy(run->net, error);
    stage(run, "Smoothing", 0.3, 0.6);
    if (smooth == NULL || !hp_surface_smooth(smooth, &run->voxels, value[HP_PARAM_SURFACE_SMOOTH],
                                             1000 * run->part_ml, &model->lock, run->task, error))
        return NULL;
    if (budget == 0)
        return g_steal_pointer(&smooth);
    HpReduction reduction;
    stage(run, "Reducing", 0.6, 0.9);
    HpMesh *reduced = hp_surface_reduce(smooth, budget, &reduction, run->task, error);
    if (reduced == NULL)
        return NULL;
    model->reduced_percent = 100 * (reduction.unlocked_mm3 / (1000 * run->part_ml) - 1);
    if (reduced->triangles > budget)
        g_ptr_array_add(model->warnings,
                        g_strdup_printf("the shape needs %zu triangles, %zu were asked for",
                                        reduced->triangles, budget));
    return reduced;
}

// Half a voxel further in and out.
static void measure_width(const Run *run, const HpMesh *surface, HpModel *model)
{
    const double half_mm = cbrt(hp_grid_voxel_mm3(hp_mask_get_grid(run->mask))) / 2;
    model->low_ml = MAX(shifted_ml(run, surface, -half_mm), 0);
    model->high_ml = shifted_ml(run, surface, half_mm);
}

static bool measure(const Run *run, const HpMesh *surface, HpModel *model, GError **error)
{
    model->mask_ml = run->cut_count == 0 ? run->part_ml : run->share * trimmed_ml(run, run->net);
    model->mesh_ml = hp_mesh_volume_mm3(model->mesh) / 1000;
    model->area_mm2 = hp_mesh_area_mm2(model->mesh);
    model->is_watertight = hp_mesh_is_watertight(model->mesh);
    if (!hp_task_step(run->task, 0.3, error))
        return false;
    measure_width(run, surface, model);
    if (!hp_task_step(run->task, 0.6, error))
        return false;
    model->distance = hp_mesh_distance(surface, run->mask, run->label, run->task);
    char *warning =
        hp_reconciliation_dup_warning(&(HpReconciliation){model->mask_ml, model->mesh_ml, NAN});
    if (warning != NULL)
        g_ptr_array_add(model->warnings, warning);
    return hp_task_step(run->task, 1, error);
}

HpModel *hp_model_new(const HpMask *mask, uint8_t label, const HpParams *params, const HpCut *cuts,
                      int cut_count, HpTask *task, GError **error)
{
    g_autoptr(HpModel) model = model_new();
    g_auto(Run) run = {.mask = mask,
                       .label = label,
                       .params = params,
                       .cuts = cuts,
                       .cut_count = cut_count,
                       .task = task,
                       .from = task != NULL ? task->from : 0,
                       .to = task != NULL ? task->to : 1};
    stage(&run, "Extracting the surface", 0, 0.3);
    if (!make_net(&run, model, error))
        return NULL;
    g_autoptr(HpMesh) surface = make_surface(&run, model, error);
    if (surface == NULL)
        return NULL;
    stage(&run, "Trimming", 0.9, 0.95);
    model->mesh = hp_surface_trim(surface, cuts, cut_count, model->removed, task, error);
    if (model->mesh == NULL)
        return NULL;
    stage(&run, "Measuring", 0.95, 1);
    return measure(&run, surface, model, error) ? g_steal_pointer(&model) : NULL;
}
