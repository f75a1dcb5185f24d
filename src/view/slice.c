// SPDX-License-Identifier: Apache-2.0
// Composes the picture of one slice: grey values, the mask over them, contours and marks.
#include "view/slice.h"

#include "core/error.h"
#include "core/parallel.h"
#include "view/canvas.h"
#include "view/marks.h"
#include "view/palette.h"
#include "view/resample.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

HpSliceView hp_slice_view_default(const HpVolume *volume, HpPlane plane)
{
    return (HpSliceView){.volume = volume,
                         .plane = plane,
                         .slice = volume->grid.size[hp_grid_axis(&volume->grid, plane)] / 2,
                         .low_hu = -100,
                         .high_hu = 200,
                         .opacity = 0.28,
                         .outline = 2,
                         .letters = true,
                         .scale_bar = true,
                         .title = true};
}

HpSliceFrame hp_slice_view_frame(const HpSliceView *view, int width, int height)
{
    HpSliceFrame frame = hp_slice_frame_fit(&view->volume->grid, view->plane, view->slice, width,
                                            height, view->margin);
    if (view->zoom > 0)
        frame.pixels_per_mm *= view->zoom;
    for (int at = 0; at < 2; at++)
        frame.centre[at] += view->pan_mm[at] * frame.pixels_per_mm;
    return frame;
}

// How far apart in memory neighbours along each grid axis lie.
static size_t stride_of(const int size[3], int axis)
{
    return axis == 0 ? 1 : axis == 1 ? (size_t)size[0] : (size_t)size[0] * size[1];
}

// Of slice `slice` of a volume, which is not the frame's where the volume is a part of another.
static float *volume_samples(const HpVolume *volume, const HpSliceFrame *frame, int slice)
{
    const HpGrid *grid = &volume->grid;
    const int across = grid->size[frame->axis[0]], down = grid->size[frame->axis[1]];
    const size_t stride = stride_of(grid->size, frame->axis[0]);
    float *samples = g_new(float, (size_t)across *(size_t)down);
    for (int b = 0; b < down; b++) {
        const int16_t *from =
            volume->hu + (size_t)slice * stride_of(grid->size, hp_grid_axis(grid, frame->plane)) +
            (size_t)b * stride_of(grid->size, frame->axis[1]);
        for (int a = 0; a < across; a++)
            samples[(size_t)b * across + a] = from[(size_t)a * stride];
    }
    return samples;
}

// The values at each pixel of a volume's slice.
static float *pixel_values(const HpSliceView *view, const HpVolume *volume, int slice,
                           const HpSliceFrame *frame, int width, int height)
{
    g_autofree float *samples = volume_samples(volume, frame, slice);
    return hp_slice_resample(&view->volume->grid, frame, samples,
                             view->shows_voxels ? HP_FILTER_BOX : HP_FILTER_SHARP, width, height);
}

float *hp_slice_values(const HpSliceView *view, int width, int height)
{
    const HpSliceFrame frame = hp_slice_view_frame(view, width, height);
    return pixel_values(view, view->volume, frame.slice, &frame, width, height);
}

void hp_slice_tint_band(HpPicture *picture, const float *hu, const double band_hu[2])
{
    for (size_t at = 0; at < (size_t)picture->width * picture->height; at++)
        if (hu[at] >= band_hu[0] && hu[at] <= band_hu[1])
            hp_picture_blend(picture->rgb + 3 * at, hp_palette_band, 0.4f);
}

static void draw_grey(const HpSliceView *view, const HpSliceFrame *frame, HpPicture *picture)
{
    g_autofree float *hu =
        view->prepared != NULL
            ? pixel_values(view, view->prepared, 0, frame, picture->width, picture->height)
            : pixel_values(view, view->volume, frame->slice, frame, picture->width,
                           picture->height);
    const float low = (float)view->low_hu;
    const float scale = 255 / fmaxf((float)(view->high_hu - view->low_hu), 1e-3f);
    for (size_t at = 0; at < (size_t)picture->width * picture->height; at++) {
        const float grey = isnan(hu[at]) ? 0 : CLAMP((hu[at] - low) * scale, 0, 255);
        memset(picture->rgb + 3 * at, (uint8_t)(grey + 0.5f), 3);
    }
}

