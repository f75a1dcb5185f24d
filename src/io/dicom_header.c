// SPDX-License-Identifier: Apache-2.0
// Reads what a DICOM file says of its image, and refuses what cannot be a picture in grey.
#include "io/dicom_header.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "io/bad_file.h"
#include "io/dicom_text.h"
#include "io/dicom_walk.h"
#include "io/inflate.h"

#define MAX_SIDE 16384     // pixels; a CT has 512 to 2048
#define MAX_FRAMES 100000  // of one file
#define MAX_PLACE_MM 1e6   // a position further out is a fault, not a patient
#define MAX_SPACING_MM 1e3 // so is a pixel of a metre
#define MIN_SPACING_MM 1e-4

#define CS_SHARED HP_TAG(0x5200, 0x9229)
#define CS_PER_FRAME HP_TAG(0x5200, 0x9230)

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

// A value as it lies in the file; `value` NULL: absent.
typedef struct {
    const uint8_t *value;
    size_t length;
    char vr[3];
    bool is_big_endian;
} Raw;

// What the walk gathers, before any of it is judged.
typedef struct {
    Raw character_set, series_uid, sop_uid, sop_class, modality, description, study, kernel, agent;
    Raw image_type, acquisition_date, series_date, study_date, directory;
    Raw samples, photometric, rows, columns, frames, allocated, stored, high, sign;
    Raw padding, padding_limit, slope, intercept, series_number, acquisition, instance;
    Raw location, trigger, temporal, frame_pointer, lut_descriptor, lut_data;
    bool has_lut_element, has_float_pixels, has_pixels, is_undefined;
    size_t pixel_offset, pixel_present;
    uint64_t pixel_declared;
    HpDicomFrame top, shared;
    GArray *frames_array;
    int odd;
} Header;

static bool unsupported(GError **error, const char *message)
{
    g_set_error_literal(error, HP_ERROR, HP_ERROR_UNSUPPORTED, message);
    return false;
}

// ---- values ------------------------------------------------------------------------------------

// One value of a backslash-separated text, without blanks; false if there is none.
static bool text_part(const Raw *raw, int index, char *out, size_t room)
{
    const char *at = (const char *)raw->value;
    const char *end = at + (at == NULL ? 0 : raw->length);
    for (; index > 0 && at < end; index--) {
        const char *next = memchr(at, '\\', (size_t)(end - at));
        at = next == NULL ? end : next + 1;
    }
    if (at >= end)
        return false;
    const char *stop = memchr(at, '\\', (size_t)(end - at));
    stop = stop == NULL ? end : stop;
    while (at < stop && (*at == ' ' || *at == '\0'))
        at++;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\0'))
        stop--;
    const size_t length = MIN((size_t)(stop - at), room - 1);
    memcpy(out, at, length);
    out[length] = '\0';
    return length > 0;
}

static bool is_sequence(const Raw *raw)
{
    return strcmp(raw->vr, "SQ") == 0;
}

// A decimal text (DS) read whole; NAN if absent, empty or not a number.
static double decimal(const Raw *raw, int index)
{
    char text[64];
    if (is_sequence(raw) || !text_part(raw, index, text, sizeof text))
        return NAN;
    char *end = NULL;
    const double number = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(number) ? number : NAN;
}

static bool decimals(const Raw *raw, int count, double *out)
{
    char extra[8];
    for (int n = 0; n < count; n++)
        out[n] = decimal(raw, n);
    for (int n = 0; n < count; n++)
        if (isnan(out[n]))
            return false;
    return !text_part(raw, count, extra, sizeof extra);
}

// A whole number, in text (IS, or a value of unknown kind that reads as one) or binary.
static bool whole(const Raw *raw, bool is_text, int64_t *out)
{
    if (raw->value == NULL || is_sequence(raw))
        return false;
    if (is_text) {
        char text[32], *end = NULL;
        if (!text_part(raw, 0, text, sizeof text))
            return false;
        const gint64 number = g_ascii_strtoll(text, &end, 10);
        *out = number;
        return end != text && *end == '\0';
    }
    if (raw->length == 2)
        *out = hp_bytes_u16(raw->value, raw->is_big_endian);
    else if (raw->length == 4)
        *out = hp_bytes_u32(raw->value, raw->is_big_endian);
    return raw->length == 2 || raw->length == 4;
}

