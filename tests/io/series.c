// SPDX-License-Identifier: Apache-2.0
// Series on disk: one good synthetic series, and each odd one is that series plus one edit.
#include "io/series.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "core/error.h"
#include "core/parallel.h"
#include "support/dicom.h"

static GPtrArray *find(const Folder *folder)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *found = hp_series_find(folder->path, NULL, &error);
    g_assert_no_error(error);
    return found;
}

static const HpSeries *first(const GPtrArray *found)
{
    return g_ptr_array_index(found, 0);
}

static HpVolume *load(const HpSeries *series)
{
    g_autoptr(GError) error = NULL;
    HpVolume *volume = hp_series_load(series, NULL, &error);
    g_assert_no_error(error);
    return volume;
}

static bool warns(const HpSeries *series, const char *words)
{
    for (int n = 0; series->warnings[n] != NULL; n++)
        if (strstr(series->warnings[n], words) != NULL)
            return true;
    g_autofree char *all = g_strjoinv("; ", series->warnings);
    g_test_message("no warning says \"%s\": %s", words, all);
    return false;
}

static int hu_at(const HpVolume *volume, int n, int k)
{
    return volume->hu[(size_t)k * DICOM_PIXELS + (size_t)n];
}

// The volume of the good series, or one that must be the same.
static void assert_good(const HpVolume *volume, int slices)
{
    g_assert_cmpint(volume->grid.size[2], ==, slices);
    for (int k = 0; k < slices; k++)
        for (int n = 0; n < DICOM_PIXELS; n++)
            g_assert_cmpint(hu_at(volume, n, k), ==, dicom_stored(n, k) + DICOM_INTERCEPT);
}

// The only series there must be refused, with these words and the file's name.
static void assert_refused(void (*edit_cb)(Dicom *, int), HpError code, const char *words)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 1, edit_cb);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_series_find(folder_file(&folder, "0.dcm"), NULL, &error);
    g_autoptr(HpVolume) volume = found == NULL ? NULL : hp_series_load(first(found), NULL, &error);
    g_assert_null(volume);
    g_assert_error(error, HP_ERROR, (int)code);
    g_assert_nonnull(strstr(error->message, "0.dcm"));
    if (strstr(error->message, words) == NULL)
        g_test_message("got: %s", error->message);
    g_assert_nonnull(strstr(error->message, words));
    g_assert_null(strstr(error->message, "Nobody"));
}

// ---- order and place ---------------------------------------------------------------------------

static void a_plain_series_loads_as_it_is(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 5, NULL);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpuint(found->len, ==, 1);
    const HpSeries *series = first(found);
    g_assert_cmpstr(series->description, ==, "Synthetic");
    g_assert_cmpstr(series->modality, ==, "CT");
    g_assert_cmpint(series->slices, ==, 5);
    g_assert_cmpuint(g_strv_length(series->warnings), ==, 0);
    g_autoptr(HpVolume) volume = load(series);
    assert_good(volume, 5);
    HpGrid grid = hp_grid_new(DICOM_COLUMNS, DICOM_ROWS, 5, 0.8, 0.7, 2);
    grid.origin_mm[0] = -10;
    grid.origin_mm[1] = -20;
    g_assert_true(hp_grid_equal(&volume->grid, &grid, 1e-9));
}

static void number_backwards(Dicom *dicom, int k)
{
    g_autofree char *number = g_strdup_printf("%d", 100 - k);
    dicom_set_text(dicom, 0x00200013, "IS", number);
}

static void numbers_do_not_sort(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 5, number_backwards);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    assert_good(volume, 5);
}

static void place_downwards(Dicom *dicom, int k)
{
    dicom_set_place(dicom, 0, 0, -2 * k);
}

static void slices_ascend_along_the_normal(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 3, place_downwards);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpfloat(volume->grid.origin_mm[2], ==, -4);
    g_assert_cmpint(hu_at(volume, 0, 0), ==, dicom_stored(0, 2) + DICOM_INTERCEPT);
}

static void place_with_gap(Dicom *dicom, int k)
{
    dicom_set_place(dicom, 0, 0, k < 2 ? 2 * k : 2 * k + 2);
}

