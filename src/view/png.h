// SPDX-License-Identifier: Apache-2.0
// Writes a picture as a PNG file.
#pragma once

#include "view/picture.h"

G_BEGIN_DECLS

// The file appears only when it is whole. HP_ERROR_IO beginning with the name of the file.
bool hp_png_write(const HpPicture *picture, const char *path, GError **error);

G_END_DECLS
