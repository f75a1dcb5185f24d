// SPDX-License-Identifier: Apache-2.0
// The middle slice of a series, read on a worker: for a list to choose from.
#pragma once

#include "io/series.h"

#include <gio/gio.h>

G_BEGIN_DECLS

// `series` is one of DICOM; done_cb is called on the main thread, also after a cancel.
void hp_peek_async(HpSeries *series, GCancellable *cancellable, GAsyncReadyCallback done_cb,
                   gpointer data);

// A volume of one slice, across the middle of the series; NULL with its error, HP_ERROR or G_IO_ERROR.
HpVolume *hp_peek_finish(GAsyncResult *result, GError **error);

G_END_DECLS
