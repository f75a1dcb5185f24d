// SPDX-License-Identifier: Apache-2.0
// Writes a picture as a PNG file.
#pragma once

#include "core/task.h"
#include "view/picture.h"

G_BEGIN_DECLS

// The file appears only when it is whole; `task` may be NULL. Fails with HP_ERROR_IO beginning with the
// name of the file, and with HP_ERROR_CANCELLED.
bool hp_png_write(const HpPicture *picture, const char *path, HpTask *task, GError **error);

G_END_DECLS
