// SPDX-License-Identifier: Apache-2.0
// The closed snake with local maps: a polygon on one slice that descends its energy until it rests.
#include "segment/snake.h"

#include <math.h>
#include <string.h>

enum { RESAMPLE_STEPS = 5, AREA_STEPS = 10 };

static const double largest_move_mm = 1; // of a vertex in one step by the explicit part
static const double least_part = 0.1;    // of the way of a point that swings
static const double rest_move_mm = 0.05, rest_area_share = 5e-4;
static const double least_area_mm2 = 4;

struct HpSnake {
    const HpMaps *maps;
    double spacing_mm;
    int steps, max_steps;
    HpSnakeState state;
    HpLoop *loop, *scratch;
    double area_mm2[AREA_STEPS];   // of the last steps, by step number
    double change;                 // share of the area over as many steps; NAN before
    int room;                      // points the arrays below can hold
    double (*force)[2];            // explicit part of the descent
    double (*moved)[2];            // by the last step
    double *part;                  // of its way that a point goes, 0..1
    double (*wanted)[2];           // right side, then the solution
    double *beta, *factors, *half; // half: h_i
};

HpSnake *hp_snake_new(void)
{
    HpSnake *snake = g_new0(HpSnake, 1);
    snake->loop = hp_loop_new(1024);
    snake->scratch = hp_loop_new(1024);
    snake->state = HP_SNAKE_VANISHED;
    return snake;
}

static void free_arrays(HpSnake *snake)
{
    g_free(snake->part);
    g_free(snake->force);
    g_free(snake->moved);
    g_free(snake->wanted);
    g_free(snake->beta);
    g_free(snake->factors);
    g_free(snake->half);
}

void hp_snake_free(HpSnake *snake)
{
    if (snake == NULL)
        return;
    hp_loop_free(snake->loop);
    hp_loop_free(snake->scratch);
    free_arrays(snake);
    g_free(snake);
}

static void forget_moves(HpSnake *snake)
{
    for (int at = 0; at < snake->room; at++) {
        snake->moved[at][0] = snake->moved[at][1] = 0;
        snake->part[at] = 1;
    }
}

static void make_room(HpSnake *snake, int count)
{
    if (count <= snake->room)
        return;
    free_arrays(snake);
    snake->room = MAX(1024, 2 * count);
    snake->force = g_malloc_n(snake->room, sizeof *snake->force);
    snake->moved = g_malloc_n(snake->room, sizeof *snake->moved);
    snake->wanted = g_malloc_n(snake->room, sizeof *snake->wanted);
    snake->beta = g_new(double, snake->room);
    snake->half = g_new(double, snake->room);
    snake->factors = g_new(double, 6 * (size_t)snake->room);
    snake->part = g_new(double, snake->room);
    forget_moves(snake);
}

// The pixel cell round a point and where in it the point lies; the border continues outward.
typedef struct {
    size_t at, right, up; // offsets: lower left pixel, steps to its neighbours
    float s, t;           // 0..1 along a and b
} Cell;

static inline Cell cell_of(const HpRaster *raster, double a, double b)
{
    double x = (a - raster->a_mm) / raster->da_mm, y = (b - raster->b_mm) / raster->db_mm;
    // Written so that what is not a number lands in the first pixel.
    x = x > 0 ? MIN(x, raster->width - 1) : 0;
    y = y > 0 ? MIN(y, raster->height - 1) : 0;
    const int i = (int)x, j = (int)y;
    return (Cell){(size_t)j * raster->width + i, i + 1 < raster->width ? 1 : 0,
                  j + 1 < raster->height ? raster->width : 0, (float)(x - i), (float)(y - j)};
}

static inline float bilinear(const float *map, const Cell *cell)
{
    const float *p = map + cell->at;
    const float low = p[0] + cell->s * (p[cell->right] - p[0]);
    const float high = p[cell->up] + cell->s * (p[cell->up + cell->right] - p[cell->up]);
    return low + cell->t * (high - low);
}

