// SPDX-License-Identifier: Apache-2.0
// The report of a case as one page that stands alone: numbers, pictures, warnings, parameters.
#include "case/report.h"

#include "case/json.h"
#include "core/error.h"
#include "core/parameter.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>Liver volume</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #1b1f24; --soft: #667079; --line: #dfe3e7; --paper: "
    "#fff; --mark: #b4530a }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e8eaec; --soft: #98a1a9; --line: "
    "#31363b; --paper: #16191c; --mark: #f0a35c } }\n"
    "body { margin: 0 auto; max-width: 68rem; padding: 3rem 2rem; background: var(--paper); color: "
    "var(--ink); font: 16px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums }\n"
    "h1 { margin: 0; font-size: 1rem; font-weight: 500; color: var(--soft) }\n"
    "h2 { margin: 3rem 0 .75rem; font-size: 1rem; font-weight: 600 }\n"
    ".number { margin: .25rem 0 0; font-size: 4.5rem; line-height: 1.1; font-weight: 300; "
    "letter-spacing: -.02em }\n"
    ".number span { font-size: 2rem; color: var(--soft); letter-spacing: 0 }\n"
    ".width { margin: .25rem 0 0; color: var(--soft) }\n"
    ".warning { margin: 1rem 0 0; padding-left: .75rem; border-left: 3px solid var(--mark) }\n"
    ".pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: "
    "1rem; margin-top: 2.5rem }\n"
    "figure { margin: 0 }\n"
    "figure img { display: block; width: 100%; height: auto; background: "
    "#000; border-radius: 4px }\n"
    "figcaption { margin-top: .35rem; font-size: .875rem; color: var(--soft) }\n"
    "table { width: 100%; border-collapse: collapse }\n"
    "td { padding: .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }\n"
    "td:first-child { width: 45%; color: var(--soft) }\n"
    ".columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); "
    "column-gap: 3rem }\n"
    "footer { margin-top: 3rem; font-size: .875rem; color: var(--soft) }\n"
    "@media print { body { padding: 0 } figure, table { break-inside: avoid } }\n"
    "</style>\n";

// The number at a path of names, "surface.area_mm2"; NAN where it is absent.
static double number_at(JsonObject *object, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, ".", -1);
    for (int at = 0; names[at] != NULL; at++) {
        JsonNode *node = json_object_get_member(object, names[at]);
        if (node != NULL && names[at + 1] == NULL && JSON_NODE_HOLDS_VALUE(node))
            return json_node_get_double(node);
        if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
            return NAN;
        object = json_node_get_object(node);
    }
    return NAN;
}

static void append_escaped(GString *html, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void append_escaped(GString *html, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *escaped = g_markup_vprintf_escaped(format, values);
    va_end(values);
    g_string_append(html, escaped);
    g_free(escaped);
}

// Numbers have a point in every language, so that a report is the same bytes everywhere; g_free().
static char *dup_fixed(double value, int decimals)
{
    char format[16], *digits = g_malloc(G_ASCII_DTOSTR_BUF_SIZE + 16);
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    return g_ascii_formatd(digits, G_ASCII_DTOSTR_BUF_SIZE + 16, format, value);
}

static char *dup_short(double value)
{
    char *digits = g_malloc(G_ASCII_DTOSTR_BUF_SIZE);
    return g_ascii_formatd(digits, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", value);
}

// A row of a number with its unit; nothing if the report has none.
static void append_row(GString *html, JsonObject *report, const char *label, const char *path,
                       int decimals, const char *unit)
{
    const double value = number_at(report, path);
    if (!isfinite(value))
        return;
    g_autofree char *digits = dup_fixed(value, decimals);
    append_escaped(html, "<tr><td>%s<td>%s%s\n", label, digits, unit);
}

// How far the number moves: "1700 to 1760 ml with ..."; nothing if the report does not say.
static void append_range(GString *html, JsonObject *report, const char *less, const char *more,
                         const char *words)
{
    g_autofree char *low = g_strconcat("width.", less, NULL);
    g_autofree char *high = g_strconcat("width.", more, NULL);
    if (isfinite(number_at(report, low)) && isfinite(number_at(report, high)))
        append_escaped(html, "<p class=\"width\">%.0f to %.0f ml %s\n", number_at(report, low),
                       number_at(report, high), words);
}

static void append_number(GString *html, JsonObject *report)
{
    g_string_append(html, "<h1>Liver</h1>\n");
    append_escaped(html, "<p class=\"number\">%.0f <span>ml</span>\n",
                   number_at(report, "volume_ml"));
    if (isfinite(number_at(report, "kept_ml")))
        append_escaped(html, "<p class=\"width\">of which the cuts keep %.0f ml\n",
                       number_at(report, "kept_ml"));
    append_range(html, report, "half_voxel_less_ml", "half_voxel_more_ml",
                 "with the border half a voxel further in or out");
    append_range(html, report, "band_narrower_ml", "band_wider_ml",
                 "with the threshold band 5 HU narrower or wider");
}

static void append_warnings(GString *html, JsonObject *report)
{
    if (!json_object_has_member(report, "warnings"))
        return;
    JsonArray *warnings = json_object_get_array_member(report, "warnings");
    for (guint at = 0; at < json_array_get_length(warnings); at++)
        append_escaped(html, "<p class=\"warning\">%s\n",
                       json_array_get_string_element(warnings, at));
}

static bool append_pictures(GString *html, const HpReportPicture *pictures, int count,
                            const char *folder, GError **error)
{
    g_string_append(html, "<div class=\"pictures\">\n");
    for (int at = 0; at < count; at++) {
        g_autoptr(GError) system = NULL;
        g_autofree char *bytes = NULL;
        size_t length = 0;
        g_autofree char *path = g_build_filename(folder, pictures[at].name, NULL);
        if (!g_file_get_contents(path, &bytes, &length, &system)) {
            g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), pictures[at].name,
                        system->message);
            return false;
        }
        g_autofree char *text = g_base64_encode((const guchar *)bytes, length);
        append_escaped(html, "<figure><img alt=\"%s\" src=\"data:image/png;base64,",
                       pictures[at].title);
        g_string_append(html, text);
        append_escaped(html, "\"><figcaption>%s</figcaption></figure>\n", pictures[at].title);
    }
    g_string_append(html, "</div>\n");
    return true;
}

