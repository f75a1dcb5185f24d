// SPDX-License-Identifier: Apache-2.0
// Finds and loads the images of any kind of input: DICOM in a folder, file, DICOMDIR or archive, or
// an image file (NIfTI, NRRD, MetaImage), which is one series.
#pragma once

#include "io/series.h"

G_BEGIN_DECLS

// Every series of `path`, the one with most slices first; a GPtrArray of HpSeries that unrefs them.
// Fails as hp_series_find does; errors name the file. `task` may be NULL throughout.
GPtrArray *hp_input_find(const char *path, HpTask *task, GError **error);

// As hp_series_load and its kin (io/series.h), for a series of any kind. Values of an image file
// are rounded halves away from zero; its sha256 is over its values in the file's order of voxels.
HpVolume *hp_input_load(const HpSeries *series, HpTask *task, GError **error);
HpField *hp_input_load_field(const HpSeries *series, HpTask *task, GError **error);
bool hp_input_measure(const HpSeries *series, HpSeriesValues *values, HpTask *task, GError **error);

G_END_DECLS
