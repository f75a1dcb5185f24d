// SPDX-License-Identifier: Apache-2.0
// Meshes as files: round trips, what other programs write, and with one edit each.
#include "core/error.h"
#include "io/mesh_file.h"
#include "support/folder.h"

#include <locale.h>
#include <math.h>
#include <string.h>

// An octahedron of radius 37 mm somewhere in the patient, its faces split `times` times.
static HpMesh *ball(int times)
{
    static const float corner[6][3] = {{1, 0, 0},  {-1, 0, 0}, {0, 1, 0},
                                       {0, -1, 0}, {0, 0, 1},  {0, 0, -1}};
    static const uint32_t face[8][3] = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4},
                                        {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
    HpMesh *mesh = hp_mesh_new(6, 8, NULL);
    memcpy(mesh->mm, corner, sizeof corner);
    memcpy(mesh->index, face, sizeof face);
    for (int time = 0; time < times; time++) { // each triangle gets a vertex in its middle
        HpMesh *finer = hp_mesh_new(mesh->vertices + mesh->triangles, 3 * mesh->triangles, NULL);
        memcpy(finer->mm, mesh->mm, mesh->vertices * 12);
        for (size_t t = 0; t < mesh->triangles; t++) {
            const uint32_t *at = mesh->index + 3 * t;
            const uint32_t middle = (uint32_t)(mesh->vertices + t);
            for (size_t axis = 0; axis < 3; axis++)
                finer->mm[3 * middle + axis] =
                    (mesh->mm[3 * at[0] + axis] + mesh->mm[3 * at[1] + axis] +
                     mesh->mm[3 * at[2] + axis]) *
                    0.51f;
            for (size_t side = 0; side < 3; side++) {
                const uint32_t part[3] = {at[side], at[(side + 1) % 3], middle};
                memcpy(finer->index + 9 * t + 3 * side, part, sizeof part);
            }
        }
        hp_mesh_unref(mesh);
        mesh = finer;
    }
    for (size_t v = 0; v < mesh->vertices; v++)
        for (size_t axis = 0; axis < 3; axis++)
            mesh->mm[3 * v + axis] = mesh->mm[3 * v + axis] * 37 + 1000.1f * (float)axis - 77.7f;
    hp_mesh_compute_normals(mesh);
    return mesh;
}

static double volume_mm3(const HpMesh *mesh)
{
    double sum = 0;
    for (size_t t = 0; t < mesh->triangles; t++) {
        double p[3][3];
        for (size_t at = 0; at < 3; at++)
            for (size_t axis = 0; axis < 3; axis++)
                p[at][axis] =
                    (double)mesh->mm[3 * mesh->index[3 * t + at] + axis] - (double)mesh->mm[axis];
        sum += p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) +
               p[0][1] * (p[1][2] * p[2][0] - p[1][0] * p[2][2]) +
               p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0]);
    }
    return sum / 6;
}

static void comes_back_from(const char *name, bool exact)
{
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpMesh) mesh = ball(3);
    hp_mesh_file_write(mesh, folder_file(&folder, name), NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpMesh) back = hp_mesh_file_read(folder_file(&folder, name), NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(back->vertices, ==, mesh->vertices);
    g_assert_cmpuint(back->triangles, ==, mesh->triangles);
    g_assert_cmpfloat(fabs(volume_mm3(back) / volume_mm3(mesh) - 1), <, 1e-9);
    if (exact) {
        g_assert_cmpmem(back->mm, back->vertices * 12, mesh->mm, mesh->vertices * 12);
        g_assert_cmpmem(back->index, back->triangles * 12, mesh->index, mesh->triangles * 12);
    }
    for (size_t at = 0; exact && at < 3 * mesh->vertices; at++)
        g_assert_cmpfloat_with_epsilon(back->normal[at], mesh->normal[at], 1e-5);
}

static void meshes_come_back(void)
{
    comes_back_from("a.obj", true);
    comes_back_from("a.ply", true);
    comes_back_from("a.stl", false);
    comes_back_from("A.PLY", true);
}

static void a_locale_with_commas_changes_nothing(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "pl_PL.UTF-8", "sv_SE.UTF-8"};
    const char *found = NULL;
    for (size_t at = 0; at < G_N_ELEMENTS(names) && found == NULL; at++)
        found = setlocale(LC_NUMERIC, names[at]);
    if (found == NULL) {
        g_test_skip("no locale with decimal commas is installed");
        return;
    }
    comes_back_from("a.obj", true);
    setlocale(LC_NUMERIC, "C");
}

