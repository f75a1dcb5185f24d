// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of DICOM. Headers are read here, where a sanitizer sees all; frames are
// decoded in the decoding child, as the program does it.
//
// A decoder that fails its own assertion ends the child, which is what the child is for: such an
// input is refused, and told. Any other death of the child is a crash.
#include "fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "io/cells.h"
#include "io/child.h"
#include "io/dicom_frame.h"
#include "io/dicom_stack.h"
#include "support/dicom.h"
#include "support/picture.h"

#define MAX_SAMPLES ((size_t)1 << 22) // of an input: larger pictures are slow, not different
#define MAX_FRAMES 16

static HpChild *child; // of this process; ends with it

static void check_death(const GError *error)
{
    static const char words[] = "the decoder was stopped by it (";
    const char *cause = strstr(error->message, words);
    if (cause == NULL)
        return;
    g_print("# %s\n", error->message);
    if (!g_str_has_prefix(cause + sizeof words - 1, "Aborted"))
        g_error("%s", error->message);
}

static bool decode_frames(const HpDicomFile *file, HpBytes bytes)
{
    const HpDicomImage *image = &file->image;
    const size_t pixels = (size_t)image->columns * (size_t)image->rows;
    if (pixels > MAX_SAMPLES)
        return false;
    g_autofree int16_t *hu = g_new(int16_t, pixels);
    for (int frame = 0; frame < MIN(image->frames, MAX_FRAMES); frame++) {
        g_autoptr(GError) error = NULL;
        HpCellRange range = hp_cell_range_none();
        const void *cells = hp_child_read_frame(child, bytes, 0, image, frame, NULL, &error);
        if (cells == NULL) {
            check_death(error);
            return false;
        }
        hp_cells_to_int16(image, &g_array_index(file->frames, HpDicomFrame, frame), cells,
                          image->is_big_endian, hu, &range);
    }
    return true;
}

// What the program does with a file, by way of the child.
static bool read_by_child(const HpDicomFile *file, const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    HpDicomImage image;
    HpDicomFrame *frames = NULL;
    if (child == NULL)
        child = hp_child_new();
    const int fd = memfd_create("input", MFD_CLOEXEC);
    const HpBytes bytes = {fd, 0, size};
    g_assert(write(fd, data, size) == (ssize_t)size);
    bool is_read = hp_child_read_header(child, bytes, &image, &frames, NULL, &error);
    if (!is_read) {
        check_death(error);
    } else {
        const HpDicomStackFile view = {"input", &image, frames};
        g_autoptr(GPtrArray) stacks = hp_dicom_stacks_find(&view, 1);
        g_assert(stacks->len > 0);
        is_read = decode_frames(file, bytes);
    }
    g_free(frames);
    close(fd);
    return is_read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HpDicomFile file;
    g_autoptr(GError) error = NULL;
    HpFrameIndex index = {NULL, NULL};
    int odd = 0;
    bool is_read = hp_dicom_file_read(&file, data, size, &error) &&
                   hp_frame_index(&index, &file, &error) &&
                   hp_frame_check(&index, &file, 0, &odd, &error);
    g_assert(is_read == (error == NULL));
    is_read = is_read && read_by_child(&file, data, size);
    hp_frame_index_clear(&index);
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

// Real and odd files of the corpus, where it is there: other writers, encodings and codecs.
static GByteArray *corpus_seed(guint number)
{
    static const char *const names[] = {
        "transfer-syntax/MR_small_implicit.dcm",
        "transfer-syntax/MR_small_bigendian.dcm",
        "transfer-syntax/MR_small_RLE.dcm",
        "transfer-syntax/MR_small_jp2klossless.dcm",
        "transfer-syntax/own-deflated-ok.dcm",
        "transfer-syntax/JPEGBaseline_1s_1f_u_08_08.dcm",
        "transfer-syntax/JPEGLSNearLossless_16.dcm",
        "transfer-syntax/JLSL_16_15_1_1F.dcm",
        "transfer-syntax/JPEG-lossy.dcm",
        "transfer-syntax/NM1_JPH",
        "multiframe/own-enhanced-ct.dcm",
        "multiframe/own-enhanced-ct-implicit.dcm",
        "charset/own-japanese-iso2022-87.dcm",
        "charset/own-gb18030.dcm",
        "pixel/own-32bit-unsigned.dcm",
        "hostile/nest-50.dcm",
    };
    g_autofree char *material = material_dup_path();
    if (material == NULL || number >= G_N_ELEMENTS(names))
        return NULL;
    g_autofree char *path = g_build_filename(material, "dicom", names[number], NULL);
    char *bytes = NULL;
    gsize size = 0;
    return g_file_get_contents(path, &bytes, &size, NULL)
               ? g_byte_array_new_take((uint8_t *)bytes, size)
               : NULL;
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
        return corpus_seed((guint)number - 2 - G_N_ELEMENTS(codecs));
    return dicom_bytes(dicom);
}
