// SPDX-License-Identifier: Apache-2.0
// The desktop application: opens a window on what it is given.
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HP_TYPE_APPLICATION (hp_application_get_type())
G_DECLARE_FINAL_TYPE(HpApplication, hp_application, HP, APPLICATION, AdwApplication)

HpApplication *hp_application_new(void);

G_END_DECLS
