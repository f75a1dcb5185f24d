// SPDX-License-Identifier: Apache-2.0
// What a DICOM series keeps from being found, to be loaded by.
#pragma once

#include "io/dicom_source.h"
#include "io/dicom_stack.h"

G_BEGIN_DECLS

typedef struct {
    HpDicomSources *sources;
    GPtrArray *files; // of HpDicomSource: those the stack's slices count in; borrowed of sources
    HpDicomStack *stack;
} HpSeriesLoader;

G_END_DECLS
