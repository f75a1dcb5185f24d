// SPDX-License-Identifier: Apache-2.0
// The snakes of a document's seeds on their own slices: at rest, played, and what drives them.
#include "case/document_inside.h"

#include <math.h>
#include <string.h>

static bool is_same_seed(const HpContour *a, const HpContour *b)
{
    return a->plane == b->plane && a->slice == b->slice && a->count == b->count &&
           memcmp(a->mm, b->mm, a->count * sizeof *a->mm) == 0;
}

// Takes the preview of `seed` out of `from`, or one of its slice, whose picture serves as well; else
// makes one. NULL if the seed cannot be shown.
static HpPreview *take_preview(HpDocument *document, const HpContour *seed, GPtrArray *from)
{
    int best = -1;
    for (guint at = 0; at < from->len; at++) {
        const HpContour *other = hp_preview_get_seed(from->pdata[at]);
        if (is_same_seed(other, seed))
            return g_ptr_array_steal_index(from, at);
        if (other->plane == seed->plane && other->slice == seed->slice)
            best = (int)at;
    }
    if (best < 0)
        return seed->slice >= 0 ? hp_preview_new(document->results.volume, seed, NULL) : NULL;
    g_autoptr(HpPreview) preview = g_ptr_array_steal_index(from, (guint)best);
    return hp_preview_set_seed(preview, seed, NULL) ? g_steal_pointer(&preview) : NULL;
}

void hp_document_preview(HpDocument *document)
{
    const HpPlan *plan = hp_document_get_plan(document);
    g_autoptr(GPtrArray) old = g_steal_pointer(&document->previews);
    document->previews = g_ptr_array_new_with_free_func((GDestroyNotify)hp_preview_free);
    g_ptr_array_set_size(document->previewed, 0);
    document->is_played = false;
    document->band_hu[0] = document->band_hu[1] = NAN;
    for (guint at = 0; at < plan->seeds->len && hp_document_has_image(document); at++) {
        HpPreview *one = take_preview(document, plan->seeds->pdata[at], old);
        if (one == NULL)
            continue;
        g_ptr_array_add(document->previews, one);
        hp_preview_set_strokes(one, plan->strokes, NULL);
        HpContour *contour = hp_preview_evolve(one, &plan->params, NULL);
        if (isnan(document->band_hu[0]))
            hp_preview_get_band(one, &document->band_hu[0], &document->band_hu[1]);
        if (contour != NULL)
            g_ptr_array_add(document->previewed, contour);
    }
}

static void show_evolution(HpDocument *document)
{
    document->is_played = true;
    g_ptr_array_set_size(document->previewed, 0);
    for (guint at = 0; at < document->previews->len; at++) {
        HpContour *contour = hp_preview_dup_contour(document->previews->pdata[at]);
        if (contour != NULL)
            g_ptr_array_add(document->previewed, contour);
    }
    hp_document_emit(document, HP_CHANGE_PREVIEW);
}

void hp_document_restart_evolution(HpDocument *document)
{
    for (guint at = 0; at < document->previews->len; at++)
        hp_preview_restart(document->previews->pdata[at], &hp_document_get_plan(document)->params,
                           NULL);
    show_evolution(document);
}

bool hp_document_step_evolution(HpDocument *document, int steps)
{
    bool is_moving = false;
    if (!document->is_played)
        hp_document_restart_evolution(document);
    for (guint at = 0; at < document->previews->len; at++)
        is_moving |= hp_preview_step(document->previews->pdata[at], steps);
    show_evolution(document);
    return is_moving;
}

void hp_document_finish_evolution(HpDocument *document)
{
    if (document->is_played)
        while (hp_document_step_evolution(document, G_MAXINT))
            continue;
    document->is_played = false;
}

HpEvolution hp_document_get_evolution(const HpDocument *document)
{
    HpEvolution whole = {.change_percent = NAN};
    for (guint at = 0; at < document->previews->len; at++) {
        const HpEvolution one = hp_preview_get_evolution(document->previews->pdata[at]);
        whole.steps = MAX(whole.steps, one.steps);
        if (!(whole.change_percent >= one.change_percent))
            whole.change_percent = one.change_percent;
        whole.is_moving |= one.is_moving;
        whole.is_at_rest = one.is_at_rest && (at == 0 || whole.is_at_rest);
        whole.has_vanished |= one.has_vanished;
    }
    return whole;
}

HpMapPicture *hp_document_dup_map(const HpDocument *document, HpMapKind kind, HpPlane plane,
                                  int slice)
{
    const HpPreview *best = NULL;
    for (guint at = 0; at < document->previews->len; at++) {
        const HpContour *seed = hp_preview_get_seed(document->previews->pdata[at]);
        if (best == NULL || (seed->plane == plane && seed->slice == slice))
            best = document->previews->pdata[at];
    }
    return best != NULL ? hp_preview_dup_map(best, kind, plane, slice, NULL) : NULL;
}