static void append_agreement(GString *html, JsonObject *report)
{
    g_string_append(html, "<div><h2>Do the numbers agree?</h2>\n<table>\n");
    append_row(html, report, "Mask, counted voxel by voxel", "reconciliation.mask_ml", 2, " ml");
    append_row(html, report, "Surface, by the divergence theorem", "reconciliation.mesh_ml", 2,
               " ml");
    append_row(html, report, "Written file, read back", "reconciliation.file_ml", 2, " ml");
    append_row(html, report, "Planar contours alone", "snakes_ml", 2, " ml");
    g_string_append(html, "</table></div>\n");
}

static void append_surface(GString *html, JsonObject *report)
{
    g_string_append(html, "<div><h2>Surface and content</h2>\n<table>\n");
    append_row(html, report, "Surface area", "surface.area_mm2", 0, " mm²");
    append_row(html, report, "Triangles", "surface.triangles", 0, "");
    append_row(html, report, "Mean", "content.mean_hu", 1, " HU");
    append_row(html, report, "Standard deviation", "content.deviation_hu", 1, " HU");
    append_row(html, report, "Median", "content.median_hu", 1, " HU");
    g_string_append(html, "</table></div>\n");
}

static void append_list(GString *html, const char *label, JsonObject *object, const char *name,
                        const char *between, const char *unit)
{
    if (!json_object_has_member(object, name))
        return;
    JsonArray *array = json_object_get_array_member(object, name);
    append_escaped(html, "<tr><td>%s<td>", label);
    for (guint at = 0; at < json_array_get_length(array); at++) {
        g_autofree char *digits = dup_short(json_array_get_double_element(array, at));
        append_escaped(html, "%s%s", at > 0 ? between : "", digits);
    }
    append_escaped(html, "%s\n", unit);
}

static void append_image(GString *html, JsonObject *report)
{
    if (!json_object_has_member(report, "input"))
        return;
    JsonObject *input = json_object_get_object_member(report, "input");
    g_string_append(html, "<div><h2>Image</h2>\n<table>\n");
    append_escaped(html, "<tr><td>Series<td>%s\n",
                   json_object_get_string_member_with_default(input, "description", ""));
    append_list(html, "Voxels", input, "size", " × ", "");
    append_list(html, "Spacing", input, "spacing", " × ", " mm");
    g_string_append(html, "</table></div>\n");
}

static void append_value(GString *html, const HpParameter *parameter, double value)
{
    g_autofree char *digits = dup_short(value);
    append_escaped(html, "%s%s%s", digits, parameter->unit[0] != '\0' ? " " : "", parameter->unit);
}

static void append_parameters(GString *html, JsonObject *report)
{
    if (!json_object_has_member(report, "parameters"))
        return;
    JsonObject *values = json_object_get_object_member(report, "parameters");
    g_string_append(html, "<div><h2>Parameters</h2>\n<table>\n");
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const HpParameter *parameter = hp_parameter_get(id);
        JsonNode *node = json_object_get_member(values, parameter->id);
        if (node == NULL)
            continue;
        append_escaped(html, "<tr><td>%s<td>", parameter->label);
        if (JSON_NODE_HOLDS_NULL(node))
            g_string_append(html, "from the data");
        else if (json_node_get_value_type(node) == G_TYPE_STRING)
            append_escaped(html, "%s", json_node_get_string(node));
        else
            append_value(html, parameter, json_node_get_double(node));
        g_string_append(html, "\n");
    }
    g_string_append(html, "</table></div>\n");
}

char *hp_report_dup_html(JsonObject *report, const HpReportPicture *pictures, int count,
                         const char *folder, GError **error)
{
    g_autoptr(GString) html = g_string_new(head);
    append_number(html, report);
    append_warnings(html, report);
    if (!append_pictures(html, pictures, count, folder, error))
        return NULL;
    g_string_append(html, "<div class=\"columns\">\n");
    append_agreement(html, report);
    append_surface(html, report);
    append_image(html, report);
    append_parameters(html, report);
    g_string_append(html, "</div>\n");
    append_escaped(html,
                   "<footer>Hepatica %s. An aid for research and planning, not a medical "
                   "device.</footer>\n",
                   json_object_get_string_member_with_default(report, "hepatica", HP_VERSION));
    return g_string_free(g_steal_pointer(&html), FALSE);
}

bool hp_report_write(JsonObject *report, const HpReportPicture *pictures, int count,
                     const char *folder, GError **error)
{
    g_autofree char *json = g_build_filename(folder, "report.json", NULL);
    g_autofree char *page = g_build_filename(folder, "report.html", NULL);
    g_autofree char *html = hp_report_dup_html(report, pictures, count, folder, error);
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), report);
    g_autoptr(GError) system = NULL;
    if (html == NULL || !hp_json_write(node, json, error))
        return false;
    if (g_file_set_contents(page, html, -1, &system))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("report.html: %s"), system->message);
    return false;
}
