// SPDX-License-Identifier: Apache-2.0
// Renders a surface without any graphics hardware: the same picture on every machine of one kind.
#include "view/raster.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/segment.h"
#include "view/camera.h"
#include "view/canvas.h"
#include "view/light.h"
#include "view/palette.h"

#include <math.h>
#include <string.h>

#define FINE_MOST 4 // samples along each side of a pixel
#define BAND 64     // rows of samples that one slab fills
#define NOTHING UINT32_MAX

// The picture is made in two passes: which triangle each sample sees, then its light.
typedef struct {
    const HpMesh *mesh;
    HpRasterView view;
    int fine;           // samples along each side of a pixel
    int width, height;  // in samples
    double basis[3][3]; // rows: right, up and towards the eye, in LPS
    double scale;       // samples per millimetre
    float *place;       // 3 a vertex: x and y in samples, z towards the eye in samples
    float *depth;       // per sample
    uint32_t *owner;    // triangle per sample, or NOTHING
    double *around;     // per pixel: sum of the depths around it, and how many samples that are
    double *scratch;
    HpTask *task;
    HpPicture *picture;
} Scene;

static void scene_clear(Scene *scene)
{
    g_free(scene->place);
    g_free(scene->depth);
    g_free(scene->owner);
    g_free(scene->around);
    g_free(scene->scratch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scene, scene_clear)

HpRasterView hp_raster_view_default(void)
{
    const HpSegments segments = hp_segments_default();
    const HpSegment *liver = hp_segments_find(&segments, HP_LABEL_LIVER);
    return (HpRasterView){.azimuth_degrees = -12,
                          .elevation_degrees = 12,
                          .colour = {liver->colour[0], liver->colour[1], liver->colour[2]},
                          .letter = true};
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// The box of the mesh along right, up and towards the eye.
static void set_place(Scene *scene)
{
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    const HpMesh *mesh = scene->mesh;
    for (size_t v = 0; v < mesh->vertices; v++) {
        const double mm[3] = {mesh->mm[3 * v], mesh->mm[3 * v + 1], mesh->mm[3 * v + 2]};
        for (int row = 0; row < 3; row++) {
            const double at = dot3(scene->basis[row], mm);
            low[row] = fmin(low[row], at);
            high[row] = fmax(high[row], at);
        }
    }
    const double margin = 0.76; // of the picture at most
    double middle[3];
    for (int row = 0; row < 3; row++)
        middle[row] = scene->view.middle_mm != NULL ? dot3(scene->basis[row], scene->view.middle_mm)
                                                    : (low[row] + high[row]) / 2;
    scene->scale = scene->view.pixels_per_mm * scene->fine;
    if (!(scene->scale > 0))
        scene->scale = margin * fmin(scene->width / fmax(high[0] - low[0], 1e-3),
                                     scene->height / fmax(high[1] - low[1], 1e-3));
    for (size_t v = 0; v < mesh->vertices; v++) {
        const double mm[3] = {mesh->mm[3 * v], mesh->mm[3 * v + 1], mesh->mm[3 * v + 2]};
        double at[3];
        for (int row = 0; row < 3; row++)
            at[row] = (dot3(scene->basis[row], mm) - middle[row]) * scene->scale;
        scene->place[3 * v] = (float)(scene->width / 2.0 + at[0]);
        scene->place[3 * v + 1] = (float)(scene->height / 2.0 - at[1]);
        scene->place[3 * v + 2] = (float)at[2];
    }
}

// Weights of the three corners at a point of the picture; false outside the triangle and for one
// that shows its back. In double: seen almost edge on, a triangle has hardly any area.
static bool weights_at(const float *const corner[3], double x, double y, float weight[3])
{
    const double ax = corner[0][0] - x, ay = corner[0][1] - y;
    const double bx = corner[1][0] - x, by = corner[1][1] - y;
    const double cx = corner[2][0] - x, cy = corner[2][1] - y;
    const double a = cx * by - bx * cy, b = ax * cy - cx * ay, c = bx * ay - ax * by;
    if (!(a >= 0 && b >= 0 && c >= 0 && a + b + c > 0)) // picture y runs down
        return false;
    weight[0] = (float)(a / (a + b + c));
    weight[1] = (float)(b / (a + b + c));
    weight[2] = (float)(c / (a + b + c));
    return true;
}

static void corners_of(const Scene *scene, size_t triangle, const float *corner[3])
{
    for (int at = 0; at < 3; at++)
        corner[at] = scene->place + 3 * (size_t)scene->mesh->index[3 * triangle + (size_t)at];
}

static void fill_triangle(const Scene *scene, size_t triangle, int top, int bottom)
{
    const float *corner[3];
    corners_of(scene, triangle, corner);
    const float low_y = fminf(corner[0][1], fminf(corner[1][1], corner[2][1]));
    const float high_y = fmaxf(corner[0][1], fmaxf(corner[1][1], corner[2][1]));
    if (!(high_y >= top && low_y <= bottom))
        return;
    const float low_x = fminf(corner[0][0], fminf(corner[1][0], corner[2][0]));
    const float high_x = fmaxf(corner[0][0], fmaxf(corner[1][0], corner[2][0]));
    if (!(high_x >= 0 && low_x <= (float)scene->width))
        return;
    const int left = MAX((int)low_x, 0), right = MIN((int)high_x, scene->width - 1);
    for (int y = MAX((int)fmaxf(low_y, 0), top); y <= MIN((int)high_y, bottom - 1); y++)
        for (int x = left; x <= right; x++) {
            float weight[3];
            if (!weights_at(corner, x + 0.5, y + 0.5, weight))
                continue;
            const float depth =
                weight[0] * corner[0][2] + weight[1] * corner[1][2] + weight[2] * corner[2][2];
            const size_t at = (size_t)y * scene->width + x;
            if (scene->owner[at] == NOTHING || depth > scene->depth[at]) {
                scene->owner[at] = (uint32_t)triangle;
                scene->depth[at] = depth;
            }
        }
}

static void fill_cb(int begin, int end, int slab, void *data)
{
    const Scene *scene = data;
    if (hp_task_is_cancelled(scene->task))
        return;
    for (size_t at = (size_t)begin * scene->width; at < (size_t)end * scene->width; at++)
        scene->owner[at] = NOTHING;
    for (size_t t = 0; t < scene->mesh->triangles; t++)
        fill_triangle(scene, t, begin, end);
}

// How deep each pixel lies on average, and how many of its samples see something.
static void gather_cb(int begin, int end, int slab, void *data)
{
    const Scene *scene = data;
    const int fine = scene->fine;
    for (int y = begin; y < end; y++)
        for (int x = 0; x < scene->picture->width; x++) {
            double sum = 0;
            int seen = 0;
            for (int sample = 0; sample < fine * fine; sample++) {
                const size_t at = (size_t)(fine * y + sample / fine) * (size_t)scene->width +
                                  (size_t)(fine * x + sample % fine);
                if (scene->owner[at] == NOTHING)
                    continue;
                sum += scene->depth[at];
                seen++;
            }
            scene->around[2 * ((size_t)y * scene->picture->width + x)] = sum;
            scene->around[2 * ((size_t)y * scene->picture->width + x) + 1] = seen;
        }
}

static int blur_radius(const Scene *scene)
{
    return MAX(MIN(scene->picture->width, scene->picture->height) / 28, 2);
}

// Running sums over 2 * radius + 1 pixels along a line whose pixels lie `step` apart. Where
// nothing is seen nothing is added, so that the rim casts no shadow.
static void blur_line(const double *from, double *to, size_t start, size_t step, int count,
                      int radius)
{
    double sum[2] = {0, 0};
    for (int at = -radius; at < count; at++) {
        for (size_t part = 0; part < 2; part++) {
            if (at + radius < count)
                sum[part] += from[2 * (start + (size_t)(at + radius) * step) + part];
            if (at - radius > 0)
                sum[part] -= from[2 * (start + (size_t)(at - radius - 1) * step) + part];
            if (at >= 0)
                to[2 * (start + (size_t)at * step) + part] = sum[part];
        }
    }
}

static void blur_rows_cb(int begin, int end, int slab, void *data)
{
    const Scene *scene = data;
    for (int y = begin; y < end; y++)
        blur_line(scene->around, scene->scratch, (size_t)y * scene->picture->width, 1,
                  scene->picture->width, blur_radius(scene));
}

static void blur_columns_cb(int begin, int end, int slab, void *data)
{
    const Scene *scene = data;
    for (int x = begin; x < end; x++)
        blur_line(scene->scratch, scene->around, (size_t)x, (size_t)scene->picture->width,
                  scene->picture->height, blur_radius(scene));
}

// The normal at a sample in the eye's axes: between the corners' normals, or the triangle's own
// where those are far from it (the edge of a cap).
static void normal_at(const Scene *scene, size_t triangle, double x, double y, float normal[3])
{
    const float *corner[3];
    float weight[3], flat[3], mixed[3] = {0, 0, 0};
    corners_of(scene, triangle, corner);
    if (!weights_at(corner, x, y, weight))
        weight[0] = weight[1] = weight[2] = 1.0f / 3;
    for (int at = 0; at < 3; at++)
        for (int axis = 0; axis < 3; axis++)
            mixed[axis] +=
                weight[at] * scene->mesh->normal[3 * scene->mesh->index[3 * triangle + at] + axis];
    for (int row = 0; row < 3; row++)
        normal[row] = (float)(scene->basis[row][0] * mixed[0] + scene->basis[row][1] * mixed[1] +
                              scene->basis[row][2] * mixed[2]);
    const float *a = corner[0], *b = corner[1], *c = corner[2];
    const float e[3] = {b[0] - a[0], a[1] - b[1], b[2] - a[2]}; // picture y runs down, up runs up
    const float f[3] = {c[0] - a[0], a[1] - c[1], c[2] - a[2]};
    for (int axis = 0; axis < 3; axis++) {
        const int p = (axis + 1) % 3, q = (axis + 2) % 3;
        flat[axis] = e[p] * f[q] - e[q] * f[p];
    }
    const float flat_length = sqrtf(flat[0] * flat[0] + flat[1] * flat[1] + flat[2] * flat[2]);
    const float length =
        sqrtf(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
    const float cosine = (normal[0] * flat[0] + normal[1] * flat[1] + normal[2] * flat[2]) /
                         fmaxf(length * flat_length, 1e-20f);
    const bool own = cosine < 0.6f && flat_length > 0;
    const float scale = 1 / fmaxf(own ? flat_length : length, 1e-20f);
    for (int axis = 0; axis < 3; axis++)
        normal[axis] = scale * (own ? flat[axis] : normal[axis]);
}

// Darkens what lies behind its surroundings (Luft, Colditz and Deussen 2006).
static float hollow_at(const Scene *scene, int x, int y, double depth)
{
    const double *around = scene->around + 2 * ((size_t)y * scene->picture->width + (size_t)x);
    const double behind = around[0] / around[1] - depth;
    return (float)(1 - 0.5 * CLAMP(behind / (scene->fine * blur_radius(scene)), 0, 1));
}

// The samples of a pixel that see one triangle: light is worked out once for them.
typedef struct {
    uint32_t owner;
    int count;
    double x, y, depth; // sums over the samples
} Patch;

static int gather_patches(const Scene *scene, int x, int y, Patch patch[FINE_MOST * FINE_MOST])
{
    int patches = 0;
    for (int sample = 0; sample < scene->fine * scene->fine; sample++) {
        const int sx = scene->fine * x + sample % scene->fine;
        const int sy = scene->fine * y + sample / scene->fine;
        const size_t at = (size_t)sy * scene->width + sx;
        int which = 0;
        while (which < patches && patch[which].owner != scene->owner[at])
            which++;
        if (which == patches)
            patch[patches++] = (Patch){.owner = scene->owner[at]};
        patch[which].count++;
        patch[which].x += sx + 0.5;
        patch[which].y += sy + 0.5;
        patch[which].depth += (double)scene->depth[at];
    }
    return patches;
}

static void shade_pixel(const Scene *scene, int x, int y, const float base[3],
                        const float ground[3])
{
    Patch patch[FINE_MOST * FINE_MOST];
    float sum[3] = {0, 0, 0};
    const int patches = gather_patches(scene, x, y, patch);
    for (int which = 0; which < patches; which++) {
        const Patch *p = &patch[which];
        float normal[3], light[3] = {ground[0], ground[1], ground[2]};
        if (p->owner != NOTHING) { // the mean place lies within the triangle: it is convex
            normal_at(scene, p->owner, p->x / p->count, p->y / p->count, normal);
            hp_light_at(normal, hollow_at(scene, x, y, p->depth / p->count), base, light);
        }
        for (int part = 0; part < 3; part++)
            sum[part] += (float)p->count * fminf(light[part], 1);
    }
    uint8_t *pixel = hp_picture_at(scene->picture, x, y);
    for (int part = 0; part < 3; part++)
        pixel[part] = hp_light_to_srgb(sum[part] / (float)(scene->fine * scene->fine));
}

static void shade_cb(int begin, int end, int slab, void *data)
{
    const Scene *scene = data;
    float base[3], ground[3];
    uint8_t colour[3];
    for (int part = 0; part < 3; part++)
        base[part] = hp_light_of_srgb(scene->view.colour[part]);
    for (int y = begin; y < end && !hp_task_is_cancelled(scene->task); y++) {
        hp_palette_ground((y + 0.5) / scene->picture->height, colour);
        for (int part = 0; part < 3; part++)
            ground[part] = hp_light_of_srgb(colour[part]);
        for (int x = 0; x < scene->picture->width; x++)
            shade_pixel(scene, x, y, base, ground);
    }
}

// The side of the patient that faces the eye most.
static void draw_letter(const Scene *scene)
{
    static const char names[2][3] = {{'L', 'P', 'S'}, {'R', 'A', 'I'}};
    static const uint8_t plate[3] = {52, 54, 62};
    const double *eye = scene->basis[2];
    int most = 0;
    for (int axis = 1; axis < 3; axis++)
        if (fabs(eye[axis]) > fabs(eye[most]))
            most = axis;
    const char word[2] = {names[eye[most] < 0][most], '\0'};
    cairo_surface_t *surface = hp_canvas_begin(scene->picture);
    cairo_t *cairo = cairo_create(surface);
    const double unit = CLAMP(MIN(scene->picture->width, scene->picture->height) / 600.0, 0.5, 4);
    const double side = 42 * unit, x = scene->picture->width - side - 18 * unit, y = 18 * unit;
    const double round = 8 * unit;
    cairo_arc(cairo, x + side - round, y + round, round, -G_PI / 2, 0);
    cairo_arc(cairo, x + side - round, y + side - round, round, 0, G_PI / 2);
    cairo_arc(cairo, x + round, y + side - round, round, G_PI / 2, G_PI);
    cairo_arc(cairo, x + round, y + round, round, G_PI, 3 * G_PI / 2);
    cairo_close_path(cairo);
    hp_canvas_set_colour(cairo, plate, 1);
    cairo_fill(cairo);
    cairo_text_extents_t extents;
    cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cairo, 18 * unit);
    cairo_text_extents(cairo, word, &extents);
    cairo_move_to(cairo, x + side / 2 - extents.x_bearing - extents.width / 2,
                  y + side / 2 - extents.y_bearing - extents.height / 2);
    hp_canvas_set_colour(cairo, hp_palette_text, 1);
    cairo_show_text(cairo, word);
    cairo_destroy(cairo);
    hp_canvas_end(surface, scene->picture);
}

static bool scene_init(Scene *scene, GError **error)
{
    const size_t samples = (size_t)scene->width * scene->height;
    scene->place = hp_try_alloc(scene->mesh->vertices, 3 * sizeof(float), "vertices", error);
    if (scene->place == NULL)
        return false;
    scene->depth = hp_try_alloc(samples, sizeof(float), "a z-buffer", error);
    if (scene->depth == NULL)
        return false;
    scene->owner = hp_try_alloc(samples, sizeof(uint32_t), "a z-buffer", error);
    if (scene->owner == NULL)
        return false;
    const size_t pixels = (size_t)scene->picture->width * scene->picture->height;
    scene->around = hp_try_alloc(pixels, 2 * sizeof(double), "depths", error);
    if (scene->around == NULL)
        return false;
    scene->scratch = hp_try_alloc(pixels, 2 * sizeof(double), "depths", error);
    return scene->scratch != NULL;
}

HpPicture *hp_raster_render(const HpMesh *mesh, const HpRasterView *view, int width, int height,
                            HpTask *task, GError **error)
{
    g_autoptr(HpPicture) picture = hp_picture_new(width, height, error);
    if (picture == NULL)
        return NULL;
    const int fine = view->fine > 0 ? MIN(view->fine, FINE_MOST) : 3;
    g_auto(Scene) scene = {.mesh = mesh,
                           .view = *view,
                           .fine = fine,
                           .width = fine * width,
                           .height = fine * height,
                           .task = task,
                           .picture = picture};
    if (!scene_init(&scene, error))
        return NULL;
    hp_camera_basis(view->azimuth_degrees, view->elevation_degrees, scene.basis);
    set_place(&scene);
    hp_parallel_for(scene.height, BAND, fill_cb, &scene);
    if (!hp_task_step(task, 0.4, error))
        return NULL;
    hp_parallel_for(height, BAND, gather_cb, &scene);
    hp_parallel_for(height, BAND, blur_rows_cb, &scene);
    hp_parallel_for(width, BAND, blur_columns_cb, &scene);
    if (!hp_task_step(task, 0.6, error))
        return NULL;
    hp_parallel_for(height, BAND / 4, shade_cb, &scene);
    if (!hp_task_step(task, 1, error))
        return NULL;
    if (view->letter)
        draw_letter(&scene);
    return g_steal_pointer(&picture);
}
