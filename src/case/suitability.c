// SPDX-License-Identifier: Apache-2.0
// How well a series suits the liver's volume: its contrast phase, thickness and extent.
#include "case/suitability.h"

#include <math.h>
#include <string.h>

// Beginnings of words, lower case, without marks; a word that ends in '.' must be the whole one.
// Left out on purpose: "ap", which is arterial phase, antero-posterior and abdomen with pelvis.
static const struct {
    HpPhase phase;
    const char *words[18];
} names[] = {
    {HP_PHASE_NATIVE,
     {"nativ", "unenhanced", "noncontrast", "nonenhanced", "plain.", "withoutcontrast", "nonce.",
      "nect.", "sanscontraste", "sincontraste", "ohnekm", "nk.", "basal."}},
    {HP_PHASE_ARTERIAL, {"arter", "art.", "hap.", "aortic"}},
    {HP_PHASE_PORTAL,
     {"porto", "portal", "portven", "pv.", "pvp.", "pvc.", "venous", "venos", "venoes", "venoso",
      "venosa", "veineu", "ven.", "vp.", "hvp."}},
    {HP_PHASE_DELAYED,
     {"delay", "equil", "eq.", "eqp.", "spat", "spaet", "tardi", "excret", "late."}},
};

// Lower-case words between spaces, marks and signs gone: "Portal-Venöse Phase" is " portal venose phase ".
static char *dup_words(const char *text)
{
    g_autofree char *plain = g_str_to_ascii(text, "C");
    GString *words = g_string_new(" ");
    for (const char *at = plain; *at != '\0'; at++) {
        if (g_ascii_isalnum(*at))
            g_string_append_c(words, g_ascii_tolower(*at));
        else if (words->str[words->len - 1] != ' ')
            g_string_append_c(words, ' ');
    }
    if (words->str[words->len - 1] != ' ')
        g_string_append_c(words, ' ');
    return g_string_free(words, FALSE);
}

// Whether a word begins with `name`, or is it; two words of the text count as one, too.
static bool holds(const char *words, const char *name)
{
    g_autoptr(GString) joined = g_string_new(words);
    const bool is_whole = g_str_has_suffix(name, ".");
    const size_t length = strlen(name) - is_whole;
    for (const char *at = strchr(words, ' '); at != NULL && at[1] != '\0';
         at = strchr(at + 1, ' ')) {
        g_string_assign(joined, at + 1);
        char *space = strchr(joined->str, ' ');
        if (strncmp(joined->str, name, length) == 0 && (!is_whole || joined->str[length] == ' '))
            return true;
        g_string_erase(joined, space - joined->str, 1);
        if (strncmp(joined->str, name, length) == 0 && (!is_whole || joined->str[length] == ' '))
            return true;
    }
    return false;
}

static guint phases_in(const char *text)
{
    g_autofree char *words = dup_words(text);
    guint found = 0;
    for (size_t at = 0; at < G_N_ELEMENTS(names); at++)
        for (int n = 0; names[at].words[n] != NULL; n++)
            if (holds(words, names[at].words[n]))
                found |= 1u << names[at].phase;
    return found;
}

HpPhase hp_suitability_phase(const HpSeries *series)
{
    const guint found = phases_in(series->description) | phases_in(series->phase);
    const guint arterial = 1u << HP_PHASE_ARTERIAL, portal = 1u << HP_PHASE_PORTAL;
    // "late arterial" is arterial, "portal venous late" portal; both in one name say nothing.
    if ((found & arterial) && (found & portal))
        return HP_PHASE_UNKNOWN;
    if (found & arterial)
        return HP_PHASE_ARTERIAL;
    if (found & portal)
        return HP_PHASE_PORTAL;
    if (found & 1u << HP_PHASE_DELAYED)
        return HP_PHASE_DELAYED;
    return found & 1u << HP_PHASE_NATIVE ? HP_PHASE_NATIVE : HP_PHASE_UNKNOWN;
}

double hp_suitability_thickness_mm(const HpSeries *series)
{
    const double step_mm = series->stored.spacing_mm[2];
    return isnan(series->thickness_mm) ? step_mm : MAX(series->thickness_mm, step_mm);
}

// Kernels are letters and a number that grows with sharpness ("B70f", "I70f\\3", "Br64"), or a word.
static bool is_sharp(const HpSeries *series)
{
    static const char *const kinds[] = {"lung", "bone", "knochen", "lunge", "edge", "sharp"};
    g_autofree char *text = g_strconcat(series->kernel, " ", series->description, NULL);
    g_autofree char *words = dup_words(text);
    for (size_t at = 0; at < G_N_ELEMENTS(kinds); at++)
        if (holds(words, kinds[at]))
            return true;
    const char *kernel = series->kernel;
    while (g_ascii_isalpha(*kernel))
        kernel++;
    const guint64 number = g_ascii_strtoull(kernel, NULL, 10);
    return kernel > series->kernel && kernel - series->kernel <= 2 && number >= 60 && number < 100;
}

guint hp_suitability_doubts(const HpSeries *series)
{
    const HpPhase phase = hp_suitability_phase(series);
    const HpGrid *grid = &series->grid;
    const double height_mm = grid->size[2] * grid->spacing_mm[2];
    guint doubts = 0;
    doubts |=
        series->modality[0] != '\0' && strcmp(series->modality, "CT") != 0 ? HP_DOUBT_NO_CT : 0;
    doubts |= phase == HP_PHASE_NATIVE ? HP_DOUBT_NATIVE : 0;
    doubts |= phase == HP_PHASE_ARTERIAL ? HP_DOUBT_ARTERIAL : 0;
    doubts |= phase == HP_PHASE_DELAYED ? HP_DOUBT_DELAYED : 0;
    doubts |= hp_suitability_thickness_mm(series) > HP_THICK_MM + 1e-3 ? HP_DOUBT_THICK : 0;
    doubts |= height_mm < HP_SHORT_MM ? HP_DOUBT_SHORT : 0;
    doubts |= is_sharp(series) ? HP_DOUBT_SHARP : 0;
    return doubts;
}

// By judgement: what is no CT of the whole liver cannot be used, a wrong phase costs the veins and
// the edge, thick slices cost volume, a sharp kernel noise.
static int penalty(const HpSeries *series)
{
    static const struct {
        HpDoubt doubt;
        int points;
    } costs[] = {
        {HP_DOUBT_NO_CT, 100}, {HP_DOUBT_SHORT, 40}, {HP_DOUBT_NATIVE, 20}, {HP_DOUBT_ARTERIAL, 15},
        {HP_DOUBT_DELAYED, 8}, {HP_DOUBT_THICK, 6},  {HP_DOUBT_SHARP, 5},
    };
    const guint doubts = hp_suitability_doubts(series);
    int points = hp_suitability_phase(series) == HP_PHASE_UNKNOWN ? 7 : 0;
    for (size_t at = 0; at < G_N_ELEMENTS(costs); at++)
        points += doubts & costs[at].doubt ? costs[at].points : 0;
    return points;
}

int hp_suitability_best(const GPtrArray *found)
{
    int best = -1;
    for (guint at = 0; at < found->len; at++)
        if (best < 0 || penalty(found->pdata[at]) < penalty(found->pdata[best]))
            best = (int)at;
    return best;
}