static void a_missing_slice_is_filled_and_told(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, place_with_gap);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_true(warns(first(found), "missing: 1 slice"));
    g_assert_false(first(found)->is_even);
    g_assert_cmpint(first(found)->stored.size[2], ==, 4);
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpint(volume->grid.size[2], ==, 5);
    const int below = dicom_stored(7, 1), above = dicom_stored(7, 2);
    const int filled = (int)rint((below + above) / 2.0) + DICOM_INTERCEPT;
    g_assert_cmpint(hu_at(volume, 7, 2), ==, filled);
    g_assert_cmpint(hu_at(volume, 7, 4), ==, dicom_stored(7, 3) + DICOM_INTERCEPT);
}

static void place_unevenly(Dicom *dicom, int k)
{
    static const double z[] = {0, 2, 4, 9, 14};
    dicom_set_place(dicom, 0, 0, z[k]);
    int stored[DICOM_PIXELS]; // the value tells the height, so that resampling can be seen
    for (int n = 0; n < DICOM_PIXELS; n++)
        stored[n] = (int)(1000 + 10 * z[k]);
    uint8_t bytes[DICOM_PIXELS * 2];
    for (int n = 0; n < DICOM_PIXELS; n++) {
        bytes[2 * n] = (uint8_t)stored[n];
        bytes[2 * n + 1] = (uint8_t)(stored[n] >> 8);
    }
    dicom_set_bytes(dicom, 0x7fe00010, "OW", bytes, sizeof bytes);
}

static void uneven_steps_are_resampled(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 5, place_unevenly);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_true(warns(first(found), "uneven: steps of 2 to 5 mm; resampled to 2 mm"));
    g_assert_cmpfloat(first(found)->stored.spacing_mm[2], ==, 3.5);
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpfloat(volume->grid.spacing_mm[2], ==, 2);
    g_assert_cmpint(volume->grid.size[2], ==, 8);
    for (int k = 0; k < 8; k++)
        g_assert_cmpint(hu_at(volume, 0, k), ==, 1000 + 20 * k + DICOM_INTERCEPT);
}

// A gantry tilt: each slice lies 1 mm further back. Pixels tell their y in the patient, in 0.1 mm.
static void lean(Dicom *dicom, int k)
{
    uint8_t bytes[DICOM_PIXELS * 2];
    dicom_set_place(dicom, 0, k, 3 * k);
    for (int n = 0; n < DICOM_PIXELS; n++) {
        const int stored = 1000 + 7 * (n / DICOM_COLUMNS) + 10 * k;
        bytes[2 * n] = (uint8_t)stored;
        bytes[2 * n + 1] = (uint8_t)(stored >> 8);
    }
    dicom_set_bytes(dicom, 0x7fe00010, "OW", bytes, sizeof bytes);
}

static void a_tilted_stack_is_straightened(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, lean);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_true(warns(first(found), "tilted: the stack leans by 18.4 degrees (3.00 mm"));
    g_autoptr(HpVolume) volume = load(first(found));
    const HpGrid *grid = &volume->grid;
    int seen = 0;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++) {
            const int hu = volume->hu[hp_grid_offset(grid, 3, j, k)];
            const double y = grid->origin_mm[1] + 0.7 * j;
            const double low = k, high = k + 0.7 * (DICOM_ROWS - 1); // where slice k has pixels
            if (y < low - 0.7 || y > high + 0.7)
                g_assert_cmpint(hu, ==, -1024);
            else if (y >= low && y <= high && ++seen > 0)
                g_assert_cmpfloat(fabs(hu - (1000 + 10 * y + DICOM_INTERCEPT)), <=, 0.6);
        }
    g_assert_cmpint(seen, >, 15);
}

// One slice alone is the volume's own, on its grid, for slices that are there and for resampled ones.
static void a_slice_alone_is_that_of_the_volume(void)
{
    void (*const edits[])(Dicom *, int) = {NULL, place_with_gap, place_unevenly, lean};
    for (size_t at = 0; at < G_N_ELEMENTS(edits); at++) {
        g_auto(Folder) folder = folder_new();
        dicom_save_series(&folder, 5, edits[at]);
        g_autoptr(GPtrArray) found = find(&folder);
        g_autoptr(HpVolume) volume = load(first(found));
        const HpGrid *grid = &volume->grid;
        const size_t plane = (size_t)grid->size[0] * (size_t)grid->size[1];
        for (int k = 0; k < grid->size[2]; k++) {
            g_autoptr(HpVolume) slice = hp_series_load_slice(first(found), k, NULL, NULL);
            g_assert_cmpmem(slice->hu, plane * sizeof *slice->hu, volume->hu + plane * (size_t)k,
                            plane * sizeof *slice->hu);
            double mm[3], expected[3];
            hp_grid_to_mm(&slice->grid, (double[3]){1, 2, 0}, mm);
            hp_grid_to_mm(grid, (double[3]){1, 2, k}, expected);
            for (int axis = 0; axis < 3; axis++)
                g_assert_cmpfloat_with_epsilon(mm[axis], expected[axis], 1e-9);
        }
    }
}

