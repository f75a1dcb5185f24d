// SPDX-License-Identifier: Apache-2.0
// Decodes one compressed frame with DCMTK: RLE, JPEG and JPEG-LS.
#include "io/dicom_shim.h"

#include <cstring>
#include <exception>
#include <new>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include "core/error.h"

static bool fail(GError **error, HpError code, const char *fact)
{
    g_set_error(error, HP_ERROR, code, "the frame could not be decoded: %s", fact);
    return false;
}

static void register_once()
{
    static bool is_registered = false;
    if (is_registered)
        return;
    OFLog::configure(
        OFLogger::OFF_LOG_LEVEL); // its messages may hold what the file says of a person
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    DcmRLEDecoderRegistration::registerCodecs();
    is_registered = true;
}

// The pixel module of one frame, with the codestream as its only fragment.
static bool fill(DcmDataset &set, const HpDicomImage *image, const uint8_t *codestream, size_t size)
{
    set.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    set.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    set.putAndInsertString(DCM_NumberOfFrames, "1");
    set.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(image->rows));
    set.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(image->columns));
    set.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(image->bits_allocated));
    set.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(image->bits_stored));
    set.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(image->high_bit));
    set.putAndInsertUint16(DCM_PixelRepresentation, static_cast<Uint16>(image->is_signed));

    DcmPixelSequence *sequence = new DcmPixelSequence(DcmTag(DCM_PixelData, EVR_OB));
    DcmPixelData *pixels = new DcmPixelData(DcmTag(DCM_PixelData, EVR_OB));
    // From here on `pixels` owns the sequence and the set owns `pixels`.
    pixels->putOriginalRepresentation(DcmXfer(image->syntax_uid).getXfer(), nullptr, sequence);
    if (set.insert(pixels, OFTrue).bad()) {
        delete pixels;
        return false;
    }
    DcmPixelItem *table = new DcmPixelItem(DcmTag(DCM_Item, EVR_OB));
    DcmPixelItem *fragment = new DcmPixelItem(DcmTag(DCM_Item, EVR_OB));
    sequence->insert(table);
    sequence->insert(fragment);
    return fragment->putUint8Array(codestream, static_cast<unsigned long>(size)).good();
}

// Copies samples of `bits` per cell into cells of the image's size.
static void copy_cells(const HpDicomImage *image, const DcmElement &, const Uint8 *bytes,
                       const Uint16 *words, void *cells)
{
    const size_t count = hp_dicom_frame_bytes(image) / hp_dicom_cell_bytes(image);
    if (bytes != nullptr && image->bits_allocated == 16) {
        for (size_t n = 0; n < count; n++)
            static_cast<uint16_t *>(cells)[n] = bytes[n];
    } else {
        memcpy(cells, bytes != nullptr ? static_cast<const void *>(bytes) : words,
               hp_dicom_frame_bytes(image));
    }
}

static bool decode(const HpDicomImage *image, const uint8_t *codestream, size_t size, void *cells,
                   GError **error)
{
    register_once();
    DcmDataset set;
    if (!fill(set, image, codestream, size))
        return fail(error, HP_ERROR_NO_MEMORY, "no memory");
    const OFCondition done = set.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
    if (done.bad())
        return fail(error, HP_ERROR_BAD_FILE, done.text());

    Uint16 rows = 0, columns = 0, allocated = 0;
    set.findAndGetUint16(DCM_Rows, rows);
    set.findAndGetUint16(DCM_Columns, columns);
    set.findAndGetUint16(DCM_BitsAllocated, allocated);
    DcmElement *element = nullptr;
    const Uint8 *bytes = nullptr;
    const Uint16 *words = nullptr;
    unsigned long present = 0;
    if (rows != image->rows || columns != image->columns || allocated > image->bits_allocated ||
        set.findAndGetElement(DCM_PixelData, element).bad())
        return fail(error, HP_ERROR_BAD_FILE, "it is another picture than the header says");
    // Pixels come as words (OW), also those of 8 bits; look at them as cells of `allocated` bits.
    if (set.findAndGetUint16Array(DCM_PixelData, words, &present).good() && words != nullptr)
        present *= 2;
    else if (set.findAndGetUint8Array(DCM_PixelData, bytes, &present).bad() || bytes == nullptr)
        return fail(error, HP_ERROR_BAD_FILE, "no samples came out");
    const size_t wanted = static_cast<size_t>(rows) * columns * (allocated / 8);
    if (present < wanted || present > wanted + 1)
        return fail(error, HP_ERROR_BAD_FILE, "it gives another number of samples");
    if (allocated == 8 && words != nullptr) {
        bytes = reinterpret_cast<const Uint8 *>(words);
        words = nullptr;
    }
    copy_cells(image, *element, bytes, words, cells);
    return true;
}

bool hp_dicom_shim_decode(const HpDicomImage *image, const uint8_t *codestream, size_t size,
                          void *cells, GError **error)
{
    try {
        return decode(image, codestream, size, cells, error);
    } catch (const std::bad_alloc &) {
        return fail(error, HP_ERROR_NO_MEMORY, "no memory");
    } catch (const std::exception &exception) {
        return fail(error, HP_ERROR_BAD_FILE, exception.what());
    } catch (...) {
        return fail(error, HP_ERROR_BAD_FILE, "unknown fault");
    }
}
