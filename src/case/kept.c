// SPDX-License-Identifier: Apache-2.0
// The millilitres that trim planes keep of a surface, quick enough to follow one that is dragged.
#include "case/kept.h"

#include "core/error.h"
#include "surface/measure.h"

#include <math.h>
#include <string.h>

struct HpKept {
    HpMesh *whole;
    GArray *cuts;   // HpCut, of the last call
    guint moving;   // the one that is not cut in `others`
    HpMesh *others; // what all the others keep; NULL: nothing, or not known
    bool is_known;
};

HpKept *hp_kept_new(HpMesh *whole)
{
    HpKept *kept = g_new0(HpKept, 1);
    kept->whole = hp_mesh_ref(whole);
    kept->cuts = g_array_new(FALSE, FALSE, sizeof(HpCut));
    return kept;
}

void hp_kept_free(HpKept *kept)
{
    if (kept == NULL)
        return;
    hp_mesh_unref(kept->whole);
    hp_mesh_unref(kept->others);
    g_array_unref(kept->cuts);
    g_free(kept);
}

static bool is_equal(const HpCut *a, const HpCut *b)
{
    return memcmp(a->normal, b->normal, sizeof a->normal) == 0 && a->d_mm == b->d_mm &&
           a->is_off == b->is_off;
}

bool hp_cuts_equal(const GArray *a, const GArray *b)
{
    bool is_same = a->len == b->len;
    for (guint at = 0; is_same && at < a->len; at++)
        is_same = is_equal(&g_array_index(a, HpCut, at), &g_array_index(b, HpCut, at));
    return is_same;
}

// The one plane that is not where it was, the one that moved last if all are; `count` if there are more.
static guint find_moved(const HpKept *kept, const HpCut *cuts, guint count)
{
    guint moved = count;
    if (kept->cuts->len != count)
        return count;
    for (guint at = 0; at < count; at++) {
        if (is_equal(&g_array_index(kept->cuts, HpCut, at), &cuts[at]))
            continue;
        if (moved != count)
            return count;
        moved = at;
    }
    return moved != count ? moved : kept->moving;
}

// Cuts by all but the plane that moves; false if that failed.
static bool cut_others(HpKept *kept, guint moving)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) others = g_array_copy(kept->cuts);
    g_array_remove_index(others, moving);
    g_clear_pointer(&kept->others, hp_mesh_unref);
    kept->moving = moving;
    kept->others = hp_surface_trim(kept->whole, (const HpCut *)(void *)others->data,
                                   (int)others->len, NULL, NULL, &error);
    kept->is_known = kept->others != NULL || g_error_matches(error, HP_ERROR, HP_ERROR_NO_RESULT);
    return kept->is_known;
}

double hp_kept_measure_ml(HpKept *kept, const HpCut *cuts, int count)
{
    if (count == 0)
        return hp_mesh_volume_mm3(kept->whole) / 1000;
    const guint moved = find_moved(kept, cuts, (guint)count);
    const bool holds = kept->is_known && moved == kept->moving;
    g_array_set_size(kept->cuts, 0);
    g_array_append_vals(kept->cuts, cuts, (guint)count);
    if (!holds && !cut_others(kept, moved < (guint)count ? moved : (guint)count - 1))
        return NAN;
    if (kept->others == NULL)
        return 0;
    const HpCut *cut = &cuts[kept->moving];
    return (cut->is_off ? hp_mesh_volume_mm3(kept->others) : hp_mesh_kept_mm3(kept->others, cut)) /
           1000;
}
