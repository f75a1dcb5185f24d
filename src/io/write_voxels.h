// SPDX-License-Identifier: Apache-2.0
// Writes voxels as image files hold them: i fastest, little-endian.
#pragma once

#include "core/mask.h"
#include "core/task.h"
#include "core/volume.h"
#include "io/sink.h"

G_BEGIN_DECLS

// int16. Fail with HP_ERROR_IO and HP_ERROR_CANCELLED.
bool hp_write_voxels_of_volume(const HpVolume *volume, HpSink *sink, HpTask *task, GError **error);
// uint8; the labels are never whole in memory.
bool hp_write_voxels_of_mask(const HpMask *mask, HpSink *sink, HpTask *task, GError **error);

G_END_DECLS
