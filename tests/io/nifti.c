// SPDX-License-Identifier: Apache-2.0
// NIfTI against bytes laid out by hand, against itself, and with one edit each.
#include "core/error.h"
#include "io/image_file.h"
#include "support/folder.h"
#include "support/picture.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

// A header of 352 bytes and voxels, written number by number as nifti1.h lists them.
typedef struct {
    uint8_t byte[352 + 24 * 8];
    bool big;
    size_t size;
} Bytes;

static void put(Bytes *file, size_t at, const void *value, size_t size)
{
    const uint8_t *from = value;
    const bool turn = file->big != (G_BYTE_ORDER == G_BIG_ENDIAN);
    for (size_t byte = 0; byte < size; byte++)
        file->byte[at + byte] = from[turn ? size - 1 - byte : byte];
}

static void put16(Bytes *file, size_t at, int value)
{
    const int16_t word = (int16_t)value;
    put(file, at, &word, sizeof word);
}

static void put32(Bytes *file, size_t at, int value)
{
    const int32_t word = value;
    put(file, at, &word, sizeof word);
}

static void putf(Bytes *file, size_t at, double value)
{
    const float word = (float)value;
    put(file, at, &word, sizeof word);
}

// 4 x 3 x 2 voxels of int16 that count 0, 1, 2 ...; 0.5 x 1 x 2 mm; sform: i to the patient's
// right... i runs along -x, k along z, j along y of RAS; voxel (0,0,0) at RAS (10, -20, 30).
static Bytes good(bool big)
{
    Bytes file = {.big = big, .size = 352 + 48};
    put32(&file, 0, 348);
    const int dim[8] = {3, 4, 3, 2, 1, 1, 1, 1};
    const double pixdim[8] = {1, 0.5, 1, 2, 0, 0, 0, 0};
    for (size_t at = 0; at < 8; at++) {
        put16(&file, 40 + 2 * at, dim[at]);
        putf(&file, 76 + 4 * at, pixdim[at]);
    }
    put16(&file, 70, 4);
    put16(&file, 72, 16);
    putf(&file, 108, 352);
    file.byte[123] = 2;
    put16(&file, 254, 1);
    const double srow[12] = {-0.5, 0, 0, 10, 0, 1, 0, -20, 0, 0, 2, 30};
    for (size_t at = 0; at < 12; at++)
        putf(&file, 280 + 4 * at, srow[at]);
    memcpy(file.byte + 344, "n+1", 4);
    for (int at = 0; at < 24; at++)
        put16(&file, 352 + 2 * (size_t)at, at);
    return file;
}

static HpVolume *load(const Bytes *file, GError **error)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "a.nii", file->byte, file->size);
    return hp_image_file_read_volume(path, NULL, error);
}

static HpVolume *load_good(const Bytes *file)
{
    g_autoptr(GError) error = NULL;
    HpVolume *volume = load(file, &error);
    g_assert_no_error(error);
    return volume;
}

static void assert_refused(const Bytes *file, HpError code, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = load(file, &error);
    g_assert_null(volume);
    g_assert_error(error, HP_ERROR, (int)code);
    g_assert_cmpstr(error->message, ==, message);
}

static void assert_place(const HpGrid *grid, double i, double j, double k, double x, double y,
                         double z)
{
    double mm[3];
    hp_grid_to_mm(grid, (double[3]){i, j, k}, mm);
    g_assert_cmpfloat_with_epsilon(mm[0], x, 1e-4);
    g_assert_cmpfloat_with_epsilon(mm[1], y, 1e-4);
    g_assert_cmpfloat_with_epsilon(mm[2], z, 1e-4);
}

static void either_byte_order_reads_the_same(void)
{
    for (int big = 0; big < 2; big++) {
        const Bytes file = good(big);
        g_autoptr(HpVolume) volume = load_good(&file);
        g_assert_cmpint(volume->grid.size[0], ==, 4);
        g_assert_cmpint(volume->grid.size[1], ==, 3);
        g_assert_cmpint(volume->grid.size[2], ==, 2);
        for (int at = 0; at < 24; at++)
            g_assert_cmpint(volume->hu[at], ==, at);
        // RAS (10, -20, 30) is LPS (-10, 20, 30).
        assert_place(&volume->grid, 0, 0, 0, -10, 20, 30);
        assert_place(&volume->grid, 1, 0, 0, -9.5, 20, 30);
        assert_place(&volume->grid, 0, 1, 0, -10, 19, 30);
        assert_place(&volume->grid, 0, 0, 1, -10, 20, 32);
    }
}

