// SPDX-License-Identifier: Apache-2.0
// hepatica-cli run: the whole pipeline, from an image and seeds to a folder of results.
#include "case/export.h"
#include "case/pipeline.h"
#include "case/report.h"
#include "case/seeds.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/pictures.h"
#include "io/image_file.h"

#include <math.h>

static const HpOption options[] = {
    {"out", "DIR", "Folder for mask, meshes, contours, pictures, report and params.json.", true},
    HP_OPTION_SEED,
    HP_OPTION_SEED_MASK,
    HP_OPTION_SERIES,
    HP_OPTION_TRIM,
    HP_OPTIONS_END,
};

// Writes the mesh in each format and reads each again; `file_ml` is that of the OBJ.
static bool write_meshes(const HpMesh *mesh, const char *folder, double *file_ml, HpTask *task,
                         GError **error)
{
    static const char *const names[] = {"liver.ply", "liver.stl", "liver.obj"};
    for (int at = 0; at < (int)G_N_ELEMENTS(names); at++) {
        g_autofree char *path = g_build_filename(folder, names[at], NULL);
        if (!hp_export_mesh(mesh, path, file_ml, task, error))
            return false;
    }
    return true;
}

static bool write_contours(const HpOrgan *organ, const char *folder, HpTask *task, GError **error)
{
    g_autofree char *mask = g_build_filename(folder, "mask.nii.gz", NULL);
    g_autofree char *contours = g_build_filename(folder, "contours.json", NULL);
    return hp_image_file_write_mask(organ->mask, mask, task, error) &&
           hp_contours_write(organ->contours, contours, task, error);
}

// The plan with the series it was carried out on, so that it means the same beside another series.
static bool write_plan(HpPlan *plan, const HpSeries *series, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "params.json", NULL);
    g_autofree char *before = plan->series;
    plan->series = series->uid[0] != '\0' ? g_strdup(series->uid) : NULL;
    return hp_plan_write(plan, path, error);
}

static void add_result(JsonObject *result, const HpOrgan *organ, const HpModel *model,
                       double file_ml)
{
    json_object_set_double_member(result, "volume_ml", organ->ml);
    json_object_set_boolean_member(result, "lower_bound", organ->lower_bound);
    json_object_set_double_member(result, "mask_ml", model->mask_ml);
    json_object_set_double_member(result, "mesh_ml", model->mesh_ml);
    json_object_set_double_member(result, "file_ml", file_ml);
    json_object_set_double_member(result, "area_mm2", model->area_mm2);
    json_object_set_int_member(result, "triangles", (gint64)model->mesh->triangles);
}

static bool write_results(HpCall *call, const HpPipeline *pipeline, const char *folder,
                          GError **error)
{
    const HpOrgan *organ = hp_pipeline_get_organ(pipeline);
    double file_ml = NAN;
    hp_task_stage(call->task, "writing", 0.9, 1);
    if (!write_contours(organ, folder, call->task, error) ||
        !write_meshes(hp_pipeline_get_model(pipeline)->mesh, folder, &file_ml, call->task, error) ||
        !hp_pictures_write(pipeline, call->plan, folder, call->task, error))
        return false;
    JsonObject *report = hp_pipeline_dup_report(pipeline, call->plan, file_ml, error);
    if (report == NULL)
        return false;
    g_autoptr(JsonObject) owned = report;
    add_result(call->result, hp_pipeline_get_organ(pipeline), hp_pipeline_get_model(pipeline),
               file_ml);
    json_object_set_array_member(call->result, "warnings",
                                 json_array_ref(json_object_get_array_member(owned, "warnings")));
    HpReportPicture pictures[HP_CASE_PICTURES];
    for (int at = 0; at < HP_CASE_PICTURES; at++)
        pictures[at] = (HpReportPicture){hp_case_pictures[at].title, hp_case_pictures[at].name};
    return hp_report_write(report, pictures, HP_CASE_PICTURES, folder, error) &&
           write_plan(call->plan, hp_pipeline_get_series(pipeline), folder, error);
}

static bool run(HpCall *call, GError **error)
{
    const char *folder = hp_outputs_folder(call->outputs, hp_call_option(call, "out"), error);
    if (folder == NULL)
        return false;
    g_autoptr(HpPipeline) pipeline = hp_call_pipeline(call, error);
    return pipeline != NULL &&
           hp_pipeline_run(pipeline, call->plan, HP_STAGE_MODEL, call->task, error) &&
           write_results(call, pipeline, folder, error);
}

const HpCommand hp_command_run = {
    .name = "run",
    .arguments = "INPUT",
    .sentence = "Do everything: mask, surface, contours, pictures, report, from seed contours.",
    .groups = "prepare contour model",
    .options = options,
    .run = run,
};
