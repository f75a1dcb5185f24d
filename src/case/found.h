// SPDX-License-Identifier: Apache-2.0
// What was found of an organ as a text to keep, and back: all its numbers, beside mask and contours.
#pragma once

#include "case/plan.h"
#include "segment/organ.h"
#include "surface/model.h"

G_BEGIN_DECLS

// JSON, the same for the same numbers; g_free(). `model` gives numbers to look at, which are made anew
// from the mask when a case opens.
char *hp_found_dup_text(const HpOrgan *organ, const HpModel *model);

// The organ with these numbers; references to `mask` and `contours` are taken. NULL with
// HP_ERROR_BAD_FILE if the text is not one of hp_found_dup_text(). hp_organ_free().
HpOrgan *hp_found_read(const char *text, HpMask *mask, GPtrArray *contours, GError **error);

// Millilitres of the mask in such a text; NAN if it has none.
double hp_found_ml(const char *text);

G_END_DECLS
