// SPDX-License-Identifier: Apache-2.0
// The orientation cube at the corner of the 3-D view: its faces are the sides of the patient.
#include "view/cube.h"

#include "view/canvas.h"
#include "view/palette.h"

#include <math.h>

#define HALF 0.285        // of the square is half an edge: the turned cube's corners stay within
#define LEAST_FACING 0.05 // a face seen flatter than this is not drawn: its letter would be a line

// A visible face in the square: its middle, and the way from there to the right and the top edge of
// its letter.
typedef struct {
    double middle[2], right[2], up[2];
} Face;

// Which way a letter's right and top point on each face, so that it reads upright from there.
static const double letter_right[HP_SIDE_COUNT][3] = {
    [HP_SIDE_LEFT] = {0, 1, 0},       [HP_SIDE_RIGHT] = {0, -1, 0},
    [HP_SIDE_POSTERIOR] = {-1, 0, 0}, [HP_SIDE_ANTERIOR] = {1, 0, 0},
    [HP_SIDE_SUPERIOR] = {1, 0, 0},   [HP_SIDE_INFERIOR] = {1, 0, 0},
};
static const double letter_up[HP_SIDE_COUNT][3] = {
    [HP_SIDE_LEFT] = {0, 0, 1},     [HP_SIDE_RIGHT] = {0, 0, 1},    [HP_SIDE_POSTERIOR] = {0, 0, 1},
    [HP_SIDE_ANTERIOR] = {0, 0, 1}, [HP_SIDE_SUPERIOR] = {0, 1, 0}, [HP_SIDE_INFERIOR] = {0, -1, 0},
};

static void project(const HpCamera *camera, double size, const double mm[3], double out[2])
{
    double basis[3][3];
    hp_camera_basis(camera->azimuth_degrees, camera->elevation_degrees, basis);
    for (int row = 0; row < 2; row++) {
        const double along = basis[row][0] * mm[0] + basis[row][1] * mm[1] + basis[row][2] * mm[2];
        out[row] = HALF * size * along * (row == 0 ? 1 : -1);
    }
}

static bool face_of(const HpCamera *camera, double size, HpSide side, Face *face)
{
    if (hp_camera_facing(camera, side) < LEAST_FACING)
        return false;
    double outward[3] = {0, 0, 0};
    outward[side / 2] = side % 2 == 0 ? 1 : -1;
    project(camera, size, outward, face->middle);
    project(camera, size, letter_right[side], face->right);
    project(camera, size, letter_up[side], face->up);
    face->middle[0] += size / 2;
    face->middle[1] += size / 2;
    return true;
}

static void trace(cairo_t *cairo, const Face *face)
{
    static const double corner[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (int at = 0; at < 4; at++)
        cairo_line_to(
            cairo, face->middle[0] + corner[at][0] * face->right[0] + corner[at][1] * face->up[0],
            face->middle[1] + corner[at][0] * face->right[1] + corner[at][1] * face->up[1]);
    cairo_close_path(cairo);
}

static void draw_letter(cairo_t *cairo, const Face *face, double size, HpSide side)
{
    const char word[2] = {hp_side_letters[side], '\0'};
    const double half = HALF * size;
    // From a face of half edge `half`, letters upright, to the face as it is seen.
    cairo_matrix_t seen = {face->right[0] / half, face->right[1] / half, -face->up[0] / half,
                           -face->up[1] / half,   face->middle[0],       face->middle[1]};
    cairo_text_extents_t extents;
    cairo_save(cairo);
    cairo_transform(cairo, &seen);
    cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cairo, 1.25 * half);
    cairo_text_extents(cairo, word, &extents);
    cairo_move_to(cairo, -extents.x_bearing - extents.width / 2,
                  -extents.y_bearing - extents.height / 2);
    cairo_text_path(cairo, word);
    cairo_restore(cairo);
    hp_canvas_set_colour(cairo, hp_palette_text,
                         0.35 + 0.65 * hypot(face->up[0], face->up[1]) / half *
                                    hypot(face->right[0], face->right[1]) / half);
    cairo_fill(cairo);
}

void hp_cube_draw(const HpCamera *camera, cairo_t *cairo, double size, int hovered)
{
    static const uint8_t plate[3] = {70, 73, 84}, lit[3] = {53, 132, 228}, edge[3] = {16, 16, 20};
    for (int side = 0; side < HP_SIDE_COUNT; side++) {
        Face face;
        if (!face_of(camera, size, side, &face))
            continue;
        // Lit from the eye: the more a face is turned away, the darker.
        const double light = 0.55 + 0.45 * hp_camera_facing(camera, side);
        uint8_t colour[3];
        for (int part = 0; part < 3; part++)
            colour[part] = (uint8_t)(light * (side == hovered ? lit : plate)[part]);
        trace(cairo, &face);
        hp_canvas_set_colour(cairo, colour, 0.95);
        cairo_fill_preserve(cairo);
        hp_canvas_set_colour(cairo, edge, 1);
        cairo_set_line_width(cairo, size / 50);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cairo);
        draw_letter(cairo, &face, size, side);
    }
}

int hp_cube_side_at(const HpCamera *camera, double size, double x, double y)
{
    for (int side = 0; side < HP_SIDE_COUNT; side++) {
        Face face;
        if (!face_of(camera, size, side, &face))
            continue;
        const double dx = x - face.middle[0], dy = y - face.middle[1];
        const double area = face.right[0] * face.up[1] - face.right[1] * face.up[0];
        const double u = (dx * face.up[1] - dy * face.up[0]) / area;
        const double v = (face.right[0] * dy - face.right[1] * dx) / area;
        if (fabs(u) <= 1 && fabs(v) <= 1)
            return side;
    }
    return -1;
}
