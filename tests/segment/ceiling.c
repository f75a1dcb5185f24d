// SPDX-License-Identifier: Apache-2.0
// The sheet between the lungs' bases: its height, flanks of the heart, and bodies without lungs.
#include "core/error.h"
#include "core/volume.h"
#include "segment/ceiling.h"

#include <math.h>

enum { WIDE = 64, DEEP = 48, HIGH = 40 };

// A body of 40 HU, an oval of 84 x 64 mm, and from `base_mm` up (right) and `base_mm + tilt_mm` (left)
// two lungs; between them a heart that tapers upwards. Voxels of 3 mm, slices from the feet on or,
// `is_upside_down`, from the head.
static HpVolume *chest(double base_mm, double tilt_mm, int16_t lung_hu, bool is_upside_down)
{
    HpGrid grid = hp_grid_new(WIDE, DEEP, HIGH, 3, 3, 3);
    if (is_upside_down)
        grid.directions[8] = -1;
    HpVolume *volume = hp_volume_new(&grid, NULL);
    for (int k = 0; k < HIGH; k++)
        for (int j = 0; j < DEEP; j++)
            for (int i = 0; i < WIDE; i++) {
                const double x = (i - 31.5) * 3, y = (j - 23.5) * 3;
                const double z = 3 * (is_upside_down ? HIGH - 1 - k : k);
                const double base = base_mm + tilt_mm * (x + 84) / 168;
                int16_t hu = lung_hu == -160 ? -160 : -1000;
                if (hypot(x / 84, y / 64) < 1)
                    hu = 40;
                const bool is_heart = hypot(x, y) < 40 - 0.15 * (z - base);
                if (hypot(x / 72, y / 52) < 1 && z > base && !is_heart)
                    hu = lung_hu;
                volume->hu[hp_grid_offset(&grid, i, j, k)] = hu;
            }
    return volume;
}

// The part of the volume round the heart: the sheet is spanned from lungs beyond it too.
static HpGrid middle_of(const HpVolume *volume)
{
    return hp_grid_crop(&volume->grid, (const int[3]){16, 12, 0}, (const int[3]){32, 24, HIGH});
}

static void check_heights(const HpVolume *volume, double air_hu, double body_hu, double base_mm,
                          double tilt_mm)
{
    const HpGrid grid = middle_of(volume);
    HpField *over = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(hp_ceiling(volume, &grid, air_hu, body_hu, &over, NULL, &error));
    g_assert_no_error(error);
    g_assert_nonnull(over);
    double worst = 0, sum = 0;
    for (int k = 0; k < HIGH; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++) {
                const double z = 3 * (grid.directions[8] < 0 ? HIGH - 1 - k : k);
                const double base = base_mm + tilt_mm * ((16 + i - 31.5) * 3 + 84) / 168;
                const double off = fabs(over->value[hp_grid_offset(&grid, i, j, k)] - z + base);
                worst = MAX(worst, off);
                sum += off;
            }
    g_test_message("off by %.1f mm at most, by %.1f on average", worst,
                   sum / (double)hp_grid_count(&grid));
    // A single step of the heart's flank is taken for a base: three voxels and the tilt.
    g_assert_cmpfloat(worst, <, 15);
    g_assert_cmpfloat(sum / (double)hp_grid_count(&grid), <, 3.5);
    hp_field_unref(over);
}

static void the_sheet_runs_on_under_the_heart(void)
{
    g_autoptr(HpVolume) level = chest(50, 0, -850, false);
    check_heights(level, -400, -250, 50, 0);
    g_autoptr(HpVolume) tilted = chest(40, 30, -850, false);
    check_heights(tilted, -400, -250, 40, 30);
    g_autoptr(HpVolume) from_the_head = chest(40, 30, -850, true);
    check_heights(from_the_head, -400, -250, 40, 30);
}

static void a_window_of_values_hides_no_lung(void)
{
    g_autoptr(HpVolume) windowed = chest(50, 0, -160, false);
    check_heights(windowed, -150, -150, 50, 0);
}

static void without_lungs_there_is_no_sheet(void)
{
    g_autoptr(HpVolume) belly = chest(1000, 0, -850, false);
    HpField *over = NULL;
    g_assert_true(hp_ceiling(belly, &belly->grid, -400, -250, &over, NULL, NULL));
    g_assert_null(over);
    // Gas in the bowel is no lung: it does not reach the highest slices.
    for (int k = 6; k < 30; k++)
        for (int j = 10; j < 38; j++)
            for (int i = 14; i < 50; i++)
                belly->hu[hp_grid_offset(&belly->grid, i, j, k)] = -900;
    g_assert_true(hp_ceiling(belly, &belly->grid, -400, -250, &over, NULL, NULL));
    g_assert_null(over);
}

static void the_cost_rises_from_the_sheet_up(void)
{
    g_assert_cmpfloat(hp_ceiling_cost(-5), ==, 0);
    g_assert_cmpfloat(hp_ceiling_cost(3), <, hp_ceiling_cost(6));
    // More than grey values can say for an organ, or it leaks.
    g_assert_cmpfloat(hp_ceiling_cost(40), >, 4);
}

static void cancel_is_heard(void)
{
    g_autoptr(HpVolume) volume = chest(50, 0, -850, false);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    HpField *over = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_ceiling(volume, &volume->grid, -400, -250, &over, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ceiling/the_sheet_runs_on_under_the_heart",
                    the_sheet_runs_on_under_the_heart);
    g_test_add_func("/ceiling/a_window_of_values_hides_no_lung", a_window_of_values_hides_no_lung);
    g_test_add_func("/ceiling/without_lungs_there_is_no_sheet", without_lungs_there_is_no_sheet);
    g_test_add_func("/ceiling/the_cost_rises_from_the_sheet_up", the_cost_rises_from_the_sheet_up);
    g_test_add_func("/ceiling/cancel_is_heard", cancel_is_heard);
    return g_test_run();
}
