// SPDX-License-Identifier: Apache-2.0
// Walks the elements of a DICOM data set in memory, refusing what does not fit its bytes.
//
// Nothing is allocated, nothing outside the bytes given is read, and the depth is bounded, so a
// hostile file costs at most one pass over it.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

// Sequences inside sequences; the deepest real object seen has 12, DCMTK 3.6.8 stops at 64.
#define HP_DICOM_NESTING 64

#define HP_TAG(group, element) ((uint32_t)(group) << 16 | (element))
#define HP_TAG_ITEM HP_TAG(0xfffe, 0xe000)
#define HP_TAG_ITEM_END HP_TAG(0xfffe, 0xe00d)
#define HP_TAG_SEQUENCE_END HP_TAG(0xfffe, 0xe0dd)
#define HP_TAG_PIXEL_DATA HP_TAG(0x7fe0, 0x0010)

typedef struct {
    const uint8_t *data;
    size_t size;
    bool is_explicit;
    bool is_big_endian;
} HpDataSet;

typedef struct {
    uint32_t tag;
    char vr[3];           // "" in implicit encoding
    bool is_undefined;    // length: only pixel data is handed out so
    bool is_big_endian;   // of `value`
    size_t start;         // of the element in the data set
    size_t offset;        // of `value` in the data set
    const uint8_t *value; // inside the data set
    size_t length;        // bytes present at `value`: all of what was declared, unless pixel data
    uint32_t declared;    // length as written
    int depth;            // sequences around it
    const uint32_t *path; // their tags, outermost first
    const int *item;      // and the item within each, from 0
} HpElement;

// Returns false to end the walk, which is no error.
typedef bool (*HpElementCb)(const HpElement *element, void *data);

// Calls `element_cb` for each element from byte `start` on that is no sequence, in order, and ends
// at the pixel data of the outermost level, which is the last element handed out and the only one
// that may reach past the end. HP_ERROR_BAD_FILE naming the element and the fact.
bool hp_data_set_walk(const HpDataSet *set, size_t start, HpElementCb element_cb, void *data,
                      GError **error);

// Reads the element at `start`, without going into it; what HpElement says of the inside is empty.
bool hp_data_set_read(const HpDataSet *set, size_t start, HpElement *element, GError **error);

uint16_t hp_bytes_u16(const uint8_t *bytes, bool is_big_endian);
uint32_t hp_bytes_u32(const uint8_t *bytes, bool is_big_endian);

// Whether two bytes are a value representation that exists ("CS", "SQ", ...).
bool hp_bytes_are_vr(const uint8_t *bytes);

G_END_DECLS