static void one_is_another(Dicom *dicom, int k)
{
    if (k == 2)
        dicom_set_text(dicom, 0x00200037, "DS", "0\\1\\0\\0\\0\\-1");
}

static void a_turned_slice_is_left_out_and_told(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 6, one_is_another);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpint(first(found)->slices, ==, 5);
    g_assert_true(warns(first(found), "mixed: 1 more image"));
    g_assert_true(warns(first(found), "missing: 1 slice"));
    g_assert_true(warns(first(found), "choice: one of 2 series"));
}

static void be_the_first_again(Dicom *dicom, int k)
{
    g_autofree char *uid = g_strdup_printf("1.2.3.%d", MAX(1, k));
    dicom_set_text(dicom, 0x00080018, "UI", uid);
    dicom_set_place(dicom, 0, 0, 2 * MAX(1, k));
}

static void a_duplicate_is_left_out(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, be_the_first_again);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpint(first(found)->slices, ==, 3);
    g_assert_true(warns(first(found), "duplicate: 1 file"));
    g_assert_true(first(found)->is_even);
}

static void be_one_of_two_phases(Dicom *dicom, int k)
{
    dicom_set_place(dicom, 0, 0, 2 * (k % 3));
}

static void two_phases_are_two_series(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 6, be_one_of_two_phases);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpstr(first(found)->phase, ==, "1 of 2");
    g_assert_true(warns(first(found), "split: the series holds each slice 2 times"));
    g_autoptr(HpVolume) early = load(first(found)), late = load(g_ptr_array_index(found, 1));
    g_assert_cmpint(hu_at(early, 0, 1), ==, dicom_stored(0, 1) + DICOM_INTERCEPT);
    g_assert_cmpint(hu_at(late, 0, 1), ==, dicom_stored(0, 4) + DICOM_INTERCEPT);
}

static void lose_place(Dicom *dicom, int k)
{
    dicom_remove(dicom, 0x00200032);
    dicom_remove(dicom, 0x00200037);
}

static void without_places_numbers_sort_and_it_is_told(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, lose_place);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_true(warns(first(found), "unplaced: slices have no position"));
    g_assert_true(warns(first(found), "uncalibrated: slices lie nowhere"));
    g_autoptr(HpVolume) volume = load(first(found));
    assert_good(volume, 4);
}

static void be_localizer_sometimes(Dicom *dicom, int k)
{
    if (k == 3) {
        dicom_set_text(dicom, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER");
        dicom_set_place(dicom, 0, 0, 500);
    }
}

static void localizers_and_junk_are_left_out(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, be_localizer_sometimes);
    folder_put(&folder, "README.txt", "hello", 5);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpint(first(found)->slices, ==, 3);
    g_assert_cmpuint(g_strv_length(first(found)->warnings), ==, 0);
}

// ---- values ------------------------------------------------------------------------------------

static void rescale_by_slice(Dicom *dicom, int k)
{
    dicom_set_text(dicom, 0x00281053, "DS", k % 2 == 0 ? "1" : "2");
    dicom_set_text(dicom, 0x00281052, "DS", k % 2 == 0 ? "-1024" : "-3000");
}

static void each_slice_has_its_own_rescale(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 2, rescale_by_slice);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpint(hu_at(volume, 3, 0), ==, dicom_stored(3, 0) - 1024);
    g_assert_cmpint(hu_at(volume, 3, 1), ==, 2 * dicom_stored(3, 1) - 3000);
}

static void lose_rescale(Dicom *dicom, int k)
{
    dicom_remove(dicom, 0x00281052);
    dicom_remove(dicom, 0x00281053);
}

