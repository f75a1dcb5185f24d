// SPDX-License-Identifier: Apache-2.0
// Help, man page and bash completion, written from the tables of commands and parameters.
#pragma once

#include "cli/command.h"

G_BEGIN_DECLS

// All texts: g_free().
char *hp_manual_dup_help(void);
char *hp_manual_dup_command_help(const HpCommand *command);
char *hp_manual_dup_page(void);       // roff
char *hp_manual_dup_completion(void); // bash

G_END_DECLS
