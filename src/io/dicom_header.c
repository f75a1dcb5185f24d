// SPDX-License-Identifier: Apache-2.0
// Judges what a data set says of its image, and refuses what cannot be a picture in grey.
#include "io/dicom_header.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "io/bad_file.h"
#include "io/dicom_elements.h"
#include "io/dicom_text.h"

#define MAX_SIDE 16384 // pixels; a CT has 512 to 2048

// No codec gains more than some hundredfold on a series; more in a large file is a bomb.
#define UNPACKED_BYTES ((uint64_t)256 << 20)
#define UNPACKED_RATIO 1000

static bool unsupported(GError **error, const char *message)
{
    g_set_error_literal(error, HP_ERROR, HP_ERROR_UNSUPPORTED, message);
    return false;
}

static void text(const HpDicomElements *header, const HpDicomValue *raw, char *out, size_t room)
{
    char character_set[128] = "";
    if (header->character_set.value != NULL) {
        const size_t length = MIN(header->character_set.length, sizeof character_set - 1);
        memcpy(character_set, header->character_set.value, length);
    }
    if (raw->value != NULL && !hp_dicom_value_is_sequence(raw))
        hp_dicom_text(raw->value, raw->length, character_set, out, room);
}

static bool judge_kind(HpDicomElements *header, HpDicomImage *image, GError **error)
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
    hp_dicom_value_part(&header->photometric, 0, photometric, sizeof photometric);
    if (header->samples.value != NULL && !hp_dicom_value_whole(&header->samples, false, &samples))
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

static bool judge_side(const HpDicomValue *raw, const char *name, int32_t *out, GError **error)
{
    int64_t side;
    if (raw->value == NULL)
        return hp_bad_file(error, "%s is missing", name);
    if (!hp_dicom_value_whole(raw, false, &side))
        return hp_bad_file(error, "%s is not a number", name);
    if (side < 1 || side > MAX_SIDE)
        return hp_bad_file(error, "%s is %" G_GINT64_FORMAT ", expected 1 to %d", name, side,
                           MAX_SIDE);
    *out = (int32_t)side;
    return true;
}

