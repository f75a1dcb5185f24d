// SPDX-License-Identifier: Apache-2.0
// The donor's noise beside that of real portal-venous scans: deviation and radial spectrum.
//
// The scans lie at 1.5 x 1.5 x 2 mm, resampled; the donor is scanned on that grid. Squares of 16 x
// 16 voxels inside the liver lose a parabola each; the quietest third, free of vessels, counts.
#include "phantom/phantom.h"

#include "io/image_file.h"
#include "support/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 16    // voxels along the edge of a square
#define BINS 8  // of the radial spectrum, up to the Nyquist frequency
#define TERMS 6 // of the parabola: 1, x, y, x^2, xy, y^2

typedef struct {
    double sd, value[N * N];
} Square;

typedef struct {
    int squares;
    double sd, spectrum[BINS]; // power per bin, relative to the variance
} Noise;

// An orthonormal basis of parabolas on the square, by Gram and Schmidt.
static void parabolas(double basis[TERMS][N * N])
{
    for (int term = 0; term < TERMS; term++) {
        static const int power[TERMS][2] = {{0, 0}, {1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}};
        for (int at = 0; at < N * N; at++)
            basis[term][at] = pow((at % N) / (double)N - 0.5, power[term][0]) *
                              pow((at / N) / (double)N - 0.5, power[term][1]);
        for (int other = 0; other <= term; other++) {
            double dot = 0;
            for (int at = 0; at < N * N; at++)
                dot += basis[term][at] * basis[other][at];
            for (int at = 0; at < N * N; at++)
                basis[term][at] = other < term ? basis[term][at] - dot * basis[other][at]
                                               : basis[term][at] / sqrt(dot);
        }
    }
}

static void detrend(Square *square, double basis[TERMS][N * N])
{
    double sum = 0;
    for (int term = 0; term < TERMS; term++) {
        double dot = 0;
        for (int at = 0; at < N * N; at++)
            dot += basis[term][at] * square->value[at];
        for (int at = 0; at < N * N; at++)
            square->value[at] -= dot * basis[term][at];
    }
    for (int at = 0; at < N * N; at++)
        sum += square->value[at] * square->value[at];
    square->sd = sqrt(sum / (N * N));
}

static int by_sd(const void *a, const void *b)
{
    const double x = ((const Square *)a)->sd, y = ((const Square *)b)->sd;
    return (x > y) - (x < y);
}

// Adds the square's power to the bins of its radial spectrum; a Hann window keeps edges out.
static void add_power(const Square *square, double power[BINS], int counts[BINS])
{
    for (int v = -N / 2; v < N / 2; v++)
        for (int u = -N / 2; u < N / 2; u++) {
            const int bin = (int)(sqrt(u * u + v * v) + 0.5) - 1;
            if (bin < 0 || bin >= BINS)
                continue;
            double re = 0, im = 0;
            for (int at = 0; at < N * N; at++) {
                const int x = at % N, y = at / N;
                const double window =
                    (1 - cos(2 * G_PI * x / N)) * (1 - cos(2 * G_PI * y / N)) * (4.0 / 9);
                const double angle = 2 * G_PI * (u * x + v * y) / N;
                re += window * square->value[at] * cos(angle);
                im -= window * square->value[at] * sin(angle);
            }
            power[bin] += (re * re + im * im) / (N * N);
            counts[bin]++;
        }
}

