// SPDX-License-Identifier: Apache-2.0
// NRRD, nearly raw raster data: reads raw, gzip and ascii encodings, writes gzip.
//
// The format: https://teem.sourceforge.net/nrrd/format.html. Data may lie in the file or beside it.
#pragma once

#include "io/sink.h"
#include "io/voxels.h"

G_BEGIN_DECLS

// Whether a file that starts with these bytes claims to be NRRD.
bool hp_nrrd_claims(const uint8_t *first, size_t size);

// Reads the header; `*source` then stands at the first voxel (of another source, where the data lie
// in a file beside the header). Space is LPS, RAS or LAS; where it is none of them, or absent, LPS
// is taken and a warning says so. One volume: three axes, and others of one sample.
bool hp_nrrd_read_header(HpSource **source, HpLayout *layout, GError **error);

// The header with its data after it in `sink`; or, where `data` is not NULL, the data there, in the
// file named `data_file` beside it. int16 and uint8, gzip.
typedef struct {
    HpSink *sink;
    HpSink *data;
    const char *data_file;
} HpNrrdOut;

bool hp_nrrd_write_volume(const HpVolume *volume, const HpNrrdOut *out, HpTask *task,
                          GError **error);
bool hp_nrrd_write_mask(const HpMask *mask, const HpNrrdOut *out, HpTask *task, GError **error);

G_END_DECLS
