// SPDX-License-Identifier: Apache-2.0
// Closed curves into pixels and back: coverage, signed distance, outlines at a level.
#include "segment/raster.h"

#include <math.h>
#include <string.h>

HpRaster hp_raster_of_slice(const HpGrid *grid, HpPlane plane)
{
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    return (HpRaster){.width = grid->size[u],
                      .height = grid->size[v],
                      .da_mm = grid->spacing_mm[u],
                      .db_mm = grid->spacing_mm[v]};
}

// First and one past the last of `size` pixels that touch [low, high].
static void span_pixels(double low, double high, double start, double step, int size, int *first,
                        int *end)
{
    *first = (int)CLAMP(floor((low - start) / step), 0, size);
    *end = (int)CLAMP(ceil((high - start) / step) + 1, 0, size);
}

HpRaster hp_raster_around(const HpRaster *raster, const GPtrArray *loops, double margin_mm, int *x,
                          int *y)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (guint at = 0; at < loops->len; at++) {
        const HpLoop *loop = loops->pdata[at];
        for (int point = 0; point < loop->count; point++)
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = MIN(low[axis], loop->ab[point][axis]);
                high[axis] = MAX(high[axis], loop->ab[point][axis]);
            }
    }
    *x = *y = 0;
    if (!(low[0] <= high[0]))
        return (HpRaster){.da_mm = raster->da_mm, .db_mm = raster->db_mm};
    int x_end, y_end;
    span_pixels(low[0] - margin_mm, high[0] + margin_mm, raster->a_mm, raster->da_mm, raster->width,
                x, &x_end);
    span_pixels(low[1] - margin_mm, high[1] + margin_mm, raster->b_mm, raster->db_mm,
                raster->height, y, &y_end);
    if (x_end <= *x || y_end <= *y)
        return (HpRaster){.da_mm = raster->da_mm, .db_mm = raster->db_mm};
    return (HpRaster){.width = x_end - *x,
                      .height = y_end - *y,
                      .a_mm = raster->a_mm + *x * raster->da_mm,
                      .b_mm = raster->b_mm + *y * raster->db_mm,
                      .da_mm = raster->da_mm,
                      .db_mm = raster->db_mm};
}

// One row's share of an edge from (x0) to (x1) that climbs by `rise` within the row, both inside
// [0, width]. Each pixel gets the change of winding that the edge makes at it; the running sum
// along the row is then the winding's mean over the pixel.
static void add_span(float *row, double x0, double x1, double rise)
{
    const double left = MIN(x0, x1), right = MAX(x0, x1);
    const int first = (int)left, last = (int)ceil(right) - 1;
    if (last <= first) {
        const double beyond =
            (left + right) / 2 - first; // mean share of the pixel left of the edge
        row[first] += (float)(rise * (1 - beyond));
        row[first + 1] += (float)(rise * beyond);
        return;
    }
    const double slope = 1 / (right - left);
    double covered = 0; // area right of the edge in the pixels so far, per unit of rise
    double kept = 0;
    for (int x = first; x <= last; x++) {
        // Share of the rise spent left of the pixel's two sides.
        const double at = MAX(left, x), to = MIN(right, x + 1);
        const double before = (at - left) * slope, inside = (to - at) * slope;
        covered = before + inside * (x + 1 - (at + to) / 2);
        row[x] += (float)(rise * (covered - kept));
        kept = covered;
    }
    row[last + 1] += (float)(rise * (1 - kept));
}

// A straight piece that lies left of, inside, or right of the picture as a whole.
static void add_piece(float *row, double width, double x0, double x1, double rise)
{
    if (x0 >= width && x1 >= width)
        return; // changes the winding right of the picture only
    add_span(row, CLAMP(x0, 0, width), CLAMP(x1, 0, width), rise);
}

