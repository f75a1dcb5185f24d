// SPDX-License-Identifier: Apache-2.0
// Files to be written: hidden beside their place until all of them are whole.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct HpOutputs HpOutputs; // one owner

HpOutputs *hp_outputs_new(void);
// Removes what was staged and not committed. Takes NULL.
void hp_outputs_free(HpOutputs *outputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpOutputs, hp_outputs_free)

// Where to write the file that will be `path`; a file written beside it is moved along. The name
// stays the same, so that its suffix tells the format. Borrowed. NULL with HP_ERROR_IO if the
// folder of `path` does not exist or cannot be written, or `path` is a folder.
const char *hp_outputs_file(HpOutputs *outputs, const char *path, GError **error);

// The same for a folder, which is made. One that exists keeps its other files.
const char *hp_outputs_folder(HpOutputs *outputs, const char *path, GError **error);

// Moves everything to its place. Fails with HP_ERROR_IO.
bool hp_outputs_commit(HpOutputs *outputs, GError **error);

G_END_DECLS
