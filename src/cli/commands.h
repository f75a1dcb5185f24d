// SPDX-License-Identifier: Apache-2.0
// The commands, one file each.
#pragma once

#include "cli/command.h"

G_BEGIN_DECLS

extern const HpCommand hp_command_compare;

G_END_DECLS