static void add_row(float *row, double width, double x0, double x1, double rise)
{
    // Split where the edge passes the picture's sides.
    double cut[4] = {0, 1, 1, 1};
    int cuts = 1;
    const double d = x1 - x0;
    if (d != 0) {
        const double p = (0 - x0) / d, q = (width - x0) / d;
        const double first = MIN(p, q), second = MAX(p, q);
        if (first > 0 && first < 1)
            cut[cuts++] = first;
        if (second > 0 && second < 1)
            cut[cuts++] = second;
    }
    cut[cuts] = 1;
    for (int piece = 0; piece < cuts; piece++)
        add_piece(row, width, x0 + d * cut[piece], x0 + d * cut[piece + 1],
                  rise * (cut[piece + 1] - cut[piece]));
}

// Adds the change of winding of one loop to `change`, rows of width + 2.
static void add_loop(const HpRaster *raster, const HpLoop *loop, double sign, float *change)
{
    const int width = raster->width, height = raster->height;
    for (int edge = 0; edge < loop->count; edge++) {
        const double *from = loop->ab[edge], *to = loop->ab[(edge + 1) % loop->count];
        // In pixels: pixel x fills x .. x+1 here.
        double x0 = (from[0] - raster->a_mm) / raster->da_mm + 0.5;
        double y0 = (from[1] - raster->b_mm) / raster->db_mm + 0.5;
        double x1 = (to[0] - raster->a_mm) / raster->da_mm + 0.5;
        double y1 = (to[1] - raster->b_mm) / raster->db_mm + 0.5;
        // What lies right of an edge that climbs is outside of a counter-clockwise loop.
        double direction = -sign;
        if (y0 > y1) {
            const double x = x0, y = y0;
            x0 = x1, y0 = y1, x1 = x, y1 = y;
            direction = sign;
        }
        if (!(y1 > y0) || y1 <= 0 || y0 >= height)
            continue;
        const double slope = (x1 - x0) / (y1 - y0);
        const int last = MIN(height - 1, (int)ceil(y1) - 1);
        for (int y = MAX(0, (int)floor(y0)); y <= last; y++) {
            const double low = MAX(y0, y), high = MIN(y1, y + 1);
            add_row(change + (size_t)y * (width + 2), width, x0 + (low - y0) * slope,
                    x0 + (high - y0) * slope, direction * (high - low));
        }
    }
}

static float fold(double winding, HpFill fill)
{
    const double size = fabs(winding);
    if (fill == HP_FILL_UNION)
        return (float)MIN(size, 1);
    const double rest = fmod(size, 2);
    return (float)(rest > 1 ? 2 - rest : rest);
}

void hp_raster_cover(const HpRaster *raster, const GPtrArray *loops, HpFill fill, float *coverage)
{
    const int width = raster->width, height = raster->height;
    g_autofree float *change = g_new0(float, (size_t)height *(width + 2));
    for (guint at = 0; loops != NULL && at < loops->len; at++) {
        const HpLoop *loop = loops->pdata[at];
        add_loop(raster, loop, hp_loop_area_mm2(loop) < 0 ? -1 : 1, change);
    }
    for (int y = 0; y < height; y++) {
        double winding = 0;
        for (int x = 0; x < width; x++) {
            winding += change[(size_t)y * (width + 2) + x];
            // What a row's sum leaves of nothing is rounding, not coverage.
            const double share = fabs(winding) < 1e-5 ? 0 : winding;
            coverage[(size_t)y * width + x] = fold(share, fill);
        }
    }
}

// Lowers the squared distance of the pixels within `reach` of one edge.
static void approach_edge(const HpRaster *raster, const double p[2], const double q[2],
                          double reach, float *squared)
{
    int x0, x1, y0, y1;
    span_pixels(MIN(p[0], q[0]) - reach, MAX(p[0], q[0]) + reach, raster->a_mm, raster->da_mm,
                raster->width, &x0, &x1);
    span_pixels(MIN(p[1], q[1]) - reach, MAX(p[1], q[1]) + reach, raster->b_mm, raster->db_mm,
                raster->height, &y0, &y1);
    const float da = (float)(q[0] - p[0]), db = (float)(q[1] - p[1]);
    const float length2 = da * da + db * db, scale = length2 > 0 ? 1 / length2 : 0;
    for (int y = y0; y < y1; y++) {
        const float b = (float)(raster->b_mm + y * raster->db_mm - p[1]);
        float *row = squared + (size_t)y * raster->width;
        for (int x = x0; x < x1; x++) {
            const float a = (float)(raster->a_mm + x * raster->da_mm - p[0]);
            float t = (a * da + b * db) * scale;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            const float u = a - t * da, v = b - t * db, d = u * u + v * v;
            row[x] = d < row[x] ? d : row[x];
        }
    }
}

