// SPDX-License-Identifier: Apache-2.0
// Reads the voxels that an image file's header describes: any scalar type, either byte order.
//
// They are converted piece by piece on the way from the source, so a volume, a field or a mask
// costs its own size and some hundred kilobytes.
#pragma once

#include "core/field.h"
#include "core/mask.h"
#include "core/task.h"
#include "core/volume.h"
#include "io/source.h"

G_BEGIN_DECLS

typedef enum {
    HP_VOXEL_UINT8,
    HP_VOXEL_INT8,
    HP_VOXEL_UINT16,
    HP_VOXEL_INT16,
    HP_VOXEL_UINT32,
    HP_VOXEL_INT32,
    HP_VOXEL_UINT64,
    HP_VOXEL_INT64,
    HP_VOXEL_FLOAT32,
    HP_VOXEL_FLOAT64,
    HP_VOXEL_COUNT
} HpVoxelType;

// What a header says: the value of a voxel is slope * stored + intercept.
typedef struct {
    HpGrid grid;
    HpVoxelType type;
    bool big_endian;
    bool text; // numbers separated by white space instead of `type` in binary
    double slope, intercept;
    char *warning; // owned; NULL if there is nothing to say
} HpLayout;

void hp_layout_clear(HpLayout *layout);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpLayout, hp_layout_clear)

size_t hp_voxel_bytes(HpVoxelType type);
const char *hp_voxel_name(HpVoxelType type); // "int16"

// Each reads what `layout` describes from `source`, which stands at the first voxel. What the
// header claims is checked against the bytes present before anything is allocated. Fail with
// HP_ERROR_BAD_FILE, HP_ERROR_NO_MEMORY, HP_ERROR_IO, HP_ERROR_CANCELLED, and:

// HP_ERROR_UNSUPPORTED naming a value that does not fit int16. Fractions are rounded to the
// nearest, halves away from zero.
HpVolume *hp_voxels_read_volume(const HpLayout *layout, HpSource *source, HpTask *task,
                                GError **error);
// HP_ERROR_UNSUPPORTED naming a value that is no label: a whole number (within 0.001, which
// scaling by a float needs) from 0 to 255.
HpMask *hp_voxels_read_mask(const HpLayout *layout, HpSource *source, HpTask *task, GError **error);
HpField *hp_voxels_read_field(const HpLayout *layout, HpSource *source, HpTask *task,
                              GError **error);

// Calls `piece_cb` with some thousand values at a time, in the file's order, and keeps none.
typedef void (*HpVoxelsCb)(const double *value, size_t count, void *data);
bool hp_voxels_visit(const HpLayout *layout, HpSource *source, HpVoxelsCb piece_cb, void *data,
                     HpTask *task, GError **error);

G_END_DECLS
