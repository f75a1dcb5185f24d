// SPDX-License-Identifier: Apache-2.0
// What a slice shows, in words: for people who read, for those who hear, and for tests.
#include "app/slice_words.h"

#include "app/tools/tool.h"
#include "view/frame.h"

#include <glib/gi18n.h>

const char *hp_plane_words(HpPlane plane)
{
    static const char *const names[HP_PLANE_COUNT] = {N_("Axial"), N_("Coronal"), N_("Sagittal")};
    return _(names[plane]);
}

int hp_slice_number(const HpGrid *grid, HpPlane plane, int slice)
{
    const HpSliceFrame frame = hp_slice_frame_fit(grid, plane, slice, 1, 1, 0);
    return hp_slice_frame_number(&frame, grid);
}

// The largest contour of a list on a slice; NULL without one.
static const HpContour *find(const GPtrArray *contours, HpPlane plane, int slice)
{
    const HpContour *largest = NULL;
    for (guint at = 0; contours != NULL && at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        if (contour->plane == plane && contour->slice == slice &&
            (largest == NULL || hp_contour_area_mm2(contour) > hp_contour_area_mm2(largest)))
            largest = contour;
    }
    return largest;
}

char *hp_slice_words_contour(HpDocument *document, const HpLens *lens, HpPlane plane)
{
    const HpVolume *volume = hp_document_get_volume(document);
    if (volume == NULL)
        return NULL;
    const int slice = hp_lens_get_slice(lens, plane);
    const HpContour *contour = find(hp_document_get_previews(document), plane, slice);
    if (contour == NULL)
        return NULL;
    static const char *const formats[HP_PLANE_COUNT] = {
        N_("Contour on axial %d: %.2f cm², %.1f mm"),
        N_("Contour on coronal %d: %.2f cm², %.1f mm"),
        N_("Contour on sagittal %d: %.2f cm², %.1f mm")};
    return g_strdup_printf(_(formats[plane]), hp_slice_number(&volume->grid, plane, slice),
                           hp_contour_area_mm2(contour) / 100, hp_contour_length_mm(contour));
}

char *hp_slice_words_pane(HpDocument *document, HpLens *lens, HpPlane plane)
{
    const HpVolume *volume = hp_document_get_volume(document);
    if (volume == NULL)
        return g_strdup("");
    const int slice = hp_lens_get_slice(lens, plane);
    GString *words = g_string_new(NULL);
    // Translators: "Axial 28 of 56": plane, slice, number of slices.
    g_string_append_printf(words, _("%s %d of %d"), hp_plane_words(plane),
                           hp_slice_number(&volume->grid, plane, slice),
                           volume->grid.size[hp_grid_axis(&volume->grid, plane)]);
    const HpContour *seed = find(hp_document_get_plan(document)->seeds, plane, slice);
    if (seed != NULL) {
        g_string_append(words, ". ");
        g_string_append_printf(words, _("Seed of %.1f cm²"), hp_contour_area_mm2(seed) / 100);
    }
    g_autofree char *contour = hp_slice_words_contour(document, lens, plane);
    if (contour != NULL)
        g_string_append_printf(words, ". %s", contour);
    g_autofree char *drawn = hp_tools_tell(lens, plane, slice);
    g_string_append(words, drawn);
    return g_string_free(words, FALSE);
}
