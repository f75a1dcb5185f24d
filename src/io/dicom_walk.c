// SPDX-License-Identifier: Apache-2.0
// Walks the elements of a DICOM data set in memory, refusing what does not fit its bytes.
#include "io/dicom_walk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/error.h"

#define UNDEFINED 0xffffffffu

typedef struct {
    HpElementCb element_cb;
    void *data;
    bool is_done; // the callback or the pixel data ended the walk
    uint32_t path[HP_DICOM_NESTING];
    int item[HP_DICOM_NESTING];
} Walk;

uint16_t hp_bytes_u16(const uint8_t *bytes, bool is_big_endian)
{
    return (uint16_t)(is_big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

uint32_t hp_bytes_u32(const uint8_t *bytes, bool is_big_endian)
{
    const uint32_t first = hp_bytes_u16(bytes, is_big_endian);
    const uint32_t second = hp_bytes_u16(bytes + 2, is_big_endian);
    return is_big_endian ? first << 16 | second : second << 16 | first;
}

static bool is_one_of(const uint8_t *vr, const char *list)
{
    for (; *list != '\0'; list += 2)
        if (vr[0] == (uint8_t)list[0] && vr[1] == (uint8_t)list[1])
            return true;
    return false;
}

// PS3.5 table 7.1-2: these have a length of 16 bits; every other, known or to come, of 32.
static bool has_short_length(const uint8_t *vr)
{
    return is_one_of(vr, "AEASATCSDADSDTFLFDISLOLTPNSHSLSSSTTMUIULUS");
}

bool hp_bytes_are_vr(const uint8_t *bytes)
{
    return has_short_length(bytes) || is_one_of(bytes, "OBODOFOLOVOWSQSVUCUNURUTUV");
}

// Sequences that are read even where the encoding does not name them as such.
static bool is_known_sequence(uint32_t tag)
{
    switch (tag) {
    case HP_TAG(0x0004, 0x1220): // directory records
    case HP_TAG(0x0020, 0x9111): // frame content
    case HP_TAG(0x0020, 0x9113): // plane position
    case HP_TAG(0x0020, 0x9116): // plane orientation
    case HP_TAG(0x0028, 0x3000): // Modality LUT
    case HP_TAG(0x0028, 0x9110): // pixel measures
    case HP_TAG(0x0028, 0x9145): // pixel value transformation
    case HP_TAG(0x5200, 0x9229): // shared functional groups
    case HP_TAG(0x5200, 0x9230): // per-frame functional groups
        return true;
    default:
        return false;
    }
}

static bool fail(GError **error, uint32_t tag, const char *fact)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("element (%04x,%04x) %s"), tag >> 16,
                tag & 0xffff, fact);
    return false;
}

// Reads tag, representation and length at `at`; `element->offset` is then where the value starts.
static bool read_head(const HpDataSet *set, size_t at, size_t end, HpElement *element,
                      GError **error)
{
    const uint8_t *bytes = set->data + at;
    if (end - at < 8) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("the data set ends inside an element, %zu bytes after byte %zu"), end - at,
                    at);
        return false;
    }
    const bool is_big = set->is_big_endian;
    const uint32_t tag = HP_TAG(hp_bytes_u16(bytes, is_big), hp_bytes_u16(bytes + 2, is_big));
    size_t head = 8;
    *element = (HpElement){.tag = tag, .is_big_endian = is_big, .start = at};
    element->declared = hp_bytes_u32(bytes + 4, is_big);

    const bool is_delimiter = tag >> 16 == 0xfffe;
    const bool is_lettered = g_ascii_isupper(bytes[4]) && g_ascii_isupper(bytes[5]);
    if (set->is_explicit && !is_delimiter && (is_lettered || memcmp(bytes + 4, "??", 2) == 0)) {
        memcpy(element->vr, bytes + 4, 2);
        if (has_short_length(bytes + 4) || !is_lettered) {
            element->declared = hp_bytes_u16(bytes + 6, is_big);
        } else if (end - at < 12) {
            return fail(error, tag, "ends before its length");
        } else {
            element->declared = hp_bytes_u32(bytes + 8, is_big);
            head = 12;
        }
    } // else: an element in implicit encoding, also where old software left one among explicit
    element->is_undefined = element->declared == UNDEFINED;
    element->offset = at + head;
    element->value = bytes + head;
    element->length = element->is_undefined ? 0 : MIN(element->declared, end - element->offset);
    return true;
}