static void a_ct_without_rescale_is_told(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 1, lose_rescale);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_true(warns(first(found), "uncalibrated: no rescale is given"));
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpint(hu_at(volume, 3, 0), ==, dicom_stored(3, 0));
}

static int high_bits(int n, int frame)
{
    return (n % 8 - 4) * 16 + 7; // 12 bits on top, rubbish below
}

static void store_high(Dicom *dicom, int k)
{
    dicom_set_number(dicom, 0x00280102, 15);
    dicom_set_number(dicom, 0x00280103, 1);
    dicom_set_text(dicom, 0x00281052, "DS", "0");
    dicom_set_pixels(dicom, 1, high_bits);
}

static void bits_end_at_the_high_bit_and_carry_the_sign(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 1, store_high);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    for (int n = 0; n < DICOM_PIXELS; n++)
        g_assert_cmpint(hu_at(volume, n, 0), ==, n % 8 - 4);
}

static void pad(Dicom *dicom, int k)
{
    dicom_set_number(dicom, 0x00280120, dicom_stored(47, 0));
}

static void padding_reads_as_air_and_is_not_measured(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 1, pad);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    HpSeriesValues values;
    g_assert_true(hp_series_measure(first(found), &values, NULL, NULL));
    g_assert_cmpint(hu_at(volume, 47, 0), ==, -1024);
    g_assert_cmpfloat(values.max, ==, dicom_stored(46, 0) + DICOM_INTERCEPT);
    g_assert_cmpuint(strlen(values.sha256), ==, 64);
}

static void be_pet(Dicom *dicom, int k)
{
    dicom_set_text(dicom, 0x00080060, "CS", "PT");
    dicom_set_text(dicom, 0x00281053, "DS", "0.001");
    dicom_set_text(dicom, 0x00281052, "DS", "0");
}

static void what_rounding_would_destroy_loads_as_a_field(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 2, be_pet);
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = hp_series_load(first(found), NULL, &error);
    g_assert_null(volume);
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_autoptr(HpField) field = hp_series_load_field(first(found), NULL, NULL);
    g_assert_cmpfloat_with_epsilon(field->value[5], dicom_stored(5, 0) * 0.001, 1e-6);
    g_assert_true(warns(first(found), "uncalibrated: modality PT"));
}

// ---- packing -----------------------------------------------------------------------------------

static void every_codec_gives_the_same_pixels(gconstpointer codec)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(Dicom) dicom = dicom_new(0);
    dicom_compress(dicom, codec);
    dicom_save(dicom, &folder, "0.dcm");
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    assert_good(volume, 1);
}

static void two_frames_of_three_fragments(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(Dicom) dicom = dicom_new(0);
    const DicomFragment whole = dicom_fragment("JPEG-LS");
    const DicomFragment parts[] = {
        {whole.bytes, 40}, {whole.bytes + 40, whole.size - 40}, {whole.bytes, whole.size}};
    dicom_set_text(dicom, 0x00280008, "IS", "2");
    dicom_set_fragments(dicom, "1.2.840.10008.1.2.4.80", parts, 3);
    dicom_save(dicom, &folder, "0.dcm");
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpint(first(found)->slices, ==, 2);
    g_autoptr(HpVolume) volume = load(first(found));
    for (int n = 0; n < DICOM_PIXELS; n++)
        g_assert_cmpint(hu_at(volume, n, 0), ==, hu_at(volume, n, 1));
}

// A compressed picture inside a sequence: its fragments are no elements.
static void an_icon_is_passed_over(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(Dicom) dicom = dicom_new(0), icon = dicom_new(0);
    dicom_compress(icon, "RLE");
    g_autoptr(GByteArray) item = dicom_item(icon);
    dicom_set_bytes(dicom, 0x00880200, "SQ", item->data, item->len);
    dicom_compress(dicom, "JPEG");
    dicom_save(dicom, &folder, "0.dcm");
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    assert_good(volume, 1);
}

