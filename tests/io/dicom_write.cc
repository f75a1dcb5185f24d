// SPDX-License-Identifier: Apache-2.0
// The written series, read back by DCMTK itself: values, places, names, and nothing left behind.
#include "io/dicom_write.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cmath>
#include <cstring>
#include <string>

#include <glib/gstdio.h>

#include "core/error.h"

// A folder of its own for each test, removed with all in it.
struct Folder {
    std::string path;
    Folder()
    {
        g_autofree char *made = g_dir_make_tmp("hepatica-dicom-XXXXXX", nullptr);
        g_assert_nonnull(made);
        path = made;
    }
    ~Folder()
    {
        remove_all(path);
    }
    static void remove_all(const std::string &path)
    {
        {
            g_autoptr(GDir) dir = g_dir_open(path.c_str(), 0, nullptr);
            const char *name;
            while (dir != nullptr && (name = g_dir_read_name(dir)) != nullptr)
                remove_all(path + "/" + name);
        }
        g_remove(path.c_str());
    }
    int count() const
    {
        g_autoptr(GDir) dir = g_dir_open(path.c_str(), 0, nullptr);
        int entries = 0;
        while (g_dir_read_name(dir) != nullptr)
            entries++;
        return entries;
    }
};

static HpVolume *ramp(const HpGrid *grid)
{
    HpVolume *volume = hp_volume_new(grid, nullptr);
    g_assert_nonnull(volume);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        volume->hu[at] = static_cast<int16_t>(-1024 + static_cast<int>(at * 37 % 4000));
    return volume;
}

static void write(const HpVolume *volume, const HpDicomInfo *info, const std::string &dir)
{
    g_autoptr(GError) error = nullptr;
    g_assert_true(hp_dicom_write_series(volume, info, dir.c_str(), nullptr, &error));
    g_assert_no_error(error);
}

static std::string text(DcmFileFormat &file, const DcmTagKey &tag)
{
    OFString value;
    g_assert_true(file.getDataset()->findAndGetOFStringArray(tag, value).good());
    return value.c_str();
}

static double number(DcmFileFormat &file, const DcmTagKey &tag, unsigned at)
{
    Float64 value = NAN;
    g_assert_true(file.getDataset()->findAndGetFloat64(tag, value, at).good());
    return value;
}

static void values_and_places_come_back(void)
{
    Folder folder;
    HpGrid grid = hp_grid_new(5, 4, 3, 0.75, 0.5, 2.5);
    grid.origin_mm[0] = -101.25;
    grid.origin_mm[2] = 33;
    g_autoptr(HpVolume) volume = ramp(&grid);
    const HpDicomInfo info = hp_dicom_info_default();
    write(volume, &info, folder.path + "/series");

    for (int k = 0; k < 3; k++) {
        DcmFileFormat file;
        const std::string path = folder.path + "/series/IM000" + std::to_string(k + 1) + ".dcm";
        g_assert_true(file.loadFile(path.c_str()).good());
        g_assert_cmpint(file.getDataset()->getOriginalXfer(), ==, EXS_LittleEndianExplicit);
        const Uint16 *stored = nullptr;
        unsigned long count = 0;
        g_assert_true(
            file.getDataset()->findAndGetUint16Array(DCM_PixelData, stored, &count).good());
        g_assert_cmpuint(count, ==, 20);
        for (size_t at = 0; at < 20; at++)
            g_assert_cmpint(stored[at] + (int)number(file, DCM_RescaleIntercept, 0), ==,
                            volume->hu[20 * k + at]);
        g_assert_cmpfloat(number(file, DCM_ImagePositionPatient, 0), ==, -101.25);
        g_assert_cmpfloat(number(file, DCM_ImagePositionPatient, 2), ==, 33 + 2.5 * k);
        g_assert_cmpfloat(number(file, DCM_PixelSpacing, 0), ==, 0.5); // rows first
        g_assert_cmpfloat(number(file, DCM_PixelSpacing, 1), ==, 0.75);
        const std::string name = text(file, DCM_PatientName); // the macro outlives a temporary
        g_assert_cmpstr(name.c_str(), ==, "Synthetic^Donor");
    }
}

static void uids_follow_identity_and_geometry(void)
{
    Folder folder;
    HpGrid grid = hp_grid_new(4, 4, 2, 1, 1, 1);
    g_autoptr(HpVolume) volume = ramp(&grid);
    HpDicomInfo info = hp_dicom_info_default();
    write(volume, &info, folder.path + "/a");
    write(volume, &info, folder.path + "/b");
    info.identity = "somebody else";
    write(volume, &info, folder.path + "/c");

    std::string series[3], instance[2];
    for (int which = 0; which < 3; which++) {
        DcmFileFormat file;
        const std::string path = folder.path + "/" + "abc"[which] + "/IM0001.dcm";
        g_assert_true(file.loadFile(path.c_str()).good());
        series[which] = text(file, DCM_SeriesInstanceUID);
        g_assert_cmpuint(series[which].size(), <=, 64);
    }
    g_assert_cmpstr(series[0].c_str(), ==, series[1].c_str());
    g_assert_cmpstr(series[0].c_str(), !=, series[2].c_str());
    for (int k = 0; k < 2; k++) {
        char *bytes[2];
        gsize size[2];
        for (int which = 0; which < 2; which++) {
            const std::string path =
                folder.path + "/" + "ab"[which] + "/IM000" + std::to_string(k + 1) + ".dcm";
            g_assert_true(g_file_get_contents(path.c_str(), &bytes[which], &size[which], nullptr));
        }
        g_assert_cmpmem(bytes[0], size[0], bytes[1], size[1]);
        g_free(bytes[0]);
        g_free(bytes[1]);
    }
}