static bool judge_frames(HpDicomElements *header, HpDicomImage *image, GError **error)
{
    int64_t frames = 1;
    char part[8];
    if (hp_dicom_value_part(&header->frames, 0, part, sizeof part) &&
        !hp_dicom_value_whole(&header->frames, true, &frames))
        return hp_bad_file(error, "NumberOfFrames is not a number");
    if (frames == 0) {
        frames = 1;
        header->odd |= HP_ODD_FRAMES;
    }
    if (frames < 1 || frames > HP_DICOM_MAX_FRAMES)
        return hp_bad_file(error, "NumberOfFrames is %" G_GINT64_FORMAT ", expected 1 to %d",
                           frames, HP_DICOM_MAX_FRAMES);
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

static bool judge_bits(const HpDicomElements *header, HpDicomImage *image, GError **error)
{
    int64_t allocated, stored, high, sign = 0;
    if (!hp_dicom_value_whole(&header->allocated, false, &allocated))
        return hp_bad_file(error, "BitsAllocated is missing");
    if (allocated != 8 && allocated != 16 && allocated != 32) {
        g_set_error(error, HP_ERROR,
                    allocated == 1 || allocated == 12 ? HP_ERROR_UNSUPPORTED : HP_ERROR_BAD_FILE,
                    "BitsAllocated is %" G_GINT64_FORMAT ", expected 8, 16 or 32", allocated);
        return false;
    }
    if (!hp_dicom_value_whole(&header->stored, false, &stored))
        stored = allocated;
    if (!hp_dicom_value_whole(&header->high, false, &high))
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
    if (header->sign.value != NULL &&
        (!hp_dicom_value_whole(&header->sign, false, &sign) || sign > 1))
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
static void judge_padding(const HpDicomElements *header, HpDicomImage *image)
{
    int64_t value, limit;
    if (!hp_dicom_value_whole(&header->padding, false, &value))
        return;
    if (!hp_dicom_value_whole(&header->padding_limit, false, &limit))
        limit = value;
    if (image->is_signed) {
        value = header->padding.length == 2 ? (int16_t)value : (int32_t)value;
        limit = header->padding_limit.length == 4 ? (int32_t)limit : (int16_t)limit;
    }
    image->has_padding = true;
    image->padding_low = MIN(value, limit);
    image->padding_high = MAX(value, limit);
}

static bool judge_rescale(HpDicomElements *header, HpDicomFrame *frame, GError **error)
{
    char part[8];
    const bool has_slope = hp_dicom_value_part(&header->slope, 0, part, sizeof part);
    const bool has_intercept = hp_dicom_value_part(&header->intercept, 0, part, sizeof part);
    frame->slope = has_slope ? hp_dicom_value_decimal(&header->slope, 0) : NAN;
    frame->intercept = has_intercept ? hp_dicom_value_decimal(&header->intercept, 0) : NAN;
    if (header->slope.value != NULL && !has_slope)
        header->odd |= HP_ODD_SLOPE;
    if (has_slope && isnan(frame->slope))
        return hp_bad_file(error, "RescaleSlope is not a number");
    if (has_intercept && isnan(frame->intercept))
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

static bool judge_geometry(HpDicomElements *header, const HpDicomImage *image, GArray *frames,
                           GError **error)
{
    const guint given = frames->len;
    if (given > 0 && given < (guint)image->frames)
        header->odd |= HP_ODD_PER_FRAME;
    for (guint n = given; n < (guint)image->frames; n++) {
        const HpDicomFrame unknown = hp_dicom_frame_unknown();
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
        if (isnan(frame->slope) && isnan(frame->intercept))
            header->odd |= HP_ODD_UNSCALED;
        frame->slope = isnan(frame->slope) ? 1 : frame->slope;
        frame->intercept = isnan(frame->intercept) ? 0 : frame->intercept;
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

static bool judge_pixels(HpDicomElements *header, HpDicomImage *image, size_t file_size,
                         GError **error)
{
    const uint64_t wanted = (uint64_t)hp_dicom_frame_bytes(image) * (uint64_t)image->frames;
    image->pixel_offset = header->pixel_offset;
    image->pixel_length = header->pixel_present;
    if (header->has_byte_pixels)
        image->is_big_endian = false;
    if (image->is_big_endian && hp_dicom_frame_bytes(image) % 2 == 1)
        return unsupported(error, "its pixels are half words of big endian words");
    if (image->syntax != HP_SYNTAX_NATIVE) {
        if (!header->is_undefined)
            return hp_bad_file(error, "its pixels are declared compressed (%s) but lie there plain",
                               image->syntax_uid);
        if (wanted > MAX(UNPACKED_BYTES, (uint64_t)UNPACKED_RATIO * file_size))
            return hp_bad_file(error,
                               "%" G_GUINT64_FORMAT " MB of pixels are declared in a file of "
                               "%zu bytes",
                               wanted >> 20, file_size);
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

static void keep_texts(const HpDicomElements *header, HpDicomImage *image)
{
    const HpDicomValue *date = header->acquisition_date.length >= 8 ? &header->acquisition_date
                               : header->series_date.length >= 8    ? &header->series_date
                                                                    : &header->study_date;
    char type[24] = "";
    hp_dicom_value_part(&header->series_uid, 0, image->series_uid, sizeof image->series_uid);
    hp_dicom_value_part(&header->sop_uid, 0, image->sop_uid, sizeof image->sop_uid);
    hp_dicom_value_part(&header->sop_class, 0, image->sop_class, sizeof image->sop_class);
    text(header, &header->modality, image->modality, sizeof image->modality);
    text(header, &header->description, image->description, sizeof image->description);
    text(header, &header->study, image->study_description, sizeof image->study_description);
    text(header, &header->kernel, image->kernel, sizeof image->kernel);
    text(header, &header->agent, image->phase, sizeof image->phase);
    text(header, date, image->date, sizeof image->date);
    hp_dicom_value_part(&header->image_type, 2, type, sizeof type);
    image->is_localizer = strcmp(type, "LOCALIZER") == 0;
    image->series_number = hp_dicom_value_number_or(&header->series_number, 0);
    image->acquisition_number = hp_dicom_value_number_or(&header->acquisition, 0);
    image->instance_number = hp_dicom_value_number_or(&header->instance, 0);
    image->thickness_mm = header->top.thickness_mm;
    image->spacing_between_mm = header->top.spacing_between_mm;
    image->slice_location_mm = hp_dicom_value_decimal(&header->location, 0);
    image->time = hp_dicom_value_decimal(&header->temporal, 0);
    if (isnan(image->time))
        image->time = hp_dicom_value_decimal(&header->trigger, 0);
}

static bool judge(HpDicomElements *header, HpDicomImage *image, GArray *frames, size_t file_size,
                  GError **error)
{
    keep_texts(header, image);
    header->top.time = image->time;
    const bool is_fine = judge_kind(header, image, error) &&
                         judge_side(&header->rows, "Rows", &image->rows, error) &&
                         judge_side(&header->columns, "Columns", &image->columns, error) &&
                         judge_bits(header, image, error) && judge_frames(header, image, error) &&
                         judge_rescale(header, &header->top, error) &&
                         judge_pixels(header, image, file_size, error) &&
                         judge_geometry(header, image, frames, error);
    judge_padding(header, image);
    image->odd = header->odd;
    return is_fine;
}

bool hp_dicom_header_read(HpDicomImage *image, GArray *frames, const HpDataSet *set, size_t start,
                          int odd, GError **error)
{
    HpDicomElements header;
    if (!hp_dicom_elements_gather(&header, set, start, frames, error))
        return false;
    header.odd |= odd;
    return judge(&header, image, frames, set->size, error);
}
