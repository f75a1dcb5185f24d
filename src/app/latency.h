// SPDX-License-Identifier: Apache-2.0
// Measures how fast the window answers, from inside it: from a change to the frame that shows it.
#pragma once

#include "app/window.h"

G_BEGIN_DECLS

// Waits for the case to be loaded, then scrolls, drags sliders and takes the organ as a person would,
// and prints each latency (median, 95 of 100, worst) to stdout. Closes the window when done.
void hp_latency_start(HpWindow *window);

G_END_DECLS
