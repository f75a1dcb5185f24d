// SPDX-License-Identifier: Apache-2.0
// The report of a case as one page that stands alone: numbers, pictures, warnings, parameters.
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    const char *title; // "Axial"
    const char *name;  // of a PNG in the report's folder; it is put into the page
} HpReportPicture;

// The page alone; g_free(). The pictures lie in `folder`. NULL with HP_ERROR_IO.
char *hp_report_dup_html(JsonObject *report, const HpReportPicture *pictures, int count,
                         const char *folder, GError **error);

// Writes report.json and report.html into `folder`. `report` is what hp_pipeline_dup_report() makes;
// what it lacks is left out of the page. The same input is the same bytes: no date, no place, no name
// of a patient. Fails with HP_ERROR_IO.
bool hp_report_write(JsonObject *report, const HpReportPicture *pictures, int count,
                     const char *folder, GError **error);

G_END_DECLS
