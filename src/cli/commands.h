// SPDX-License-Identifier: Apache-2.0
// The commands, one file each.
#pragma once

#include "cli/command.h"

G_BEGIN_DECLS

extern const HpCommand hp_command_compare;
extern const HpCommand hp_command_convert;
extern const HpCommand hp_command_info;
extern const HpCommand hp_command_measure;
extern const HpCommand hp_command_mesh;
extern const HpCommand hp_command_phantom;
extern const HpCommand hp_command_prepare;
extern const HpCommand hp_command_run;
extern const HpCommand hp_command_segment;

G_END_DECLS