static void tilted_slices_step_along_the_table(void)
{
    Folder folder;
    const double tilt = 20 * G_PI / 180;
    HpGrid grid = hp_grid_new(4, 4, 3, 1, 1, 5 * cos(tilt));
    const double directions[9] = {1, 0, 0, 0, cos(tilt), sin(tilt), 0, -sin(tilt), cos(tilt)};
    memcpy(grid.directions, directions, sizeof directions);
    g_autoptr(HpVolume) volume = ramp(&grid);
    HpDicomInfo info = hp_dicom_info_default();
    info.tilt_deg = 20;
    info.drift_mm[1] = -5 * sin(tilt);
    write(volume, &info, folder.path + "/series");

    DcmFileFormat file;
    g_assert_true(file.loadFile((folder.path + "/series/IM0003.dcm").c_str()).good());
    // What is left after the shear is the table's step: 5 mm towards the head a slice.
    g_assert_cmpfloat_with_epsilon(number(file, DCM_ImagePositionPatient, 1), 0, 1e-6);
    g_assert_cmpfloat_with_epsilon(number(file, DCM_ImagePositionPatient, 2), 10, 1e-6);
    g_assert_cmpfloat_with_epsilon(number(file, DCM_ImageOrientationPatient, 5), -sin(tilt), 1e-6);
    g_assert_cmpfloat(number(file, DCM_GantryDetectorTilt, 0), ==, 20);
}

static void values_below_the_intercept_lower_it(void)
{
    Folder folder;
    HpGrid grid = hp_grid_new(4, 4, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = ramp(&grid);
    volume->hu[3] = -3000;
    const HpDicomInfo info = hp_dicom_info_default();
    write(volume, &info, folder.path + "/series");
    DcmFileFormat file;
    g_assert_true(file.loadFile((folder.path + "/series/IM0001.dcm").c_str()).good());
    g_assert_cmpfloat(number(file, DCM_RescaleIntercept, 0), ==, -3000);

    g_autoptr(GError) error = nullptr;
    g_autoptr(HpDicomWriter) writer =
        hp_dicom_writer_new(&grid, &info, (folder.path + "/b").c_str(), &error);
    g_assert_false(hp_dicom_writer_slice(writer, 0, volume->hu, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "-3000"));
}

static void nothing_is_left_of_a_series_not_finished(void)
{
    Folder folder;
    HpGrid grid = hp_grid_new(4, 4, 2, 1, 1, 1);
    g_autoptr(HpVolume) volume = ramp(&grid);
    const HpDicomInfo info = hp_dicom_info_default();
    const std::string dir = folder.path + "/series";
    {
        g_autoptr(GError) error = nullptr;
        g_autoptr(HpDicomWriter) writer = hp_dicom_writer_new(&grid, &info, dir.c_str(), &error);
        g_assert_true(hp_dicom_writer_slice(writer, 1, volume->hu, &error));
        g_assert_false(hp_dicom_writer_finish(writer, &error));
        g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    }
    g_assert_cmpint(folder.count(), ==, 0);

    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_autoptr(GError) error = nullptr;
    g_assert_false(hp_dicom_write_series(volume, &info, dir.c_str(), &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_cmpint(folder.count(), ==, 0);
}

static void a_folder_with_files_is_not_touched(void)
{
    Folder folder;
    HpGrid grid = hp_grid_new(4, 4, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = ramp(&grid);
    const HpDicomInfo info = hp_dicom_info_default();
    write(volume, &info, folder.path + "/series");
    g_autoptr(GError) error = nullptr;
    const std::string dir = folder.path + "/series";
    g_assert_false(hp_dicom_write_series(volume, &info, dir.c_str(), nullptr, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_cmpint(folder.count(), ==, 1);

    g_clear_error(&error);
    g_assert_false(hp_dicom_write_series(volume, &info, "/nowhere/at/all", nullptr, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/dicom-write/values-and-places-come-back", values_and_places_come_back);
    g_test_add_func("/dicom-write/uids-follow-identity-and-geometry",
                    uids_follow_identity_and_geometry);
    g_test_add_func("/dicom-write/tilted-slices-step-along-the-table",
                    tilted_slices_step_along_the_table);
    g_test_add_func("/dicom-write/values-below-the-intercept-lower-it",
                    values_below_the_intercept_lower_it);
    g_test_add_func("/dicom-write/nothing-is-left-of-a-series-not-finished",
                    nothing_is_left_of_a_series_not_finished);
    g_test_add_func("/dicom-write/a-folder-with-files-is-not-touched",
                    a_folder_with_files_is_not_touched);
    return g_test_run();
}