static void qform_counts_where_the_sform_does_not(void)
{
    Bytes file = good(false);
    put16(&file, 252, 1);
    // A quarter turn about z: i runs along y, j along -x; qfac -1 turns k down.
    putf(&file, 76, -1);
    putf(&file, 264, sqrt(0.5));
    putf(&file, 268, 1);
    putf(&file, 272, 2);
    putf(&file, 276, 3);
    g_autoptr(HpVolume) by_sform = load_good(&file);
    assert_place(&by_sform->grid, 0, 0, 0, -10, 20, 30);
    put16(&file, 254, 0);
    g_autoptr(HpVolume) by_qform = load_good(&file);
    assert_place(&by_qform->grid, 0, 0, 0, -1, -2, 3);
    assert_place(&by_qform->grid, 2, 0, 0, -1, -3, 3);
    assert_place(&by_qform->grid, 0, 1, 0, 0, -2, 3);
    assert_place(&by_qform->grid, 0, 0, 1, -1, -2, 1);
}

static void without_codes_a_warning_says_that_sides_are_a_guess(void)
{
    Bytes file = good(false);
    put16(&file, 254, 0);
    g_auto(Folder) folder = folder_new();
    g_auto(HpImageInfo) info = {0};
    g_assert_true(
        hp_image_file_read_info(folder_put(&folder, "a.nii", file.byte, file.size), &info, NULL));
    assert_place(&info.grid, 1, 1, 1, -0.5, -1, 2);
    g_assert_cmpstr(info.warning, ==,
                    "the file does not say how it lies in the patient: left and right, head and "
                    "feet are a guess");
}

static void metres_become_millimetres(void)
{
    Bytes file = good(false);
    file.byte[123] = 1;
    const double srow[12] = {-0.0005, 0, 0, 0.01, 0, 0.001, 0, -0.02, 0, 0, 0.002, 0.03};
    for (size_t at = 0; at < 12; at++)
        putf(&file, 280 + 4 * at, srow[at]);
    g_autoptr(HpVolume) volume = load_good(&file);
    assert_place(&volume->grid, 1, 0, 0, -9.5, 20, 30);
}

// Voxels 0, 1, 2 ... as `type`, whose code and bits are given.
static void fill(Bytes *file, int code, int bits)
{
    put16(file, 70, code);
    put16(file, 72, bits);
    for (int at = 0; at < 24; at++) {
        const size_t to = 352 + (size_t)at * (size_t)bits / 8;
        const int64_t wide = at;
        const double number = at;
        if (code == 64)
            put(file, to, &number, 8);
        else if (code == 16)
            putf(file, to, at);
        else if (bits == 64)
            put(file, to, &wide, 8);
        else if (bits == 32)
            put32(file, to, at);
        else if (bits == 16)
            put16(file, to, at);
        else
            file->byte[to] = (uint8_t)at;
    }
    file->size = 352 + 24 * (size_t)bits / 8;
}

static void every_scalar_type_reads_the_same(void)
{
    static const int types[][2] = {{2, 8},   {4, 16},   {8, 32},   {16, 32},   {64, 64},
                                   {256, 8}, {512, 16}, {768, 32}, {1024, 64}, {1280, 64}};
    for (size_t type = 0; type < G_N_ELEMENTS(types); type++)
        for (int big = 0; big < 2; big++) {
            Bytes file = good(big);
            fill(&file, types[type][0], types[type][1]);
            g_autoptr(HpVolume) volume = load_good(&file);
            for (int at = 0; at < 24; at++)
                g_assert_cmpint(volume->hu[at], ==, at);
        }
}

static void slope_and_intercept_are_applied_and_rounded_away_from_zero(void)
{
    Bytes file = good(false);
    putf(&file, 112, 0.5);
    putf(&file, 116, -2);
    g_autoptr(HpVolume) volume = load_good(&file);
    g_assert_cmpint(volume->hu[0], ==, -2);
    g_assert_cmpint(volume->hu[1], ==, -2); // -1.5
    g_assert_cmpint(volume->hu[2], ==, -1);
    g_assert_cmpint(volume->hu[5], ==, 1); // 0.5
    putf(&file, 112, 0);                   // slope 0: neither counts
    g_autoptr(HpVolume) plain = load_good(&file);
    g_assert_cmpint(plain->hu[5], ==, 5);
    putf(&file, 112, NAN);
    g_autoptr(HpVolume) odd = load_good(&file);
    g_assert_cmpint(odd->hu[5], ==, 5);
}

