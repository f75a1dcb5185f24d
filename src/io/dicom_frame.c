// SPDX-License-Identifier: Apache-2.0
// Gets the samples of one frame out of a DICOM file, whatever it is packed in.
#include "io/dicom_frame.h"

#include <string.h>

#include "core/error.h"
#include "io/bad_file.h"
#include "io/codec.h"
#include "io/dicom_shim.h"
#include "io/dicom_walk.h"

#define MAX_FRAGMENTS 1000000

// ---- fragments and frames ----------------------------------------------------------------------

// Items are walked by their lengths, never by looking for delimiters, which codestreams may hold.
static bool find_fragments(GArray *fragments, const HpDicomFile *file, HpFragment *table,
                           GError **error)
{
    const HpDataSet set = {file->data, file->size, .is_explicit = true};
    size_t at = file->image.pixel_offset;
    *table = (HpFragment){0, 0};
    for (guint n = 0; at < file->size; n++) {
        HpElement item;
        if (!hp_data_set_read(&set, at, &item, error))
            return false;
        if (item.tag == HP_TAG_SEQUENCE_END)
            return true;
        if (item.tag != HP_TAG_ITEM || item.is_undefined)
            return hp_bad_file(error, "the compressed pixel data holds something but items");
        if (item.length < item.declared)
            return hp_bad_file(error, "fragment %u claims %u bytes, %zu are left", n, item.declared,
                               item.length);
        if (n > MAX_FRAGMENTS)
            return hp_bad_file(error, "the pixel data is in more than %d fragments", MAX_FRAGMENTS);
        const HpFragment fragment = {item.offset, item.length};
        if (n == 0)
            *table = fragment; // the offset table, which may be empty
        else
            g_array_append_val(fragments, fragment);
        at = item.offset + item.length;
    }
    return hp_bad_file(error, "the file is cut: its pixel data is not closed");
}

static bool starts_codestream(const HpDicomFile *file, const HpFragment *fragment)
{
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff}, j2k[] = {0xff, 0x4f, 0xff, 0x51},
                         jp2[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
    const uint8_t *bytes = file->data + fragment->offset;
    if (file->image.syntax == HP_SYNTAX_J2K)
        return (fragment->size >= 4 && memcmp(bytes, j2k, sizeof j2k) == 0) ||
               (fragment->size >= 8 && memcmp(bytes, jp2, sizeof jp2) == 0);
    return fragment->size >= 3 && memcmp(bytes, jpeg, sizeof jpeg) == 0;
}

// The frames as the offset table tells; false if it does not fit the fragments.
static bool frames_by_table(HpFrameIndex *index, const HpDicomFile *file, const HpFragment *table)
{
    const guint frames = (guint)file->image.frames;
    if (table->size < (size_t)frames * 4)
        return false;
    const HpFragment *fragments = &g_array_index(index->fragments, HpFragment, 0);
    const size_t origin = fragments[0].offset - 8; // offsets count from the first fragment's item
    guint fragment = 0;
    for (guint frame = 0; frame < frames; frame++) {
        const size_t offset = hp_bytes_u32(file->data + table->offset + (size_t)frame * 4, false);
        while (fragment < index->fragments->len && fragments[fragment].offset - 8 - origin < offset)
            fragment++;
        if (fragment == index->fragments->len ||
            fragments[fragment].offset - 8 - origin != offset ||
            (frame > 0 && fragment <= g_array_index(index->first, guint, frame - 1)) ||
            (frame == 0 && fragment != 0)) {
            g_array_set_size(index->first, 0);
            return false;
        }
        g_array_append_val(index->first, fragment);
    }
    return true;
}

