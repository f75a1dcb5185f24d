// SPDX-License-Identifier: Apache-2.0
// How near the method comes to masks drawn by hand: every whole case from one seed contour.
//
// Prints a line per case, the worst first: Dice, signed volume difference, ASSD and HD95 at the file's
// own grid, seconds of wall and of processor for the segmentation alone; then median and worst over
// patients, for all and for each half (patients in the order of the index, counted from 0: constants
// were tuned on the even ones).
//   accuracy [--out DIR] [--set NAME=VALUE]... [CASE...]
// Ablations: --set snakes-weight=0, --set data-weight=0, --set kappa=..., --set edge-refine=0.
#include "core/parameter.h"
#include "io/image_file.h"
#include "segment/compare.h"
#include "segment/organ.h"
#include "segment/seed.h"
#include "support/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMN_PATIENT 2
#define COLUMN_COMPLETE 13

typedef struct {
    char name[64], patient[64];
    bool is_odd;
    HpAgreement agreement;
    double snakes_ml, seconds, processor;
    bool is_lower_bound;
} Case;

// The masked cases whose liver is whole, in the order of the index.
static GArray *read_index(const char *folder)
{
    GArray *cases = g_array_new(FALSE, TRUE, sizeof(Case));
    g_autofree char *path = g_build_filename(folder, "INDEX.tsv", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return cases;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) patients = g_ptr_array_new_with_free_func(g_free);
    for (int at = 1; lines[at] != NULL; at++) {
        g_auto(GStrv) cells = g_strsplit(lines[at], "\t", -1);
        if (g_strv_length(cells) <= COLUMN_COMPLETE || g_str_has_suffix(cells[0], "u") ||
            !(g_str_has_prefix(cells[COLUMN_COMPLETE], "yes") ||
              g_str_has_prefix(cells[COLUMN_COMPLETE], "near")))
            continue;
        guint patient;
        if (!g_ptr_array_find_with_equal_func(patients, cells[COLUMN_PATIENT], g_str_equal,
                                              &patient)) {
            patient = patients->len;
            g_ptr_array_add(patients, g_strdup(cells[COLUMN_PATIENT]));
        }
        Case one = {.is_odd = patient % 2};
        g_strlcpy(one.name, cells[0], sizeof one.name);
        g_strlcpy(one.patient, cells[COLUMN_PATIENT], sizeof one.patient);
        g_array_append_val(cases, one);
    }
    return cases;
}

static bool run_case(const char *folder, Case *one, const HpParams *params, const char *out,
                     GError **error)
{
    g_autofree char *ct = g_build_filename(folder, one->name, "ct.nii.gz", NULL);
    g_autofree char *drawn = g_build_filename(folder, one->name, "liver.nii.gz", NULL);
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(ct, NULL, error);
    g_autoptr(HpMask) reference = volume ? hp_image_file_read_mask(drawn, NULL, error) : NULL;
    g_autoptr(HpContour) seed = reference ? hp_seed_from_mask(reference, 0, error) : NULL;
    if (seed == NULL)
        return false;
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    g_ptr_array_add(seeds, g_steal_pointer(&seed));

    const gint64 then = g_get_monotonic_time();
    const clock_t busy = clock();
    g_autoptr(HpOrgan) organ = hp_organ_segment(volume, seeds, NULL, params, NULL, error);
    one->seconds = (double)(g_get_monotonic_time() - then) / 1e6;
    one->processor = (double)(clock() - busy) / CLOCKS_PER_SEC;
    if (organ == NULL || !hp_compare(organ->mask, reference, 0, &one->agreement, NULL, error))
        return false;
    one->snakes_ml = organ->snakes_ml;
    one->is_lower_bound = organ->lower_bound;
    if (out == NULL)
        return true;
    g_autofree char *file = g_strdup_printf("%s/%s.nii.gz", out, one->name);
    return hp_image_file_write_mask(organ->mask, file, NULL, error);
}