static int number_or(const Raw *raw, int otherwise)
{
    int64_t number;
    return whole(raw, true, &number) && ABS(number) <= G_MAXINT32 ? (int)number : otherwise;
}

static void text(const Header *header, const Raw *raw, char *out, size_t room)
{
    char character_set[128] = "";
    if (header->character_set.value != NULL) {
        const size_t length = MIN(header->character_set.length, sizeof character_set - 1);
        memcpy(character_set, header->character_set.value, length);
    }
    if (raw->value != NULL && !is_sequence(raw))
        hp_dicom_text(raw->value, raw->length, character_set, out, room);
}

// ---- gathering ---------------------------------------------------------------------------------

static HpDicomFrame unknown_frame(void)
{
    HpDicomFrame frame;
    double *number = (double *)&frame; // the record is nothing but numbers
    for (size_t n = 0; n < sizeof frame / sizeof *number; n++)
        number[n] = NAN;
    return frame;
}

// Geometry and rescale, wherever they stand.
static void gather_frame(Header *header, uint32_t tag, const Raw *raw, HpDicomFrame *frame)
{
    switch (tag) {
    case HP_TAG(0x0020, 0x0032):
        if (!decimals(raw, 3, frame->position_mm) || fabs(frame->position_mm[0]) > MAX_PLACE_MM ||
            fabs(frame->position_mm[1]) > MAX_PLACE_MM ||
            fabs(frame->position_mm[2]) > MAX_PLACE_MM) {
            frame->position_mm[0] = NAN;
            header->odd |= HP_ODD_POSITION;
        }
        break;
    case HP_TAG(0x0020, 0x0037):
        if (!decimals(raw, 6, frame->orientation)) {
            frame->orientation[0] = NAN;
            header->odd |= HP_ODD_ORIENTATION;
        }
        break;
    case HP_TAG(0x0028, 0x0030): {
        double rows_columns[2];
        const bool is_pair = decimals(raw, 2, rows_columns);
        const bool is_usable = is_pair && MIN(rows_columns[0], rows_columns[1]) >= MIN_SPACING_MM &&
                               MAX(rows_columns[0], rows_columns[1]) <= MAX_SPACING_MM;
        frame->spacing_mm[0] = is_usable ? rows_columns[1] : NAN;
        frame->spacing_mm[1] = is_usable ? rows_columns[0] : NAN;
        break;
    }
    case HP_TAG(0x0018, 0x0050):
        frame->thickness_mm = decimal(raw, 0);
        break;
    case HP_TAG(0x0018, 0x0088):
        frame->spacing_between_mm = decimal(raw, 0);
        break;
    default:
        break;
    }
}

// Slope and intercept of a functional group; an unreadable one is a fault found later (inf).
static void gather_rescale(uint32_t tag, const Raw *raw, HpDicomFrame *frame)
{
    char part[8];
    double *out = tag == HP_TAG(0x0028, 0x1053)   ? &frame->slope
                  : tag == HP_TAG(0x0028, 0x1052) ? &frame->intercept
                                                  : NULL;
    if (out == NULL || !text_part(raw, 0, part, sizeof part))
        return;
    *out = decimal(raw, 0);
    if (isnan(*out))
        *out = INFINITY;
}

// An element inside the functional groups of an enhanced image.
static void gather_group(Header *header, const HpElement *element, const Raw *raw)
{
    HpDicomFrame *frame = &header->shared;
    if (element->path[0] == CS_PER_FRAME) {
        const guint index = (guint)element->item[0];
        if (index >= MAX_FRAMES)
            return;
        while (header->frames_array->len <= index) {
            const HpDicomFrame unknown = unknown_frame();
            g_array_append_val(header->frames_array, unknown);
        }
        frame = &g_array_index(header->frames_array, HpDicomFrame, index);
    }
    switch (element->path[1]) {
    case HP_TAG(0x0020, 0x9113):
    case HP_TAG(0x0020, 0x9116):
    case HP_TAG(0x0028, 0x9110):
        gather_frame(header, element->tag, raw, frame);
        break;
    case HP_TAG(0x0028, 0x9145):
        gather_rescale(element->tag, raw, frame);
        break;
    case HP_TAG(0x0020, 0x9111): {
        int64_t index;
        if (element->tag == HP_TAG(0x0020, 0x9128) && whole(raw, false, &index))
            frame->time = (double)index;
        break;
    }
    default:
        break;
    }
}

