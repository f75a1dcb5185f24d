// SPDX-License-Identifier: Apache-2.0
// Gathers the elements of a data set that say something of its image, without judging them.
#include "io/dicom_elements.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define MAX_PLACE_MM 1e6   // a position further out is a fault, not a patient
#define MAX_SPACING_MM 1e3 // so is a pixel of a metre
#define MIN_SPACING_MM 1e-4

#define SHARED_GROUPS HP_TAG(0x5200, 0x9229)
#define PER_FRAME_GROUPS HP_TAG(0x5200, 0x9230)

HpDicomFrame hp_dicom_frame_unknown(void)
{
    HpDicomFrame frame;
    double *number = (double *)&frame; // the record is nothing but numbers
    for (size_t n = 0; n < sizeof frame / sizeof *number; n++)
        number[n] = NAN;
    return frame;
}

// Geometry and rescale, wherever they stand.
static void gather_frame(HpDicomElements *header, uint32_t tag, const HpDicomValue *raw,
                         HpDicomFrame *frame)
{
    switch (tag) {
    case HP_TAG(0x0020, 0x0032):
        if (!hp_dicom_value_decimals(raw, 3, frame->position_mm) ||
            fabs(frame->position_mm[0]) > MAX_PLACE_MM ||
            fabs(frame->position_mm[1]) > MAX_PLACE_MM ||
            fabs(frame->position_mm[2]) > MAX_PLACE_MM) {
            frame->position_mm[0] = NAN;
            header->odd |= HP_ODD_POSITION;
        }
        break;
    case HP_TAG(0x0020, 0x0037):
        if (!hp_dicom_value_decimals(raw, 6, frame->orientation)) {
            frame->orientation[0] = NAN;
            header->odd |= HP_ODD_ORIENTATION;
        }
        break;
    case HP_TAG(0x0028, 0x0030): {
        double rows_columns[2];
        const bool is_pair = hp_dicom_value_decimals(raw, 2, rows_columns);
        const bool is_usable = is_pair && MIN(rows_columns[0], rows_columns[1]) >= MIN_SPACING_MM &&
                               MAX(rows_columns[0], rows_columns[1]) <= MAX_SPACING_MM;
        frame->spacing_mm[0] = is_usable ? rows_columns[1] : NAN;
        frame->spacing_mm[1] = is_usable ? rows_columns[0] : NAN;
        break;
    }
    case HP_TAG(0x0018, 0x0050):
        frame->thickness_mm = hp_dicom_value_decimal(raw, 0);
        break;
    case HP_TAG(0x0018, 0x0088):
        frame->spacing_between_mm = hp_dicom_value_decimal(raw, 0);
        break;
    default:
        break;
    }
}

// Slope and intercept of a functional group; an unreadable one is a fault found later (inf).
static void gather_rescale(uint32_t tag, const HpDicomValue *raw, HpDicomFrame *frame)
{
    char part[8];
    double *out = tag == HP_TAG(0x0028, 0x1053)   ? &frame->slope
                  : tag == HP_TAG(0x0028, 0x1052) ? &frame->intercept
                                                  : NULL;
    if (out == NULL || !hp_dicom_value_part(raw, 0, part, sizeof part))
        return;
    *out = hp_dicom_value_decimal(raw, 0);
    if (isnan(*out))
        *out = INFINITY;
}

// An element inside the functional groups of an enhanced image.
static void gather_group(HpDicomElements *header, const HpElement *element, const HpDicomValue *raw)
{
    HpDicomFrame *frame = &header->shared;
    if (element->path[0] == PER_FRAME_GROUPS) {
        const guint index = (guint)element->item[0];
        if (index >= HP_DICOM_MAX_FRAMES)
            return;
        while (header->frames_array->len <= index) {
            const HpDicomFrame unknown = hp_dicom_frame_unknown();
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
        if (element->tag == HP_TAG(0x0020, 0x9128) && hp_dicom_value_whole(raw, false, &index))
            frame->time = (double)index;
        break;
    }
    default:
        break;
    }
}

