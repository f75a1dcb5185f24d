// SPDX-License-Identifier: Apache-2.0
// Times the stages of a model on a liver-sized lumpy solid at full resolution, beside VTK where found.
#include "core/parallel.h"
#include "support/bench.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/model.h"
#include "surface/reduce.h"
#include "surface/smooth.h"
#include "surface/trim.h"
#ifdef HP_HAVE_VTK
#include "bench/peer_vtk.h"
#endif

#include <math.h>

typedef struct {
    HpMask *mask;
    uint8_t *labels;
    HpMesh *net, *smooth;
    HpModel *model;
    HpGrid voxels;
    double mm3;
} Case;

static void extract_cb(void *data)
{
    const Case *c = data;
    hp_mesh_unref(hp_surface_extract(c->mask, 1, NULL, NULL, NULL));
}

static void smooth_cb(void *data)
{
    const Case *c = data;
    g_autoptr(HpMesh) mesh = hp_mesh_copy(c->net, NULL);
    hp_surface_smooth(mesh, &c->voxels, 0.5, c->mm3, NULL, NULL, NULL);
}

static void both_cb(void *data)
{
    const Case *c = data;
    HpGrid voxels;
    g_autoptr(HpMesh) mesh = hp_surface_extract(c->mask, 1, &voxels, NULL, NULL);
    hp_surface_smooth(mesh, &voxels, 0.5, c->mm3, NULL, NULL, NULL);
}

static void reduce_cb(void *data)
{
    const Case *c = data;
    hp_mesh_unref(hp_surface_reduce(c->smooth, 20000, NULL, NULL, NULL));
}

static void trim_cb(void *data)
{
    const Case *c = data;
    hp_mesh_unref(
        hp_surface_trim(c->smooth, &(HpCut){{0.8, 0, 0.6}, 11, false}, 1, NULL, NULL, NULL));
}

static void measure_cb(void *data)
{
    const Case *c = data;
    hp_mesh_volume_mm3(c->smooth);
    hp_mesh_area_mm2(c->smooth);
    hp_mesh_is_watertight(c->smooth);
}

static void distance_cb(void *data)
{
    const Case *c = data;
    hp_mesh_distance(c->smooth, c->mask, 1, NULL);
}

static void model_cb(void *data)
{
    const Case *c = data;
    const HpParams params = hp_params_default();
    hp_model_free(hp_model_new(c->mask, 1, &params, NULL, 0, NULL, NULL));
}

static void kept_cb(void *data)
{
    const Case *c = data;
    hp_mesh_kept_mm3(c->smooth, &(HpCut){{0.8, 0, 0.6}, 11, false});
}

// A model after `c->model`, by other settings than those it was made with.
static void renew(const Case *c, double smooth, double d_mm, bool is_draft)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_SURFACE_SMOOTH] = smooth;
    const HpCut cut = {{0.8, 0, 0.6}, d_mm, false};
    const HpModelInput input = {.mask = c->mask,
                                .label = 1,
                                .params = &params,
                                .cuts = &cut,
                                .cut_count = 1,
                                .before = c->model,
                                .is_draft = is_draft};
    hp_model_free(hp_model_make(&input, NULL, NULL));
}

static void smooth_draft_cb(void *data)
{
    renew(data, 0.6, 11, true);
}

static void smooth_whole_cb(void *data)
{
    renew(data, 0.6, 11, false);
}

static void cut_draft_cb(void *data)
{
    renew(data, 0.5, 12, true);
}

static void cut_whole_cb(void *data)
{
    renew(data, 0.5, 12, false);
}

#ifdef HP_HAVE_VTK
static void vtk_edges_cb(void *data)
{
    const Case *c = data;
    peer_vtk_flying_edges(c->labels, hp_mask_get_grid(c->mask)->size,
                          hp_mask_get_grid(c->mask)->spacing_mm, 0);
}