static Raw *slot_of(Header *header, uint32_t tag)
{
    switch (tag) {
    case HP_TAG(0x0002, 0x0003):
        return NULL;
    case HP_TAG(0x0008, 0x0005):
        return &header->character_set;
    case HP_TAG(0x0008, 0x0008):
        return &header->image_type;
    case HP_TAG(0x0008, 0x0016):
        return &header->sop_class;
    case HP_TAG(0x0008, 0x0018):
        return &header->sop_uid;
    case HP_TAG(0x0008, 0x0020):
        return &header->study_date;
    case HP_TAG(0x0008, 0x0021):
        return &header->series_date;
    case HP_TAG(0x0008, 0x0022):
        return &header->acquisition_date;
    case HP_TAG(0x0008, 0x0060):
        return &header->modality;
    case HP_TAG(0x0008, 0x1030):
        return &header->study;
    case HP_TAG(0x0008, 0x103e):
        return &header->description;
    case HP_TAG(0x0018, 0x0010):
        return &header->agent;
    case HP_TAG(0x0018, 0x1060):
        return &header->trigger;
    case HP_TAG(0x0018, 0x1210):
        return &header->kernel;
    case HP_TAG(0x0020, 0x000e):
        return &header->series_uid;
    case HP_TAG(0x0020, 0x0011):
        return &header->series_number;
    case HP_TAG(0x0020, 0x0012):
        return &header->acquisition;
    case HP_TAG(0x0020, 0x0013):
        return &header->instance;
    case HP_TAG(0x0020, 0x0100):
        return &header->temporal;
    case HP_TAG(0x0020, 0x1041):
        return &header->location;
    case HP_TAG(0x0028, 0x0002):
        return &header->samples;
    case HP_TAG(0x0028, 0x0004):
        return &header->photometric;
    case HP_TAG(0x0028, 0x0008):
        return &header->frames;
    case HP_TAG(0x0028, 0x0009):
        return &header->frame_pointer;
    case HP_TAG(0x0028, 0x0010):
        return &header->rows;
    case HP_TAG(0x0028, 0x0011):
        return &header->columns;
    case HP_TAG(0x0028, 0x0100):
        return &header->allocated;
    case HP_TAG(0x0028, 0x0101):
        return &header->stored;
    case HP_TAG(0x0028, 0x0102):
        return &header->high;
    case HP_TAG(0x0028, 0x0103):
        return &header->sign;
    case HP_TAG(0x0028, 0x0120):
        return &header->padding;
    case HP_TAG(0x0028, 0x0121):
        return &header->padding_limit;
    case HP_TAG(0x0028, 0x1052):
        return &header->intercept;
    case HP_TAG(0x0028, 0x1053):
        return &header->slope;
    default:
        return NULL;
    }
}

static bool gather_cb(const HpElement *element, void *data)
{
    Header *header = data;
    Raw raw = {element->value, element->length, "", element->is_big_endian};
    memcpy(raw.vr, element->vr, sizeof raw.vr);
    if (element->depth == 2 && (element->path[0] == CS_SHARED || element->path[0] == CS_PER_FRAME))
        gather_group(header, element, &raw);
    if (element->depth == 1 && element->path[0] == HP_TAG(0x0028, 0x3000)) {
        if (element->tag == HP_TAG(0x0028, 0x3002))
            header->lut_descriptor = raw;
        if (element->tag == HP_TAG(0x0028, 0x3006))
            header->lut_data = raw;
    }
    if (element->depth > 0)
        return true;
    switch (element->tag) {
    case HP_TAG_PIXEL_DATA:
        header->has_pixels = true;
        header->is_undefined = element->is_undefined;
        header->pixel_offset = element->offset;
        header->pixel_present = element->length;
        header->pixel_declared = element->declared;
        return false;
    case HP_TAG(0x7fe0, 0x0008):
    case HP_TAG(0x7fe0, 0x0009):
        header->has_float_pixels = true;
        break;
    case HP_TAG(0x0028, 0x3000):
        header->has_lut_element = true;
        break;
    default:
        break;
    }
    gather_frame(header, element->tag, &raw, &header->top);
    Raw *slot = slot_of(header, element->tag);
    if (slot != NULL)
        *slot = raw;
    return true;
}

