// SPDX-License-Identifier: Apache-2.0
// A coarser mesh of the same shape, made beside the main thread: what is drawn while it turns.
#pragma once

#include "core/mesh.h"

#include <gio/gio.h>

G_BEGIN_DECLS

// Reduces `mesh` to at most `triangles` on a worker; `ready_cb` is called on the main thread with
// `data`. It is given up soon after `cancellable` is cancelled.
void hp_coarse_begin(HpMesh *mesh, size_t triangles, GCancellable *cancellable,
                     GAsyncReadyCallback ready_cb, void *data);

// The mesh; the caller unrefs it. Errors of hp_surface_reduce, HP_ERROR_CANCELLED among them.
HpMesh *hp_coarse_finish(GAsyncResult *result, GError **error);

G_END_DECLS