// The liver is label 1 of `liver`, or, where there is no mask, the right half between two values.
static Noise measure(const HpVolume *volume, const HpMask *liver, double low_hu, double high_hu)
{
    static double basis[TERMS][N * N];
    parabolas(basis);
    const HpGrid *grid = &volume->grid;
    g_autoptr(GArray) squares = g_array_new(FALSE, FALSE, sizeof(Square));
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j + N <= grid->size[1]; j += N / 2)
            for (int i = 0; i + N <= (liver ? grid->size[0] : grid->size[0] / 2); i += N / 2) {
                Square square;
                double mean = 0;
                bool is_inside = true;
                for (int at = 0; at < N * N; at++) {
                    const int x = i + at % N, y = j + at / N;
                    is_inside &= liver == NULL || hp_mask_get(liver, x, y, k) == 1;
                    square.value[at] = volume->hu[hp_grid_offset(grid, x, y, k)];
                    mean += square.value[at] / (N * N);
                }
                if (!is_inside || (liver == NULL && (mean < low_hu || mean > high_hu)))
                    continue;
                detrend(&square, basis);
                if (square.sd < 20) // no edge of an organ
                    g_array_append_val(squares, square);
            }
    g_assert_cmpuint(squares->len, >, 100);
    qsort(squares->data, squares->len, sizeof(Square), by_sd);

    Noise noise = {.squares = (int)(squares->len * 3 / 10)};
    double variance = 0;
    int counts[BINS] = {0};
    const int stride = MAX(1, noise.squares / 150); // the transform is a plain one
    for (int at = 0; at < noise.squares; at++) {
        const Square *square = &g_array_index(squares, Square, at);
        variance += square->sd * square->sd / noise.squares;
        if (at % stride == 0)
            add_power(square, noise.spectrum, counts);
    }
    noise.sd = sqrt(variance);
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
        noise.spectrum[bin] /= counts[bin];
        sum += noise.spectrum[bin];
    }
    for (int bin = 0; bin < BINS; bin++)
        noise.spectrum[bin] /= sum;
    return noise;
}

static void print(const char *name, const Noise *noise)
{
    g_autoptr(GString) bins = g_string_new(NULL);
    for (int bin = 0; bin < BINS; bin++)
        g_string_append_printf(bins, " %.3f", noise->spectrum[bin]);
    g_test_message("%-16s %4d squares, deviation %.2f HU, spectrum%s", name, noise->squares,
                   noise->sd, bins->str);
}

static Noise measure_case(const char *material, const char *name, bool has_mask, double low_hu,
                          double high_hu)
{
    g_autofree char *ct = g_build_filename(material, "ct", name, "ct.nii.gz", NULL);
    g_autofree char *mask = g_build_filename(material, "ct", name, "liver.nii.gz", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(ct, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpMask) liver = has_mask ? hp_image_file_read_mask(mask, NULL, &error) : NULL;
    g_assert_no_error(error);
    const Noise noise = measure(volume, liver, low_hu, high_hu);
    print(name, &noise);
    return noise;
}

static void noise_is_that_of_real_scans(void)
{
    g_autofree char *material = material_dup_path();
    if (material == NULL) {
        g_test_skip("the shared material is absent");
        return;
    }
    const Noise real[2] = {measure_case(material, "ircad17", true, 0, 0),
                           measure_case(material, "chaos03_nomask", false, 118, 165)};
    HpPhantomParams params = hp_phantom_params_default();
    params.matrix = 250;
    params.slices = 24;
    params.spacing_mm[0] = params.spacing_mm[1] = 1.5;
    params.spacing_mm[2] = 2;
    g_autoptr(HpVolume) volume = hp_phantom_render(&params, NULL, NULL);
    g_autoptr(HpMask) liver = hp_phantom_liver(&params, NULL, NULL);
    const Noise donor = measure(volume, liver, 0, 0);
    print("donor", &donor);

    const double sd = (real[0].sd + real[1].sd) / 2;
    g_assert_cmpfloat(fabs(donor.sd / sd - 1), <, 0.2);
    for (int bin = 0; bin < BINS; bin++) {
        const double wanted = (real[0].spectrum[bin] + real[1].spectrum[bin]) / 2;
        g_test_message("bin %d: %.2f of the scans'", bin, donor.spectrum[bin] / wanted);
        g_assert_cmpfloat(fabs(donor.spectrum[bin] / wanted - 1), <, 0.2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phantom/noise-is-that-of-real-scans", noise_is_that_of_real_scans);
    return g_test_run();
}