static void values_beyond_int16_are_read_as_a_field(void)
{
    Bytes file = good(false);
    fill(&file, 16, 32);
    putf(&file, 352 + 4 * 3, 40000.25);
    assert_refused(&file, HP_ERROR_UNSUPPORTED,
                   "a.nii: value 40000.2 is no HU, expected -32768 to 32767");
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpField) field =
        hp_image_file_read_field(folder_put(&folder, "a.nii", file.byte, file.size), NULL, NULL);
    g_assert_nonnull(field);
    g_assert_cmpfloat(field->value[3], ==, 40000.25f);
}

static void one_volume_of_a_fourth_dimension_is_read(void)
{
    Bytes file = good(false);
    put16(&file, 40, 4);
    g_autoptr(HpVolume) volume = load_good(&file);
    g_assert_cmpint(volume->hu[23], ==, 23);
    put16(&file, 48, 2);
    assert_refused(&file, HP_ERROR_UNSUPPORTED,
                   "a.nii: 2 values along dimension 4, expected one volume");
}

static void what_is_wrong_is_named(void)
{
    Bytes file = good(false);
    file.size = 352 + 47;
    assert_refused(&file, HP_ERROR_BAD_FILE, "a.nii: holds 47 bytes of voxels, expected 48");
    file.size = 350;
    assert_refused(&file, HP_ERROR_BAD_FILE,
                   "a.nii: holds 2 bytes of what lies before the voxels, expected 4");
    file = good(false);
    put16(&file, 70, 128);
    assert_refused(&file, HP_ERROR_UNSUPPORTED,
                   "a.nii: data type 128, expected integers or floats of up to 64 bits");
    file = good(false);
    put16(&file, 72, 8);
    assert_refused(&file, HP_ERROR_BAD_FILE, "a.nii: 8 bits a voxel, expected 16 for int16");
    file = good(false);
    put16(&file, 42, -4);
    assert_refused(&file, HP_ERROR_BAD_FILE, "a.nii: size -4 along axis 0, expected 1 to 65535");
    file = good(false);
    put16(&file, 40, 9);
    assert_refused(&file, HP_ERROR_BAD_FILE, "a.nii: 9 dimensions, expected 2 to 7");
    file = good(false);
    file.byte[344] = 0;
    assert_refused(&file, HP_ERROR_UNSUPPORTED,
                   "a.nii: the header has no NIfTI mark (Analyze 7.5 does not say where left is)");
    file = good(false);
    putf(&file, 108, 100);
    assert_refused(&file, HP_ERROR_BAD_FILE, "a.nii: voxels at byte 100, expected 348 or more");
    file = good(false);
    putf(&file, 280, NAN);
    assert_refused(&file, HP_ERROR_BAD_FILE,
                   "a.nii: voxels along axis 0 are nan mm apart, expected more than 0");
}

static void a_sheared_volume_is_refused_with_its_angle(void)
{
    Bytes file = good(false);
    putf(&file, 280 + 8, 0.353); // z steps lean 10 degrees to -x
    assert_refused(&file, HP_ERROR_UNSUPPORTED,
                   "a.nii: the volume is sheared: axes 0 and 2 meet at 100.01 degrees, expected "
                   "90; resample it to a rectangular grid first");
}

static void rounding_of_the_axes_is_straightened(void)
{
    Bytes file = good(false);
    putf(&file, 280 + 8, 0.005); // 0.14 degrees
    g_autoptr(HpVolume) volume = load_good(&file);
    g_assert_true(hp_grid_validate(&volume->grid, NULL));
    // The centre, LPS (-10 + 0.75 - 0.0025, 20 - 1, 31), stays.
    assert_place(&volume->grid, 1.5, 1, 0.5, -9.2525, 19, 31);
}

