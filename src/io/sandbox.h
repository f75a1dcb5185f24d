// SPDX-License-Identifier: Apache-2.0
// Gives up, for the rest of this process, what a reader of files has no use for.
#pragma once

// No network, no other program, no look into other processes, no new or changed names in the file
// system; files are still opened to be read (character sets, data dictionaries). Refused calls fail
// with EPERM. Does nothing where the kernel has no such filter.
void hp_sandbox_enter(void);
