// SPDX-License-Identifier: Apache-2.0
// Reads and writes volumes, fields and masks as files: NIfTI and NRRD, and MetaImage to read.
//
// Reading goes by what the file holds, writing by its name: .nii, .nii.gz, .nrrd (gzip inside) or
// .nhdr with .raw.gz beside it. A file appears only when it is whole (io/sink.h). Errors begin with
// the name of the file. `task` may be NULL throughout.
#pragma once

#include "core/field.h"
#include "core/mask.h"
#include "core/task.h"
#include "core/volume.h"
#include "io/voxels.h"

G_BEGIN_DECLS

typedef struct {
    HpGrid grid;
    const char *format; // "NIfTI", "NRRD", "MetaImage"
    const char *type;   // of the stored voxels: "int16"
    char *warning;      // owned; NULL if there is nothing to say
} HpImageInfo;

void hp_image_info_clear(HpImageInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpImageInfo, hp_image_info_clear)

// Whether the name ends like one that can be read here (.nii, .nii.gz, .hdr, .nrrd, .nhdr, .mha, .mhd), in any
// case of letters.
bool hp_image_file_has_name(const char *path);

// The header alone.
bool hp_image_file_read_info(const char *path, HpImageInfo *info, GError **error);

// Fractions are rounded to the nearest whole HU, halves away from zero; a value that does not fit
// int16 is HP_ERROR_UNSUPPORTED, and the file is one to read as a field.
HpVolume *hp_image_file_read_volume(const char *path, HpTask *task, GError **error);
// HP_ERROR_UNSUPPORTED naming the value where one is no whole number 0 to 255.
HpMask *hp_image_file_read_mask(const char *path, HpTask *task, GError **error);
HpField *hp_image_file_read_field(const char *path, HpTask *task, GError **error);
// As hp_voxels_visit(): nothing is kept.
bool hp_image_file_visit(const char *path, HpVoxelsCb piece_cb, void *data, HpTask *task,
                         GError **error);

// Whether the name ends like one that can be written; else HP_ERROR_UNSUPPORTED naming it. For whoever
// wants to know before the work.
bool hp_image_file_check_name(const char *path, GError **error);

// HP_ERROR_UNSUPPORTED for a name with another ending.
bool hp_image_file_write_volume(const HpVolume *volume, const char *path, HpTask *task,
                                GError **error);
bool hp_image_file_write_mask(const HpMask *mask, const char *path, HpTask *task, GError **error);

// Reads the header of whatever `*source` holds, which then stands at the first voxel (it may be
// replaced by another source). `format` may be NULL.
bool hp_image_source_read_header(HpSource **source, HpLayout *layout, const char **format,
                                 GError **error);

G_END_DECLS
