// SPDX-License-Identifier: Apache-2.0
// Series in archives and behind a DICOMDIR: found where they are, and nowhere else.
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "io/input.h"
#include "support/dicom.h"

static void add(struct archive *archive, const char *name, const void *bytes, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
    g_assert_cmpint(archive_write_data(archive, bytes, size), ==, (la_ssize_t)size);
    archive_entry_free(entry);
}

static struct archive *open_zip(const char *path)
{
    struct archive *archive = archive_write_new();
    g_assert_cmpint(archive_write_set_format_zip(archive), ==, ARCHIVE_OK);
    g_assert_cmpint(archive_write_open_filename(archive, path), ==, ARCHIVE_OK);
    return archive;
}

static void a_zip_is_a_folder(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "series.zip");
    struct archive *archive = open_zip(path);
    for (int k = 0; k < 4; k++) {
        g_autoptr(Dicom) dicom = dicom_new(k);
        g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
        g_autofree char *name = g_strdup_printf("../../tmp/evil/%d.dcm", k); // only a name
        add(archive, name, bytes->data, bytes->len);
    }
    add(archive, "readme.txt", "hello", 5);
    archive_write_free(archive);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_input_find(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpVolume) volume = hp_input_load(g_ptr_array_index(found, 0), NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(volume->grid.size[2], ==, 4);
    g_assert_cmpint(volume->hu[DICOM_PIXELS * 3], ==, dicom_stored(0, 3) + DICOM_INTERCEPT);
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

static void a_compressed_slice_comes_out_of_a_zip(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "series.zip");
    struct archive *archive = open_zip(path);
    g_autoptr(Dicom) dicom = dicom_new(0);
    dicom_compress(dicom, "JPEG-LS");
    g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
    add(archive, "notes", "hello world", 11); // so that the slice begins at an odd place
    add(archive, "0.dcm", bytes->data, bytes->len);
    archive_write_free(archive);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_input_find(path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpVolume) volume = hp_input_load(g_ptr_array_index(found, 0), NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(volume->hu[47], ==, dicom_stored(47, 0) + DICOM_INTERCEPT);
}

static void a_zip_bomb_is_refused(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "bomb.zip");
    struct archive *archive = open_zip(path);
    struct archive_entry *entry = archive_entry_new();
    g_autofree char *zeros = g_malloc0(1 << 20);
    archive_entry_set_pathname(entry, "zeros.dcm");
    archive_entry_set_size(entry, (la_int64_t)80 << 20);
    archive_entry_set_filetype(entry, AE_IFREG);
    g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
    for (int n = 0; n < 80; n++)
        g_assert_cmpint(archive_write_data(archive, zeros, 1 << 20), ==, 1 << 20);
    archive_entry_free(entry);
    archive_write_free(archive);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_input_find(path, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "bomb.zip: the archive unpacks to more than"));
}

static void a_broken_zip_is_refused(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "broken.zip", "PK\3\4 and nothing else", 20);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_input_find(path, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "broken.zip: the archive is broken"));
}

static void put_directory(const Folder *folder, const char *const *paths)
{
    g_autoptr(Dicom) directory = dicom_new_empty();
    g_autoptr(GByteArray) records = g_byte_array_new();
    for (int n = 0; paths[n] != NULL; n++) {
        g_autoptr(Dicom) record = dicom_new_empty();
        dicom_set_text(record, 0x00041430, "CS", "IMAGE");
        dicom_set_text(record, 0x00041500, "CS", paths[n]);
        g_autoptr(GByteArray) item = dicom_item(record);
        g_byte_array_append(records, item->data, item->len);
    }
    dicom_set_text(directory, 0x00041130, "CS", "DISC");
    dicom_set_bytes(directory, 0x00041220, "SQ", records->data, records->len);
    dicom_save(directory, folder, "DICOMDIR");
}

static void a_directory_leads_to_its_files_alone(void)
{
    g_auto(Folder) folder = folder_new();
    dicom_save_series(&folder, 3, NULL);
    put_directory(&folder, (const char *const[]){"0.DCM", "1.DCM", NULL}); // discs say capitals
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_input_find(folder_file(&folder, "DICOMDIR"), NULL, &error);
    g_assert_no_error(error);
    const HpSeries *series = g_ptr_array_index(found, 0);
    g_assert_cmpint(series->slices, ==, 2);
}

static void a_directory_does_not_lead_out(void)
{
    g_auto(Folder) folder = folder_new();
    put_directory(&folder, (const char *const[]){"..\\..\\etc\\passwd", "\\etc\\passwd", NULL});
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_input_find(folder_file(&folder, "DICOMDIR"), NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "of 2 files, none of which is there"));
}

static void a_folder_is_searched_to_the_bottom(void)
{
    g_auto(Folder) folder = folder_new();
    g_autofree char *below = g_build_filename(folder.path, "a", "b", NULL);
    g_assert_cmpint(g_mkdir_with_parents(below, 0700), ==, 0);
    g_autofree char *copy = g_build_filename(below, "0.dcm", NULL);
    g_autofree char *loop = g_build_filename(below, "loop", NULL);
    g_autoptr(Dicom) dicom = dicom_new(0);
    g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
    g_assert_true(g_file_set_contents(copy, (const char *)bytes->data, bytes->len, NULL));
    g_assert_cmpint(symlink(folder.path, loop), ==, 0); // must not be followed round and round
    g_autoptr(GPtrArray) found = hp_input_find(folder.path, NULL, NULL);
    g_assert_nonnull(found);
    g_assert_cmpint(((HpSeries *)g_ptr_array_index(found, 0))->slices, ==, 1);
    g_unlink(loop);
    g_unlink(copy);
    g_rmdir(below);
    g_autofree char *between = g_path_get_dirname(below);
    g_rmdir(between);
}

static void a_pipe_is_not_read(void)
{
    g_auto(Folder) folder = folder_new();
    const char *pipe = folder_file(&folder, "pipe.dcm");
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_input_find(pipe, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_nonnull(strstr(error->message, "pipe.dcm: not a regular file"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/places/" #test, test)
    ADD(a_zip_is_a_folder);
    ADD(a_compressed_slice_comes_out_of_a_zip);
    ADD(a_zip_bomb_is_refused);
    ADD(a_broken_zip_is_refused);
    ADD(a_directory_leads_to_its_files_alone);
    ADD(a_directory_does_not_lead_out);
    ADD(a_folder_is_searched_to_the_bottom);
    ADD(a_pipe_is_not_read);
    return g_test_run();
}
