// SPDX-License-Identifier: Apache-2.0
// Remembers what was open: each case with a picture and its millilitres, for the welcome page.
#pragma once

#include "case/document.h"

G_BEGIN_DECLS

// Follows the document as long as it lives.
void hp_recents_follow(HpDocument *document);

G_END_DECLS