// ---- judging -----------------------------------------------------------------------------------

static bool judge_kind(Header *header, HpDicomImage *image, GError **error)
{
    if (!header->has_pixels)
        return unsupported(error, header->has_float_pixels
                                      ? "its pixels are floating-point numbers, not stored values"
                                      : "it holds no pixel data");
    static const struct {
        const char *uid, *what;
    } others[] = {
        {"1.2.840.10008.5.1.4.1.1.66.4", "it is a segmentation object, not an image"},
        {"1.2.840.10008.5.1.4.1.1.66.7", "it is a segmentation object, not an image"},
        {"1.2.840.10008.5.1.4.1.1.481.2", "it is a radiation dose, not an image"},
        {"1.2.840.10008.5.1.4.1.1.30", "it is a parametric map, not an image"},
    };
    for (size_t n = 0; n < G_N_ELEMENTS(others); n++)
        if (strcmp(image->sop_class, others[n].uid) == 0)
            return unsupported(error, others[n].what);

    int64_t samples = 1;
    char photometric[24] = "";
    text_part(&header->photometric, 0, photometric, sizeof photometric);
    if (header->samples.value != NULL && !whole(&header->samples, false, &samples))
        return hp_bad_file(error, "SamplesPerPixel is not a number");
    if (samples == 3 || g_str_has_prefix(photometric, "RGB") ||
        g_str_has_prefix(photometric, "YBR"))
        return unsupported(error, "it is a colour image, not a grey one");
    if (strcmp(photometric, "PALETTE COLOR") == 0)
        return unsupported(error, "it is a palette colour image, not a grey one");
    if (samples != 1)
        return hp_bad_file(error, "SamplesPerPixel is %" G_GINT64_FORMAT ", expected 1", samples);
    image->is_monochrome1 = strcmp(photometric, "MONOCHROME1") == 0;
    if (photometric[0] == '\0')
        header->odd |= HP_ODD_PHOTOMETRIC;
    else if (!image->is_monochrome1 && strcmp(photometric, "MONOCHROME2") != 0)
        return unsupported(error, "its PhotometricInterpretation is unknown");
    return true;
}

static bool judge_side(const Raw *raw, const char *name, int32_t *out, GError **error)
{
    int64_t side;
    if (raw->value == NULL)
        return hp_bad_file(error, "%s is missing", name);
    if (!whole(raw, false, &side))
        return hp_bad_file(error, "%s is not a number", name);
    if (side < 1 || side > MAX_SIDE)
        return hp_bad_file(error, "%s is %" G_GINT64_FORMAT ", expected 1 to %d", name, side,
                           MAX_SIDE);
    *out = (int32_t)side;
    return true;
}

static bool judge_frames(Header *header, HpDicomImage *image, GError **error)
{
    int64_t frames = 1;
    char part[8];
    if (text_part(&header->frames, 0, part, sizeof part) && !whole(&header->frames, true, &frames))
        return hp_bad_file(error, "NumberOfFrames is not a number");
    if (frames == 0) {
        frames = 1;
        header->odd |= HP_ODD_FRAMES;
    }
    if (frames < 1 || frames > MAX_FRAMES)
        return hp_bad_file(error, "NumberOfFrames is %" G_GINT64_FORMAT ", expected 1 to %d",
                           frames, MAX_FRAMES);
    image->frames = (int32_t)frames;
    if (header->frame_pointer.value != NULL && header->frame_pointer.length >= 4 && frames > 1) {
        const uint8_t *at = header->frame_pointer.value;
        const bool is_big = header->frame_pointer.is_big_endian;
        const uint32_t tag = HP_TAG(hp_bytes_u16(at, is_big), hp_bytes_u16(at + 2, is_big));
        if (tag == HP_TAG(0x0018, 0x1063) || tag == HP_TAG(0x0018, 0x1065))
            header->odd |= HP_ODD_TIME; // FrameTime, FrameTimeVector
    }
    return true;
}

