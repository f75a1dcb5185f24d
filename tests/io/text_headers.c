// SPDX-License-Identifier: Apache-2.0
// NRRD and MetaImage: files typed by hand, round trips, and one edit each.
#include "core/error.h"
#include "io/image_file.h"
#include "support/folder.h"
#include "support/picture.h"

#include <math.h>
#include <string.h>

// A text with one part replaced; g_free(). The part must be there.
static char *edited(const char *text, const char *part, const char *by)
{
    g_assert_nonnull(strstr(text, part));
    g_auto(GStrv) piece = g_strsplit(text, part, 2);
    return g_strjoinv(by, piece);
}

// A header and 24 voxels of int16 that count from 0, in either byte order.
static GByteArray *with_counting(const char *head, bool big)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const uint8_t *)head, (guint)strlen(head));
    for (uint8_t at = 0; at < 24; at++)
        g_byte_array_append(bytes, (const uint8_t[2]){big ? 0 : at, big ? at : 0}, 2);
    return bytes;
}

static HpVolume *load(const char *name, const GByteArray *bytes, GError **error)
{
    g_auto(Folder) folder = folder_new();
    return hp_image_file_read_volume(folder_put(&folder, name, bytes->data, bytes->len), NULL,
                                     error);
}

static void assert_counts(const HpVolume *volume)
{
    g_assert_nonnull(volume);
    g_assert_cmpint(volume->grid.size[0], ==, 4);
    g_assert_cmpint(volume->grid.size[1], ==, 3);
    g_assert_cmpint(volume->grid.size[2], ==, 2);
    for (int at = 0; at < 24; at++)
        g_assert_cmpint(volume->hu[at], ==, at);
}

static void assert_place(const HpGrid *grid, double i, double j, double k, double x, double y,
                         double z)
{
    double mm[3];
    hp_grid_to_mm(grid, (double[3]){i, j, k}, mm);
    g_assert_cmpfloat_with_epsilon(mm[0], x, 1e-9);
    g_assert_cmpfloat_with_epsilon(mm[1], y, 1e-9);
    g_assert_cmpfloat_with_epsilon(mm[2], z, 1e-9);
}

static void loads_and_places(const char *name, const char *head, bool big, const double step_i[3],
                             const double origin[3])
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes = with_counting(head, big);
    g_autoptr(HpVolume) volume = load(name, bytes, &error);
    g_assert_no_error(error);
    assert_counts(volume);
    assert_place(&volume->grid, 0, 0, 0, origin[0], origin[1], origin[2]);
    assert_place(&volume->grid, 1, 0, 0, origin[0] + step_i[0], origin[1] + step_i[1],
                 origin[2] + step_i[2]);
}

// Replaces a part of the head and expects this message.
static void assert_refused(const char *name, const char *head, const char *part, const char *by,
                           const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = edited(head, part, by);
    g_autoptr(GByteArray) bytes = with_counting(text, false);
    g_assert_null(load(name, bytes, &error));
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, message);
}

static const char nrrd[] =
    "NRRD0004\n# made by hand\ntype: short\ndimension: 3\n"
    "space: left-posterior-superior\nsizes: 4 3 2\n"
    "space directions: (0,0.5,0) (-1,0,0) (0,0,2)\nkinds: domain domain domain\n"
    "endian: little\nencoding: raw\nspace origin: (10,-20,30.5)\nnote:=x\n\n";

