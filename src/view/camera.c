// SPDX-License-Identifier: Apache-2.0
// The eye of the 3-D view: from where it looks, how large, and which point lies under a pixel.
#include "view/camera.h"

#include <math.h>
#include <string.h>

#define FILLED 0.90           // of the picture's shorter side by what shall fit
#define DEGREES_PER_PIXEL 0.4 // 450 pixels turn it round half: the width of a pane

const char hp_side_letters[HP_SIDE_COUNT] = {'L', 'R', 'P', 'A', 'S', 'I'};

HpCamera hp_camera_default(void)
{
    return (HpCamera){.azimuth_degrees = -12, .elevation_degrees = 12, .reach_mm = 1, .zoom = 1};
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void hp_camera_aim_at_mesh(HpCamera *camera, const HpMesh *mesh)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    if (mesh->vertices == 0)
        return;
    for (size_t at = 0; at < 3 * mesh->vertices; at++) {
        low[at % 3] = fmin(low[at % 3], mesh->mm[at]);
        high[at % 3] = fmax(high[at % 3], mesh->mm[at]);
    }
    for (int axis = 0; axis < 3; axis++)
        camera->pivot_mm[axis] = (low[axis] + high[axis]) / 2;
    double furthest = 0;
    for (size_t v = 0; v < mesh->vertices; v++) {
        const float *mm = mesh->mm + 3 * v;
        const double away[3] = {mm[0] - camera->pivot_mm[0], mm[1] - camera->pivot_mm[1],
                                mm[2] - camera->pivot_mm[2]};
        furthest = fmax(furthest, dot3(away, away));
    }
    camera->reach_mm = fmax(sqrt(furthest), 1e-3);
}

void hp_camera_aim_at_grid(HpCamera *camera, const HpGrid *grid)
{
    double ijk[3], square = 0;
    for (int axis = 0; axis < 3; axis++) {
        const double side = grid->size[axis] * grid->spacing_mm[axis];
        ijk[axis] = (grid->size[axis] - 1) / 2.0;
        square += side * side / 4;
    }
    hp_grid_to_mm(grid, ijk, camera->pivot_mm);
    camera->reach_mm = sqrt(square);
}

// LPS: x to the left, y to the back, z to the head. At 0, 0 the eye looks along +y.
void hp_camera_basis(double azimuth_degrees, double elevation_degrees, double basis[3][3])
{
    const double a = azimuth_degrees * G_PI / 180, e = elevation_degrees * G_PI / 180;
    const double rows[3][3] = {{cos(a), sin(a), 0},
                               {-sin(e) * sin(a), sin(e) * cos(a), cos(e)},
                               {cos(e) * sin(a), -cos(e) * cos(a), sin(e)}};
    memcpy(basis, rows, sizeof rows);
}

static void basis_of(const HpCamera *camera, double basis[3][3])
{
    hp_camera_basis(camera->azimuth_degrees, camera->elevation_degrees, basis);
}

double hp_camera_pixels_per_mm(const HpCamera *camera, double width, double height)
{
    return camera->zoom * FILLED * fmin(width, height) / (2 * camera->reach_mm);
}

void hp_camera_middle_mm(const HpCamera *camera, double mm[3])
{
    double basis[3][3];
    basis_of(camera, basis);
    for (int axis = 0; axis < 3; axis++)
        mm[axis] = camera->pivot_mm[axis] - camera->pan_mm[0] * basis[0][axis] -
                   camera->pan_mm[1] * basis[1][axis];
}

void hp_camera_project(const HpCamera *camera, double width, double height, const double mm[3],
                       double place[3])
{
    const double scale = hp_camera_pixels_per_mm(camera, width, height);
    double basis[3][3];
    basis_of(camera, basis);
    const double away[3] = {mm[0] - camera->pivot_mm[0], mm[1] - camera->pivot_mm[1],
                            mm[2] - camera->pivot_mm[2]};
    place[0] = width / 2 + scale * (dot3(basis[0], away) + camera->pan_mm[0]);
    place[1] = height / 2 - scale * (dot3(basis[1], away) + camera->pan_mm[1]);
    place[2] = dot3(basis[2], away);
}

