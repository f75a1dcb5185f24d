// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of params and seed files. What was read comes back from its own text.
#include "fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "case/plan.h"
#include "case/seeds.h"

#define MAX_POINTS 500 // of a contour that is placed: looking for crossings takes the square of it

static HpPlan *read_bytes(const void *data, size_t size)
{
    const int fd = memfd_create("plan", MFD_CLOEXEC);
    g_assert(write(fd, data, size) == (ssize_t)size);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_autoptr(GError) error = NULL;
    const bool is_read = hp_plan_read(plan, path, &error);
    g_assert(is_read == (error == NULL));
    close(fd);
    return is_read ? g_steal_pointer(&plan) : NULL;
}

static void place_seeds(const HpPlan *plan)
{
    const HpGrid grid = hp_grid_new(64, 64, 40, 1.5, 1.5, 5);
    for (guint at = 0; at < plan->seeds->len; at++)
        if (((const HpContour *)plan->seeds->pdata[at])->count > MAX_POINTS)
            return;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) placed = hp_contours_place(plan->seeds, &grid, &error);
    g_assert((placed != NULL) == (error == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(HpPlan) plan = read_bytes(data, size);
    if (plan == NULL)
        return -1;
    place_seeds(plan);
    g_autofree char *text = hp_plan_dup_text(plan);
    g_autoptr(HpPlan) again = read_bytes(text, strlen(text));
    g_assert(again != NULL);
    g_autofree char *same = hp_plan_dup_text(again);
    g_assert_cmpstr(same, ==, text);
    return 0;
}

GByteArray *fuzz_seed(int number)
{
    static const char *const texts[] = {
        "{\"contours\": [{\"plane\": \"axial\", \"points_mm\": [[10, 20, 30], [40.5, 20, 30], "
        "[40, 50, 30], [1e1, 50, 30]]}, {\"plane\": \"coronal\", \"points_mm\": [[10, 30, 10], "
        "[60, 30, 15], [40, 30, 45]]}]}",
        "{\"hepatica\": \"0.1.0\", \"series\": \"1.2.3\", \"prepare.gaussian\": 1.5, "
        "\"contour.threshold-low\": null, \"prepare.preset\": \"none\", "
        "\"trim\": [[0, -0.0, 1, 12.5], [0, -0.6, 0.8, 20]]}",
        "{\"strokes\": [{\"kind\": \"barrier\", \"plane\": \"axial\", \"radius_mm\": 6, "
        "\"points_mm\": [[10, 20, 30], [15, 20, 30]]}, {\"kind\": \"hold\", \"plane\": "
        "\"coronal\", \"radius_mm\": 3.5, \"points_mm\": [[1, 30, 3]]}]}"};
    if (number < (int)G_N_ELEMENTS(texts))
        return g_byte_array_append(g_byte_array_new(), (const uint8_t *)texts[number],
                                   (guint)strlen(texts[number]));
    if (number > (int)G_N_ELEMENTS(texts))
        return NULL;
    g_autoptr(HpPlan) plan = hp_plan_new(); // every parameter there is
    char *text = hp_plan_dup_text(plan);
    return g_byte_array_new_take((guint8 *)text, strlen(text));
}