// Frames stored top to bottom, each with its place in a sequence.
static void frames_of_an_enhanced_image_are_sorted(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(Dicom) dicom = dicom_new(0);
    g_autoptr(GByteArray) frames = g_byte_array_new();
    for (int k = 0; k < 3; k++) {
        g_autoptr(Dicom) place = dicom_new_empty(), groups = dicom_new_empty();
        dicom_set_place(place, 0, 0, -3 * k);
        g_autoptr(GByteArray) item = dicom_item(place);
        dicom_set_bytes(groups, 0x00209113, "SQ", item->data, item->len);
        g_autoptr(GByteArray) frame = dicom_item(groups);
        g_byte_array_append(frames, frame->data, frame->len);
    }
    dicom_set_bytes(dicom, 0x52009230, "SQ", frames->data, frames->len);
    dicom_set_text(dicom, 0x00280008, "IS", "3");
    dicom_set_pixels(dicom, 3, dicom_stored);
    dicom_save(dicom, &folder, "0.dcm");
    g_autoptr(GPtrArray) found = find(&folder);
    g_autoptr(HpVolume) volume = load(first(found));
    g_assert_cmpfloat(volume->grid.origin_mm[2], ==, -6);
    g_assert_cmpfloat(volume->grid.spacing_mm[2], ==, 3);
    g_assert_cmpint(hu_at(volume, 0, 0), ==, dicom_stored(0, 2) + DICOM_INTERCEPT);
}

static void threads_do_not_change_the_bytes(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 20, place_with_gap);
    HpVolume *volumes[2] = {NULL, NULL};
    const int threads = hp_parallel_get_threads();
    for (int n = 0; n < 2; n++) {
        hp_parallel_set_threads(n == 0 ? 1 : 8);
        g_autoptr(GPtrArray) found = find(&folder);
        volumes[n] = load(first(found));
    }
    hp_parallel_set_threads(threads);
    g_assert_cmpmem(volumes[0]->hu, hp_grid_count(&volumes[0]->grid) * 2, volumes[1]->hu,
                    hp_grid_count(&volumes[1]->grid) * 2);
    hp_volume_unref(volumes[0]);
    hp_volume_unref(volumes[1]);
}

// ---- refused -----------------------------------------------------------------------------------

static void no_rows(Dicom *dicom, int k)
{
    dicom_set_number(dicom, 0x00280010, 0);
}

static void more_rows(Dicom *dicom, int k)
{
    dicom_set_number(dicom, 0x00280010, DICOM_ROWS + 1);
}

static void colour(Dicom *dicom, int k)
{
    dicom_set_number(dicom, 0x00280002, 3);
    dicom_set_text(dicom, 0x00280004, "CS", "RGB");
}

static void comma(Dicom *dicom, int k)
{
    dicom_set_text(dicom, 0x00281053, "DS", "1,5");
}

static void no_pixels(Dicom *dicom, int k)
{
    dicom_remove(dicom, 0x7fe00010);
}

static void many_frames(Dicom *dicom, int k)
{
    dicom_compress(dicom, "RLE");
    dicom_set_text(dicom, 0x00280008, "IS", "1000");
}

static void cut_jpeg(Dicom *dicom, int k)
{
    DicomFragment fragment = dicom_fragment("JPEG");
    fragment.size -= 10;
    dicom_set_fragments(dicom, "1.2.840.10008.1.2.4.70", &fragment, 1);
}

static void wrong_codestream(Dicom *dicom, int k)
{
    dicom_compress(dicom, "J2K");
    dicom_set_number(dicom, 0x00280011, 16);
}

static void be_huge(Dicom *dicom, int k)
{
    dicom_compress(dicom, "JPEG-LS");
    dicom_set_number(dicom, 0x00280010, 16384);
    dicom_set_number(dicom, 0x00280011, 16384);
}

static void unknown_syntax(Dicom *dicom, int k)
{
    const DicomFragment fragment = dicom_fragment("JPEG");
    dicom_set_fragments(dicom, "1.2.3.4", &fragment, 1);
}

static void nest(Dicom *dicom, int k)
{
    g_autoptr(Dicom) inner = dicom_new_empty();
    g_autoptr(GByteArray) item = dicom_item(inner);
    for (int depth = 0; depth < 100; depth++) {
        g_autoptr(Dicom) outer = dicom_new_empty();
        dicom_set_bytes(outer, 0x00091010, "SQ", item->data, item->len);
        g_byte_array_unref(item);
        item = dicom_item(outer);
    }
    dicom_set_bytes(dicom, 0x00091010, "SQ", item->data, item->len);
}