static void more_than_the_machine_holds_is_refused(void)
{
    // A sparse file: 96 GB of zeros that take no place on the disk.
    Bytes file = good(false);
    put16(&file, 42, 32000);
    put16(&file, 44, 30000);
    put16(&file, 46, 100);
    put16(&file, 70, 2);
    put16(&file, 72, 8);
    g_auto(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    const char *path = folder_put(&folder, "a.nii", file.byte, 352);
    const double there = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (there > 200e9 || truncate(path, 352 + 96000000000) != 0) {
        g_test_skip("this machine holds it, or its file system no such file");
        return;
    }
    g_assert_null(hp_image_file_read_volume(path, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_MEMORY);
    g_assert_true(
        g_str_has_prefix(error->message, "a.nii: takes 192.0 GB of memory, this machine has "));
}

// Oblique, anisotropic, off-centre, left-handed where `hand` < 0.
static HpGrid oblique_grid(double hand)
{
    HpGrid grid = hp_grid_new(37, 41, 35, 0.7, 0.9, 2.5);
    const double a = 0.4, b = -0.3, c = 2.1;
    const double ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b), cc = cos(c), sc = sin(c);
    const double turned[9] = {cb * cc,
                              sa * sb * cc - ca * sc,
                              hand * (ca * sb * cc + sa * sc),
                              cb * sc,
                              sa * sb * sc + ca * cc,
                              hand * (ca * sb * sc - sa * cc),
                              -sb,
                              sa * cb,
                              hand * (ca * cb)};
    memcpy(grid.directions, turned, sizeof turned);
    const double origin[3] = {-123.4, 45.6, 789.1};
    memcpy(grid.origin_mm, origin, sizeof origin);
    return grid;
}

static void a_volume_comes_back_from(const char *name, double hand)
{
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    const HpGrid grid = oblique_grid(hand);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at * 7919 % 65536 - 32768);
    hp_image_file_write_volume(volume, folder_file(&folder, name), NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpVolume) back = hp_image_file_read_volume(folder_file(&folder, name), NULL, &error);
    g_assert_no_error(error);
    g_assert_true(hp_grid_equal(&grid, &back->grid, 1e-4));
    g_assert_cmpmem(volume->hu, hp_grid_count(&grid) * 2, back->hu, hp_grid_count(&grid) * 2);
}

static void volumes_come_back(void)
{
    a_volume_comes_back_from("a.nii", 1);
    a_volume_comes_back_from("a.nii", -1);
    a_volume_comes_back_from("a.nii.gz", 1);
    a_volume_comes_back_from("A.NII.GZ", -1);
}

static void sform_and_qform_that_are_written_agree(void)
{
    for (int turn = 0; turn < 2; turn++) {
        g_auto(Folder) folder = folder_new();
        const HpGrid grid = oblique_grid(turn == 0 ? 1 : -1);
        g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
        const char *path = folder_file(&folder, "a.nii");
        g_assert_true(hp_image_file_write_mask(mask, path, NULL, NULL));
        g_autofree char *bytes = NULL;
        gsize size;
        g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
        g_assert_cmpint(bytes[252], ==, 1);
        g_assert_cmpint(bytes[254], ==, 1);
        bytes[254] = 0;
        g_auto(HpImageInfo) info = {0};
        g_assert_true(
            hp_image_file_read_info(folder_put(&folder, "b.nii", bytes, size), &info, NULL));
        g_assert_true(hp_grid_equal(&grid, &info.grid, 1e-3));
    }
}

static void masks_come_back(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.nii.gz");
    const char *text = "##...\n"
                       "#.2..\n"
                       "\n"
                       ".....\n"
                       "3...9\n";
    g_autoptr(HpMask) mask = picture_spaced(text, 0.7, 0.8, 5);
    g_assert_true(hp_image_file_write_mask(mask, path, NULL, NULL));
    g_autoptr(HpMask) back = hp_image_file_read_mask(path, NULL, NULL);
    assert_picture(back, text);
    g_assert_true(hp_grid_equal(hp_mask_get_grid(mask), hp_mask_get_grid(back), 1e-4));
    const HpGrid grid = oblique_grid(1);
    g_autoptr(HpMask) empty = hp_mask_new(&grid, NULL);
    g_assert_true(hp_image_file_write_mask(empty, path, NULL, NULL));
    g_autoptr(HpMask) nothing = hp_image_file_read_mask(path, NULL, NULL);
    g_assert_false(hp_mask_bounds(nothing, 0, (int[3]){0}, (int[3]){0}));
    g_assert_cmpuint(hp_mask_get_bytes(nothing), ==, 0);
}

static void what_is_no_label_is_named(void)
{
    static const struct {
        double value;
        const char *message;
    } bad[] = {{-1, "a.nii: value -1 is no label, expected whole numbers 0 to 255"},
               {256, "a.nii: value 256 is no label, expected whole numbers 0 to 255"},
               {0.5, "a.nii: value 0.5 is no label, expected whole numbers 0 to 255"},
               {NAN, "a.nii: value nan is no label, expected whole numbers 0 to 255"}};
    for (size_t at = 0; at < G_N_ELEMENTS(bad); at++) {
        Bytes file = good(false);
        fill(&file, 16, 32);
        putf(&file, 352 + 4 * 7, bad[at].value);
        g_auto(Folder) folder = folder_new();
        g_autoptr(GError) error = NULL;
        const char *path = folder_put(&folder, "a.nii", file.byte, file.size);
        g_assert_null(hp_image_file_read_mask(path, NULL, &error));
        g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
        g_assert_cmpstr(error->message, ==, bad[at].message);
    }
}