void hp_raster_distance(const HpRaster *raster, const GPtrArray *loops, HpFill fill,
                        double clamp_mm, float *distance)
{
    const size_t count = (size_t)raster->width * raster->height;
    g_autofree float *coverage = g_new(float, count);
    hp_raster_cover(raster, loops, fill, coverage);
    const float clamp = (float)clamp_mm;
    for (size_t at = 0; at < count; at++)
        distance[at] = clamp * clamp;
    for (guint at = 0; loops != NULL && at < loops->len; at++) {
        const HpLoop *loop = loops->pdata[at];
        for (int edge = 0; edge < loop->count; edge++)
            approach_edge(raster, loop->ab[edge], loop->ab[(edge + 1) % loop->count], clamp_mm,
                          distance);
    }
    for (size_t at = 0; at < count; at++)
        distance[at] = coverage[at] >= 0.5f ? -sqrtf(distance[at]) : sqrtf(distance[at]);
}

// Marching squares on the pixel centres with one ring of mirrored values round them. A crossing
// lies on the lattice edge to the right of (number 0) or above (1) a lattice point.
typedef struct {
    const HpRaster *raster;
    const float *picture;
    double level;
    int columns; // lattice points in a row: width + 2
    int *next;   // the crossing that follows on its curve, per lattice edge; -1: none
} Trace;

static double lattice_value(const Trace *trace, int x, int y)
{
    const int width = trace->raster->width, height = trace->raster->height;
    const int px = CLAMP(x - 1, 0, width - 1), py = CLAMP(y - 1, 0, height - 1);
    const double value = trace->picture[(size_t)py * width + px] - trace->level;
    return px == x - 1 && py == y - 1 ? value : -fabs(value);
}

static int edge_number(const Trace *trace, int x, int y, int upward)
{
    return 2 * (y * trace->columns + x) + upward;
}

// Links the crossings on the four sides of the cell above and right of lattice point (x, y),
// keeping the higher values on the left.
static void link_cell(Trace *trace, int x, int y)
{
    const double corner[4] = {lattice_value(trace, x, y), lattice_value(trace, x + 1, y),
                              lattice_value(trace, x + 1, y + 1), lattice_value(trace, x, y + 1)};
    const int side[4] = {edge_number(trace, x, y, 0), edge_number(trace, x + 1, y, 1),
                         edge_number(trace, x, y + 1, 0), edge_number(trace, x, y, 1)};
    int entering[2], leaving[2], pairs = 0, leaves = 0;
    // Going round the cell counter-clockwise a curve enters (higher values to its left) where the
    // values fall along the side, and leaves where they rise.
    for (int at = 0; at < 4; at++) {
        const bool here = corner[at] > 0, there = corner[(at + 1) % 4] > 0;
        if (here && !there)
            entering[pairs++] = at;
        if (!here && there)
            leaving[leaves++] = at;
    }
    if (pairs == 2) { // a saddle: the centre decides whether the high corners are joined
        const bool is_joined = corner[0] + corner[1] + corner[2] + corner[3] > 0;
        // The curve from a falling side ends at the rising side that follows it (cutting off the
        // low corner between them) if the high corners are joined, else at the one before.
        for (int at = 0; at < 2; at++) {
            const int wanted = (entering[at] + (is_joined ? 1 : 3)) % 4;
            trace->next[side[entering[at]]] = side[wanted];
        }
    } else if (pairs == 1) {
        trace->next[side[entering[0]]] = side[leaving[0]];
    }
}