static bool find_frames(HpFrameIndex *index, const HpDicomFile *file, const HpFragment *table,
                        GError **error)
{
    const guint frames = (guint)file->image.frames, fragments = index->fragments->len;
    if (fragments < frames)
        return hp_bad_file(error, "%u frames are declared, %u compressed fragments are present",
                           frames, fragments);
    if (frames == 1 || fragments == frames) {
        for (guint n = 0; n < frames; n++)
            g_array_append_val(index->first, n);
    } else if (!frames_by_table(index, file, table)) {
        for (guint n = 0; n < fragments; n++)
            if (starts_codestream(file, &g_array_index(index->fragments, HpFragment, n)))
                g_array_append_val(index->first, n);
        if (index->first->len != frames || g_array_index(index->first, guint, 0) != 0)
            return hp_bad_file(error, "%u compressed fragments make %u frames, %u are declared",
                               fragments, index->first->len, frames);
    }
    g_array_append_val(index->first, fragments);
    return true;
}

bool hp_frame_index(HpFrameIndex *index, const HpDicomFile *file, GError **error)
{
    *index = (HpFrameIndex){NULL, NULL};
    if (file->image.syntax == HP_SYNTAX_NATIVE)
        return true;
    index->fragments = g_array_new(FALSE, FALSE, sizeof(HpFragment));
    index->first = g_array_new(FALSE, FALSE, sizeof(guint));
    HpFragment table;
    return find_fragments(index->fragments, file, &table, error) &&
           find_frames(index, file, &table, error);
}

void hp_frame_index_clear(HpFrameIndex *index)
{
    g_clear_pointer(&index->fragments, g_array_unref);
    g_clear_pointer(&index->first, g_array_unref);
}

// The codestream of a frame: in place if it is one fragment, else put together in `*joined`.
static const uint8_t *codestream_of(const HpFrameIndex *index, const HpDicomFile *file, int frame,
                                    uint8_t **joined, size_t *size)
{
    const guint begin = g_array_index(index->first, guint, frame);
    const guint end = g_array_index(index->first, guint, frame + 1);
    const HpFragment *fragments = &g_array_index(index->fragments, HpFragment, 0);
    *size = 0;
    for (guint n = begin; n < end; n++)
        *size += fragments[n].size;
    if (end - begin == 1)
        return file->data + fragments[begin].offset;
    *joined = g_malloc(*size); // no more than the file has
    size_t at = 0;
    for (guint n = begin; n < end; n++) {
        memcpy(*joined + at, file->data + fragments[n].offset, fragments[n].size);
        at += fragments[n].size;
    }
    return *joined;
}

// ---- what a codestream says of itself ----------------------------------------------------------

// SOF of any process, JPEG-LS included.
static bool is_frame_header(uint8_t marker)
{
    return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
            marker != 0xcc) ||
           marker == 0xf7;
}

// A segment with a length that may stand before the frame header: tables, application, comment.
static bool is_segment(uint8_t marker)
{
    return marker == 0xc4 || marker == 0xcc || (marker >= 0xdb && marker <= 0xdf) ||
           (marker >= 0xe0 && marker <= 0xef) || marker == 0xf8 || marker == 0xfe;
}

// Compares the frame header (SOF) of JPEG or JPEG-LS. What DCMTK does not look at is looked at
// here: it leaves zeros beside a smaller picture, and takes any precision.
static bool check_jpeg(const HpDicomImage *image, const uint8_t *bytes, size_t size, GError **error)
{
    if (size < 4 || bytes[0] != 0xff || bytes[1] != 0xd8)
        return hp_bad_file(error, "the frame is no JPEG codestream");
    size_t at = 2;
    while (at + 4 <= size) {
        if (bytes[at] != 0xff)
            return hp_bad_file(error, "the JPEG codestream's header is broken");
        const uint8_t marker = bytes[at + 1];
        if (marker == 0xff) { // fill byte
            at++;
            continue;
        }
        const size_t length = hp_bytes_u16(bytes + at + 2, true);
        if (!is_frame_header(marker)) {
            // DCMTK 3.6.7 looks for ever for the precision of a codestream with any other marker.
            if (!is_segment(marker) || length < 2)
                break;
            at += 2 + length;
            continue;
        }
        if (length < 8 || at + 2 + length > size)
            break;
        const int precision = bytes[at + 4], components = bytes[at + 9];
        const int rows = hp_bytes_u16(bytes + at + 5, true);
        const int columns = hp_bytes_u16(bytes + at + 7, true);
        if (rows != image->rows || columns != image->columns || components != 1)
            return hp_bad_file(
                error,
                "the codestream is %d x %d with %d components, the header says %d x %d "
                "with 1",
                columns, rows, components, image->columns, image->rows);
        if (precision > image->bits_allocated ||
            (precision < image->bits_stored && (precision <= 8 || image->bits_allocated == 8)))
            return hp_bad_file(error, "the codestream has %d bits a sample, the header says %d",
                               precision, image->bits_stored);
        return true;
    }
    return hp_bad_file(error, "the JPEG codestream has no frame header");
}

