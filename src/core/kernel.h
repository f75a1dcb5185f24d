// SPDX-License-Identifier: Apache-2.0
// Marks hot loops to be compiled twice, for AVX2 machines and for any; the machine picks at start.
#pragma once

// Goes before the definition of a numeric kernel that reads straight down arrays. Sums may differ
// in the last bit between kinds of processor, never between runs or thread counts on one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HP_KERNEL __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define HP_KERNEL
#endif