HpRay hp_camera_ray(const HpCamera *camera, double width, double height, double x, double y)
{
    const double scale = hp_camera_pixels_per_mm(camera, width, height);
    const double right = (x - width / 2) / scale, up = (height / 2 - y) / scale;
    double basis[3][3];
    HpRay ray;
    basis_of(camera, basis);
    hp_camera_middle_mm(camera, ray.from_mm);
    for (int axis = 0; axis < 3; axis++) {
        ray.from_mm[axis] += right * basis[0][axis] + up * basis[1][axis];
        ray.direction[axis] = -basis[2][axis];
    }
    return ray;
}

void hp_camera_turn(HpCamera *camera, double dx, double dy)
{
    camera->azimuth_degrees =
        remainder(camera->azimuth_degrees - DEGREES_PER_PIXEL * dx, 360); // -180 to 180
    camera->elevation_degrees =
        CLAMP(camera->elevation_degrees + DEGREES_PER_PIXEL * dy, -90.0, 90.0);
}

void hp_camera_pan(HpCamera *camera, double width, double height, double dx, double dy)
{
    const double scale = hp_camera_pixels_per_mm(camera, width, height);
    camera->pan_mm[0] += dx / scale;
    camera->pan_mm[1] -= dy / scale;
}

void hp_camera_zoom(HpCamera *camera, double width, double height, double x, double y,
                    double factor)
{
    const double before = hp_camera_pixels_per_mm(camera, width, height);
    camera->zoom = CLAMP(camera->zoom * factor, 0.2, 50.0);
    const double after = hp_camera_pixels_per_mm(camera, width, height);
    camera->pan_mm[0] += (x - width / 2) * (1 / after - 1 / before);
    camera->pan_mm[1] += (height / 2 - y) * (1 / after - 1 / before);
}

void hp_camera_look_from(HpCamera *camera, HpSide side)
{
    static const double angles[HP_SIDE_COUNT][2] = {
        [HP_SIDE_LEFT] = {90, 0},    [HP_SIDE_RIGHT] = {-90, 0},   [HP_SIDE_POSTERIOR] = {180, 0},
        [HP_SIDE_ANTERIOR] = {0, 0}, [HP_SIDE_SUPERIOR] = {0, 90}, [HP_SIDE_INFERIOR] = {0, -90},
    };
    camera->azimuth_degrees = angles[side][0];
    camera->elevation_degrees = angles[side][1];
}

double hp_camera_facing(const HpCamera *camera, HpSide side)
{
    double basis[3][3];
    basis_of(camera, basis);
    return basis[2][side / 2] * (side % 2 == 0 ? 1 : -1);
}

HpSide hp_camera_side(const HpCamera *camera)
{
    HpSide most = HP_SIDE_ANTERIOR;
    for (int side = 0; side < HP_SIDE_COUNT; side++)
        if (hp_camera_facing(camera, side) > hp_camera_facing(camera, most) + 1e-9)
            most = side;
    return most;
}

static double mix(double a, double b, double share)
{
    return a + share * (b - a);
}

HpCamera hp_camera_between(const HpCamera *a, const HpCamera *b, double share)
{
    HpCamera camera = *b;
    const double turn = remainder(b->azimuth_degrees - a->azimuth_degrees, 360);
    camera.azimuth_degrees = remainder(a->azimuth_degrees + share * turn, 360);
    camera.elevation_degrees = mix(a->elevation_degrees, b->elevation_degrees, share);
    camera.reach_mm = a->reach_mm * pow(b->reach_mm / a->reach_mm, share);
    camera.zoom = a->zoom * pow(b->zoom / a->zoom, share);
    for (int axis = 0; axis < 3; axis++)
        camera.pivot_mm[axis] = mix(a->pivot_mm[axis], b->pivot_mm[axis], share);
    for (int axis = 0; axis < 2; axis++)
        camera.pan_mm[axis] = mix(a->pan_mm[axis], b->pan_mm[axis], share);
    return camera;
}