static void vtk_smooth_cb(void *data)
{
    const Case *c = data;
    peer_vtk_flying_edges(c->labels, hp_mask_get_grid(c->mask)->size,
                          hp_mask_get_grid(c->mask)->spacing_mm, 20);
}
#endif

// An egg of 95 x 75 x 50 mm with lumps, so that no part of it is smooth by luck.
static void draw(Case *c, double spacing_k)
{
    HpGrid grid = hp_grid_new(300, 250, (int)(116 / spacing_k), 0.7, 0.7, spacing_k);
    c->labels = g_new(uint8_t, hp_grid_count(&grid));
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] = -(grid.size[axis] - 1) / 2.0 * grid.spacing_mm[axis];
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++) {
                double mm[3];
                hp_grid_to_mm(&grid, (double[3]){i, j, k}, mm);
                const double r = hypot(hypot(mm[0] / 95, mm[1] / 75), mm[2] / 50);
                const double lump = sin(mm[0] / 9) * sin(mm[1] / 7) * sin(mm[2] / 8 + 1);
                c->labels[hp_grid_offset(&grid, i, j, k)] = r + 0.05 * lump < 1;
            }
    c->mask = hp_mask_new_from_labels(&grid, c->labels, NULL);
    c->mm3 = 1000 * hp_mask_volume_ml(c->mask, 1);
    c->net = hp_surface_extract(c->mask, 1, &c->voxels, NULL, NULL);
    c->smooth = hp_mesh_copy(c->net, NULL);
    const HpParams params = hp_params_default();
    c->model = hp_model_new(c->mask, 1, &params, NULL, 0, NULL, NULL);
    hp_surface_smooth(c->smooth, &c->voxels, 0.5, c->mm3, NULL, NULL, NULL);
}

static void measure(double spacing_k)
{
    Case c = {0};
    draw(&c, spacing_k);
    const size_t voxels = hp_grid_count(hp_mask_get_grid(c.mask));
    g_autofree char *title =
        g_strdup_printf("Surface of %.0f ml at 0.7 x 0.7 x %g mm: %zu triangles, %d threads",
                        c.mm3 / 1000, spacing_k, c.net->triangles, hp_parallel_get_threads());
    BenchEntry surface[] = {
        {"extract", extract_cb, &c, 0, 0},
#ifdef HP_HAVE_VTK
        {"VTK flying edges", vtk_edges_cb, &c, 0, 0},
#endif
        {"extract and smooth", both_cb, &c, 0, 0},
#ifdef HP_HAVE_VTK
        {"VTK edges, 20 x windowed sinc", vtk_smooth_cb, &c, 0, 0},
#endif
    };
    bench_run(title, surface, G_N_ELEMENTS(surface), 7, voxels, "voxel");
    BenchEntry stages[] = {{"smooth", smooth_cb, &c, 0, 0},
                           {"reduce to 20000", reduce_cb, &c, 0, 0},
                           {"trim by a plane", trim_cb, &c, 0, 0},
                           {"volume, area, closedness", measure_cb, &c, 0, 0},
                           {"distance to the mask", distance_cb, &c, 0, 0},
                           {"whole model", model_cb, &c, 0, 0}};
    BenchEntry changes[] = {{"volume kept by a plane", kept_cb, &c, 0, 0},
                            {"plane moved, draft", cut_draft_cb, &c, 0, 0},
                            {"plane moved, whole model", cut_whole_cb, &c, 0, 0},
                            {"smoothness moved, draft", smooth_draft_cb, &c, 0, 0},
                            {"smoothness moved, whole model", smooth_whole_cb, &c, 0, 0}};
    bench_run("Stages", stages, G_N_ELEMENTS(stages), 5, c.net->triangles, "triangle");
    bench_run("Changes to a model", changes, G_N_ELEMENTS(changes), 9, c.net->triangles,
              "triangle");
    hp_model_free(c.model);
    hp_mask_unref(c.mask);
    hp_mesh_unref(c.net);
    hp_mesh_unref(c.smooth);
    g_free(c.labels);
}

int main(void)
{
    measure(1);
    measure(5);
    return 0;
}
