// SPDX-License-Identifier: Apache-2.0
// Time of one picture of the 3-D view, by OpenGL and without, and from a click to its place.
#include "app/gl/context.h"
#include "support/bench.h"
#include "support/solids.h"
#include "view/raster.h"

#include <math.h>

enum { WIDTH = 600, HEIGHT = 400, REPEATS = 15 };

typedef struct {
    Context *context;
    HpPainter *painter;
    HpScene scene;
    HpPick *pick;
    double turned;
    int width, height;
} Case;

static void picture_cb(void *data)
{
    Case *c = data;
    c->scene.camera.azimuth_degrees = c->turned += 7;
    context_draw(c->context, c->painter, &c->scene, c->width, c->height);
}

static void raster_cb(void *data)
{
    Case *c = data;
    const HpRasterView view = {.azimuth_degrees = c->turned += 7,
                               .pixels_per_mm =
                                   hp_camera_pixels_per_mm(&c->scene.camera, c->width, c->height),
                               .colour = {200, 60, 50},
                               .fine = 1};
    hp_picture_free(hp_raster_render(c->scene.mesh, &view, c->width, c->height, NULL, NULL));
}

static void tree_cb(void *data)
{
    Case *c = data;
    hp_pick_free(hp_pick_new(c->scene.mesh, NULL));
}

static HpRay next_ray(Case *c)
{
    c->turned += 0.618;
    return hp_camera_ray(&c->scene.camera, WIDTH, HEIGHT, 300 + 90 * sin(c->turned),
                         200 + 90 * cos(2 * c->turned));
}

static void click_cb(void *data)
{
    Case *c = data;
    for (int at = 0; at < 1000; at++) {
        const HpRay ray = next_ray(c);
        HpHit hit;
        g_assert_true(hp_pick_ray(c->pick, &ray, -INFINITY, INFINITY, &hit));
    }
}

static HpVolume *volume_new(void)
{
    const HpGrid grid = hp_grid_new(512, 512, 300, 0.75, 0.75, 1);
    HpVolume *volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at * 2654435761u % 97 + 60);
    return volume;
}

int main(void)
{
    static const double middle[3] = {192, 192, 150};
    static const int rows[] = {70, 224, 500}; // 19 600, 200 704 and 1 000 000 triangles
    Context context;
    const char *words;
    g_autoptr(HpVolume) volume = volume_new();
    HpMesh *mesh[3];
    Case c[16];
    const bool has_gl = context_begin(&context, &words);
    g_print("%s\n", has_gl ? context_renderer() : words);
    for (int at = 0; at < 3; at++)
        mesh[at] = solid_lump(middle, 90, rows[at]);
    for (size_t at = 0; at < G_N_ELEMENTS(c); at++) {
        c[at] = (Case){.context = &context, .width = WIDTH, .height = HEIGHT};
        c[at].scene = hp_scene_default();
        c[at].scene.mesh = mesh[at % 3];
        c[at].scene.volume = volume;
        hp_camera_aim_at_mesh(&c[at].scene.camera, c[at].scene.mesh);
        for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
            c[at].scene.slices[plane] = 150;
        if (has_gl)
            c[at].painter = hp_painter_new(NULL);
    }
    if (has_gl) {
        c[3].scene.shows_slices = true;
        c[4].scene.mesh = mesh[0];
        c[5].scene.mesh = mesh[0];
        c[0].scene.is_moving = c[3].scene.is_moving = c[5].scene.is_moving = true;
        c[5].scene.is_cut = true;
        c[5].scene.cut = HP_PLANE_CORONAL;
        c[6].scene.is_cut = true;
        c[6].scene.cut = HP_PLANE_CORONAL;
        c[9].width = 1200;
        c[9].height = 800;
        BenchEntry pictures[] = {
            {.name = "20 k triangles, moving", .run_cb = picture_cb, .data = &c[0]},
            {.name = "20 k, three slices, moving", .run_cb = picture_cb, .data = &c[3]},
            {.name = "20 k, cut open, moving", .run_cb = picture_cb, .data = &c[5]},
            {.name = "20 k triangles", .run_cb = picture_cb, .data = &c[4]},
            {.name = "200 k triangles", .run_cb = picture_cb, .data = &c[1]},
            {.name = "1 M triangles", .run_cb = picture_cb, .data = &c[2]},
            {.name = "20 k, cut open", .run_cb = picture_cb, .data = &c[6]},
            {.name = "20 k, 1200 x 800", .run_cb = picture_cb, .data = &c[9]},
        };
        bench_run("A picture of 600 x 400 by OpenGL", pictures, G_N_ELEMENTS(pictures), REPEATS,
                  (size_t)WIDTH * HEIGHT, "pixel");
    }
    c[12].width = WIDTH / 2;
    c[12].height = HEIGHT / 2;
    c[13].width = WIDTH / 2;
    c[13].height = HEIGHT / 2;
    BenchEntry without[] = {
        {.name = "20 k triangles", .run_cb = raster_cb, .data = &c[12]},
        {.name = "200 k triangles", .run_cb = raster_cb, .data = &c[13]},
    };
    bench_run("A picture of 300 x 200 without OpenGL, as it is while it turns", without,
              G_N_ELEMENTS(without), REPEATS, (size_t)WIDTH * HEIGHT / 4, "pixel");
    BenchEntry trees[] = {{.name = "200 k triangles", .run_cb = tree_cb, .data = &c[1]},
                          {.name = "1 M triangles", .run_cb = tree_cb, .data = &c[2]}};
    bench_run("The tree for picking", trees, G_N_ELEMENTS(trees), REPEATS, mesh[1]->triangles,
              "triangle of 200 k");
    for (int at = 0; at < 3; at++)
        c[at].pick = hp_pick_new(mesh[at], NULL);
    BenchEntry clicks[] = {{.name = "20 k triangles", .run_cb = click_cb, .data = &c[0]},
                           {.name = "200 k triangles", .run_cb = click_cb, .data = &c[1]},
                           {.name = "1 M triangles", .run_cb = click_cb, .data = &c[2]}};
    bench_run("A thousand picks", clicks, G_N_ELEMENTS(clicks), REPEATS, 1000, "pick");
    for (size_t at = 0; at < G_N_ELEMENTS(c); at++) {
        hp_painter_free(c[at].painter);
        hp_pick_free(c[at].pick);
    }
    for (int at = 0; at < 3; at++)
        hp_mesh_unref(mesh[at]);
    if (has_gl)
        context_end(&context);
    return 0;
}
