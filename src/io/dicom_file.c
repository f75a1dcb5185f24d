// SPDX-License-Identifier: Apache-2.0
// Opens a DICOM file: its preamble, transfer syntax and encoding, then its header.
#include "io/dicom_file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/error.h"
#include "io/bad_file.h"
#include "io/dicom_header.h"
#include "io/dicom_value.h"
#include "io/dicom_walk.h"
#include "io/inflate.h"

static const struct {
    const char *uid;
    HpSyntaxKind kind;
    bool is_implicit, is_big_endian, is_deflated, may_lose;
} syntaxes[] = {
    {.uid = "1.2.840.10008.1.2", .kind = HP_SYNTAX_NATIVE, .is_implicit = true},
    {.uid = "1.2.840.10008.1.2.1", .kind = HP_SYNTAX_NATIVE},
    {.uid = "1.2.840.10008.1.2.2", .kind = HP_SYNTAX_NATIVE, .is_big_endian = true},
    {.uid = "1.2.840.10008.1.2.1.99", .kind = HP_SYNTAX_NATIVE, .is_deflated = true},
    {.uid = "1.2.840.10008.1.2.5", .kind = HP_SYNTAX_RLE},
    {.uid = "1.2.840.10008.1.2.4.50", .kind = HP_SYNTAX_JPEG, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.51", .kind = HP_SYNTAX_JPEG, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.53", .kind = HP_SYNTAX_JPEG, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.55", .kind = HP_SYNTAX_JPEG, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.57", .kind = HP_SYNTAX_JPEG},
    {.uid = "1.2.840.10008.1.2.4.70", .kind = HP_SYNTAX_JPEG},
    {.uid = "1.2.840.10008.1.2.4.80", .kind = HP_SYNTAX_JPEG_LS},
    {.uid = "1.2.840.10008.1.2.4.81", .kind = HP_SYNTAX_JPEG_LS, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.90", .kind = HP_SYNTAX_J2K},
    {.uid = "1.2.840.10008.1.2.4.91", .kind = HP_SYNTAX_J2K, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.92", .kind = HP_SYNTAX_J2K},
    {.uid = "1.2.840.10008.1.2.4.93", .kind = HP_SYNTAX_J2K, .may_lose = true},
    {.uid = "1.2.840.10008.1.2.4.201", .kind = HP_SYNTAX_J2K},
    {.uid = "1.2.840.10008.1.2.4.202", .kind = HP_SYNTAX_J2K},
    {.uid = "1.2.840.10008.1.2.4.203", .kind = HP_SYNTAX_J2K, .may_lose = true},
};

static bool not_dicom(GError **error)
{
    g_set_error_literal(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("not a DICOM file"));
    return false;
}

// Whether a data set without any preamble could start here.
static bool could_start(const uint8_t *bytes, size_t size)
{
    if (size < 8)
        return false;
    const uint16_t little = hp_bytes_u16(bytes, false), big = hp_bytes_u16(bytes, true);
    const bool is_group = little == 0x0002 || little == 0x0008 || big == 0x0008;
    return is_group && (hp_bytes_are_vr(bytes + 4) || hp_bytes_u32(bytes + 4, little > 8) < size);
}

// Reads the meta group at `*at` and moves past it; `uid` gets the transfer syntax, "" if not given.
static bool read_meta(const uint8_t *bytes, size_t size, size_t *at, char *uid, size_t room,
                      GError **error)
{
    const HpDataSet meta = {bytes, size, .is_explicit = true};
    while (*at + 8 <= size && hp_bytes_u16(bytes + *at, false) == 0x0002) {
        HpElement element;
        if (!hp_data_set_read(&meta, *at, &element, error))
            return false;
        if (element.length < element.declared)
            return hp_bad_file(error, "the file ends inside its meta header");
        const HpDicomValue raw = {element.value, element.length, "", false};
        if (element.tag == HP_TAG(0x0002, 0x0010))
            hp_dicom_value_part(&raw, 0, uid, room);
        *at = element.offset + element.length;
    }
    return true;
}

static bool take_syntax(HpDicomImage *image, bool *is_implicit, GError **error)
{
    *is_implicit = false;
    if (image->syntax_uid[0] == '\0')
        return true;
    if (strcmp(image->syntax_uid, "1.2.840.113619.5.2") == 0) { // GE: only the pixels are swapped
        *is_implicit = true;
        image->is_big_endian = true;
        return true;
    }
    for (size_t n = 0; n < G_N_ELEMENTS(syntaxes); n++)
        if (strcmp(image->syntax_uid, syntaxes[n].uid) == 0) {
            *is_implicit = syntaxes[n].is_implicit;
            image->syntax = syntaxes[n].kind;
            image->is_big_endian = syntaxes[n].is_big_endian;
            image->is_deflated = syntaxes[n].is_deflated;
            image->is_lossy_syntax = syntaxes[n].may_lose;
            return true;
        }
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("transfer syntax %s is not supported"),
                image->syntax_uid);
    return false;
}

// Looks at the first element: files that are encoded otherwise than they declare are common.
static HpDataSet sniff(const uint8_t *data, size_t size, size_t at, bool is_implicit, bool is_big,
                       int *odd)
{
    HpDataSet set = {data, size, !is_implicit, is_big};
    if (size - at < 8)
        return set;
    const uint8_t *first = data + at;
    const bool is_vr = hp_bytes_are_vr(first + 4);
    const bool is_sure = is_vr && (first[6] != 0 || first[7] != 0);
    if (set.is_explicit ? !is_vr : is_sure) {
        set.is_explicit = !set.is_explicit;
        *odd |= HP_ODD_ENCODING;
    }
    const uint16_t group = hp_bytes_u16(first, is_big);
    if (group == 0x0800 || group == 0x0400) { // 0008 or 0004 read from the wrong end
        set.is_big_endian = !is_big;
        *odd |= HP_ODD_ENCODING;
    }
    return set;
}

// A stream of zeros deflates a thousandfold, a CT two- to tenfold.
static size_t inflate_limit(size_t deflated)
{
    return MIN((size_t)1 << 30, MAX((size_t)64 << 20, deflated * 100));
}

static bool open_data(HpDicomFile *file, const uint8_t *bytes, size_t size, size_t *at,
                      GError **error)
{
    file->data = bytes;
    file->size = size;
    if (!file->image.is_deflated)
        return true;
    file->inflated = hp_inflate(bytes + *at, size - *at, inflate_limit(size), &file->size, error);
    file->data = file->inflated;
    *at = 0;
    return file->inflated != NULL;
}

static bool find_start(const uint8_t *bytes, size_t size, size_t *at, GError **error)
{
    *at = 0;
    if (size >= 132 && memcmp(bytes + 128, "DICM", 4) == 0)
        *at = 132;
    else if (!could_start(bytes, size))
        return size == 0 ? hp_bad_file(error, "the file is empty") : not_dicom(error);
    return true;
}

bool hp_dicom_file_read(HpDicomFile *file, const uint8_t *bytes, size_t size, GError **error)
{
    HpDicomImage *image = &file->image;
    memset(file, 0, sizeof *file);
    file->frames = g_array_new(FALSE, FALSE, sizeof(HpDicomFrame));
    size_t at;
    bool is_implicit;
    if (!find_start(bytes, size, &at, error) ||
        !read_meta(bytes, size, &at, image->syntax_uid, sizeof image->syntax_uid, error) ||
        !take_syntax(image, &is_implicit, error) || !open_data(file, bytes, size, &at, error))
        return false;

    const bool is_big = image->is_big_endian && !is_implicit;
    int odd = 0;
    const HpDataSet set = sniff(file->data, file->size, at, is_implicit, is_big, &odd);
    if (image->syntax_uid[0] == '\0')
        odd = 0; // nothing was declared
    if (!is_implicit || set.is_explicit)
        image->is_big_endian = set.is_big_endian;
    return hp_dicom_header_read(image, file->frames, &set, at, odd, error);
}

bool hp_dicom_file_reopen(HpDicomFile *file, const HpDicomImage *image, const uint8_t *bytes,
                          size_t size, GError **error)
{
    memset(file, 0, sizeof *file);
    file->image = *image;
    size_t at = 0;
    char uid[72];
    if (image->is_deflated && (!find_start(bytes, size, &at, error) ||
                               !read_meta(bytes, size, &at, uid, sizeof uid, error)))
        return false;
    return open_data(file, bytes, size, &at, error);
}

void hp_dicom_file_clear(HpDicomFile *file)
{
    g_clear_pointer(&file->frames, g_array_unref);
    g_clear_pointer(&file->inflated, g_free);
}

// ---- DICOMDIR ----------------------------------------------------------------------------------

typedef struct {
    HpDicomdirCb file_cb;
    void *data;
    bool is_directory;
} Directory;

static bool directory_cb(const HpElement *element, void *data)
{
    Directory *directory = data;
    if (element->depth == 0 && element->tag == HP_TAG(0x0004, 0x1130))
        directory->is_directory = true;
    if (element->depth != 1 || element->path[0] != HP_TAG(0x0004, 0x1220))
        return true;
    directory->is_directory = true;
    if (element->tag != HP_TAG(0x0004, 0x1500) || element->length == 0)
        return true;
    g_autofree char *path = g_strndup((const char *)element->value, element->length);
    g_strstrip(path);
    directory->file_cb(g_strdelimit(path, "\\", '/'), directory->data);
    return true;
}

bool hp_dicomdir_read(const uint8_t *bytes, size_t size, HpDicomdirCb file_cb, void *data,
                      GError **error)
{
    Directory directory = {file_cb, data, false};
    HpDicomImage image = {0};
    size_t at;
    bool is_implicit;
    int odd = 0;
    if (!find_start(bytes, size, &at, error) ||
        !read_meta(bytes, size, &at, image.syntax_uid, sizeof image.syntax_uid, error) ||
        !take_syntax(&image, &is_implicit, error))
        return false;
    const HpDataSet set = sniff(bytes, size, at, is_implicit, image.is_big_endian, &odd);
    if (!hp_data_set_walk(&set, at, directory_cb, &directory, error))
        return false;
    return directory.is_directory || hp_bad_file(error, "not a DICOM directory");
}