static void labels_scaled_by_a_float_are_read(void)
{
    Bytes file = good(false);
    putf(&file, 112, 0.1);
    for (int at = 0; at < 24; at++)
        put16(&file, 352 + 2 * (size_t)at, at % 3 * 10);
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "a.nii", file.byte, file.size);
    g_autoptr(HpMask) mask = hp_image_file_read_mask(path, NULL, NULL);
    assert_picture(mask, ".#2.\n#2.#\n2.#2\n\n.#2.\n#2.#\n2.#2\n");
}

static void nothing_stays_of_what_was_cancelled_or_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    const HpGrid grid = oblique_grid(1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_false(
        hp_image_file_write_volume(volume, folder_file(&folder, "a.nii.gz"), &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_clear_error(&error);
    g_assert_false(hp_image_file_write_volume(volume, folder_file(&folder, "a.jpg"), NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_true(g_str_has_prefix(error->message, "a.jpg: cannot be written, expected a name"));
    g_clear_error(&error);
    HpGrid wide = hp_grid_new(40000, 1, 1, 1, 1, 1);
    g_autoptr(HpMask) mask = hp_mask_new(&wide, NULL);
    g_assert_false(hp_image_file_write_mask(mask, folder_file(&folder, "a.nii"), NULL, &error));
    g_assert_cmpstr(error->message, ==,
                    "a.nii: 40000 voxels along axis 0, NIfTI-1 holds up to 32767");
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

static void version_2_reads(void)
{
    uint8_t byte[544 + 24] = {0};
    const int32_t stated = GINT32_TO_LE(540);
    memcpy(byte, &stated, 4);
    memcpy(byte + 4, "n+2\0\r\n\032\n", 8);
    byte[12] = 2; // uint8
    byte[14] = 8;
    const int64_t dim[4] = {3, 4, 3, 2};
    const double srow[12] = {-0.5, 0, 0, 10, 0, 1, 0, -20, 0, 0, 2, 30};
    for (size_t at = 0; at < 4; at++) {
        const int64_t word = GINT64_TO_LE(dim[at]);
        memcpy(byte + 16 + 8 * at, &word, 8);
    }
    const int64_t offset = GINT64_TO_LE(544);
    memcpy(byte + 168, &offset, 8);
    byte[348] = 1;
    for (size_t at = 0; at < 12; at++) {
        uint64_t word;
        memcpy(&word, &srow[at], 8);
        word = GUINT64_TO_LE(word);
        memcpy(byte + 400 + 8 * at, &word, 8);
    }
    for (int at = 0; at < 24; at++)
        byte[544 + at] = (uint8_t)at;
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "a.nii", byte, sizeof byte);
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    assert_place(&volume->grid, 1, 1, 1, -9.5, 19, 32);
    g_assert_cmpint(volume->hu[23], ==, 23);
}

static void a_header_finds_its_voxels_beside_it(void)
{
    Bytes file = good(false);
    memcpy(file.byte + 344, "ni1", 4);
    putf(&file, 108, 0);
    g_auto(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    const char *path = folder_put(&folder, "a.hdr", file.byte, 348);
    g_assert_null(hp_image_file_read_volume(path, NULL, &error));
    g_assert_true(g_str_has_prefix(error->message, "a.hdr: data file 'a.img' cannot be opened"));
    folder_put(&folder, "a.img", file.byte + 352, 48);
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(path, NULL, NULL);
    g_assert_nonnull(volume);
    g_assert_cmpint(volume->hu[23], ==, 23);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/nifti/" #name, name)
    CASE(either_byte_order_reads_the_same);
    CASE(qform_counts_where_the_sform_does_not);
    CASE(without_codes_a_warning_says_that_sides_are_a_guess);
    CASE(metres_become_millimetres);
    CASE(every_scalar_type_reads_the_same);
    CASE(slope_and_intercept_are_applied_and_rounded_away_from_zero);
    CASE(values_beyond_int16_are_read_as_a_field);
    CASE(one_volume_of_a_fourth_dimension_is_read);
    CASE(what_is_wrong_is_named);
    CASE(more_than_the_machine_holds_is_refused);
    CASE(a_sheared_volume_is_refused_with_its_angle);
    CASE(rounding_of_the_axes_is_straightened);
    CASE(volumes_come_back);
    CASE(sform_and_qform_that_are_written_agree);
    CASE(masks_come_back);
    CASE(what_is_no_label_is_named);
    CASE(labels_scaled_by_a_float_are_read);
    CASE(nothing_stays_of_what_was_cancelled_or_refused);
    CASE(version_2_reads);
    CASE(a_header_finds_its_voxels_beside_it);
    return g_test_run();
}