// Passes over compressed pixel data: items of bytes, not of elements, as icons have them.
static bool skip_fragments(const HpDataSet *set, const HpElement *pixels, size_t *at, size_t end,
                           GError **error)
{
    while (*at < end) {
        HpElement item;
        if (!read_head(set, *at, end, &item, error))
            return false;
        if (item.tag != HP_TAG_ITEM && item.tag != HP_TAG_SEQUENCE_END)
            break;
        if (item.is_undefined || item.length < item.declared)
            return fail(error, pixels->tag, "has a fragment longer than what is left");
        *at = item.offset + item.length;
        if (item.tag == HP_TAG_SEQUENCE_END)
            return true;
    }
    return fail(error, pixels->tag, "is compressed and not closed");
}

static bool walk_items(Walk *walk, const HpDataSet *set, const HpElement *sequence, size_t *at,
                       size_t end, int depth, GError **error);

// Walks elements in [*at, end) until the end, or the end of an item of undefined length.
static bool walk_elements(Walk *walk, const HpDataSet *set, size_t *at, size_t end, bool is_open,
                          int depth, GError **error)
{
    while (!walk->is_done && *at < end) {
        HpElement element;
        if (!read_head(set, *at, end, &element, error))
            return false;
        const bool is_pixels = depth == 0 && element.tag == HP_TAG_PIXEL_DATA;
        const bool is_short = !element.is_undefined && element.length < element.declared;
        if (is_short && !is_pixels) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("element (%04x,%04x) claims %u bytes, %zu are left"), element.tag >> 16,
                        element.tag & 0xffff, element.declared, element.length);
            return false;
        }
        if (is_open && element.tag == HP_TAG_ITEM_END) {
            *at = element.offset;
            return true;
        }
        if (element.is_undefined && !is_pixels &&
            (element.tag == HP_TAG_PIXEL_DATA || element.vr[0] == 'O')) {
            *at = element.offset;
            if (!skip_fragments(set, &element, at, end, error))
                return false;
            continue;
        }
        const bool is_unknown = strcmp(element.vr, "UN") == 0;
        const bool is_sequence =
            !is_pixels && (element.is_undefined || strcmp(element.vr, "SQ") == 0 ||
                           ((element.vr[0] == '\0' || is_unknown) &&
                            is_known_sequence(element.tag) && element.length > 0));
        if (is_sequence) {
            // What became unknown on its way is implicit and little endian inside (CP-246).
            const HpDataSet unknown = {set->data, set->size, false, false};
            *at = element.offset;
            if (!walk_items(walk, is_unknown ? &unknown : set, &element, at, end, depth, error))
                return false;
            continue;
        }
        element.depth = depth;
        element.path = walk->path;
        element.item = walk->item;
        walk->is_done = !walk->element_cb(&element, walk->data) || is_pixels;
        *at = element.offset + element.length;
    }
    if (is_open && !walk->is_done) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("an item is not closed"));
        return false;
    }
    return true;
}

static bool walk_items(Walk *walk, const HpDataSet *set, const HpElement *sequence, size_t *at,
                       size_t end, int depth, GError **error)
{
    if (depth >= HP_DICOM_NESTING) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("sequences are nested more than %d deep"),
                    HP_DICOM_NESTING);
        return false;
    }
    const bool is_open = sequence->is_undefined;
    const size_t stop = is_open ? end : sequence->offset + sequence->length;
    walk->path[depth] = sequence->tag;
    for (int item = 0; !walk->is_done && *at < stop; item++) {
        HpElement head;
        if (!read_head(set, *at, stop, &head, error))
            return false;
        *at = head.offset;
        if (is_open && head.tag == HP_TAG_SEQUENCE_END)
            return true;
        if (head.tag != HP_TAG_ITEM)
            return fail(error, sequence->tag, "is a sequence that holds something but items");
        if (!head.is_undefined && head.length < head.declared)
            return fail(error, sequence->tag, "has an item longer than the sequence");
        walk->item[depth] = item;
        const size_t item_end = head.is_undefined ? stop : head.offset + head.length;
        if (!walk_elements(walk, set, at, item_end, head.is_undefined, depth + 1, error))
            return false;
    }
    return !is_open || walk->is_done || fail(error, sequence->tag, "is a sequence not closed");
}

bool hp_data_set_read(const HpDataSet *set, size_t start, HpElement *element, GError **error)
{
    return read_head(set, start, set->size, element, error);
}

bool hp_data_set_walk(const HpDataSet *set, size_t start, HpElementCb element_cb, void *data,
                      GError **error)
{
    Walk walk = {.element_cb = element_cb, .data = data};
    size_t at = start;
    return walk_elements(&walk, set, &at, set->size, false, 0, error);
}
