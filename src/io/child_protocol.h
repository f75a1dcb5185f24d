// SPDX-License-Identifier: Apache-2.0
// What the program and its decoding child say to each other, one message each way.
//
// A request is a datagram with the file's descriptor attached; the answer is a datagram, and what
// it is about lies at the beginning of the shared memory. The child opens nothing by name.
#pragma once

#include "io/dicom_record.h"

G_BEGIN_DECLS

// Descriptors the child is born with.
#define HP_CHILD_SOCKET 3
#define HP_CHILD_MEMORY 4

typedef enum {
    HP_CHILD_HEADER,    // -> HpDicomImage, then image.frames times HpDicomFrame
    HP_CHILD_FRAME,     // -> samples of one frame
    HP_CHILD_DIRECTORY, // -> paths of a DICOMDIR, each ending in '\0'
    HP_CHILD_UNPACK, // archive -> spool (second descriptor) and HpChildMember for each file in it
} HpChildKind;

typedef struct {
    int32_t kind;
    int32_t frame;
    uint64_t offset, size; // the part of the descriptor's file that is meant
    uint64_t file_id;      // requests in a row with the same number, not 0, are of one file
    uint64_t shared_bytes; // size of the shared memory by now
    uint64_t spool_limit;  // bytes an archive may unpack to
    HpDicomImage image;    // of HP_CHILD_FRAME
} HpChildRequest;

typedef struct {
    int32_t code; // -1: done; else an HpError
    uint64_t length;
    char message[512];
} HpChildReply;

typedef struct {
    char path[512];        // as the archive has it; only shown, never opened
    uint64_t offset, size; // in the spool
} HpChildMember;

G_END_DECLS
