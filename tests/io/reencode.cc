// SPDX-License-Identifier: Apache-2.0
// Files of the corpus, written again by DCMTK in its other encodings, read the same. (Not
// JPEG-LS: its encoder stops the program at samples with rubbish above the stored bits.)
#include <cstring>
#include <string>
#include <vector>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/dcmdata/dcrledrg.h>

#include "io/series.h"
#include "support/folder.h"
#include "support/picture.h"

#define MAX_BYTES 400000 // of a file: enough of them are small

struct Encoding {
    const char *name;
    E_TransferSyntax syntax;
    E_EncodingType sequences; // with or without their lengths
    bool has_meta;
};

static const Encoding encodings[] = {
    {"implicit", EXS_LittleEndianImplicit, EET_ExplicitLength, true},
    {"implicit_without_meta", EXS_LittleEndianImplicit, EET_UndefinedLength, false},
    {"explicit_undefined_lengths", EXS_LittleEndianExplicit, EET_UndefinedLength, true},
    {"explicit_without_meta", EXS_LittleEndianExplicit, EET_ExplicitLength, false},
    {"big_endian", EXS_BigEndianExplicit, EET_ExplicitLength, true},
    {"deflated", EXS_DeflatedLittleEndianExplicit, EET_ExplicitLength, true},
    {"rle", EXS_RLELossless, EET_ExplicitLength, true},
    {"jpeg", EXS_JPEGProcess14SV1, EET_UndefinedLength, true},
};

struct Original {
    std::string path, sha256;
};

static std::vector<Original> originals;

// Rows that must load and have a checksum, of single files that are small.
static void read_index(const char *material)
{
    g_autofree char *index = g_build_filename(material, "dicom", "INDEX.tsv", nullptr);
    g_autofree char *text = nullptr;
    g_assert_true(g_file_get_contents(index, &text, nullptr, nullptr));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int n = 1; lines[n] != nullptr && lines[n][0] != '\0'; n++) {
        g_auto(GStrv) cells = g_strsplit(lines[n], "\t", -1);
        g_autofree char *path = g_build_filename(material, "dicom", cells[0], nullptr);
        g_autofree char *bytes = nullptr;
        gsize size = 0;
        if (strcmp(cells[1], "file") == 0 && strcmp(cells[2], "load") == 0 &&
            cells[13][0] != '\0' && g_file_get_contents(path, &bytes, &size, nullptr) &&
            size < MAX_BYTES)
            originals.push_back({path, cells[13]});
    }
}

// False if DCMTK cannot: some files are in syntaxes it does not decode, or of bits it cannot pack.
static bool write_again(const Original &original, const Encoding &encoding, const char *path)
{
    DcmFileFormat file;
    if (file.loadFile(original.path.c_str()).bad() ||
        file.getDataset()->chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad() ||
        file.getDataset()->chooseRepresentation(encoding.syntax, nullptr).bad() ||
        !file.getDataset()->canWriteXfer(encoding.syntax))
        return false;
    return file
        .saveFile(path, encoding.syntax, encoding.sequences, EGL_recalcGL, EPD_noChange, 0, 0,
                  encoding.has_meta ? EWM_fileformat : EWM_dataset)
        .good();
}

static void reads_the_same(gconstpointer data)
{
    const Encoding &encoding = *static_cast<const Encoding *>(data);
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "again.dcm");
    int tried = 0;
    for (const Original &original : originals) {
        g_autoptr(GError) error = nullptr;
        HpSeriesValues values = {};
        if (!write_again(original, encoding, path))
            continue;
        g_autoptr(GPtrArray) found = hp_series_find(path, nullptr, &error);
        if (found != nullptr)
            hp_series_measure(static_cast<HpSeries *>(g_ptr_array_index(found, 0)), &values,
                              nullptr, &error);
        tried++;
        if (error != nullptr || original.sha256 != values.sha256) {
            g_test_message("%s: %s", original.path.c_str(),
                           error != nullptr ? error->message : "other values");
            g_test_fail();
        }
    }
    g_test_message("%d files", tried);
    g_assert_cmpint(tried, >, 30);
}

static void material_is_absent()
{
    g_test_skip("shared/material is not there");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, nullptr);
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DJDecoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
    DcmRLEDecoderRegistration::registerCodecs();
    DcmRLEEncoderRegistration::registerCodecs();
    g_autofree char *material = material_dup_path();
    if (material == nullptr)
        g_test_add_func("/reencode", material_is_absent);
    else
        read_index(material);
    for (const Encoding &encoding : encodings) {
        g_autofree char *name = g_strconcat("/reencode/", encoding.name, nullptr);
        if (material != nullptr)
            g_test_add_data_func(name, &encoding, reads_the_same);
    }
    return g_test_run();
}