static void nrrd_reads_in_each_space_and_byte_order(void)
{
    loads_and_places("a.nrrd", nrrd, false, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    g_autofree char *ras = edited(nrrd, "left-posterior-superior", "RAS");
    loads_and_places("a.nrrd", ras, false, (double[]){0, -0.5, 0}, (double[]){-10, 20, 30.5});
    g_autofree char *las = edited(nrrd, "left-posterior-superior", "Left-Anterior-Superior");
    loads_and_places("a.nrrd", las, false, (double[]){0, -0.5, 0}, (double[]){10, 20, 30.5});
    g_autofree char *big = edited(nrrd, "little", "big");
    loads_and_places("a.nrrd", big, true, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    g_auto(GStrv) lines = g_strsplit(nrrd, "\n", 0);
    g_autofree char *dos = g_strjoinv("\r\n", lines);
    loads_and_places("a.nrrd", dos, false, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    g_autofree char *cm = edited(nrrd, "note:=x", "space units: \"cm\" \"cm\" \"cm\"");
    loads_and_places("a.nrrd", cm, false, (double[]){0, 5, 0}, (double[]){100, -200, 305});
}

static void nrrd_of_four_axes_holds_one_volume(void)
{
    g_autofree char *four = edited(nrrd, "dimension: 3", "dimension: 4");
    g_autofree char *sized = edited(four, "sizes: 4 3 2", "sizes: 1 4 3 2");
    g_autofree char *directed = edited(sized, "(0,0.5,0)", "none (0,0.5,0)");
    loads_and_places("a.nrrd", directed, false, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    assert_refused("a.nrrd", directed, "sizes: 1 4", "sizes: 3 4",
                   "a.nrrd: 3 values along dimension 1, expected one volume");
}

static void nrrd_without_a_space_reads_with_a_warning(void)
{
    g_autofree char *none = edited(nrrd, "space: left-posterior-superior\n", "");
    g_autofree char *spaced =
        edited(none, "space directions: (0,0.5,0) (-1,0,0) (0,0,2)", "spacings: 0.5 1 2");
    g_autofree char *text = edited(spaced, "space origin: (10,-20,30.5)\n", "");
    loads_and_places("a.nrrd", text, false, (double[]){0.5, 0, 0}, (double[]){0, 0, 0});
    g_auto(Folder) folder = folder_new();
    g_autoptr(GByteArray) bytes = with_counting(text, false);
    g_auto(HpImageInfo) info = {0};
    g_assert_true(hp_image_file_read_info(folder_put(&folder, "a.nrrd", bytes->data, bytes->len),
                                          &info, NULL));
    g_assert_cmpstr(info.format, ==, "NRRD");
    g_assert_cmpstr(info.type, ==, "int16");
    g_assert_nonnull(info.warning);
}

static void nrrd_of_text_reads(void)
{
    g_autofree char *head = edited(nrrd, "encoding: raw", "encoding: ascii");
    g_autofree char *text = g_strconcat(
        head, "0 1 2 3\n4 5 6 7\n8 9 10 11\n\n12 13 14 15 16 17 18 19 20\t21 22 23", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes =
        g_byte_array_append(g_byte_array_new(), (const uint8_t *)text, (guint)strlen(text));
    g_autoptr(HpVolume) volume = load("a.nrrd", bytes, &error);
    g_assert_no_error(error);
    assert_counts(volume);
    g_byte_array_set_size(bytes, bytes->len - 3);
    g_assert_null(load("a.nrrd", bytes, &error));
    g_assert_cmpstr(error->message, ==, "a.nrrd: ends after 23 voxels, expected 24");
    g_clear_error(&error);
    memcpy(bytes->data + bytes->len - 2, "x", 1);
    g_assert_null(load("a.nrrd", bytes, &error));
    g_assert_cmpstr(error->message, ==, "a.nrrd: voxel 22 is 'x2', expected a number");
}

static void nrrd_finds_data_only_beside_it(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes = with_counting("first line\nxyz", false);
    folder_put(&folder, "voxels.raw", bytes->data, bytes->len);
    g_autofree char *head =
        edited(nrrd, "note:=x\n\n", "line skip: 1\nbyte skip: 3\ndata file: voxels.raw\n");
    const char *path = folder_put(&folder, "a.nhdr", head, strlen(head));
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    assert_counts(volume);
    g_autofree char *at_end = edited(head, "line skip: 1\nbyte skip: 3", "byte skip: -1");
    folder_put(&folder, "a.nhdr", at_end, strlen(at_end));
    g_autoptr(HpVolume) again = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    assert_counts(again);
    static const char *const names[] = {"../voxels.raw", "/etc/passwd", "..", "a\\b"};
    for (size_t at = 0; at < G_N_ELEMENTS(names); at++) {
        g_autofree char *away = edited(head, "voxels.raw", names[at]);
        g_autofree char *message =
            g_strdup_printf("a.nhdr: data file '%s' lies elsewhere, expected a name in the same "
                            "folder",
                            names[at]);
        folder_put(&folder, "a.nhdr", away, strlen(away));
        g_assert_null(hp_image_file_read_volume(path, NULL, &error));
        g_assert_cmpstr(error->message, ==, message);
        g_clear_error(&error);
    }
}

static void what_is_wrong_with_a_nrrd_is_named(void)
{
    static const char *const bad[][3] = {
        {"type: short", "type: block",
         "NRRD field 'type' is 'block', expected integers or floats of up to 64 bits"},
        {"type: short\n", "",
         "NRRD field 'type' is 'absent', expected integers or floats of up to 64 bits"},
        {"encoding: raw", "encoding: bzip2",
         "NRRD field 'encoding' is 'bzip2', expected raw, gzip or ascii"},
        {"endian: little\n", "", "NRRD field 'endian' is 'absent', expected little or big"},
        {"dimension: 3", "dimension: 17",
         "field 'dimension' is '17', expected a whole number from 1 to 16"},
        {"sizes: 4 3 2", "sizes: 4 3",
         "NRRD field 'sizes' is '4 3', expected a size for each dimension"},
        {"sizes: 4 3 2", "sizes: 4 3 -2",
         "NRRD field 'sizes' is '4 3 -2', expected whole numbers 1 to 65535"},
        {"sizes: 4 3 2", "sizes: 60000 60000 20",
         "holds 48 bytes of voxels, expected 144000000000"},
        {"sizes: 4 3 2", "sizes: 4 3 3", "holds 48 bytes of voxels, expected 72"},
        {"(0,0.5,0)", "(0,0.5,0",
         "NRRD field 'space directions' is '(0,0.5,0 (-1,0,0) (0,0,2)', "
         "expected vectors of three numbers"},
        {"(0,0.5,0)", "(0,0,0)", "voxels along axis 0 are 0 mm apart, expected more than 0"},
        {"(0,0.5,0)", "(0,0.5,0.5)",
         "the volume is sheared: axes 0 and 2 meet at 45.00 degrees, expected 90; resample it to a "
         "rectangular grid first"},
        {"(10,-20,30.5)", "(10,-20)",
         "NRRD field 'space origin' is '(10,-20)', expected three numbers"},
        {"note:=x", "note", "NRRD header: 'note', expected 'field: value'"},
        {"note:=x", "data file: LIST", "NRRD field 'data file' is 'LIST', expected one file"},
        {"note:=x", "byte skip: -2",
         "field 'byteskip' is '-2', expected a whole number from -1 to 1099511627776"},
        {"note:=x", "byte skip: 40", "holds 8 bytes of voxels, expected 48"},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(bad); at++) {
        g_autofree char *message = g_strconcat("a.nrrd: ", bad[at][2], NULL);
        assert_refused("a.nrrd", nrrd, bad[at][0], bad[at][1], message);
    }
}

// Oblique, anisotropic, off-centre, left-handed.
static HpGrid oblique_grid(void)
{
    HpGrid grid = hp_grid_new(37, 41, 35, 0.7, 0.9, 2.5);
    const double c = cos(0.3), s = sin(0.3);
    const double turned[9] = {c, 0, s, 0, -1, 0, s, 0, -c};
    memcpy(grid.directions, turned, sizeof turned);
    const double origin[3] = {-123.4, 45.6, 789.1};
    memcpy(grid.origin_mm, origin, sizeof origin);
    return grid;
}

static void nrrds_come_back_exactly(void)
{
    static const char *const names[] = {"a.nrrd", "a.nhdr"};
    const HpGrid grid = oblique_grid();
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at * 7919 % 65536 - 32768);
    for (int at = 0; at < 2; at++) {
        g_autoptr(GError) error = NULL;
        g_auto(Folder) folder = folder_new();
        const char *path = folder_file(&folder, names[at]);
        hp_image_file_write_volume(volume, path, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(folder_count(&folder), ==, at + 1);
        g_autoptr(HpVolume) back = hp_image_file_read_volume(path, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(hp_grid_equal(&grid, &back->grid, 1e-9));
        g_assert_cmpmem(volume->hu, hp_grid_count(&grid) * 2, back->hu, hp_grid_count(&grid) * 2);
        const char *text = "#.2\n...\n\n..3\n9..\n";
        g_autoptr(HpMask) mask = picture_spaced(text, 0.7, 0.8, 5);
        g_assert_true(hp_image_file_write_mask(mask, path, NULL, NULL));
        g_autoptr(HpMask) labels = hp_image_file_read_mask(path, NULL, &error);
        g_assert_no_error(error);
        assert_picture(labels, text);
    }
}

static void nothing_stays_of_a_header_whose_data_was_cancelled(void)
{
    const HpGrid grid = oblique_grid();
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    g_assert_false(
        hp_image_file_write_volume(volume, folder_file(&folder, "a.nhdr"), &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

static const char meta[] = "ObjectType = Image\nNDims = 3\nBinaryData = True\n"
                           "BinaryDataByteOrderMSB = False\nCompressedData = False\n"
                           "TransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 10 -20 30.5\n"
                           "CenterOfRotation = 0 0 0\nAnatomicalOrientation = RAI\n"
                           "ElementSpacing = 0.5 1 2\nDimSize = 4 3 2\nElementType = MET_SHORT\n"
                           "ElementDataFile = LOCAL\n";

static void meta_reads_in_each_byte_order(void)
{
    loads_and_places("a.mha", meta, false, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    g_autofree char *big = edited(meta, "MSB = False", "MSB = True");
    loads_and_places("a.mha", big, true, (double[]){0, 0.5, 0}, (double[]){10, -20, 30.5});
    g_autofree char *letters = edited(meta, "TransformMatrix = 0 1 0 -1 0 0 0 0 1\n", "");
    loads_and_places("a.mha", letters, false, (double[]){0.5, 0, 0}, (double[]){10, -20, 30.5});
    g_autofree char *other = edited(letters, "RAI", "LPI"); // from left, posterior, inferior
    loads_and_places("a.mha", other, false, (double[]){-0.5, 0, 0}, (double[]){10, -20, 30.5});
}

static void meta_data_lie_beside_it_and_may_be_zlib(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) raw = with_counting("xyz", false);
    folder_put(&folder, "a.raw", raw->data, raw->len);
    g_autofree char *head = edited(meta, "LOCAL", "a.raw");
    g_autofree char *skipping = edited(head, "NDims", "HeaderSize = -1\nNDims");
    const char *path = folder_put(&folder, "a.mhd", skipping, strlen(skipping));
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    assert_counts(volume);
    // A zlib stream of one stored block (RFC 1950, 1951), typed by hand: head, last block of 48
    // bytes, the bytes, Adler-32.
    g_autoptr(GByteArray) zlib = g_byte_array_new();
    g_byte_array_append(zlib, (const uint8_t *)"\x78\x01\x01\x30\x00\xcf\xff", 7);
    g_byte_array_append(zlib, raw->data + 3, 48);
    uint32_t a = 1, b = 0;
    for (int at = 0; at < 48; at++) {
        a = (a + raw->data[3 + at]) % 65521;
        b = (b + a) % 65521;
    }
    const uint8_t sum[4] = {(uint8_t)(b >> 8), (uint8_t)b, (uint8_t)(a >> 8), (uint8_t)a};
    g_byte_array_append(zlib, sum, 4);
    folder_put(&folder, "a.zraw", zlib->data, zlib->len);
    g_autofree char *zipped = edited(meta, "CompressedData = False", "CompressedData = True");
    g_autofree char *beside = edited(zipped, "LOCAL", "a.zraw");
    folder_put(&folder, "a.mhd", beside, strlen(beside));
    g_autoptr(HpVolume) inflated = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    assert_counts(inflated);
    zlib->data[20] ^= 1;
    folder_put(&folder, "a.zraw", zlib->data, zlib->len);
    g_assert_null(hp_image_file_read_volume(path, NULL, &error));
    g_assert_cmpstr(error->message, ==,
                    "a.mhd: the compressed stream is broken: its checksum is wrong");
}

static void what_is_wrong_with_a_meta_is_named(void)
{
    static const char *const bad[][3] = {
        {"MET_SHORT", "MET_STRING",
         "MetaImage field ElementType is 'MET_STRING', expected integers or floats of up to 64 "
         "bits"},
        {"NDims = 3", "NDims = 2", "field 'ndims' is '2', expected a whole number from 3 to 10"},
        {"DimSize = 4 3 2", "DimSize = 4 3",
         "MetaImage field DimSize is '4 3', expected a size for each dimension"},
        {"DimSize = 4 3 2", "DimSize = 4 3 3", "holds 48 bytes of voxels, expected 72"},
        {"Offset = 10", "Offset = ten",
         "MetaImage field Offset is 'ten -20 30.5', expected a number for each dimension"},
        {"0 1 0 -1", "0 1 0 -1 0",
         "MetaImage field TransformMatrix is '0 1 0 -1 0 0 0 0 0 1', expected a square matrix"},
        {"Spacing = 0.5", "Spacing = 0",
         "voxels along axis 0 are 0 mm apart, expected more than 0"},
        {"LOCAL", "../a.raw",
         "data file '../a.raw' lies elsewhere, expected a name in the same folder"},
        {"LOCAL", "s%03d.raw", "MetaImage field ElementDataFile is 's%03d.raw', expected one file"},
        {"CenterOfRotation", "ElementNumberOfChannels = 3\nCenterOfRotation",
         "3 values a voxel, expected one"},
        {"CenterOfRotation =", "CenterOfRotation",
         "MetaImage header: 'CenterOfRotation 0 0 0', expected 'name = value'"},
        {"CompressedData = False", "CompressedData = True",
         "the compressed stream is broken: its method is unknown"},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(bad); at++) {
        g_autofree char *message = g_strconcat("a.mha: ", bad[at][2], NULL);
        assert_refused("a.mha", meta, bad[at][0], bad[at][1], message);
    }
}

static void other_files_are_none_of_these(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) bytes = with_counting("hello", false);
    g_assert_null(load("a.nii", bytes, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(error->message, ==, "a.nii: is neither NIfTI, NRRD nor MetaImage");
    g_clear_error(&error);
    g_auto(Folder) folder = folder_new();
    g_assert_null(hp_image_file_read_volume(folder.path, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_suffix(error->message, ": is a folder, expected a plain file"));
}

static void names_of_images_are_known_by_their_ending(void)
{
    g_assert_true(hp_image_file_has_name("x/LIVER.NII.GZ"));
    g_assert_true(hp_image_file_has_name("a.b.mhd"));
    g_assert_false(hp_image_file_has_name("a.gz"));
    g_assert_false(hp_image_file_has_name("nii"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/text_headers/" #name, name)
    CASE(nrrd_reads_in_each_space_and_byte_order);
    CASE(nrrd_of_four_axes_holds_one_volume);
    CASE(nrrd_without_a_space_reads_with_a_warning);
    CASE(nrrd_of_text_reads);
    CASE(nrrd_finds_data_only_beside_it);
    CASE(what_is_wrong_with_a_nrrd_is_named);
    CASE(nrrds_come_back_exactly);
    CASE(nothing_stays_of_a_header_whose_data_was_cancelled);
    CASE(meta_reads_in_each_byte_order);
    CASE(meta_data_lie_beside_it_and_may_be_zlib);
    CASE(what_is_wrong_with_a_meta_is_named);
    CASE(other_files_are_none_of_these);
    CASE(names_of_images_are_known_by_their_ending);
    return g_test_run();
}
