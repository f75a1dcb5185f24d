// SPDX-License-Identifier: Apache-2.0
// A checksum of a volume's voxels: whether the images of a case are still the same.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// SHA-256 of size and values, in hexadecimal; where the grid lies does not count. g_free(). NULL with
// HP_ERROR_CANCELLED.
char *hp_volume_checksum(const HpVolume *volume, HpTask *task, GError **error);

G_END_DECLS
