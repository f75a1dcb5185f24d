// SPDX-License-Identifier: Apache-2.0
// Opens the INPUT of a command: finds its series, chooses one, says what is odd about it.
#pragma once

#include "case/pipeline.h"
#include "cli/command.h"
#include "core/volume.h"
#include "io/series.h"

G_BEGIN_DECLS

// The series of `path` named by --series or by the plan, else the one with most slices, with a
// warning if there are several. Its own warnings go to stderr. Fails with HP_USAGE_ERROR if no
// series has that UID, and as hp_input_find() does.
HpSeries *hp_call_find(const HpCall *call, const char *path, GError **error);

// The same, loaded.
HpVolume *hp_call_load(const HpCall *call, const char *path, GError **error);

// A pipeline of the first argument, its image loaded, and the plan completed by --series and by
// --seed or --seed-from-mask. Warnings of the series go to stderr. Fails with HP_USAGE_ERROR if both
// kinds of seed are given or none at all, and as the readers do.
HpPipeline *hp_call_pipeline(HpCall *call, GError **error);

// Stages the file of an option for an image, refusing names that cannot be written; as
// hp_outputs_file().
const char *hp_call_image(const HpCall *call, const char *name, GError **error);

// Adds size, spacing, origin and directions to a result.
void hp_result_add_grid(JsonObject *object, const HpGrid *grid);

// Adds "warnings": a list of strings.
void hp_result_add_warnings(JsonObject *object, const char *const *warnings);

G_END_DECLS
