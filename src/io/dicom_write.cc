// SPDX-License-Identifier: Apache-2.0
// Writes a CT as a DICOM series: one explicit little endian file a slice, all or nothing.
//
// Attributes follow the CT Image module, DICOM PS3.3 A.3 and C.8.2. No DCMTK type or exception
// leaves this file.
#include "io/dicom_write.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <glib/gstdio.h>

#include "core/error.h"

namespace
{

// Decimal text of a DS value: at most 16 characters, a point whatever the locale.
std::string decimal(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.10g", value == 0 ? 0 : value); // -0 reads oddly
    return text;
}

std::string decimals(const double *values, int count)
{
    std::string text;
    for (int at = 0; at < count; at++)
        text += (at ? "\\" : "") + decimal(values[at]);
    return text;
}

// A UID of the form 2.25.N (DICOM PS3.5 B.2): N is 122 bits of a hash of `text`.
std::string uid_of(const std::string &text)
{
    g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(hash, reinterpret_cast<const guchar *>(text.data()), text.size());
    guint8 bytes[32];
    gsize length = sizeof bytes;
    g_checksum_get_digest(hash, bytes, &length);
    bytes[6] = (bytes[6] & 0x0f) | 0x80; // marked as a UUID of version 8, its content our own
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    unsigned __int128 number = 0;
    for (int at = 0; at < 16; at++)
        number = number << 8 | bytes[at];
    std::string digits;
    for (; number != 0; number /= 10)
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
    return "2.25." + digits;
}

void put(DcmItem &set, const DcmTagKey &tag, const std::string &value)
{
    const OFCondition done = set.putAndInsertString(tag, value.c_str());
    if (done.bad())
        throw std::string(done.text());
}

void put(DcmItem &set, const DcmTagKey &tag, const char *value)
{
    put(set, tag, std::string(value == nullptr ? "" : value));
}

void put(DcmItem &set, const DcmTagKey &tag, Uint16 value)
{
    const OFCondition done = set.putAndInsertUint16(tag, value);
    if (done.bad())
        throw std::string(done.text());
}

} // namespace

struct HpDicomWriter {
    HpGrid grid;
    HpDicomInfo info;
    std::string dir, working; // `working` lies beside `dir` and is renamed to it at the end
    std::string study_uid, series_uid, frame_uid;
    std::vector<bool> written;
    std::vector<Uint16> stored; // scratch of one slice
    bool is_finished = false;
};

HpDicomInfo hp_dicom_info_default(void)
{
    HpDicomInfo info = {};
    info.identity = "hepatica";
    info.patient_name = "Synthetic^Donor";
    info.patient_id = "SYNTHETIC";
    info.patient_sex = "O";
    info.study_description = "Abdomen";
    info.series_description = "CT";
    info.series_number = 1;
    info.lowest_hu = -1024;
    info.window_centre_hu = 60;
    info.window_width_hu = 400;
    return info;
}

static bool fail_io(const char *what, const std::string &path, const char *why, GError **error)
{
    g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: %s: %s", path.c_str(), what, why);
    return false;
}

static std::string file_name(int k)
{
    g_autofree char *name = g_strdup_printf("IM%04d.dcm", k + 1);
    return name;
}

// The text that UIDs are hashes of: identity and everything that places the voxels.
static std::string identity_of(const HpGrid *grid, const HpDicomInfo *info)
{
    std::string text = info->identity == nullptr ? "" : info->identity;
    for (int axis = 0; axis < 3; axis++)
        text += "|" + std::to_string(grid->size[axis]);
    text += "|" + decimals(grid->spacing_mm, 3) + "|" + decimals(grid->origin_mm, 3) + "|" +
            decimals(grid->directions, 9) + "|" + decimals(info->drift_mm, 2);
    return text;
}

// True if `dir` is absent or empty.
static bool is_free(const std::string &dir)
{
    g_autoptr(GDir) listing = g_dir_open(dir.c_str(), 0, nullptr);
    return listing != nullptr ? g_dir_read_name(listing) == nullptr
                              : !g_file_test(dir.c_str(), G_FILE_TEST_EXISTS);
}