// Labels of the slice, axis[0] fastest.
static uint8_t *mask_labels(const HpMask *mask, const HpSliceFrame *frame)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    const int through = hp_grid_axis(grid, frame->plane);
    int lo[3] = {0, 0, 0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    lo[through] = frame->slice;
    size[through] = 1;
    const int across = size[frame->axis[0]], down = size[frame->axis[1]];
    g_autofree uint8_t *box = g_malloc((size_t)across * (size_t)down);
    uint8_t *labels = g_malloc((size_t)across * (size_t)down);
    hp_mask_read_box(mask, lo, size, box);
    for (int b = 0; b < down; b++)
        for (int a = 0; a < across; a++)
            labels[(size_t)b * across + a] = box[(size_t)a * stride_of(size, frame->axis[0]) +
                                                 (size_t)b * stride_of(size, frame->axis[1])];
    return labels;
}

// Signed distance in pixels, positive inside, to where `share` (the smoothed part of a label at
// each pixel) is one half: the excess over its slope (first order, as for any implicit curve).
static float inside_by(const float *share, int width, int height, int x, int y)
{
    const float *at = share + (size_t)y * width + x;
    const float here = *at;
    const float right = x + 1 < width && !isnan(at[1]) ? at[1] : here;
    const float left = x > 0 && !isnan(at[-1]) ? at[-1] : here;
    const float below = y + 1 < height && !isnan(at[width]) ? at[width] : here;
    const float above = y > 0 && !isnan(at[-width]) ? at[-width] : here;
    const float dx = (right - left) / 2, dy = (below - above) / 2;
    return (here - 0.5f) / fmaxf(sqrtf(dx * dx + dy * dy), 1e-3f);
}

typedef struct {
    const HpSliceView *view;
    const float *share;
    const uint8_t *colour;
    uint8_t line[3];
    HpPicture *picture;
} LabelWork;

// Both edges are one pixel soft, which is what anti-aliasing by area comes to.
static void draw_label_cb(int begin, int end, int slab, void *data)
{
    const LabelWork *work = data;
    const int width = work->picture->width, height = work->picture->height;
    const float half = (float)work->view->outline / 2, opacity = (float)work->view->opacity;
    for (int y = begin; y < end; y++)
        for (int x = 0; x < width; x++) {
            if (!(work->share[(size_t)y * width + x] > 1e-3f))
                continue;
            const float inside = inside_by(work->share, width, height, x, y);
            const float fill = CLAMP(inside + 0.5f, 0, 1) * opacity;
            const float edge = half > 0 ? CLAMP(half + 0.5f - fabsf(inside), 0, 1) : 0;
            uint8_t *pixel = hp_picture_at(work->picture, x, y);
            if (fill > 0)
                hp_picture_blend(pixel, work->colour, fill);
            if (edge > 0)
                hp_picture_blend(pixel, work->line, edge);
        }
}

static void draw_label(const HpSliceView *view, const float *share, const uint8_t colour[3],
                       HpPicture *picture)
{
    LabelWork work = {.view = view, .share = share, .colour = colour, .picture = picture};
    hp_palette_outline(colour, work.line);
    hp_parallel_for(picture->height, 32, draw_label_cb, &work);
}

