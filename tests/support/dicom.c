// SPDX-License-Identifier: Apache-2.0
// One good synthetic CT slice as a list of elements: a bad case is that slice plus one edit.
#include "support/dicom.h"

#include <stdlib.h>
#include <string.h>

#define PIXEL_DATA 0x7fe00010

typedef struct {
    uint32_t tag;
    char vr[3];
    bool is_undefined; // its length, as that of compressed pixel data is
    GByteArray *value;
} Element;

struct Dicom {
    GPtrArray *elements; // of Element, sorted by tag
    char *syntax;
};

static void element_free(gpointer data)
{
    Element *element = data;
    g_byte_array_unref(element->value);
    g_free(element);
}

Dicom *dicom_new_empty(void)
{
    Dicom *dicom = g_new0(Dicom, 1);
    dicom->elements = g_ptr_array_new_with_free_func(element_free);
    dicom->syntax = g_strdup("1.2.840.10008.1.2.1");
    return dicom;
}

void dicom_free(Dicom *dicom)
{
    g_ptr_array_unref(dicom->elements);
    g_free(dicom->syntax);
    g_free(dicom);
}

void dicom_remove(Dicom *dicom, uint32_t tag)
{
    for (guint n = 0; n < dicom->elements->len; n++) {
        const Element *element = g_ptr_array_index(dicom->elements, n);
        if (element->tag == tag) {
            g_ptr_array_remove_index(dicom->elements, n);
            return;
        }
    }
}

static gint compare_tags(gconstpointer a, gconstpointer b)
{
    const Element *first = *(Element *const *)a, *second = *(Element *const *)b;
    return (first->tag > second->tag) - (first->tag < second->tag);
}

void dicom_set_bytes(Dicom *dicom, uint32_t tag, const char *vr, const void *bytes, size_t size)
{
    dicom_remove(dicom, tag);
    Element *element = g_new0(Element, 1);
    element->tag = tag;
    g_strlcpy(element->vr, vr, sizeof element->vr);
    element->value = g_byte_array_new();
    g_byte_array_append(element->value, bytes, (guint)size);
    g_ptr_array_add(dicom->elements, element);
    g_ptr_array_sort(dicom->elements, compare_tags);
    if (tag == PIXEL_DATA)
        return;
    if (size % 2 == 1)
        g_byte_array_append(element->value, (const guint8 *)(strcmp(vr, "UI") == 0 ? "" : " "), 1);
}

void dicom_set_text(Dicom *dicom, uint32_t tag, const char *vr, const char *text)
{
    dicom_set_bytes(dicom, tag, vr, text, strlen(text));
}

void dicom_set_number(Dicom *dicom, uint32_t tag, int number)
{
    const uint8_t bytes[2] = {(uint8_t)number, (uint8_t)(number >> 8)};
    dicom_set_bytes(dicom, tag, "US", bytes, sizeof bytes);
}

void dicom_set_place(Dicom *dicom, double x, double y, double z)
{
    char text[3][G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text[0], sizeof text[0], "%.6g", x);
    g_ascii_formatd(text[1], sizeof text[1], "%.6g", y);
    g_ascii_formatd(text[2], sizeof text[2], "%.6g", z);
    g_autofree char *place = g_strdup_printf("%s\\%s\\%s", text[0], text[1], text[2]);
    dicom_set_text(dicom, 0x00200032, "DS", place);
}

int dicom_stored(int n, int k)
{
    return 1000 + 20 * n + k;
}

void dicom_set_pixels(Dicom *dicom, int frames, int (*stored_cb)(int n, int frame))
{
    const size_t size = (size_t)frames * DICOM_PIXELS * 2;
    g_autofree uint8_t *bytes = g_new(uint8_t, size);
    for (int frame = 0; frame < frames; frame++)
        for (int n = 0; n < DICOM_PIXELS; n++) {
            const int stored = stored_cb(n, frame);
            uint8_t *at = bytes + ((size_t)frame * DICOM_PIXELS + (size_t)n) * 2;
            at[0] = (uint8_t)stored;
            at[1] = (uint8_t)(stored >> 8);
        }
    dicom_set_bytes(dicom, PIXEL_DATA, "OW", bytes, size);
}

