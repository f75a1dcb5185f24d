// SPDX-License-Identifier: Apache-2.0
// What a fuzz target gives: one input to try, and seeds to start from.
//
// A target is a file of its own that defines these two functions and is linked with driver.c, or,
// with clang, with -fsanitize=fuzzer alone: libFuzzer then drives the first and ignores the second.
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

// Lets a reader loose on the bytes. Returns 0 if they were loaded and -1 if they were refused.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Seed number `number`, well-formed, made in memory; NULL past the last one. The first is tried
// unchanged too and must load. g_byte_array_unref().
GByteArray *fuzz_seed(int number);