static void each_edge_of_a_welded_stl_has_two_triangles(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpMesh) mesh = ball(2);
    const char *path = folder_file(&folder, "a.stl");
    g_assert_true(hp_mesh_file_write(mesh, path, NULL, NULL, NULL));
    g_autoptr(HpMesh) back = hp_mesh_file_read(path, NULL, NULL);
    g_autoptr(GHashTable) open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (size_t t = 0; t < back->triangles; t++)
        for (size_t side = 0; side < 3; side++) {
            const gint64 a = back->index[3 * t + side], b = back->index[3 * t + (side + 1) % 3];
            gint64 *key = g_new(gint64, 1);
            *key = b << 32 | a;
            if (g_hash_table_remove(open, key)) {
                g_free(key);
                continue;
            }
            *key = a << 32 | b;
            g_hash_table_add(open, key);
        }
    g_assert_cmpuint(g_hash_table_size(open), ==, 0);
}

static void the_files_say_that_they_are_lps_millimetres(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpMesh) mesh = ball(0);
    static const char *const names[] = {"a.obj", "a.stl", "a.ply"};
    for (int at = 0; at < 3; at++) {
        g_autofree char *text = NULL;
        gsize size;
        const char *path = folder_file(&folder, names[at]);
        g_assert_true(hp_mesh_file_write(mesh, path, NULL, NULL, NULL));
        g_assert_true(g_file_get_contents(path, &text, &size, NULL));
        g_assert_nonnull(g_strstr_len(text, 300, "LPS"));
        g_assert_nonnull(g_strstr_len(text, 300, "millimetres"));
    }
    g_assert_cmpint(folder_count(&folder), ==, 4); // a.mtl
}

static void obj_names_its_material(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpMesh) mesh = ball(0);
    const HpSegment segment = {.label = 7, .name = "Left lobe", .colour = {255, 0, 51}};
    const char *path = folder_file(&folder, "lobe.obj");
    g_assert_true(hp_mesh_file_write(mesh, path, &segment, NULL, NULL));
    g_autofree char *obj = NULL, *mtl = NULL;
    g_assert_true(g_file_get_contents(path, &obj, NULL, NULL));
    g_assert_true(g_file_get_contents(folder_file(&folder, "lobe.mtl"), &mtl, NULL, NULL));
    g_assert_nonnull(strstr(obj, "mtllib lobe.mtl\no Left_lobe\nusemtl Left_lobe\n"));
    g_assert_nonnull(strstr(mtl, "newmtl Left_lobe\n"));
    g_assert_nonnull(strstr(mtl, "Kd 1 0 0.2\n"));
}

static HpMesh *read_text(const char *name, const char *text, size_t size, GError **error)
{
    g_auto(Folder) folder = folder_new();
    return hp_mesh_file_read(folder_put(&folder, name, text, size), NULL, error);
}

static void assert_refused(const char *name, const char *text, size_t size, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(read_text(name, text, size, &error));
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, message);
}

static void obj_of_other_programs_is_read(void)
{
    const char *text = "# a square\r\nmtllib x.mtl\r\nv 0 0 0 1 0.5 0.5 0.5\nv 1 0 0\nv 1 1 0\n"
                       "  v 0 1 0\nvt 0 0\nvn 0 0 1\ns off\ng part\n"
                       "f 1/1/1 2/1/1 3/1/1 4/1/1\nf -4 -3 -1 # again";
    g_autoptr(HpMesh) mesh = read_text("a.obj", text, strlen(text), NULL);
    g_assert_nonnull(mesh);
    g_assert_cmpuint(mesh->vertices, ==, 4);
    const uint32_t index[9] = {0, 1, 2, 0, 2, 3, 0, 1, 3};
    g_assert_cmpmem(mesh->index, mesh->triangles * 12, index, sizeof index);
    g_assert_cmpfloat(mesh->normal[2], ==, 1);
}

static void what_is_wrong_with_an_obj_is_named(void)
{
    static const char *const bad[][2] = {
        {"v 0 0\n", "a.obj: line 1: '0 0', expected three numbers"},
        {"v 0 0 nan\n", "a.obj: line 1: '0 0 nan', expected three numbers"},
        {"v 0 0 0\nf 1 1 2\n", "a.obj: line 2: face '1 1 2', expected corners from 1 to 1"},
        {"v 0 0 0\nf 1 0 1\n", "a.obj: line 2: face '1 0 1', expected corners from 1 to 1"},
        {"v 0 0 0\nf 1 -2 1\n", "a.obj: line 2: face '1 -2 1', expected corners from 1 to 1"},
        {"v 0 0 0\nf 1 1\n", "a.obj: line 2: face of 2 corners, expected 3 or more"},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(bad); at++)
        assert_refused("a.obj", bad[at][0], strlen(bad[at][0]), bad[at][1]);
    assert_refused("a.txt", "", 0,
                   "a.txt: is no mesh, expected a name that ends in .obj, .stl or .ply");
}

#define PLY_HEAD(format, count)                                                                    \
    "ply\nformat " format " 1.0\ncomment x\nelement vertex " count "\nproperty float x\n"          \
    "property double y\nproperty float z\nproperty uchar red\nelement face 1\n"                    \
    "property list uchar int vertex_index\nend_header\n"