// Differences over one pixel: the gradient of the bilinear map averaged over a pixel, which, unlike
// the gradient of the map itself, has no jumps for a point to swing across.
static inline void smooth_gradient(const float *map, const HpRaster *raster, const double ab[2],
                                   double gradient[2])
{
    const double da = 0.5 * raster->da_mm, db = 0.5 * raster->db_mm;
    const Cell left = cell_of(raster, ab[0] - da, ab[1]),
               right = cell_of(raster, ab[0] + da, ab[1]);
    const Cell below = cell_of(raster, ab[0], ab[1] - db),
               above = cell_of(raster, ab[0], ab[1] + db);
    gradient[0] = (bilinear(map, &right) - bilinear(map, &left)) / raster->da_mm;
    gradient[1] = (bilinear(map, &above) - bilinear(map, &below)) / raster->db_mm;
}

void hp_snake_balloon(const HpMaps *maps, const HpLoop *loop, double (*force)[2])
{
    // Gauss's three points: kappa times the hat function along an edge, exact to degree five.
    static const double where[3] = {0.1127016653792583, 0.5, 0.8872983346207417};
    static const double weight[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
    const int count = loop->count;
    memset(force, 0, count * sizeof *force);
    for (int at = 0; at < count; at++) {
        const int next = at + 1 < count ? at + 1 : 0;
        const double *p = loop->ab[at], *q = loop->ab[next];
        const double da = q[0] - p[0], db = q[1] - p[1];
        double here = 0, there = 0; // integrals of kappa with the hat of either end
        for (int point = 0; point < 3; point++) {
            const double t = where[point];
            const Cell cell = cell_of(&maps->raster, p[0] + t * da, p[1] + t * db);
            const double kappa = weight[point] * bilinear(maps->balloon, &cell);
            here += (1 - t) * kappa;
            there += t * kappa;
        }
        // Outward normal times length of a counter-clockwise edge: (db, -da).
        force[at][0] += here * db;
        force[at][1] -= here * da;
        force[next][0] += there * db;
        force[next][1] -= there * da;
    }
}

void hp_snake_solve(int count, double tau, double alpha, const double *beta, double h_mm,
                    double (*x)[2], double *scratch)
{
    g_assert(count >= 6);
    const double h2 = h_mm * h_mm, a = 2 * tau * alpha / h2, c = 2 * tau / (h2 * h2);
    double *d = scratch, *l1 = d + count, *l2 = l1 + count, *p = l2 + count, *q = p + count;
    const int inner = count - 2; // unknowns before the border
    // Rows of 2 tau A, indices cyclic: [i,i] = 2a + c(b- + 4b + b+), [i,i+1] = -a - 2c(b + b+),
    // [i,i+2] = c b+.
#define DIAGONAL(i, before, after) (1 + 2 * a + c * (beta[before] + 4 * beta[i] + beta[after]))
#define NEAR(i, after) (-a - 2 * c * (beta[i] + beta[after]))
#define FAR(after) (c * beta[after])
    double sum_pp = 0, sum_qq = 0, sum_pq = 0, p_x[2] = {0, 0}, q_x[2] = {0, 0};
    for (int i = 0; i < inner; i++) {
        const double d1 = i > 0 ? d[i - 1] : 0, d2 = i > 1 ? d[i - 2] : 0;
        const double k1 = i > 0 ? l1[i - 1] : 0, k2 = i > 1 ? l2[i - 2] : 0;
        const double f1 = i > 0 ? l2[i - 1] : 0;
        d[i] = DIAGONAL(i, i > 0 ? i - 1 : count - 1, i + 1) - k1 * k1 * d1 - k2 * k2 * d2;
        const double inverse = 1 / d[i];
        l1[i] = i + 1 < inner ? (NEAR(i, i + 1) - f1 * k1 * d1) * inverse : 0;
        l2[i] = i + 2 < inner ? FAR(i + 1) * inverse : 0;
        // Rows count-2 and count-1: they meet columns 0, 1 round the corner and the last of the band.
        double to_p = 0, to_q = 0;
        if (i == 0)
            to_p = FAR(count - 1), to_q = NEAR(count - 1, 0);
        if (i == 1)
            to_q = FAR(0);
        if (i == inner - 2)
            to_p += FAR(inner - 1);
        if (i == inner - 1)
            to_p += NEAR(inner - 1, inner), to_q += FAR(inner);
        const double p1 = i > 0 ? p[i - 1] : 0, p2 = i > 1 ? p[i - 2] : 0;
        const double q1 = i > 0 ? q[i - 1] : 0, q2 = i > 1 ? q[i - 2] : 0;
        p[i] = (to_p - p1 * k1 * d1 - p2 * k2 * d2) * inverse;
        q[i] = (to_q - q1 * k1 * d1 - q2 * k2 * d2) * inverse;
        sum_pp += p[i] * p[i] * d[i];
        sum_qq += q[i] * q[i] * d[i];
        sum_pq += p[i] * q[i] * d[i];
        for (int axis = 0; axis < 2; axis++) { // forward substitution on the way
            const double x1 = i > 0 ? x[i - 1][axis] : 0, x2 = i > 1 ? x[i - 2][axis] : 0;
            x[i][axis] -= k1 * x1 + k2 * x2;
            p_x[axis] += p[i] * x[i][axis];
            q_x[axis] += q[i] * x[i][axis];
        }
    }
    const int m = count - 2, n = count - 1;
    const double dm = DIAGONAL(m, m - 1, n) - sum_pp;
    const double corner = (NEAR(m, n) - sum_pq) / dm;
    const double dn = DIAGONAL(n, m, 0) - sum_qq - corner * corner * dm;
#undef DIAGONAL
#undef NEAR
#undef FAR
    for (int axis = 0; axis < 2; axis++) {
        const double ym = x[m][axis] - p_x[axis], yn = x[n][axis] - q_x[axis] - corner * ym;
        x[n][axis] = yn / dn;
        x[m][axis] = ym / dm - corner * x[n][axis];
    }
    for (int i = inner - 1; i >= 0; i--)
        for (int axis = 0; axis < 2; axis++)
            x[i][axis] = x[i][axis] / d[i] - l1[i] * x[i + 1][axis] -
                         (i + 2 < inner ? l2[i] * x[i + 2][axis] : 0) - p[i] * x[m][axis] -
                         q[i] * x[n][axis];
}

void hp_snake_init(HpSnake *snake, const HpMaps *maps, const HpLoop *start, double spacing_mm,
                   int max_steps)
{
    snake->maps = maps;
    snake->spacing_mm = spacing_mm;
    snake->max_steps = max_steps;
    snake->steps = 0;
    snake->change = NAN;
    hp_loop_set(snake->loop, start);
    if (hp_loop_area_mm2(snake->loop) < 0)
        hp_loop_reverse(snake->loop);
    hp_loop_cut(snake->loop, snake->scratch);
    hp_loop_resample(snake->loop, spacing_mm, snake->scratch);
    const bool is_there = snake->loop->count >= 6 && hp_loop_area_mm2(snake->loop) > least_area_mm2;
    make_room(snake, snake->loop->count);
    forget_moves(snake);
    snake->state = is_there ? HP_SNAKE_MOVING : HP_SNAKE_VANISHED;
}

static inline double distance_between(const double p[2], const double q[2])
{
    return sqrt((q[0] - p[0]) * (q[0] - p[0]) + (q[1] - p[1]) * (q[1] - p[1]));
}

// Fills force (grad D - b_i/h_i), beta and half; returns the largest force. Of grad D only the part
// across the curve counts: the part along it would move points, not the curve.
static double find_forces(HpSnake *snake)
{
    const HpMaps *maps = snake->maps;
    const HpLoop *loop = snake->loop;
    const int count = loop->count;
    double largest = 0, before = distance_between(loop->ab[count - 1], loop->ab[0]);
    hp_snake_balloon(maps, loop, snake->force);
    for (int at = 0; at < count; at++) {
        const double *p = loop->ab[at], *last = loop->ab[at > 0 ? at - 1 : count - 1];
        const double *next = loop->ab[at + 1 < count ? at + 1 : 0];
        const double after = distance_between(p, next);
        const double half = MAX(0.5 * (before + after), 1e-3 * snake->spacing_mm);
        before = after;
        double gradient[2];
        smooth_gradient(maps->edge, &maps->raster, p, gradient);
        const double va = next[0] - last[0], vb = next[1] - last[1];
        const double across = (gradient[0] * vb - gradient[1] * va) / MAX(va * va + vb * vb, 1e-12);
        double *force = snake->force[at];
        force[0] = across * vb - force[0] / half;
        force[1] = -across * va - force[1] / half;
        largest = MAX(largest, force[0] * force[0] + force[1] * force[1]);
        const Cell cell = cell_of(&maps->raster, p[0], p[1]);
        snake->half[at] = half;
        snake->beta[at] = bilinear(maps->beta, &cell);
    }
    return sqrt(largest);
}

// The largest step in time that moves no vertex too far: by the forces, or, where they are small,
// as a circle of the contour's length would shrink by its tension and bending.
static double time_step(const HpSnake *snake, double force, double length)
{
    double beta = 0;
    for (int at = 0; at < snake->loop->count; at++)
        beta += snake->beta[at];
    beta /= snake->loop->count;
    const double radius = MAX(length / (2 * G_PI), snake->spacing_mm);
    const double shrink = 2 * (snake->maps->alpha + beta / (radius * radius)) / radius;
    const double fastest = MAX(force, shrink);
    return fastest > 0 ? largest_move_mm / fastest : 0;
}

// Moves the points towards `wanted`, kept inside the picture; returns the largest move. A point that
// turns back swings across an edge: it goes a shorter part of its way until it goes on.
static double move_points(HpSnake *snake)
{
    const HpRaster *raster = &snake->maps->raster;
    const double low[2] = {raster->a_mm - 0.5 * raster->da_mm, raster->b_mm - 0.5 * raster->db_mm};
    const double high[2] = {low[0] + raster->width * raster->da_mm,
                            low[1] + raster->height * raster->db_mm};
    double largest = 0;
    for (int at = 0; at < snake->loop->count; at++) {
        double *point = snake->loop->ab[at], *last = snake->moved[at];
        const double way[2] = {snake->wanted[at][0] - point[0], snake->wanted[at][1] - point[1]};
        double *part = &snake->part[at];
        if (way[0] * last[0] + way[1] * last[1] < 0)
            *part = MAX(0.6 * *part, least_part);
        else
            *part = MIN(1.2 * *part, 1);
        double squared = 0;
        for (int axis = 0; axis < 2; axis++) {
            const double to = CLAMP(point[axis] + *part * way[axis], low[axis], high[axis]);
            last[axis] = to - point[axis];
            point[axis] = to;
            squared += last[axis] * last[axis];
        }
        largest = MAX(largest, squared);
    }
    return sqrt(largest);
}

// Whether the points have drifted apart or together by a third. A contour at rest has not, and is
// left alone: resampling would kick its corners.
static bool is_uneven(const HpSnake *snake)
{
    double low = INFINITY, high = 0;
    for (int at = 0; at < snake->loop->count; at++) {
        const double *p = snake->loop->ab[at];
        const double *q = snake->loop->ab[at + 1 < snake->loop->count ? at + 1 : 0];
        const double size = distance_between(p, q);
        low = MIN(low, size);
        high = MAX(high, size);
    }
    return low < snake->spacing_mm / 1.35 || high > snake->spacing_mm * 1.35;
}

static void renew_points(HpSnake *snake)
{
    if (hp_loop_cut(snake->loop, snake->scratch) == 0 && !is_uneven(snake))
        return;
    hp_loop_resample(snake->loop, snake->spacing_mm, snake->scratch);
    make_room(snake, snake->loop->count);
    forget_moves(snake);
}

static HpSnakeState judge(HpSnake *snake, double largest_move)
{
    const double area = hp_loop_area_mm2(snake->loop);
    double *slot = &snake->area_mm2[snake->steps % AREA_STEPS];
    const double earlier = *slot;
    *slot = area;
    snake->steps++;
    if (!(area > least_area_mm2) || snake->loop->count < 6)
        return HP_SNAKE_VANISHED;
    if (snake->steps > AREA_STEPS)
        snake->change = fabs(area - earlier) / area;
    if (snake->steps > AREA_STEPS && largest_move <= rest_move_mm &&
        fabs(area - earlier) < rest_area_share * area)
        return HP_SNAKE_RESTS;
    return snake->steps >= snake->max_steps ? HP_SNAKE_TIRED : HP_SNAKE_MOVING;
}

bool hp_snake_step(HpSnake *snake)
{
    if (snake->state != HP_SNAKE_MOVING)
        return false;
    HpLoop *loop = snake->loop;
    const double force = find_forces(snake);
    double length = 0;
    for (int at = 0; at < loop->count; at++)
        length += snake->half[at];
    const double tau = time_step(snake, force, length);
    for (int at = 0; at < loop->count; at++)
        for (int axis = 0; axis < 2; axis++)
            snake->wanted[at][axis] = loop->ab[at][axis] - tau * snake->force[at][axis];
    hp_snake_solve(loop->count, tau, snake->maps->alpha, snake->beta, length / loop->count,
                   snake->wanted, snake->factors);
    const double largest = move_points(snake);
    if ((snake->steps + 1) % RESAMPLE_STEPS == 0)
        renew_points(snake);
    snake->state = judge(snake, largest);
    return snake->state == HP_SNAKE_MOVING;
}

HpSnakeState hp_snake_get_state(const HpSnake *snake)
{
    return snake->state;
}

int hp_snake_get_steps(const HpSnake *snake)
{
    return snake->steps;
}

double hp_snake_get_change(const HpSnake *snake)
{
    return snake->change;
}

const HpLoop *hp_snake_get_loop(const HpSnake *snake)
{
    return snake->loop;
}

HpSnakeReport hp_snake_report(const HpSnake *snake)
{
    const HpMaps *maps = snake->maps;
    const HpLoop *loop = snake->loop;
    HpSnakeReport report = {.state = snake->state,
                            .steps = snake->steps,
                            .area_mm2 = hp_loop_area_mm2(loop),
                            .length_mm = hp_loop_length_mm(loop)};
    const int count = loop->count;
    if (count < 3)
        return report;
    const double h = report.length_mm / count;
    for (int at = 0; at < count; at++) {
        const double *p = loop->ab[at > 0 ? at - 1 : count - 1], *q = loop->ab[at];
        const double *r = loop->ab[at + 1 < count ? at + 1 : 0];
        double first = 0, second = 0;
        for (int axis = 0; axis < 2; axis++) {
            const double d1 = (r[axis] - q[axis]) / h;
            const double d2 = (r[axis] - 2 * q[axis] + p[axis]) / (h * h);
            first += d1 * d1;
            second += d2 * d2;
        }
        const Cell cell = cell_of(&maps->raster, q[0], q[1]);
        report.edge += h * bilinear(maps->edge, &cell);
        report.tension += h * maps->alpha * first;
        report.bending += h * bilinear(maps->beta, &cell) * second;
    }
    const int pixels = maps->raster.width * maps->raster.height;
    g_autofree float *coverage = g_new(float, pixels);
    g_autoptr(GPtrArray) loops = g_ptr_array_new();
    g_ptr_array_add(loops, (gpointer)loop);
    hp_raster_cover(&maps->raster, loops, HP_FILL_UNION, coverage);
    double sum = 0;
    for (int at = 0; at < pixels; at++)
        sum += coverage[at] * maps->balloon[at];
    report.balloon = -sum * maps->raster.da_mm * maps->raster.db_mm;
    return report;
}
