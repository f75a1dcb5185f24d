// SPDX-License-Identifier: Apache-2.0
// Decodes one JPEG 2000 or HTJ2K codestream with OpenJPEG.
#include "io/codec.h"

#include <string.h>

#include <openjpeg.h>

#include "core/error.h"
#include "io/bad_file.h"

#define MAX_TILES 4096 // of one slice; a CT has 1, whole-slide images have many and are in colour

// The image and tile size of ISO 15444-1 A.5.1, as written.
typedef struct {
    uint32_t capabilities;
    uint32_t x1, y1, x0, y0, tile_x, tile_y, tile_x0, tile_y0;
    int components, precision;
    bool is_signed;
} Size;

static uint32_t u16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t u32(const uint8_t *at)
{
    return u16(at) << 16 | u16(at + 2);
}

// Skips the boxes of a JP2 file to the codestream they hold; a bare codestream stays as it is.
static bool unwrap(const uint8_t **bytes, size_t *size, GError **error)
{
    static const uint8_t signature[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
    if (*size < sizeof signature || memcmp(*bytes, signature, sizeof signature) != 0)
        return true;
    while (*size >= 8) {
        const size_t length = u32(*bytes);
        if (memcmp(*bytes + 4, "jp2c", 4) == 0) {
            *size = length == 0 ? *size - 8 : MIN(*size, MAX(length, (size_t)8)) - 8;
            *bytes += 8;
            return true;
        }
        if (length < 8 || length > *size)
            break;
        *bytes += length;
        *size -= length;
    }
    return hp_bad_file(error, "the JP2 file in the frame holds no codestream");
}

static bool read_size(const uint8_t *bytes, size_t size, Size *out, GError **error)
{
    if (size < 45 || u32(bytes) != 0xff4fff51)
        return hp_bad_file(error, "the frame is no JPEG 2000 codestream");
    *out = (Size){.capabilities = u16(bytes + 6),
                  .x1 = u32(bytes + 8),
                  .y1 = u32(bytes + 12),
                  .x0 = u32(bytes + 16),
                  .y0 = u32(bytes + 20),
                  .tile_x = u32(bytes + 24),
                  .tile_y = u32(bytes + 28),
                  .tile_x0 = u32(bytes + 32),
                  .tile_y0 = u32(bytes + 36),
                  .components = (int)u16(bytes + 40),
                  .precision = (bytes[42] & 0x7f) + 1,
                  .is_signed = (bytes[42] & 0x80) != 0};
    return true;
}

static bool agrees(const HpDicomImage *image, const Size *size, int *tiles, GError **error)
{
    const int64_t width = (int64_t)size->x1 - size->x0, height = (int64_t)size->y1 - size->y0;
    if (width != image->columns || height != image->rows || size->components != 1)
        return hp_bad_file(error,
                           "the codestream is %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                           " with %d components, the header says %d x %d with 1",
                           width, height, size->components, image->columns, image->rows);
    if (size->precision > 31 || size->precision > image->bits_allocated)
        return hp_bad_file(error, "the codestream has %d bits, the header allots %d",
                           size->precision, image->bits_allocated);
    const int64_t left = (int64_t)size->x1 - size->tile_x0, up = (int64_t)size->y1 - size->tile_y0;
    if (size->tile_x == 0 || size->tile_y == 0 || left < 1 || up < 1)
        return hp_bad_file(error, "the codestream has no tiles");
    const int64_t across = (left + size->tile_x - 1) / size->tile_x;
    const int64_t down = (up + size->tile_y - 1) / size->tile_y;
    if (across > MAX_TILES || down > MAX_TILES || across * down > MAX_TILES)
        return hp_bad_file(error,
                           "the codestream has %" G_GINT64_FORMAT " tiles, expected at most %d",
                           across * down, MAX_TILES);
    *tiles = (int)(across * down);
    return true;
}

// Every tile must begin somewhere: walks the tile-parts by their lengths and ticks them off.
static bool has_all_tiles(const uint8_t *bytes, size_t size, int tiles, GError **error)
{
    bool seen[MAX_TILES] = {false};
    int found = 0;
    size_t at = 2;
    while (at + 4 <= size && u16(bytes + at) != 0xff90) { // segments of the main header
        if (bytes[at] != 0xff)
            return hp_bad_file(error, "the codestream's header is broken");
        at += 2 + u16(bytes + at + 2);
    }
    while (at + 12 <= size && u16(bytes + at) == 0xff90) {
        const uint32_t tile = u16(bytes + at + 4), length = u32(bytes + at + 6);
        if (tile < (uint32_t)tiles && !seen[tile]) {
            seen[tile] = true;
            found++;
        }
        if (length == 0) // to the end
            break;
        if (length < 14 || length > size - at)
            return hp_bad_file(error,
                               "the codestream is cut: a tile-part claims %u bytes, %zu are left",
                               length, size - at);
        at += length;
    }
    return found == tiles ||
           hp_bad_file(error, "the codestream has %d of its %d tiles", found, tiles);
}

// A SIZ segment whose capabilities no standard knows was written over. Where it claims a larger
// picture than its one tile, and the tile is what the header says, the tile is believed.
static bool is_overwritten(const HpDicomImage *image, const Size *size)
{
    const bool is_unknown = (size->capabilities & 0x3fff) > 0x0fff;
    return is_unknown && size->tile_x == (uint32_t)image->columns &&
           size->tile_y == (uint32_t)image->rows &&
           (size->x1 > size->tile_x || size->y1 > size->tile_y) && size->x0 == 0 && size->y0 == 0 &&
           size->tile_x0 == 0 && size->tile_y0 == 0;
}

// Finds the codestream and checks it; `*is_mended`: it is to be read with the tile's size.
static bool inspect(const HpDicomImage *image, const uint8_t **codestream, size_t *size, Size *head,
                    bool *is_mended, GError **error)
{
    int tiles = 0;
    if (!unwrap(codestream, size, error) || !read_size(*codestream, *size, head, error))
        return false;
    *is_mended = is_overwritten(image, head);
    if (*is_mended) {
        head->x1 = head->tile_x;
        head->y1 = head->tile_y;
    }
    return agrees(image, head, &tiles, error) && has_all_tiles(*codestream, *size, tiles, error);
}

bool hp_codec_check(const HpDicomImage *image, const uint8_t *codestream, size_t size, int *odd,
                    GError **error)
{
    Size head = {0};
    bool is_mended;
    if (!inspect(image, &codestream, &size, &head, &is_mended, error))
        return false;
    if (head.is_signed && !image->is_signed)
        *odd |= HP_ODD_SIGN;
    if (is_mended)
        *odd |= HP_ODD_CODESTREAM;
    return true;
}

// A copy of the codestream with the size that was found to be meant.
static uint8_t *mend(const uint8_t *codestream, size_t size, const Size *head)
{
    uint8_t *copy = g_memdup2(codestream, size);
    const uint32_t sides[2] = {GUINT32_TO_BE(head->x1), GUINT32_TO_BE(head->y1)};
    memset(copy + 6, 0, 2);
    memcpy(copy + 8, sides, sizeof sides);
    return copy;
}

// A stream over memory, as OpenJPEG wants it.
typedef struct {
    const uint8_t *bytes;
    size_t size, at;
} Memory;

static OPJ_SIZE_T read_cb(void *buffer, OPJ_SIZE_T wanted, void *data)
{
    Memory *memory = data;
    const size_t count = MIN(wanted, memory->size - memory->at);
    if (count == 0)
        return (OPJ_SIZE_T)-1;
    memcpy(buffer, memory->bytes + memory->at, count);
    memory->at += count;
    return count;
}

static OPJ_OFF_T skip_cb(OPJ_OFF_T count, void *data)
{
    Memory *memory = data;
    if (count < 0 || (size_t)count > memory->size - memory->at)
        return -1;
    memory->at += (size_t)count;
    return count;
}

static OPJ_BOOL seek_cb(OPJ_OFF_T to, void *data)
{
    Memory *memory = data;
    if (to < 0 || (size_t)to > memory->size)
        return OPJ_FALSE;
    memory->at = (size_t)to;
    return OPJ_TRUE;
}

// Keeps the first complaint.
static void complain_cb(const char *message, void *data)
{
    GString *complaint = data;
    if (complaint->len == 0) {
        g_string_append(complaint, message);
        g_strstrip(complaint->str);
        complaint->len = strlen(complaint->str);
    }
}

static void pack(const HpDicomImage *image, const opj_image_comp_t *component, void *cells)
{
    const size_t count = (size_t)image->columns * image->rows;
    for (size_t n = 0; n < count; n++) {
        if (image->bits_allocated == 8)
            ((uint8_t *)cells)[n] = (uint8_t)component->data[n];
        else if (image->bits_allocated == 16)
            ((uint16_t *)cells)[n] = (uint16_t)component->data[n];
        else
            ((uint32_t *)cells)[n] = (uint32_t)component->data[n];
    }
}

static bool decode(const HpDicomImage *image, opj_codec_t *codec, opj_stream_t *stream,
                   const GString *complaint, void *cells, GError **error)
{
    opj_dparameters_t parameters;
    opj_image_t *picture = NULL;
    opj_set_default_decoder_parameters(&parameters);
    bool is_done = opj_setup_decoder(codec, &parameters) &&
                   opj_decoder_set_strict_mode(codec, OPJ_TRUE) &&
                   opj_read_header(stream, codec, &picture) && opj_decode(codec, stream, picture) &&
                   opj_end_decompress(codec, stream);
    if (!is_done) {
        hp_bad_file(error, "the codestream could not be decoded: %s", complaint->str);
    } else if (picture->numcomps != 1 || picture->comps[0].data == NULL ||
               picture->comps[0].w != (OPJ_UINT32)image->columns ||
               picture->comps[0].h != (OPJ_UINT32)image->rows) {
        is_done = hp_bad_file(error, "the codestream gives another picture than the header says");
    } else {
        pack(image, &picture->comps[0], cells);
    }
    opj_image_destroy(picture);
    return is_done;
}

bool hp_codec_decode(const HpDicomImage *image, const uint8_t *codestream, size_t size, void *cells,
                     GError **error)
{
    Size head = {0};
    bool is_mended;
    if (!inspect(image, &codestream, &size, &head, &is_mended, error))
        return false;
    g_autofree uint8_t *mended = is_mended ? mend(codestream, size, &head) : NULL;
    Memory memory = {mended != NULL ? mended : codestream, size, 0};
    GString *complaint = g_string_new(NULL);
    opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
    opj_stream_t *stream = opj_stream_default_create(OPJ_TRUE);
    opj_stream_set_read_function(stream, read_cb);
    opj_stream_set_skip_function(stream, skip_cb);
    opj_stream_set_seek_function(stream, seek_cb);
    opj_stream_set_user_data(stream, &memory, NULL);
    opj_stream_set_user_data_length(stream, size);
    opj_set_error_handler(codec, complain_cb, complaint);
    opj_set_warning_handler(codec, complain_cb, complaint);
    const bool is_done = decode(image, codec, stream, complaint, cells, error);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    g_string_free(complaint, TRUE);
    return is_done;
}