static bool judge_bits(const Header *header, HpDicomImage *image, GError **error)
{
    int64_t allocated, stored, high, sign = 0;
    if (!whole(&header->allocated, false, &allocated))
        return hp_bad_file(error, "BitsAllocated is missing");
    if (allocated != 8 && allocated != 16 && allocated != 32) {
        g_set_error(error, HP_ERROR,
                    allocated == 1 || allocated == 12 ? HP_ERROR_UNSUPPORTED : HP_ERROR_BAD_FILE,
                    "BitsAllocated is %" G_GINT64_FORMAT ", expected 8, 16 or 32", allocated);
        return false;
    }
    if (!whole(&header->stored, false, &stored))
        stored = allocated;
    if (!whole(&header->high, false, &high))
        high = stored - 1;
    if (stored < 1 || stored > allocated)
        return hp_bad_file(error,
                           "BitsStored is %" G_GINT64_FORMAT ", expected 1 to %" G_GINT64_FORMAT,
                           stored, allocated);
    if (high < stored - 1 || high >= allocated)
        return hp_bad_file(error,
                           "HighBit is %" G_GINT64_FORMAT ", impossible for %" G_GINT64_FORMAT
                           " bits stored of %" G_GINT64_FORMAT,
                           high, stored, allocated);
    if (header->sign.value != NULL && (!whole(&header->sign, false, &sign) || sign > 1))
        return hp_bad_file(error, "PixelRepresentation is %" G_GINT64_FORMAT ", expected 0 or 1",
                           sign);
    image->bits_allocated = (int32_t)allocated;
    image->bits_stored = (int32_t)stored;
    image->high_bit = (int32_t)high;
    image->is_signed = (int32_t)sign;
    return true;
}

// PixelPaddingValue and its range limit are 16-bit patterns, read with the sign of the pixels
// whatever representation they were written in.
static void judge_padding(const Header *header, HpDicomImage *image)
{
    int64_t value, limit;
    if (!whole(&header->padding, false, &value))
        return;
    if (!whole(&header->padding_limit, false, &limit))
        limit = value;
    if (image->is_signed) {
        value = header->padding.length == 2 ? (int16_t)value : (int32_t)value;
        limit = header->padding_limit.length == 4 ? (int32_t)limit : (int16_t)limit;
    }
    image->has_padding = true;
    image->padding_low = MIN(value, limit);
    image->padding_high = MAX(value, limit);
}

static bool judge_rescale(Header *header, HpDicomFrame *frame, GError **error)
{
    char part[8];
    const bool has_slope = text_part(&header->slope, 0, part, sizeof part);
    const bool has_intercept = text_part(&header->intercept, 0, part, sizeof part);
    frame->slope = has_slope ? decimal(&header->slope, 0) : 1;
    frame->intercept = has_intercept ? decimal(&header->intercept, 0) : 0;
    if (header->slope.value != NULL && !has_slope)
        header->odd |= HP_ODD_SLOPE;
    if (isnan(frame->slope))
        return hp_bad_file(error, "RescaleSlope is not a number");
    if (isnan(frame->intercept))
        return hp_bad_file(error, "RescaleIntercept is not a number");
    const bool has_table = header->lut_descriptor.value != NULL && header->lut_data.value != NULL;
    if (has_table && header->lut_descriptor.length == 6 && header->lut_data.length >= 2 &&
        !has_slope)
        return unsupported(error, "its values go through a Modality LUT");
    if (has_table || header->has_lut_element)
        header->odd |= HP_ODD_LUT;
    return true;
}

// The largest stored value times the slope must stay a number that int32 can say.
static bool judge_reach(const HpDicomImage *image, const HpDicomFrame *frame, GError **error)
{
    const double reach = ldexp(1, image->bits_stored) * fabs(frame->slope) + fabs(frame->intercept);
    if (!(reach < 1e15))
        return hp_bad_file(error, "rescale overflows: slope %g, intercept %g", frame->slope,
                           frame->intercept);
    return true;
}