static HpDicomWriter *writer_new(const HpGrid *grid, const HpDicomInfo *info, const char *dir,
                                 GError **error)
{
    if (!is_free(dir)) {
        fail_io("cannot write a series", dir, "it exists and is not an empty folder", error);
        return nullptr;
    }
    auto writer = new HpDicomWriter;
    writer->grid = *grid;
    writer->info = *info;
    writer->dir = dir;
    while (writer->dir.size() > 1 && writer->dir.back() == '/')
        writer->dir.pop_back();
    const std::string identity = identity_of(grid, info);
    writer->study_uid = uid_of("study|" + identity);
    writer->series_uid = uid_of("series|" + identity);
    writer->frame_uid = uid_of("frame|" + identity);
    writer->written.resize(grid->size[2]);
    writer->stored.resize(static_cast<size_t>(grid->size[0]) * grid->size[1]);
    writer->working = writer->dir + ".part-XXXXXX";
    if (g_mkdtemp_full(&writer->working[0], 0755) == nullptr) {
        fail_io("cannot make a folder", writer->working, g_strerror(errno), error);
        writer->working.clear();
        hp_dicom_writer_free(writer);
        return nullptr;
    }
    return writer;
}

HpDicomWriter *hp_dicom_writer_new(const HpGrid *grid, const HpDicomInfo *info, const char *dir,
                                   GError **error)
{
    if (!hp_grid_validate(grid, error))
        return nullptr;
    try {
        return writer_new(grid, info, dir, error);
    } catch (const std::exception &e) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "%s: %s", dir, e.what());
        return nullptr;
    }
}

static void put_identity(DcmItem &set, const HpDicomWriter *writer, int k)
{
    const HpDicomInfo &info = writer->info;
    put(set, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(set, DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
    put(set, DCM_SOPClassUID, UID_CTImageStorage);
    put(set, DCM_SOPInstanceUID,
        uid_of(writer->series_uid + "|" + std::to_string(k))); // hash of a hash: unique a slice
    put(set, DCM_StudyInstanceUID, writer->study_uid);
    put(set, DCM_SeriesInstanceUID, writer->series_uid);
    put(set, DCM_FrameOfReferenceUID, writer->frame_uid);
    put(set, DCM_PositionReferenceIndicator, "");
    put(set, DCM_StudyDate, "20200102"); // fixed: the same series is the same bytes
    put(set, DCM_SeriesDate, "20200102");
    put(set, DCM_AcquisitionDate, "20200102");
    put(set, DCM_ContentDate, "20200102");
    put(set, DCM_StudyTime, "093000");
    put(set, DCM_SeriesTime, "093500");
    put(set, DCM_AcquisitionTime, "093500");
    put(set, DCM_ContentTime, "093500");
    put(set, DCM_AccessionNumber, "");
    put(set, DCM_ReferringPhysicianName, "");
    put(set, DCM_Modality, "CT");
    put(set, DCM_Manufacturer, "Hepatica");
    put(set, DCM_ManufacturerModelName, "Synthetic donor");
    put(set, DCM_StudyID, "1");
    put(set, DCM_StudyDescription, info.study_description);
    put(set, DCM_SeriesDescription, info.series_description);
    put(set, DCM_SeriesNumber, std::to_string(info.series_number));
    put(set, DCM_InstanceNumber, std::to_string(k + 1));
    put(set, DCM_AcquisitionNumber, "1");
    put(set, DCM_PatientName, info.patient_name);
    put(set, DCM_PatientID, info.patient_id);
    put(set, DCM_PatientBirthDate, "");
    put(set, DCM_PatientSex, info.patient_sex);
    put(set, DCM_PatientPosition, "HFS");
    put(set, DCM_BodyPartExamined, "ABDOMEN");
    put(set, DCM_KVP, "120");
    if (info.contrast != nullptr)
        put(set, DCM_ContrastBolusAgent, info.contrast);
}

static void put_place(DcmItem &set, const HpDicomWriter *writer, int k)
{
    const HpGrid &grid = writer->grid;
    const double drift[3] = {writer->info.drift_mm[0], writer->info.drift_mm[1],
                             grid.spacing_mm[2]};
    double position[3], orientation[6];
    for (int axis = 0; axis < 3; axis++) {
        position[axis] = grid.origin_mm[axis];
        for (int along = 0; along < 3; along++)
            position[axis] += k * drift[along] * grid.directions[3 * axis + along];
        orientation[axis] = grid.directions[3 * axis];
        orientation[3 + axis] = grid.directions[3 * axis + 1];
    }
    const double pixel[2] = {grid.spacing_mm[1], grid.spacing_mm[0]}; // between rows, then columns
    const double thickness = writer->info.slice_thickness_mm;
    put(set, DCM_ImagePositionPatient, decimals(position, 3));
    put(set, DCM_ImageOrientationPatient, decimals(orientation, 6));
    put(set, DCM_PixelSpacing, decimals(pixel, 2));
    put(set, DCM_SliceThickness, decimal(thickness > 0 ? thickness : grid.spacing_mm[2]));
    put(set, DCM_SliceLocation, decimal(position[2]));
    put(set, DCM_GantryDetectorTilt, decimal(writer->info.tilt_deg));
}

static void put_pixels(DcmItem &set, const HpDicomWriter *writer)
{
    const HpDicomInfo &info = writer->info;
    put(set, DCM_SamplesPerPixel, static_cast<Uint16>(1));
    put(set, DCM_PhotometricInterpretation, "MONOCHROME2");
    put(set, DCM_Rows, static_cast<Uint16>(writer->grid.size[1]));
    put(set, DCM_Columns, static_cast<Uint16>(writer->grid.size[0]));
    put(set, DCM_BitsAllocated, static_cast<Uint16>(16));
    put(set, DCM_BitsStored, static_cast<Uint16>(16));
    put(set, DCM_HighBit, static_cast<Uint16>(15));
    put(set, DCM_PixelRepresentation, static_cast<Uint16>(0));
    put(set, DCM_RescaleIntercept, std::to_string(info.lowest_hu));
    put(set, DCM_RescaleSlope, "1");
    put(set, DCM_RescaleType, "HU");
    if (info.window_width_hu > 0) {
        put(set, DCM_WindowCenter, decimal(info.window_centre_hu));
        put(set, DCM_WindowWidth, decimal(info.window_width_hu));
    }
    const OFCondition done =
        set.putAndInsertUint16Array(DCM_PixelData, writer->stored.data(), writer->stored.size());
    if (done.bad())
        throw std::string(done.text());
}

bool hp_dicom_writer_slice(HpDicomWriter *writer, int k, const int16_t *hu, GError **error)
{
    g_assert(k >= 0 && k < writer->grid.size[2]);
    const int lowest = writer->info.lowest_hu;
    int smallest = lowest;
    for (size_t at = 0; at < writer->stored.size(); at++) {
        smallest = MIN(smallest, hu[at]);
        writer->stored[at] = static_cast<Uint16>(hu[at] - lowest);
    }
    if (smallest < lowest) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    "slice %d holds %d HU, expected at least %d", k, smallest, lowest);
        return false;
    }
    try {
        const std::string path = writer->working + "/" + file_name(k);
        DcmFileFormat file;
        put_identity(*file.getDataset(), writer, k);
        put_place(*file.getDataset(), writer, k);
        put_pixels(*file.getDataset(), writer);
        const OFCondition saved = file.saveFile(path.c_str(), EXS_LittleEndianExplicit);
        if (saved.bad())
            return fail_io("cannot write", path, saved.text(), error);
        writer->written[k] = true;
        return true;
    } catch (const std::string &why) {
        return fail_io("cannot write slice", std::to_string(k), why.c_str(), error);
    } catch (const std::exception &e) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "slice %d: %s", k, e.what());
        return false;
    }
}

