// SPDX-License-Identifier: Apache-2.0
// Every row of the DICOM corpus, a subtest each: what must load does, with its numbers; what must
// be refused is, by name.
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "io/input.h"
#include "support/picture.h"

// Columns of INDEX.tsv.
enum {
    PATH,
    KIND,
    EXPECT,
    REASON,
    SYNTAX,
    COLUMNS,
    ROWS,
    SLICES,
    SPACING_X,
    SPACING_Y,
    SPACING_Z,
    MIN_VALUE,
    MAX_VALUE,
    SHA256,
    COLUMN_COUNT = 20
};

typedef struct {
    char *path;
    GStrv cells;
} Row;

static int either_refused, either_loaded;

static double number(const char *text)
{
    return text[0] == '\0' ? NAN : g_ascii_strtod(text, NULL);
}

// Decimals in the index are rounded to 9 digits.
static bool is_near(double got, double wanted, double slack)
{
    return isnan(wanted) || fabs(got - wanted) <= slack + 1e-7 * fabs(wanted);
}

// What differs between a series and its row, "" if nothing; g_free().
static char *difference(const Row *row, const HpSeries *series, const HpSeriesValues *values)
{
    const GStrv cells = row->cells;
    const bool is_lossy = cells[SHA256][0] == '\0';
    const double slack = is_lossy ? 4 : 0; // "lossy: may differ by a few"
    GString *text = g_string_new(NULL);
    const struct {
        const char *name;
        double got;
        int cell;
        double slack;
    } numbers[] = {
        {"columns", series->stored.size[0], COLUMNS, 0},
        {"rows", series->stored.size[1], ROWS, 0},
        {"slices", series->slices, SLICES, 0},
        {"spacing x", series->stored.spacing_mm[0], SPACING_X, 0},
        {"spacing y", series->stored.spacing_mm[1], SPACING_Y, 0},
        {"spacing z", series->stored.spacing_mm[2], SPACING_Z, 0},
        {"min", values->min, MIN_VALUE, slack},
        {"max", values->max, MAX_VALUE, slack},
    };
    for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++)
        if (!is_near(numbers[n].got, number(cells[numbers[n].cell]), numbers[n].slack))
            g_string_append_printf(text, "%s is %.10g, expected %s; ", numbers[n].name,
                                   numbers[n].got, cells[numbers[n].cell]);
    if (!is_lossy && strcmp(values->sha256, cells[SHA256]) != 0)
        g_string_append_printf(text, "sha256 is %.8s, expected %.8s; ", values->sha256,
                               cells[SHA256]);
    return g_string_free(text, FALSE);
}

// The series must also come as voxels: a volume, or a field where values do not fit one.
static bool comes_as_voxels(const HpSeries *series, GError **error)
{
    g_autoptr(GError) refused = NULL;
    g_autoptr(HpVolume) volume = hp_input_load(series, NULL, &refused);
    if (volume != NULL || !g_error_matches(refused, HP_ERROR, HP_ERROR_UNSUPPORTED)) {
        if (refused != NULL)
            g_propagate_error(error, g_steal_pointer(&refused));
        return volume != NULL;
    }
    g_autoptr(HpField) field = hp_input_load_field(series, NULL, error);
    return field != NULL;
}

static HpSeries *first_series(const Row *row, HpSeriesValues *values, GError **error)
{
    g_autoptr(GPtrArray) found = hp_input_find(row->path, NULL, error);
    if (found == NULL)
        return NULL;
    HpSeries *series = hp_series_ref(g_ptr_array_index(found, 0));
    if (hp_input_measure(series, values, NULL, error) && comes_as_voxels(series, error))
        return series;
    hp_series_unref(series);
    return NULL;
}

static void check_refusal(const Row *row, const GError *error)
{
    g_autofree char *name = g_path_get_basename(row->path);
    if (strstr(error->message, name) == NULL) {
        g_test_message("the error does not name the file: %s", error->message);
        g_test_fail();
    }
    if (error->domain != HP_ERROR || error->code == HP_ERROR_CANCELLED ||
        error->code == HP_ERROR_IO) {
        g_test_message("the error is of the wrong kind: %s", error->message);
        g_test_fail();
    }
}

static void row_holds(gconstpointer data)
{
    const Row *row = data;
    const char *expect = row->cells[EXPECT];
    HpSeriesValues values;
    g_autoptr(GError) error = NULL;
    g_autoptr(HpSeries) series = first_series(row, &values, &error);
    const bool must_load = strcmp(expect, "load") == 0;
    if (series == NULL) {
        g_test_message("refused: %s", error->message);
        check_refusal(row, error);
        if (must_load)
            g_test_fail();
        either_refused += strcmp(expect, "either") == 0;
        return;
    }
    g_autofree char *differs = difference(row, series, &values);
    g_autofree char *warnings = g_strjoinv("\n  ", series->warnings);
    if (warnings[0] != '\0')
        g_test_message("warnings:\n  %s", warnings);
    if (strcmp(expect, "refuse") == 0) {
        g_test_message("loaded, expected to be refused: %s", row->cells[REASON]);
        g_test_fail();
    } else if (differs[0] != '\0') {
        g_test_message("%s", differs);
        if (must_load || series->warnings[0] == NULL)
            g_test_fail();
    }
    either_loaded += strcmp(expect, "either") == 0;
}

static void row_free(gpointer data)
{
    Row *row = data;
    g_free(row->path);
    g_strfreev(row->cells);
    g_free(row);
}

static GPtrArray *add_rows(const char *material)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    g_autofree char *index = g_build_filename(material, "dicom", "INDEX.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(index, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int n = 1; lines[n] != NULL && lines[n][0] != '\0'; n++) {
        Row *row = g_new0(Row, 1);
        row->cells = g_strsplit(lines[n], "\t", -1);
        g_assert_cmpuint(g_strv_length(row->cells), ==, COLUMN_COUNT);
        row->path = g_build_filename(material, "dicom", row->cells[PATH], NULL);
        g_autofree char *name = g_strconcat("/corpus/", row->cells[PATH], NULL);
        g_test_add_data_func(name, row, row_holds);
        g_ptr_array_add(rows, row);
    }
    return rows;
}

static void material_is_absent(void)
{
    g_test_skip("shared/material is not there");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *material = material_dup_path();
    g_autoptr(GPtrArray) rows = NULL;
    if (material == NULL)
        g_test_add_func("/corpus", material_is_absent);
    else
        rows = add_rows(material);
    const int failed = g_test_run();
    g_print("# of the rows that may do either, %d loaded and %d were refused\n", either_loaded,
            either_refused);
    return failed;
}