// Makes row and column orthonormal; false if they span no plane.
static bool square_up(double *orientation, bool *is_skew)
{
    double *row = orientation, *column = orientation + 3;
    const double row_length = sqrt(row[0] * row[0] + row[1] * row[1] + row[2] * row[2]);
    const double column_length =
        sqrt(column[0] * column[0] + column[1] * column[1] + column[2] * column[2]);
    if (!(row_length > 1e-3 && column_length > 1e-3 && row_length < 1e3 && column_length < 1e3))
        return false;
    for (int n = 0; n < 3; n++) {
        row[n] /= row_length;
        column[n] /= column_length;
    }
    const double slant = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
    if (fabs(slant) > 0.9)
        return false;
    *is_skew = fabs(slant) > 1e-3 || fabs(row_length - 1) > 1e-3 || fabs(column_length - 1) > 1e-3;
    for (int n = 0; n < 3; n++)
        column[n] -= slant * row[n];
    const double left = sqrt(column[0] * column[0] + column[1] * column[1] + column[2] * column[2]);
    for (int n = 0; n < 3; n++)
        column[n] /= left;
    return true;
}

#define TAKE_IF_UNKNOWN(member)                                                                    \
    if (isnan(frame->member))                                                                      \
    memcpy(&frame->member, &from->member, sizeof frame->member)

// What a frame does not say itself it has from the shared groups, else from the top of the file.
static void inherit(HpDicomFrame *frame, const HpDicomFrame *from)
{
    if (isnan(frame->position_mm[0]))
        memcpy(frame->position_mm, from->position_mm, sizeof frame->position_mm);
    if (isnan(frame->orientation[0]))
        memcpy(frame->orientation, from->orientation, sizeof frame->orientation);
    if (isnan(frame->spacing_mm[0]))
        memcpy(frame->spacing_mm, from->spacing_mm, sizeof frame->spacing_mm);
    TAKE_IF_UNKNOWN(thickness_mm);
    TAKE_IF_UNKNOWN(spacing_between_mm);
    TAKE_IF_UNKNOWN(slope);
    TAKE_IF_UNKNOWN(intercept);
    TAKE_IF_UNKNOWN(time);
}

static bool judge_geometry(Header *header, const HpDicomImage *image, GArray *frames,
                           GError **error)
{
    const guint given = frames->len;
    if (given > 0 && given < (guint)image->frames)
        header->odd |= HP_ODD_PER_FRAME;
    for (guint n = given; n < (guint)image->frames; n++) {
        const HpDicomFrame unknown = unknown_frame();
        g_array_append_val(frames, unknown);
    }
    g_array_set_size(frames, (guint)image->frames);
    if (header->odd & HP_ODD_PER_FRAME) // places of some frames only place none
        for (guint n = 0; n < given; n++)
            g_array_index(frames, HpDicomFrame, n).position_mm[0] = NAN;
    for (guint n = 0; n < frames->len; n++) {
        HpDicomFrame *frame = &g_array_index(frames, HpDicomFrame, n);
        const bool has_own_place = !isnan(frame->position_mm[0]);
        inherit(frame, &header->shared);
        inherit(frame, &header->top);
        if (!has_own_place && image->frames > 1)
            frame->position_mm[0] = NAN; // that of the file is of its first frame only
        bool is_skew = false;
        if (!isnan(frame->orientation[0]) && !square_up(frame->orientation, &is_skew)) {
            frame->orientation[0] = NAN;
            header->odd |= HP_ODD_ORIENTATION;
        }
        if (is_skew)
            header->odd |= HP_ODD_SKEW;
        if (isnan(frame->spacing_mm[0]))
            header->odd |= HP_ODD_SPACING;
        if (!judge_reach(image, frame, error))
            return false;
    }
    return true;
}

