// SPDX-License-Identifier: Apache-2.0
// A coarser mesh is made beside the main thread, and given up when it is no longer wanted.
#include "case/coarse.h"
#include "core/error.h"
#include "support/solids.h"

#include <stdbool.h>
#include <string.h>

typedef struct {
    GMainLoop *loop;
    HpMesh *mesh;
    GError *error;
} Answer;

static void ready_cb(GObject *source, GAsyncResult *result, gpointer data)
{
    Answer *answer = data;
    answer->mesh = hp_coarse_finish(result, &answer->error);
    g_main_loop_quit(answer->loop);
}

static Answer ask(HpMesh *mesh, size_t triangles, bool is_cancelled)
{
    Answer answer = {.loop = g_main_loop_new(NULL, FALSE)};
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    if (is_cancelled)
        g_cancellable_cancel(cancellable);
    hp_coarse_begin(mesh, triangles, cancellable, ready_cb, &answer);
    g_main_loop_run(answer.loop);
    g_main_loop_unref(answer.loop);
    return answer;
}

// The ball of the support has one vertex for each column at its poles; here they are one.
static HpMesh *closed_ball(void)
{
    const double middle[3] = {40, -180, 1300};
    const int rows = 60, columns = 2 * rows;
    HpMesh *ball = solid_ball(middle, 50, rows);
    size_t kept = 0;
    for (size_t t = 0; t < ball->triangles; t++) {
        uint32_t corner[3];
        for (int at = 0; at < 3; at++) {
            corner[at] = ball->index[3 * t + (size_t)at];
            if (corner[at] < (uint32_t)columns)
                corner[at] = 0;
            if (corner[at] >= (uint32_t)(rows * columns))
                corner[at] = (uint32_t)(rows * columns);
        }
        if (corner[0] != corner[1] && corner[1] != corner[2] && corner[2] != corner[0])
            memcpy(ball->index + 3 * kept++, corner, sizeof corner);
    }
    ball->triangles = kept;
    return ball;
}

// The worker lets go of the mesh when it has answered, perhaps a moment later.
static void assert_released(const HpMesh *mesh)
{
    for (int at = 0; at < 1000 && g_atomic_int_get(&mesh->refs) > 1; at++)
        g_usleep(5000);
    g_assert_cmpint(g_atomic_int_get(&mesh->refs), ==, 1);
}

static void a_mesh_comes_with_fewer_triangles(void)
{
    g_autoptr(HpMesh) mesh = closed_ball();
    Answer answer = ask(mesh, 2000, false);
    g_assert_no_error(answer.error);
    g_assert_cmpuint(answer.mesh->triangles, <=, 2000);
    g_assert_cmpuint(answer.mesh->triangles, >, 1000);
    hp_mesh_unref(answer.mesh);
    assert_released(mesh);
}

static void one_that_is_no_longer_wanted_is_given_up(void)
{
    g_autoptr(HpMesh) mesh = closed_ball();
    Answer answer = ask(mesh, 2000, true);
    g_assert_error(answer.error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_null(answer.mesh);
    g_clear_error(&answer.error);
    assert_released(mesh);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/coarse/" #name, name)
    CASE(a_mesh_comes_with_fewer_triangles);
    CASE(one_that_is_no_longer_wanted_is_given_up);
    return g_test_run();
}