// Elements of the outermost level, and where each is kept.
static const struct {
    uint32_t tag;
    size_t slot;
} slots[] = {
    {HP_TAG(0x0008, 0x0005), offsetof(HpDicomElements, character_set)},
    {HP_TAG(0x0008, 0x0008), offsetof(HpDicomElements, image_type)},
    {HP_TAG(0x0008, 0x0016), offsetof(HpDicomElements, sop_class)},
    {HP_TAG(0x0008, 0x0018), offsetof(HpDicomElements, sop_uid)},
    {HP_TAG(0x0008, 0x0020), offsetof(HpDicomElements, study_date)},
    {HP_TAG(0x0008, 0x0021), offsetof(HpDicomElements, series_date)},
    {HP_TAG(0x0008, 0x0022), offsetof(HpDicomElements, acquisition_date)},
    {HP_TAG(0x0008, 0x0060), offsetof(HpDicomElements, modality)},
    {HP_TAG(0x0008, 0x1030), offsetof(HpDicomElements, study)},
    {HP_TAG(0x0008, 0x103e), offsetof(HpDicomElements, description)},
    {HP_TAG(0x0018, 0x0010), offsetof(HpDicomElements, agent)},
    {HP_TAG(0x0018, 0x1060), offsetof(HpDicomElements, trigger)},
    {HP_TAG(0x0018, 0x1210), offsetof(HpDicomElements, kernel)},
    {HP_TAG(0x0020, 0x000e), offsetof(HpDicomElements, series_uid)},
    {HP_TAG(0x0020, 0x0011), offsetof(HpDicomElements, series_number)},
    {HP_TAG(0x0020, 0x0012), offsetof(HpDicomElements, acquisition)},
    {HP_TAG(0x0020, 0x0013), offsetof(HpDicomElements, instance)},
    {HP_TAG(0x0020, 0x0100), offsetof(HpDicomElements, temporal)},
    {HP_TAG(0x0020, 0x1041), offsetof(HpDicomElements, location)},
    {HP_TAG(0x0028, 0x0002), offsetof(HpDicomElements, samples)},
    {HP_TAG(0x0028, 0x0004), offsetof(HpDicomElements, photometric)},
    {HP_TAG(0x0028, 0x0008), offsetof(HpDicomElements, frames)},
    {HP_TAG(0x0028, 0x0009), offsetof(HpDicomElements, frame_pointer)},
    {HP_TAG(0x0028, 0x0010), offsetof(HpDicomElements, rows)},
    {HP_TAG(0x0028, 0x0011), offsetof(HpDicomElements, columns)},
    {HP_TAG(0x0028, 0x0100), offsetof(HpDicomElements, allocated)},
    {HP_TAG(0x0028, 0x0101), offsetof(HpDicomElements, stored)},
    {HP_TAG(0x0028, 0x0102), offsetof(HpDicomElements, high)},
    {HP_TAG(0x0028, 0x0103), offsetof(HpDicomElements, sign)},
    {HP_TAG(0x0028, 0x0120), offsetof(HpDicomElements, padding)},
    {HP_TAG(0x0028, 0x0121), offsetof(HpDicomElements, padding_limit)},
    {HP_TAG(0x0028, 0x1052), offsetof(HpDicomElements, intercept)},
    {HP_TAG(0x0028, 0x1053), offsetof(HpDicomElements, slope)},
};

static void keep(HpDicomElements *header, uint32_t tag, const HpDicomValue *raw)
{
    for (size_t n = 0; n < G_N_ELEMENTS(slots); n++)
        if (slots[n].tag == tag)
            memcpy((uint8_t *)header + slots[n].slot, raw, sizeof *raw);
}

static bool gather_cb(const HpElement *element, void *data)
{
    HpDicomElements *header = data;
    HpDicomValue raw = {element->value, element->length, "", element->is_big_endian};
    memcpy(raw.vr, element->vr, sizeof raw.vr);
    if (element->depth == 2 &&
        (element->path[0] == SHARED_GROUPS || element->path[0] == PER_FRAME_GROUPS))
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
        header->has_byte_pixels = strcmp(element->vr, "OB") == 0;
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
    keep(header, element->tag, &raw);
    return true;
}

bool hp_dicom_elements_gather(HpDicomElements *header, const HpDataSet *set, size_t start,
                              GArray *frames, GError **error)
{
    memset(header, 0, sizeof *header);
    header->top = header->shared = hp_dicom_frame_unknown();
    header->frames_array = frames;
    return hp_data_set_walk(set, start, gather_cb, header, error);
}