static bool judge_pixels(Header *header, HpDicomImage *image, GError **error)
{
    const uint64_t wanted = (uint64_t)hp_dicom_frame_bytes(image) * (uint64_t)image->frames;
    image->pixel_offset = header->pixel_offset;
    image->pixel_length = header->pixel_present;
    if (image->syntax != HP_SYNTAX_NATIVE) {
        if (!header->is_undefined)
            return hp_bad_file(error, "its pixels are declared compressed (%s) but lie there plain",
                               image->syntax_uid);
        return true;
    }
    if (header->is_undefined)
        return hp_bad_file(error, "its pixels are declared plain but lie there in compressed form");
    if (header->pixel_present < header->pixel_declared)
        return hp_bad_file(error, "pixel data claims %" G_GUINT64_FORMAT " bytes, %zu are present",
                           header->pixel_declared, header->pixel_present);
    if (header->pixel_present < wanted)
        return hp_bad_file(error, "pixel data is short: %zu bytes, expected %" G_GUINT64_FORMAT,
                           header->pixel_present, wanted);
    if (header->pixel_present >= wanted + hp_dicom_frame_bytes(image))
        header->odd |= HP_ODD_FRAMES;
    return true;
}

static void keep_texts(const Header *header, HpDicomImage *image)
{
    const Raw *date = header->acquisition_date.length >= 8 ? &header->acquisition_date
                      : header->series_date.length >= 8    ? &header->series_date
                                                           : &header->study_date;
    char type[24] = "";
    text_part(&header->series_uid, 0, image->series_uid, sizeof image->series_uid);
    text_part(&header->sop_uid, 0, image->sop_uid, sizeof image->sop_uid);
    text_part(&header->sop_class, 0, image->sop_class, sizeof image->sop_class);
    text(header, &header->modality, image->modality, sizeof image->modality);
    text(header, &header->description, image->description, sizeof image->description);
    text(header, &header->study, image->study_description, sizeof image->study_description);
    text(header, &header->kernel, image->kernel, sizeof image->kernel);
    text(header, &header->agent, image->phase, sizeof image->phase);
    text(header, date, image->date, sizeof image->date);
    text_part(&header->image_type, 2, type, sizeof type);
    image->is_localizer = strcmp(type, "LOCALIZER") == 0;
    image->series_number = number_or(&header->series_number, 0);
    image->acquisition_number = number_or(&header->acquisition, 0);
    image->instance_number = number_or(&header->instance, 0);
    image->thickness_mm = header->top.thickness_mm;
    image->spacing_between_mm = header->top.spacing_between_mm;
    image->slice_location_mm = decimal(&header->location, 0);
    image->time = decimal(&header->temporal, 0);
    if (isnan(image->time))
        image->time = decimal(&header->trigger, 0);
}

static bool judge(Header *header, HpDicomImage *image, GArray *frames, GError **error)
{
    keep_texts(header, image);
    header->top.time = image->time;
    const bool is_fine = judge_kind(header, image, error) &&
                         judge_side(&header->rows, "Rows", &image->rows, error) &&
                         judge_side(&header->columns, "Columns", &image->columns, error) &&
                         judge_bits(header, image, error) && judge_frames(header, image, error) &&
                         judge_rescale(header, &header->top, error) &&
                         judge_pixels(header, image, error) &&
                         judge_geometry(header, image, frames, error);
    judge_padding(header, image);
    image->odd = header->odd;
    return is_fine;
}

// ---- the file ----------------------------------------------------------------------------------

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
        const Raw raw = {element.value, element.length, "", false};
        if (element.tag == HP_TAG(0x0002, 0x0010))
            text_part(&raw, 0, uid, room);
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
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, "transfer syntax %s is not supported",
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
        return size == 0 ? hp_bad_file(error, "the file is empty")
                         : unsupported(error, "not a DICOM file");
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

    Header header = {.top = unknown_frame(), .shared = unknown_frame()};
    header.frames_array = file->frames;
    const bool is_big = image->is_big_endian && !is_implicit;
    int odd = 0;
    const HpDataSet set = sniff(file->data, file->size, at, is_implicit, is_big, &odd);
    if (image->syntax_uid[0] != '\0')
        header.odd |= odd;
    if (!is_implicit || set.is_explicit)
        image->is_big_endian = set.is_big_endian;
    if (!hp_data_set_walk(&set, at, gather_cb, &header, error))
        return false;
    return judge(&header, image, file->frames, error);
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