static void append_crossing(const Trace *trace, int edge, HpLoop *loop)
{
    const int point = edge / 2, x = point % trace->columns, y = point / trace->columns;
    const int upward = edge % 2;
    const double here = lattice_value(trace, x, y);
    const double there = lattice_value(trace, x + !upward, y + upward);
    // Off the lattice points themselves: two curves, or two points of one, never coincide there.
    const double share = CLAMP(here / (here - there), 1e-3, 1 - 1e-3);
    const HpRaster *raster = trace->raster;
    hp_loop_append(loop, raster->a_mm + (x - 1 + (upward ? 0 : share)) * raster->da_mm,
                   raster->b_mm + (y - 1 + (upward ? share : 0)) * raster->db_mm);
}

GPtrArray *hp_raster_trace(const HpRaster *raster, const float *picture, double level)
{
    GPtrArray *loops = hp_loops_new();
    if (raster->width < 1 || raster->height < 1)
        return loops;
    const int columns = raster->width + 2, rows = raster->height + 2, edges = 2 * columns * rows;
    g_autofree int *next = g_new(int, edges);
    memset(next, -1, edges * sizeof *next);
    Trace trace = {raster, picture, level, columns, next};
    for (int y = 0; y + 1 < rows; y++)
        for (int x = 0; x + 1 < columns; x++)
            link_cell(&trace, x, y);
    for (int first = 0; first < edges; first++) {
        if (next[first] < 0)
            continue;
        HpLoop *loop = hp_loop_new(64);
        for (int edge = first; edge >= 0 && next[edge] >= 0;) {
            append_crossing(&trace, edge, loop);
            const int after = next[edge];
            next[edge] = -1;
            edge = after;
        }
        g_ptr_array_add(loops, loop);
    }
    return loops;
}

HpLoop *hp_raster_inset(const HpRaster *raster, float *picture, double inset_mm)
{
    g_autoptr(GPtrArray) outline = hp_raster_trace(raster, picture, 0.5);
    const double beyond_mm = inset_mm + 2 * MAX(raster->da_mm, raster->db_mm);
    hp_raster_distance(raster, outline, HP_FILL_EVEN_ODD, beyond_mm, picture);
    for (size_t at = 0; at < (size_t)raster->width * raster->height; at++)
        picture[at] = -picture[at];
    g_autoptr(GPtrArray) inner = hp_raster_trace(raster, picture, inset_mm);
    int best = -1;
    for (guint at = 0; at < inner->len; at++)
        if (best < 0 || hp_loop_area_mm2(inner->pdata[at]) > hp_loop_area_mm2(inner->pdata[best]))
            best = (int)at;
    return best < 0 ? NULL : g_ptr_array_steal_index(inner, best);
}

size_t hp_raster_paint(const GPtrArray *contours, const HpGrid *grid, uint8_t label,
                       uint8_t *labels)
{
    size_t painted = 0;
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        const HpRaster slice = hp_raster_of_slice(grid, contour->plane);
        double level;
        HpLoop *loop = hp_loop_from_contour(contour, grid, &level);
        g_autoptr(GPtrArray) one = hp_loops_new();
        g_ptr_array_add(one, loop);
        int u, v, x0, y0;
        hp_plane_axes(grid, contour->plane, &u, &v);
        const int normal = 3 - u - v;
        if (!(level >= -0.5 && level < grid->size[normal] - 0.5))
            continue;
        const HpRaster part = hp_raster_around(&slice, one, 0, &x0, &y0);
        if (part.width == 0)
            continue;
        g_autofree float *coverage = g_new(float, (size_t)part.width *part.height);
        hp_raster_cover(&part, one, HP_FILL_UNION, coverage);
        int ijk[3];
        ijk[normal] = CLAMP((int)floor(level + 0.5), 0, grid->size[normal] - 1);
        for (int y = 0; y < part.height; y++)
            for (int x = 0; x < part.width; x++) {
                if (coverage[(size_t)y * part.width + x] < 0.5f)
                    continue;
                ijk[u] = x0 + x;
                ijk[v] = y0 + y;
                uint8_t *voxel = &labels[hp_grid_offset(grid, ijk[0], ijk[1], ijk[2])];
                painted += *voxel != label;
                *voxel = label;
            }
    }
    return painted;
}
