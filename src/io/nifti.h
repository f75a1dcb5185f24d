// SPDX-License-Identifier: Apache-2.0
// NIfTI: reads versions 1 and 2 in either byte order, writes version 1.
//
// The format: https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h and nifti2.h. Its world is
// RAS; the grids here are LPS.
#pragma once

#include "io/sink.h"
#include "io/voxels.h"

G_BEGIN_DECLS

// Whether a file that starts with these bytes claims to be NIfTI; 348 of them are enough.
bool hp_nifti_claims(const uint8_t *first, size_t size);

// Reads the header; `*source` then stands at the first voxel (for a .hdr with an .img beside it,
// another source has taken its place). Geometry: the sform where its code is > 0, else the qform
// where its code is, as nibabel and ITK do; with neither, steps along +RAS from 0 and a warning.
// Units of metres and micrometres become millimetres. scl_slope 0 or not finite means no scaling.
// One volume: dimensions beyond the third must be 1, else HP_ERROR_UNSUPPORTED.
bool hp_nifti_read_header(HpSource **source, HpLayout *layout, GError **error);

// Write one file: sform and qform both with code 1 (scanner), float32; gzip where `gzip`.
// HP_ERROR_UNSUPPORTED for more than 32767 voxels along an axis.
bool hp_nifti_write_volume(const HpVolume *volume, HpSink *sink, bool gzip, HpTask *task,
                           GError **error);
bool hp_nifti_write_mask(const HpMask *mask, HpSink *sink, bool gzip, HpTask *task, GError **error);

G_END_DECLS