static void draw_mask(const HpSliceView *view, const HpSliceFrame *frame, HpPicture *picture)
{
    const HpGrid *grid = hp_mask_get_grid(view->mask);
    const HpSegments fallback = hp_segments_default();
    const HpSegments *segments = view->segments != NULL ? view->segments : &fallback;
    const size_t count = (size_t)grid->size[frame->axis[0]] * grid->size[frame->axis[1]];
    g_autofree uint8_t *labels = mask_labels(view->mask, frame);
    g_autofree float *samples = g_new(float, count);
    bool present[256] = {false};
    for (size_t at = 0; at < count; at++)
        present[labels[at]] = true;
    for (int label = 1; label < 256; label++) {
        const HpSegment *segment = hp_segments_find(segments, (uint8_t)label);
        const uint8_t grey[3] = {160, 160, 160}; // of labels without a segment
        if (!present[label] || (segment != NULL && !segment->visible))
            continue;
        for (size_t at = 0; at < count; at++)
            samples[at] = labels[at] == label;
        g_autofree float *share = hp_slice_resample(
            grid, frame, samples, view->shows_voxels ? HP_FILTER_BOX : HP_FILTER_SMOOTH,
            picture->width, picture->height);
        draw_label(view, share, segment != NULL ? segment->colour : grey, picture);
    }
}

HpPicture *hp_slice_compose_ground(const HpSliceView *view, int width, int height, GError **error)
{
    const HpGrid *grid = &view->volume->grid;
    g_assert(view->slice >= 0 && view->slice < grid->size[hp_grid_axis(grid, view->plane)]);
    g_assert(view->prepared == NULL ||
             view->prepared->grid.size[hp_grid_axis(grid, view->plane)] == 1);
    if (view->mask != NULL && !hp_grid_equal(hp_mask_get_grid(view->mask), grid, 0.01)) {
        g_set_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                    _("the mask does not lie on the grid of the volume"));
        return NULL;
    }
    HpPicture *picture = hp_picture_new(width, height, error);
    if (picture == NULL)
        return NULL;
    const HpSliceFrame frame = hp_slice_view_frame(view, width, height);
    draw_grey(view, &frame, picture);
    if (view->mask != NULL)
        draw_mask(view, &frame, picture);
    return picture;
}

HpPicture *hp_slice_compose(const HpSliceView *view, int width, int height, GError **error)
{
    HpPicture *picture = hp_slice_compose_ground(view, width, height, error);
    if (picture != NULL && view->band_hu != NULL) {
        g_autofree float *hu = hp_slice_values(view, width, height);
        hp_slice_tint_band(picture, hu, view->band_hu);
    }
    if (picture == NULL || (view->curves_count == 0 && !view->letters && !view->scale_bar &&
                            !view->title && view->cross_mm == NULL))
        return picture;
    const HpSliceFrame frame = hp_slice_view_frame(view, width, height);
    cairo_surface_t *surface = hp_canvas_begin(picture);
    cairo_t *cairo = cairo_create(surface);
    hp_slice_draw_marks(view, &frame, cairo, width, height, hp_slice_marks_unit(width, height));
    cairo_destroy(cairo);
    hp_canvas_end(surface, picture);
    return picture;
}

int hp_slice_of_most(const HpMask *mask, HpPlane plane, uint8_t label)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    const int axis = hp_grid_axis(grid, plane);
    int lo[3], hi[3], best = grid->size[axis] / 2;
    if (!hp_mask_bounds(mask, label, lo, hi))
        return best;
    int size[3] = {hi[0] - lo[0], hi[1] - lo[1], hi[2] - lo[2]};
    const int begin = lo[axis], end = hi[axis];
    size[axis] = 1;
    const size_t count = (size_t)size[0] * size[1] * size[2];
    g_autofree uint8_t *labels = g_malloc(count);
    size_t most = 0;
    for (lo[axis] = begin; lo[axis] < end; lo[axis]++) {
        size_t here = 0;
        hp_mask_read_box(mask, lo, size, labels);
        for (size_t at = 0; at < count; at++)
            here += label != 0 ? labels[at] == label : labels[at] != 0;
        if (here > most) {
            most = here;
            best = lo[axis];
        }
    }
    return best;
}