static void bad_files_are_refused_by_name_and_fact(void)
{
    assert_refused(no_rows, HP_ERROR_BAD_FILE, "Rows is 0, expected 1 to 16384");
    assert_refused(more_rows, HP_ERROR_BAD_FILE, "pixel data is short: 96 bytes, expected 112");
    assert_refused(colour, HP_ERROR_UNSUPPORTED, "it is a colour image");
    assert_refused(comma, HP_ERROR_BAD_FILE, "RescaleSlope is not a number");
    assert_refused(no_pixels, HP_ERROR_UNSUPPORTED, "it holds no pixel data");
    assert_refused(many_frames, HP_ERROR_BAD_FILE, "1000 frames are declared, 1 compressed");
    assert_refused(cut_jpeg, HP_ERROR_BAD_FILE, "the JPEG codestream is cut");
    assert_refused(wrong_codestream, HP_ERROR_BAD_FILE, "the codestream is 8 x 6 with 1");
    assert_refused(be_huge, HP_ERROR_BAD_FILE, "512 MB of pixels are declared in a file of");
    assert_refused(unknown_syntax, HP_ERROR_UNSUPPORTED, "transfer syntax 1.2.3.4");
    assert_refused(nest, HP_ERROR_BAD_FILE, "nested more than 64 deep");
}

static void a_broken_file_leaves_the_others(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 4, NULL);
    g_autoptr(Dicom) dicom = dicom_new(3);
    g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
    folder_put(&folder, "3.dcm", bytes->data, bytes->len - 20);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_cmpint(first(found)->slices, ==, 3);
    g_assert_true(warns(first(found), "3.dcm: pixel data claims 96 bytes, 76 are present"));
}

static void a_file_that_shrinks_meanwhile_is_noticed(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 2, NULL);
    g_autoptr(GPtrArray) found = find(&folder);
    folder_put(&folder, "1.dcm", "", 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = hp_series_load(first(found), NULL, &error);
    g_assert_null(volume);
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_nonnull(strstr(error->message, "1.dcm"));
}

static void a_cancelled_task_ends_it(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 3, NULL);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_series_find(folder.path, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_clear_error(&error);
    g_autoptr(GPtrArray) found = find(&folder);
    g_assert_null(hp_series_load(first(found), &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

static void an_absent_path_is_named(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_series_find("/nowhere/at/all", NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, "all: ")); // not the folders: they may be names
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/series/" #test, test)
    ADD(a_plain_series_loads_as_it_is);
    ADD(numbers_do_not_sort);
    ADD(slices_ascend_along_the_normal);
    ADD(a_missing_slice_is_filled_and_told);
    ADD(a_slice_alone_is_that_of_the_volume);
    ADD(uneven_steps_are_resampled);
    ADD(a_tilted_stack_is_straightened);
    ADD(a_turned_slice_is_left_out_and_told);
    ADD(a_duplicate_is_left_out);
    ADD(two_phases_are_two_series);
    ADD(without_places_numbers_sort_and_it_is_told);
    ADD(localizers_and_junk_are_left_out);
    ADD(each_slice_has_its_own_rescale);
    ADD(a_ct_without_rescale_is_told);
    ADD(bits_end_at_the_high_bit_and_carry_the_sign);
    ADD(padding_reads_as_air_and_is_not_measured);
    ADD(what_rounding_would_destroy_loads_as_a_field);
    g_test_add_data_func("/series/rle", "RLE", every_codec_gives_the_same_pixels);
    g_test_add_data_func("/series/jpeg", "JPEG", every_codec_gives_the_same_pixels);
    g_test_add_data_func("/series/jpeg_ls", "JPEG-LS", every_codec_gives_the_same_pixels);
    g_test_add_data_func("/series/j2k", "J2K", every_codec_gives_the_same_pixels);
    ADD(two_frames_of_three_fragments);
    ADD(an_icon_is_passed_over);
    ADD(frames_of_an_enhanced_image_are_sorted);
    ADD(threads_do_not_change_the_bytes);
    ADD(bad_files_are_refused_by_name_and_fact);
    ADD(a_broken_file_leaves_the_others);
    ADD(a_file_that_shrinks_meanwhile_is_noticed);
    ADD(a_cancelled_task_ends_it);
    ADD(an_absent_path_is_named);
    return g_test_run();
}
