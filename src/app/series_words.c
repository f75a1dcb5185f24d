// SPDX-License-Identifier: Apache-2.0
// What a series says of itself, and what is to be said about it, in words a person reads.
#include "app/series_words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static void remark_free(gpointer data)
{
    HpRemark *remark = data;
    g_free(remark->headline);
    g_free(remark->detail);
    g_free(remark);
}

// Readers begin in the middle of a sentence, behind their colon.
static char *dup_sentence(const char *words)
{
    g_autofree char *first = g_utf8_strup(words, g_utf8_next_char(words) - words);
    return words[0] == '\0' ? g_strdup("") : g_strconcat(first, g_utf8_next_char(words), NULL);
}

static void add(GPtrArray *remarks, bool is_grave, const char *headline, const char *detail)
{
    HpRemark *remark = g_new(HpRemark, 1);
    *remark = (HpRemark){g_strdup(headline), dup_sentence(detail), is_grave};
    g_ptr_array_add(remarks, remark);
}

// Kinds of what readers warn of, which stand before the colon of a warning (io/series.h).
static const struct {
    const char *kind, *headline;
    bool is_grave, may_identify; // its detail names a file
} kinds[] = {
    {"missing", N_("Slices are missing"), true, false},
    {"tilted", N_("Tilted gantry, straightened"), false, false},
    {"uneven", N_("Uneven slices, resampled"), false, false},
    {"uncalibrated", N_("Not calibrated"), true, false},
    {"mixed", N_("Mixed images"), true, true},
    {"split", N_("Several volumes in one series"), false, false},
    {"duplicate", N_("Repeated files"), false, true},
    {"unplaced", N_("Places are missing"), true, true},
    {"left out", N_("A file is left out"), true, true},
};

static void add_warning(GPtrArray *remarks, const char *warning, bool is_anonymous)
{
    if (g_str_has_prefix(warning, "choice:")) // the window shows what there is to choose
        return;
    for (size_t at = 0; at < G_N_ELEMENTS(kinds); at++) {
        const size_t length = strlen(kinds[at].kind);
        if (!g_str_has_prefix(warning, kinds[at].kind) || warning[length] != ':')
            continue;
        const bool is_hidden = is_anonymous && kinds[at].may_identify;
        add(remarks, kinds[at].is_grave, _(kinds[at].headline),
            is_hidden ? "" : warning + length + 2);
        return;
    }
    add(remarks, false, _("Odd files"), is_anonymous ? "" : warning);
}

static void add_doubts(GPtrArray *remarks, const HpSeries *series)
{
    const guint doubts = hp_suitability_doubts(series);
    g_autofree char *thick =
        g_strdup_printf(_("Slices of %.1f mm"), hp_suitability_thickness_mm(series));
    g_autofree char *low = g_strdup_printf(_("Only %.0f mm from first to last slice"),
                                           series->grid.size[2] * series->grid.spacing_mm[2]);
    const struct {
        HpDoubt doubt;
        const char *headline, *detail;
    } words[] = {
        {HP_DOUBT_NO_CT, _("Not a CT"), _("Thresholds in HU mean nothing here.")},
        {HP_DOUBT_ARTERIAL, _("Arterial phase"),
         _("The liver's edge and veins stand out better in the portal venous phase.")},
        {HP_DOUBT_NATIVE, _("No contrast agent"),
         _("The liver's edge and veins stand out better in the portal venous phase.")},
        {HP_DOUBT_DELAYED, _("Delayed phase"),
         _("Veins stand out better in the portal venous phase.")},
        {HP_DOUBT_THICK, thick, _("Volumes are surer with slices of 3 mm or less.")},
        {HP_DOUBT_SHORT, low, _("The liver may not lie in it whole.")},
        {HP_DOUBT_SHARP, _("A kernel for bone or lung"), _("It is noisier than one for organs.")},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(words); at++)
        if (doubts & words[at].doubt)
            add(remarks, true, words[at].headline, words[at].detail);
}

GPtrArray *hp_series_words_remarks(const HpSeries *series, bool is_anonymous)
{
    GPtrArray *remarks = g_ptr_array_new_with_free_func(remark_free);
    add_doubts(remarks, series);
    for (guint at = 0; series->warnings != NULL && series->warnings[at] != NULL; at++)
        add_warning(remarks, series->warnings[at], is_anonymous);
    return remarks;
}

char *hp_series_words_title(const HpSeries *series, int number, bool is_anonymous)
{
    return is_anonymous || series->description[0] == '\0' ? g_strdup_printf(_("Series %d"), number)
                                                          : g_strdup(series->description);
}

char *hp_series_words_line(const HpSeries *series, bool is_anonymous)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    const char *phase = hp_series_words_phase(hp_suitability_phase(series));
    if (phase[0] != '\0')
        g_ptr_array_add(parts, g_strdup(phase));
    g_ptr_array_add(parts, g_strdup_printf(_("%.3g mm"), hp_suitability_thickness_mm(series)));
    g_ptr_array_add(
        parts, g_strdup_printf(ngettext("%d slice", "%d slices", series->slices), series->slices));
    if (series->kernel[0] != '\0')
        g_ptr_array_add(parts, g_strdup(series->kernel));
    if (series->date[0] != '\0' && !is_anonymous)
        g_ptr_array_add(parts, hp_series_words_date(series->date));
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("  ·  ", (char **)parts->pdata);
}

char *hp_series_words_reason(const GPtrArray *found, int position)
{
    const HpSeries *series = found->pdata[position];
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    if (hp_suitability_phase(series) == HP_PHASE_PORTAL)
        g_ptr_array_add(parts, (gpointer)_("portal venous"));
    if (hp_suitability_thickness_mm(series) <= HP_THICK_MM)
        g_ptr_array_add(parts, (gpointer)_("thin slices"));
    if (position == 0)
        g_ptr_array_add(parts, (gpointer)_("most slices"));
    if (parts->len == 0)
        return g_strdup(_("Suggested: the best of what is here"));
    g_ptr_array_add(parts, NULL);
    g_autofree char *words = g_strjoinv(", ", (char **)parts->pdata);
    return g_strdup_printf(_("Suggested: %s"), words);
}

const char *hp_series_words_phase(HpPhase phase)
{
    static const char *const names[] = {
        [HP_PHASE_NATIVE] = N_("native"),
        [HP_PHASE_ARTERIAL] = N_("arterial"),
        [HP_PHASE_PORTAL] = N_("portal venous"),
        [HP_PHASE_DELAYED] = N_("delayed"),
    };
    return phase == HP_PHASE_UNKNOWN ? "" : _(names[phase]);
}

char *hp_series_words_date(const char *date)
{
    if (strlen(date) != 8 || strspn(date, "0123456789") != 8)
        return g_strdup(date);
    return g_strdup_printf("%.4s-%.2s-%.2s", date, date + 4, date + 6);
}
