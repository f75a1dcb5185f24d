// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of DICOM, with its decoders, as it runs in the decoding child; and what
// the program makes of the headers that pass.
#include "fuzz/fuzz.h"

#include "io/cells.h"
#include "io/dicom_frame.h"
#include "io/dicom_stack.h"
#include "support/dicom.h"

#define MAX_SAMPLES ((size_t)1 << 22) // of an input: larger pictures are slow, not different
#define MAX_FRAMES 16

static bool decode_frames(const HpDicomFile *file, const HpFrameIndex *index)
{
    const HpDicomImage *image = &file->image;
    const size_t pixels = (size_t)image->columns * (size_t)image->rows;
    if (pixels > MAX_SAMPLES)
        return false;
    g_autofree void *cells = g_malloc(hp_dicom_frame_bytes(image));
    g_autofree int16_t *hu = g_new(int16_t, pixels);
    for (int frame = 0; frame < MIN(image->frames, MAX_FRAMES); frame++) {
        g_autoptr(GError) error = NULL;
        HpCellRange range = hp_cell_range_none();
        if (!hp_frame_decode(index, file, frame, cells, &error)) {
            g_assert(error != NULL);
            return false;
        }
        hp_cells_to_int16(image, &g_array_index(file->frames, HpDicomFrame, frame), cells,
                          image->is_big_endian, hu, &range);
    }
    return true;
}

static bool read_file(const HpDicomFile *file)
{
    HpFrameIndex index;
    g_autoptr(GError) error = NULL;
    int odd = 0;
    const bool is_read = hp_frame_index(&index, file, &error) &&
                         hp_frame_check(&index, file, 0, &odd, &error) &&
                         decode_frames(file, &index);
    hp_frame_index_clear(&index);
    return is_read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HpDicomFile file;
    g_autoptr(GError) error = NULL;
    bool is_read = hp_dicom_file_read(&file, data, size, &error);
    g_assert(is_read == (error == NULL));
    if (is_read) {
        const HpDicomStackFile view = {"input", &file.image,
                                       (HpDicomFrame *)(void *)file.frames->data};
        g_autoptr(GPtrArray) stacks = hp_dicom_stacks_find(&view, 1);
        g_assert(stacks->len > 0);
        is_read = read_file(&file);
    }
    hp_dicom_file_clear(&file);
    return is_read ? 0 : -1;
}

// Two frames of an enhanced image, with their places in sequences.
static void make_enhanced(Dicom *dicom)
{
    g_autoptr(GByteArray) frames = g_byte_array_new();
    for (int k = 0; k < 2; k++) {
        g_autoptr(Dicom) place = dicom_new_empty(), groups = dicom_new_empty();
        dicom_set_place(place, 0, 0, 3 * k);
        g_autoptr(GByteArray) item = dicom_item(place);
        dicom_set_bytes(groups, 0x00209113, "SQ", item->data, item->len);
        g_autoptr(GByteArray) frame = dicom_item(groups);
        g_byte_array_append(frames, frame->data, frame->len);
    }
    dicom_set_bytes(dicom, 0x52009230, "SQ", frames->data, frames->len);
    dicom_set_text(dicom, 0x00280008, "IS", "2");
    dicom_set_pixels(dicom, 2, dicom_stored);
}

GByteArray *fuzz_seed(int number)
{
    static const char *const codecs[] = {"RLE", "JPEG", "JPEG-LS", "J2K"};
    g_autoptr(Dicom) dicom = dicom_new(0);
    if (number == 1)
        make_enhanced(dicom);
    else if (number >= 2 && number < 2 + (int)G_N_ELEMENTS(codecs))
        dicom_compress(dicom, codecs[number - 2]);
    else if (number != 0)
        return NULL;
    return dicom_bytes(dicom);
}
