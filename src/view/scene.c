// SPDX-License-Identifier: Apache-2.0
// What the 3-D view shows: the organ, the slices in their places, where it is cut open.
#include "view/scene.h"

#include "core/segment.h"

#include <math.h>
#include <string.h>

HpScene hp_scene_default(void)
{
    const HpSegments segments = hp_segments_default();
    HpScene scene = {.camera = hp_camera_default(), .low_hu = -100, .high_hu = 200};
    memcpy(scene.colour, hp_segments_find(&segments, HP_LABEL_LIVER)->colour, sizeof scene.colour);
    return scene;
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void hp_scene_slice_corners(const HpScene *scene, HpPlane plane, double corner_mm[4][3])
{
    const HpGrid *grid = &scene->volume->grid;
    const int axis = hp_grid_axis(grid, plane);
    const int u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
    for (int corner = 0; corner < 4; corner++) {
        double ijk[3];
        ijk[axis] = scene->slices[plane];
        ijk[u] = corner == 1 || corner == 2 ? grid->size[u] - 0.5 : -0.5;
        ijk[v] = corner >= 2 ? grid->size[v] - 0.5 : -0.5;
        hp_grid_to_mm(grid, ijk, corner_mm[corner]);
    }
}

// The direction from which a slice's pane looks at it: axial from the feet, coronal from the front,
// sagittal from the left.
static double eye_sign(const HpGrid *grid, HpPlane plane)
{
    static const double eye[HP_PLANE_COUNT][3] = {[HP_PLANE_AXIAL] = {0, 0, -1},
                                                  [HP_PLANE_CORONAL] = {0, -1, 0},
                                                  [HP_PLANE_SAGITTAL] = {1, 0, 0}};
    const int axis = hp_grid_axis(grid, plane);
    const double along[3] = {grid->directions[axis], grid->directions[3 + axis],
                             grid->directions[6 + axis]};
    return dot3(along, eye[plane]) >= 0 ? 1 : -1;
}

HpHalf hp_scene_half(const HpScene *scene)
{
    HpHalf half = {{0, 0, 1}, INFINITY};
    if (!scene->is_cut || scene->volume == NULL)
        return half;
    const HpGrid *grid = &scene->volume->grid;
    const int axis = hp_grid_axis(grid, scene->cut);
    const double sign = (scene->keeps_front ? -1 : 1) * eye_sign(grid, scene->cut);
    double ijk[3] = {0, 0, 0}, mm[3];
    ijk[axis] = scene->slices[scene->cut];
    hp_grid_to_mm(grid, ijk, mm);
    for (int row = 0; row < 3; row++)
        half.normal[row] = sign * grid->directions[3 * row + axis];
    half.d_mm = dot3(half.normal, mm);
    return half;
}

double hp_scene_depth_mm(const HpScene *scene)
{
    double depth = scene->camera.reach_mm;
    if (scene->volume != NULL) {
        HpCamera whole = scene->camera;
        hp_camera_aim_at_grid(&whole, &scene->volume->grid);
        double away[3];
        for (int axis = 0; axis < 3; axis++)
            away[axis] = whole.pivot_mm[axis] - scene->camera.pivot_mm[axis];
        depth = fmax(depth, sqrt(dot3(away, away)) + whole.reach_mm);
    }
    return 1.05 * depth;
}

double hp_scene_clear_hu(const HpScene *scene)
{
    return fmin(scene->low_hu, -300);
}

// The part of a ray that the cut keeps.
static void part_of_ray(const HpScene *scene, const HpRay *ray, double *from, double *to)
{
    const HpHalf half = hp_scene_half(scene);
    const double slope = dot3(half.normal, ray->direction);
    const double along = (half.d_mm - dot3(half.normal, ray->from_mm)) / slope;
    *from = -INFINITY;
    *to = INFINITY;
    if (half.d_mm == INFINITY || slope == 0)
        return;
    if (slope < 0)
        *from = along;
    else
        *to = along;
}

static bool meet_slice(const HpScene *scene, const HpRay *ray, HpPlane plane, double *along)
{
    const HpGrid *grid = &scene->volume->grid;
    const int axis = hp_grid_axis(grid, plane);
    double from[3], ahead[3], at[3];
    for (int row = 0; row < 3; row++)
        at[row] = ray->from_mm[row] + ray->direction[row];
    hp_grid_to_ijk(grid, ray->from_mm, from);
    hp_grid_to_ijk(grid, at, ahead);
    const double step = ahead[axis] - from[axis];
    if (fabs(step) < 1e-9) // seen edge on
        return false;
    int voxel[3];
    *along = (scene->slices[plane] - from[axis]) / step;
    for (int other = 0; other < 3; other++) {
        const double place = from[other] + *along * (ahead[other] - from[other]);
        if (other != axis && !(place >= -0.5 && place <= grid->size[other] - 0.5))
            return false;
        voxel[other] = CLAMP((int)lround(place), 0, grid->size[other] - 1);
    }
    return scene->volume->hu[hp_grid_offset(grid, voxel[0], voxel[1], voxel[2])] >=
           hp_scene_clear_hu(scene);
}

static bool find_first(const HpScene *scene, const HpPick *pick, const HpRay *ray, double *first)
{
    double from, to;
    HpHit hit;
    bool is_found = false;
    part_of_ray(scene, ray, &from, &to);
    *first = INFINITY;
    if (pick != NULL && hp_pick_ray(pick, ray, from, to, &hit)) {
        // Met from within, the organ was entered through the cut's face.
        *first = hit.is_inside && from > -INFINITY ? from : hit.along_mm;
        is_found = true;
    }
    for (int plane = 0; plane < HP_PLANE_COUNT && scene->volume != NULL; plane++) {
        double along;
        if (!scene->shows_slices || !meet_slice(scene, ray, plane, &along))
            continue;
        const bool is_kept =
            (scene->is_cut && scene->cut == (HpPlane)plane) || (along >= from && along <= to);
        if (is_kept && along < *first) {
            *first = along;
            is_found = true;
        }
    }
    return is_found;
}

bool hp_scene_pick(const HpScene *scene, const HpPick *pick, double width, double height, double x,
                   double y, double mm[3])
{
    const HpRay ray = hp_camera_ray(&scene->camera, width, height, x, y);
    double along;
    if (!find_first(scene, pick, &ray, &along))
        return false;
    for (int axis = 0; axis < 3; axis++)
        mm[axis] = ray.from_mm[axis] + along * ray.direction[axis];
    return true;
}

bool hp_scene_hides(const HpScene *scene, const HpPick *pick, const double mm[3])
{
    double basis[3][3], along;
    HpRay ray;
    hp_camera_basis(scene->camera.azimuth_degrees, scene->camera.elevation_degrees, basis);
    for (int axis = 0; axis < 3; axis++) {
        ray.from_mm[axis] = mm[axis];
        ray.direction[axis] = -basis[2][axis];
    }
    // A millimetre of slack: what was picked lies on the surface itself.
    return find_first(scene, pick, &ray, &along) && along < -1;
}