// A JPEG that lost its end still decodes to a picture, grey from there on.
static bool check_jpeg_end(const uint8_t *bytes, size_t size, GError **error)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    for (size_t n = size; n >= 2 && size - n < 16; n--)
        if (bytes[n - 2] == 0xff && bytes[n - 1] == 0xd9)
            return true;
    return hp_bad_file(error, "the JPEG codestream is cut: it does not end");
}

// PS3.5 G.5: 16 numbers, how many segments and where each begins; one segment per byte of a sample.
static bool check_rle(const HpDicomImage *image, const uint8_t *bytes, size_t size, GError **error)
{
    if (size <= 64)
        return hp_bad_file(error, "the RLE frame has %zu bytes, its header alone has 64", size);
    const uint32_t segments = hp_bytes_u32(bytes, false);
    if (segments != hp_dicom_cell_bytes(image))
        return hp_bad_file(error, "the RLE frame has %u segments, expected %zu", segments,
                           hp_dicom_cell_bytes(image));
    for (uint32_t n = 0; n < segments; n++) {
        const uint32_t offset = hp_bytes_u32(bytes + 4 + n * 4, false);
        const uint32_t before = n == 0 ? 63 : hp_bytes_u32(bytes + n * 4, false);
        if (offset <= before || offset >= size)
            return hp_bad_file(error, "RLE segment %u begins at byte %u of %zu", n, offset, size);
    }
    return true;
}

static bool check(const HpDicomImage *image, const uint8_t *bytes, size_t size, int *odd,
                  GError **error)
{
    switch ((HpSyntaxKind)image->syntax) {
    case HP_SYNTAX_RLE:
        return check_rle(image, bytes, size, error);
    case HP_SYNTAX_JPEG:
    case HP_SYNTAX_JPEG_LS:
        return check_jpeg(image, bytes, size, error) && check_jpeg_end(bytes, size, error);
    case HP_SYNTAX_J2K:
        return hp_codec_check(image, bytes, size, odd, error);
    case HP_SYNTAX_NATIVE:
        break;
    }
    return true;
}

bool hp_frame_check(const HpFrameIndex *index, const HpDicomFile *file, int frame, int *odd,
                    GError **error)
{
    if (file->image.syntax == HP_SYNTAX_NATIVE)
        return true;
    g_autofree uint8_t *joined = NULL;
    size_t size;
    const uint8_t *bytes = codestream_of(index, file, frame, &joined, &size);
    return check(&file->image, bytes, size, odd, error);
}

bool hp_frame_decode(const HpFrameIndex *index, const HpDicomFile *file, int frame, void *cells,
                     GError **error)
{
    const HpDicomImage *image = &file->image;
    const size_t frame_bytes = hp_dicom_frame_bytes(image);
    if (image->syntax == HP_SYNTAX_NATIVE) {
        const size_t offset = image->pixel_offset + frame_bytes * (size_t)frame;
        if (offset > file->size || frame_bytes > file->size - offset)
            return hp_bad_file(error, "the pixel data is short");
        memcpy(cells, file->data + offset, frame_bytes);
        return true;
    }
    g_autofree uint8_t *joined = NULL;
    size_t size;
    int odd = 0;
    const uint8_t *bytes = codestream_of(index, file, frame, &joined, &size);
    if (!check(image, bytes, size, &odd, error))
        return false;
    return image->syntax == HP_SYNTAX_J2K ? hp_codec_decode(image, bytes, size, cells, error)
                                          : hp_dicom_shim_decode(image, bytes, size, cells, error);
}