static int by_dice(const void *a, const void *b)
{
    const double x = ((const Case *)a)->agreement.dice, y = ((const Case *)b)->agreement.dice;
    return (x > y) - (x < y);
}

static int by_double(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

// Over patients: the mean of each one's cases. `half` 0 even, 1 odd, 2 all.
static void print_summary(const GArray *cases, int half, const char *words)
{
    g_autoptr(GHashTable) sums = g_hash_table_new(g_str_hash, g_str_equal);
    double dice[256], worst = INFINITY, slowest = 0;
    int count[256], patients = 0;
    for (guint at = 0; at < cases->len; at++) {
        const Case *one = &g_array_index(cases, Case, at);
        if (half < 2 && one->is_odd != half)
            continue;
        int slot = GPOINTER_TO_INT(g_hash_table_lookup(sums, one->patient)) - 1;
        if (slot < 0) {
            slot = patients++;
            dice[slot] = count[slot] = 0;
            g_hash_table_insert(sums, (gpointer)one->patient, GINT_TO_POINTER(slot + 1));
        }
        dice[slot] += one->agreement.dice;
        count[slot]++;
        worst = MIN(worst, one->agreement.dice);
        slowest = MAX(slowest, one->seconds);
    }
    for (int slot = 0; slot < patients; slot++)
        dice[slot] /= count[slot];
    qsort(dice, patients, sizeof *dice, by_double);
    if (patients > 0)
        printf("%-5s %2d patients: median Dice %.4f, worst case %.4f, slowest %.1f s\n", words,
               patients, (dice[(patients - 1) / 2] + dice[patients / 2]) / 2, worst, slowest);
}

static bool set_param(HpParams *params, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    g_autoptr(GError) error = NULL;
    const HpParameterId id = hp_parameter_find(parts[0]);
    if (id == HP_PARAM_COUNT || parts[1] == NULL ||
        !hp_params_set(params, id, g_ascii_strtod(parts[1], NULL), &error)) {
        fprintf(stderr, "%s: %s\n", text, error ? error->message : "no such parameter");
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    HpParams params = hp_params_default();
    const char *out = NULL;
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    for (int at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--out") == 0 && at + 1 < argc)
            out = argv[++at];
        else if (strcmp(argv[at], "--set") == 0 && at + 1 < argc) {
            if (!set_param(&params, argv[++at]))
                return 2;
        } else
            g_hash_table_add(wanted, argv[at]);
    }
    g_autofree char *material = material_dup_path();
    if (material == NULL) {
        printf("1..0 # SKIP the shared material is absent\n");
        return 77;
    }
    g_autofree char *folder = g_build_filename(material, "ct", NULL);
    g_autoptr(GArray) cases = read_index(folder);
    for (guint at = cases->len; at-- > 0;) {
        Case *one = &g_array_index(cases, Case, at);
        g_autoptr(GError) error = NULL;
        if (g_hash_table_size(wanted) > 0 && !g_hash_table_contains(wanted, one->name))
            g_array_remove_index(cases, at);
        else if (!run_case(folder, one, &params, out, &error))
            fprintf(stderr, "%s: %s\n", one->name, error->message);
    }
    qsort(cases->data, cases->len, sizeof(Case), by_dice);
    printf("%-18s half   Dice  volume   ASSD   HD95  seconds  processor  snakes ml\n", "case");
    for (guint at = 0; at < cases->len; at++) {
        const Case *one = &g_array_index(cases, Case, at);
        printf("%-18s %s  %.4f %+6.1f%% %6.2f %6.1f %8.1f %10.1f %10.0f%s\n", one->name,
               one->is_odd ? "odd " : "even", one->agreement.dice,
               one->agreement.volume_difference_percent, one->agreement.assd_mm,
               one->agreement.hd95_mm, one->seconds, one->processor, one->snakes_ml,
               one->is_lower_bound ? "  lower bound" : "");
    }
    print_summary(cases, 0, "even");
    print_summary(cases, 1, "odd");
    print_summary(cases, 2, "all");
    return 0;
}