static void ply_of_other_programs_is_read(void)
{
    const char *text =
        PLY_HEAD("ascii", "4") "0 0 0 255\n1 0 0 255\n1 1 0 255\n0 1 0 255\n4 0 1 2 3";
    g_autoptr(HpMesh) mesh = read_text("a.ply", text, strlen(text), NULL);
    g_assert_nonnull(mesh);
    const uint32_t index[6] = {0, 1, 2, 0, 2, 3};
    g_assert_cmpmem(mesh->index, mesh->triangles * 12, index, sizeof index);
    g_assert_cmpfloat(mesh->mm[7], ==, 1);
    g_assert_cmpfloat(mesh->normal[2], ==, 1);
    static const char big[] = PLY_HEAD("binary_big_endian", "3") "\0\0\0\0"
                                                                 "\0\0\0\0\0\0\0\0"
                                                                 "\0\0\0\0"
                                                                 "1"
                                                                 "\x3f\x80\0\0"
                                                                 "\0\0\0\0\0\0\0\0"
                                                                 "\0\0\0\0"
                                                                 "1"
                                                                 "\0\0\0\0"
                                                                 "\x3f\xf0\0\0\0\0\0\0"
                                                                 "\x40\0\0\0"
                                                                 "1"
                                                                 "\3\0\0\0\0\0\0\0\1\0\0\0\2";
    g_autoptr(HpMesh) other = read_text("a.ply", big, sizeof big - 1, NULL);
    g_assert_nonnull(other);
    const float mm[9] = {0, 0, 0, 1, 0, 0, 0, 1, 2};
    g_assert_cmpmem(other->mm, other->vertices * 12, mm, sizeof mm);
}

static void what_is_wrong_with_a_ply_is_named(void)
{
    static const char *const bad[][2] = {
        {"plx\n", "a.ply: PLY header: expected 'ply' in the first line, got 'plx'"},
        {"ply\nformat ascii 1.0\n", "a.ply: ends too early"},
        {"ply\nformat pdf 1.0\n",
         "a.ply: PLY header: expected a known format, got 'format pdf 1.0'"},
        {PLY_HEAD("ascii", "4000000000") "0 0 0 255\n",
         "a.ply: holds 10 bytes of vertex, expected 31999999999"},
        {PLY_HEAD("ascii", "1") "0 0 0 255\n3 0 0 1",
         "a.ply: a face has corner 1, expected 0 to 0"},
        {PLY_HEAD("ascii", "1") "0 0 0 255\n2 0 0",
         "a.ply: a list of 2 numbers, expected 3 or more"},
        {PLY_HEAD("ascii", "1") "0 0 0 255\n300000 0", "a.ply: ends too early"},
        {PLY_HEAD("ascii", "1") "0 zero 0 255\n3 0 0 0", "a.ply: 'zero 0 255', expected a number"},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(bad); at++)
        assert_refused("a.ply", bad[at][0], strlen(bad[at][0]), bad[at][1]);
}

static void what_is_wrong_with_an_stl_is_named(void)
{
    char bytes[84 + 50] = {0};
    bytes[80] = 1;
    g_autoptr(HpMesh) mesh = read_text("a.stl", bytes, sizeof bytes, NULL);
    g_assert_nonnull(mesh);
    g_assert_cmpuint(mesh->triangles, ==, 0); // its corners are one
    bytes[83] = 1;
    assert_refused("a.stl", bytes, sizeof bytes,
                   "a.stl: holds 1 triangles, its header says 16777217");
    memcpy(bytes, "solid", 5);
    assert_refused("a.stl", bytes, sizeof bytes, "a.stl: is a text STL, expected a binary one");
    bytes[83] = 0;
    const uint32_t infinity = GUINT32_TO_LE(0x7f800000);
    memcpy(bytes + 84 + 12, &infinity, 4);
    assert_refused("a.stl", bytes, sizeof bytes,
                   "a.stl: triangle 0 has a corner at inf, expected a number");
    assert_refused("a.stl", bytes, 50, "a.stl: ends 50 bytes into the STL header, expected 84");
}

static void nothing_stays_of_what_was_cancelled(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpMesh) mesh = ball(1);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    static const char *const names[] = {"a.obj", "a.stl", "a.ply"};
    for (int at = 0; at < 3; at++) {
        g_autoptr(GError) error = NULL;
        const char *path = folder_file(&folder, names[at]);
        g_assert_false(hp_mesh_file_write(mesh, path, NULL, &task, &error));
        g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    }
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/mesh_file/" #name, name)
    CASE(meshes_come_back);
    CASE(a_locale_with_commas_changes_nothing);
    CASE(each_edge_of_a_welded_stl_has_two_triangles);
    CASE(the_files_say_that_they_are_lps_millimetres);
    CASE(obj_names_its_material);
    CASE(obj_of_other_programs_is_read);
    CASE(what_is_wrong_with_an_obj_is_named);
    CASE(ply_of_other_programs_is_read);
    CASE(what_is_wrong_with_a_ply_is_named);
    CASE(what_is_wrong_with_an_stl_is_named);
    CASE(nothing_stays_of_what_was_cancelled);
    return g_test_run();
}
