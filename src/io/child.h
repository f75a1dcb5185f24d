// SPDX-License-Identifier: Apache-2.0
// Children that read hostile files: parsers and decoders run in them under limits, not in here.
//
// A child is the program `hepatica-decode`, so no decoder and no archive reader is even linked
// to the main program, and starting one is safe whatever threads run. It gets open descriptors,
// never names, and answers through shared memory. It may use so much memory, processor and wall
// time; one that dies or hangs costs the file it was at, and the next question starts another.
#pragma once

#include "core/task.h"
#include "io/child_protocol.h"

G_BEGIN_DECLS

typedef struct HpChild HpChild; // one owner, one thread at a time

// Starts nothing yet.
HpChild *hp_child_new(void);
void hp_child_free(HpChild *child); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpChild, hp_child_free)

// A part of an open file.
typedef struct {
    int fd;
    uint64_t offset, size;
} HpBytes;

// All four fail with what the child found wrong (HP_ERROR_BAD_FILE, HP_ERROR_UNSUPPORTED), with
// HP_ERROR_BAD_FILE when the child died of the file or passed a limit, HP_ERROR_CANCELLED,
// HP_ERROR_NO_MEMORY, and HP_ERROR_IO when the child cannot be started.

// `*frames`: image->frames of them, g_free().
bool hp_child_read_header(HpChild *child, HpBytes bytes, HpDicomImage *image, HpDicomFrame **frames,
                          HpTask *task, GError **error);

// The samples of one frame, hp_dicom_frame_bytes(image) bytes, borrowed until the next question.
// Frames of one file in a row go faster with the same `file_id`, which is not 0.
const void *hp_child_read_frame(HpChild *child, HpBytes bytes, uint64_t file_id,
                                const HpDicomImage *image, int frame, HpTask *task, GError **error);

// The paths of a DICOMDIR, '/' between their parts, as written: not to be trusted.
GStrv hp_child_read_directory(HpChild *child, HpBytes bytes, HpTask *task, GError **error);

// Unpacks an archive into the empty file `spool`; HpChildMember for each file in it.
GArray *hp_child_unpack(HpChild *child, HpBytes bytes, int spool, uint64_t limit, HpTask *task,
                        GError **error);

// Some children, for the threads of a loop to take turns with.
typedef struct HpChildren HpChildren;
HpChildren *hp_children_new(void);
void hp_children_free(HpChildren *children); // takes NULL; all must have been given back
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpChildren, hp_children_free)
HpChild *hp_children_take(HpChildren *children); // any thread; a new one if none is idle
void hp_children_give(HpChildren *children, HpChild *child);

// The process of a running child, 0 if none runs: for tests of what happens when it dies.
GPid hp_child_get_pid(const HpChild *child);

G_END_DECLS