bool hp_dicom_writer_finish(HpDicomWriter *writer, GError **error)
{
    for (size_t k = 0; k < writer->written.size(); k++) {
        if (!writer->written[k]) {
            g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT, "slice %d of %d was not written",
                        static_cast<int>(k), writer->grid.size[2]);
            return false;
        }
    }
    if (g_rename(writer->working.c_str(), writer->dir.c_str()) != 0)
        return fail_io("cannot move the series into place", writer->dir, g_strerror(errno), error);
    writer->is_finished = true;
    return true;
}

void hp_dicom_writer_free(HpDicomWriter *writer)
{
    if (writer == nullptr)
        return;
    if (!writer->is_finished && !writer->working.empty()) {
        for (int k = 0; k < writer->grid.size[2]; k++) // also a file that was cut short
            g_unlink((writer->working + "/" + file_name(k)).c_str());
        g_rmdir(writer->working.c_str());
    }
    delete writer;
}

bool hp_dicom_write_series(const HpVolume *volume, const HpDicomInfo *info, const char *dir,
                           HpTask *task, GError **error)
{
    int lowest, highest;
    hp_volume_range(volume, &lowest, &highest);
    HpDicomInfo fitting = *info;
    fitting.lowest_hu = MIN(info->lowest_hu, lowest);
    g_autoptr(HpDicomWriter) writer = hp_dicom_writer_new(&volume->grid, &fitting, dir, error);
    if (writer == nullptr)
        return false;
    const int slices = volume->grid.size[2];
    for (int k = 0; k < slices; k++)
        if (!hp_task_step(task, static_cast<double>(k) / slices, error) ||
            !hp_dicom_writer_slice(writer, k, volume->hu + hp_grid_offset(&volume->grid, 0, 0, k),
                                   error))
            return false;
    return hp_task_step(task, 1, error) && hp_dicom_writer_finish(writer, error);
}
