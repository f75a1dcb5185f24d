// SPDX-License-Identifier: Apache-2.0
// Shows the progress of a task on a terminal's stderr.
#pragma once

#include "core/task.h"

G_BEGIN_DECLS

typedef struct HpProgress HpProgress; // one owner

// Redraws one line ten times a second from a thread of its own. NULL, and nothing is shown, where
// stderr is no terminal.
HpProgress *hp_progress_start(const HpTask *task);
void hp_progress_stop(HpProgress *progress); // clears the line; takes NULL

G_END_DECLS