Dicom *dicom_new(int k)
{
    Dicom *dicom = dicom_new_empty();
    g_autofree char *uid = g_strdup_printf("1.2.826.0.1.3680043.2.1125.1.%d", k + 1);
    g_autofree char *number = g_strdup_printf("%d", k + 1);
    dicom_set_text(dicom, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2");
    dicom_set_text(dicom, 0x00080018, "UI", uid);
    dicom_set_text(dicom, 0x00080060, "CS", "CT");
    dicom_set_text(dicom, 0x0008103e, "LO", "Synthetic");
    dicom_set_text(dicom, 0x00100010, "PN", "Nobody^At all");
    dicom_set_text(dicom, 0x00180050, "DS", "2");
    dicom_set_text(dicom, 0x0020000e, "UI", "1.2.826.0.1.3680043.2.1125.1");
    dicom_set_text(dicom, 0x00200013, "IS", number);
    dicom_set_text(dicom, 0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    dicom_set_place(dicom, -10, -20, 2 * k);
    dicom_set_number(dicom, 0x00280002, 1);
    dicom_set_text(dicom, 0x00280004, "CS", "MONOCHROME2");
    dicom_set_number(dicom, 0x00280010, DICOM_ROWS);
    dicom_set_number(dicom, 0x00280011, DICOM_COLUMNS);
    dicom_set_text(dicom, 0x00280030, "DS", "0.7\\0.8");
    dicom_set_number(dicom, 0x00280100, 16);
    dicom_set_number(dicom, 0x00280101, 12);
    dicom_set_number(dicom, 0x00280102, 11);
    dicom_set_number(dicom, 0x00280103, 0);
    dicom_set_text(dicom, 0x00281052, "DS", "-1024");
    dicom_set_text(dicom, 0x00281053, "DS", "1");
    uint8_t pixels[DICOM_PIXELS * 2];
    for (int n = 0; n < DICOM_PIXELS; n++) {
        pixels[2 * n] = (uint8_t)dicom_stored(n, k);
        pixels[2 * n + 1] = (uint8_t)(dicom_stored(n, k) >> 8);
    }
    dicom_set_bytes(dicom, PIXEL_DATA, "OW", pixels, sizeof pixels);
    return dicom;
}

// ---- compressed ----------------------------------------------------------------------------------

static const uint8_t rle[] = {
    0x02, 0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x54, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x03, 0x03, 0xfb, 0x04, 0xfb, 0x04, 0xff, 0x05, 0xf9, 0x05, 0xfe, 0x05, 0xfc, 0x06, 0xf9,
    0x06, 0xf9, 0x07, 0x00, 0x07, 0xe8, 0xfc, 0x10, 0x24, 0x38, 0x4c, 0x60, 0x74, 0x07, 0x88, 0x9c,
    0xb0, 0xc4, 0xd8, 0xec, 0x00, 0x14, 0x07, 0x28, 0x3c, 0x50, 0x64, 0x78, 0x8c, 0xa0, 0xb4, 0x07,
    0xc8, 0xdc, 0xf0, 0x04, 0x18, 0x2c, 0x40, 0x54, 0x07, 0x68, 0x7c, 0x90, 0xa4, 0xb8, 0xcc, 0xe0,
    0xf4, 0x07, 0x08, 0x1c, 0x30, 0x44, 0x58, 0x6c, 0x80, 0x94};

static const uint8_t jpeg[] = {
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01,
    0x00, 0x01, 0x00, 0x00, 0xff, 0xc3, 0x00, 0x0b, 0x10, 0x00, 0x06, 0x00, 0x08, 0x01, 0x01, 0x11,
    0x00, 0xff, 0xc4, 0x00, 0x16, 0x00, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x08, 0x0f, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00,
    0x01, 0x00, 0x00, 0xc0, 0xf9, 0xd4, 0x51, 0x45, 0x14, 0x51, 0x4a, 0x81, 0x45, 0x14, 0x51, 0x45,
    0x14, 0xa8, 0x14, 0x51, 0x45, 0x14, 0x51, 0x4a, 0x81, 0x45, 0x14, 0x51, 0x45, 0x14, 0xa8, 0x14,
    0x51, 0x45, 0x14, 0x51, 0x4a, 0x81, 0x45, 0x14, 0x51, 0x45, 0x14, 0xff, 0xff, 0xd9};

static const uint8_t jpeg_ls[] = {
    0xff, 0xd8, 0xff, 0xf7, 0x00, 0x0b, 0x10, 0x00, 0x06, 0x00, 0x08, 0x01, 0x01, 0x11, 0x00, 0xff,
    0xf8, 0x00, 0x0d, 0x01, 0xff, 0xff, 0x00, 0x12, 0x00, 0x43, 0x01, 0x14, 0x00, 0x40, 0xff, 0xda,
    0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x3e, 0x7c, 0x27, 0x84, 0xb1, 0x1c, 0x43, 0x1f,
    0x8e, 0xc6, 0xea, 0x04, 0x28, 0x84, 0xd1, 0x24, 0x45, 0x20, 0x8f, 0x42, 0x8a, 0x81, 0x1c, 0x8d,
    0x46, 0x25, 0xa5, 0x24, 0xa1, 0x35, 0x3e, 0x90, 0x8e, 0x8e, 0x8c, 0x8c, 0x8c, 0x89, 0x33, 0xc8,
    0xa9, 0x52, 0xa5, 0x48, 0x91, 0x11, 0x67, 0x52, 0x24, 0x48, 0x8d, 0x1a, 0x34, 0x80, 0xff, 0xd9};

static const uint8_t j2k[] = {
    0xff, 0x4f, 0xff, 0x51, 0x00, 0x29, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x06,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x06,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0b, 0x01, 0x01, 0xff, 0x52, 0x00,
    0x0c, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x04, 0x04, 0x00, 0x01, 0xff, 0x5c, 0x00, 0x04, 0x40,
    0x60, 0xff, 0x64, 0x00, 0x25, 0x00, 0x01, 0x43, 0x72, 0x65, 0x61, 0x74, 0x65, 0x64, 0x20, 0x62,
    0x79, 0x20, 0x4f, 0x70, 0x65, 0x6e, 0x4a, 0x50, 0x45, 0x47, 0x20, 0x76, 0x65, 0x72, 0x73, 0x69,
    0x6f, 0x6e, 0x20, 0x32, 0x2e, 0x35, 0x2e, 0x30, 0xff, 0x90, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x44, 0x00, 0x01, 0xff, 0x93, 0xcf, 0xe4, 0xcc, 0x12, 0x60, 0x4e, 0x97, 0x54, 0x19, 0x0f,
    0x21, 0xd5, 0xf5, 0x23, 0x0b, 0x42, 0xe2, 0x53, 0xd3, 0x03, 0x8a, 0x0f, 0x63, 0x50, 0x2f, 0x80,
    0xe3, 0x3a, 0x46, 0x95, 0x56, 0xb6, 0xa7, 0x65, 0xb9, 0x5e, 0x49, 0x8a, 0x5d, 0x06, 0x85, 0x70,
    0x9d, 0x20, 0xd5, 0xec, 0x7b, 0x7c, 0xdf, 0x37, 0x8e, 0x23, 0x22, 0xab, 0xff, 0xd9};

static const struct {
    const char *codec, *syntax;
    DicomFragment fragment;
} codecs[] = {
    {"RLE", "1.2.840.10008.1.2.5", {rle, sizeof rle}},
    {"JPEG", "1.2.840.10008.1.2.4.70", {jpeg, sizeof jpeg}},
    {"JPEG-LS", "1.2.840.10008.1.2.4.80", {jpeg_ls, sizeof jpeg_ls}},
    {"J2K", "1.2.840.10008.1.2.4.90", {j2k, sizeof j2k}},
};

static size_t codec_number(const char *codec)
{
    for (size_t n = 0; n < G_N_ELEMENTS(codecs); n++)
        if (strcmp(codecs[n].codec, codec) == 0)
            return n;
    g_assert_not_reached();
}

DicomFragment dicom_fragment(const char *codec)
{
    return codecs[codec_number(codec)].fragment;
}

static void put16(GByteArray *bytes, unsigned value)
{
    const uint8_t parts[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    g_byte_array_append(bytes, parts, sizeof parts);
}

static void put32(GByteArray *bytes, uint32_t value)
{
    put16(bytes, value & 0xffff);
    put16(bytes, value >> 16);
}

static void put_tag(GByteArray *bytes, uint32_t tag)
{
    put16(bytes, tag >> 16);
    put16(bytes, tag & 0xffff);
}

static void put_item(GByteArray *bytes, const uint8_t *value, size_t size)
{
    put_tag(bytes, 0xfffee000);
    put32(bytes, (uint32_t)size);
    g_byte_array_append(bytes, value, (guint)size);
}

void dicom_set_fragments(Dicom *dicom, const char *syntax, const DicomFragment *fragments,
                         int count)
{
    g_autoptr(GByteArray) value = g_byte_array_new();
    put_item(value, (const uint8_t *)"", 0);
    for (int n = 0; n < count; n++)
        put_item(value, fragments[n].bytes, fragments[n].size);
    put_tag(value, 0xfffee0dd);
    put32(value, 0);
    dicom_set_bytes(dicom, PIXEL_DATA, "OB", value->data, value->len);
    Element *element = g_ptr_array_index(dicom->elements, dicom->elements->len - 1);
    element->is_undefined = true;
    g_free(dicom->syntax);
    dicom->syntax = g_strdup(syntax);
}

void dicom_compress(Dicom *dicom, const char *codec)
{
    const size_t n = codec_number(codec);
    dicom_set_fragments(dicom, codecs[n].syntax, &codecs[n].fragment, 1);
}

// ---- as bytes ------------------------------------------------------------------------------------

static void put_element(GByteArray *bytes, const Element *element)
{
    put_tag(bytes, element->tag);
    g_byte_array_append(bytes, (const guint8 *)element->vr, 2);
    if (strstr("OB OW SQ UN UT OF", element->vr) != NULL) {
        put16(bytes, 0);
        put32(bytes, element->is_undefined ? 0xffffffff : element->value->len);
    } else {
        put16(bytes, element->value->len);
    }
    g_byte_array_append(bytes, element->value->data, element->value->len);
}

static void put_elements(GByteArray *bytes, const Dicom *dicom)
{
    for (guint n = 0; n < dicom->elements->len; n++)
        put_element(bytes, g_ptr_array_index(dicom->elements, n));
}

GByteArray *dicom_item(const Dicom *inner)
{
    g_autoptr(GByteArray) elements = g_byte_array_new();
    GByteArray *item = g_byte_array_new();
    put_elements(elements, inner);
    put_item(item, elements->data, elements->len);
    return item;
}

GByteArray *dicom_bytes(const Dicom *dicom)
{
    static const uint8_t preamble[128] = {0};
    g_autoptr(Dicom) meta = dicom_new_empty();
    g_autoptr(GByteArray) group = g_byte_array_new();
    dicom_set_text(meta, 0x00020010, "UI", dicom->syntax);
    put_elements(group, meta);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, preamble, sizeof preamble);
    g_byte_array_append(bytes, (const guint8 *)"DICM", 4);
    put_tag(bytes, 0x00020000);
    g_byte_array_append(bytes, (const guint8 *)"UL", 2);
    put16(bytes, 4);
    put32(bytes, group->len);
    g_byte_array_append(bytes, group->data, group->len);
    put_elements(bytes, dicom);
    return bytes;
}

void dicom_save(const Dicom *dicom, const Folder *folder, const char *name)
{
    g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
    folder_put(folder, name, bytes->data, bytes->len);
}

void dicom_save_series(const Folder *folder, int count, void (*edit_cb)(Dicom *dicom, int k))
{
    for (int k = 0; k < count; k++) {
        g_autoptr(Dicom) dicom = dicom_new(k);
        g_autofree char *name = g_strdup_printf("%d.dcm", k);
        if (edit_cb != NULL)
            edit_cb(dicom, k);
        dicom_save(dicom, folder, name);
    }
}
