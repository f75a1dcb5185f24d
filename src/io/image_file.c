// SPDX-License-Identifier: Apache-2.0
// Reads and writes volumes, fields and masks as files: NIfTI and NRRD, and MetaImage to read.
#include "io/image_file.h"

#include "core/error.h"
#include "io/meta.h"
#include "io/nifti.h"
#include "io/nrrd.h"

#include <glib/gi18n.h>
#include <string.h>

void hp_image_info_clear(HpImageInfo *info)
{
    g_clear_pointer(&info->warning, g_free);
}

static bool has_ending(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && g_ascii_strcasecmp(path + length - tail, ending) == 0;
}

bool hp_image_file_has_name(const char *path)
{
    static const char *const endings[] = {".nii",  ".nii.gz", ".hdr", ".hdr.gz",
                                          ".nrrd", ".nhdr",   ".mha", ".mhd"};
    for (size_t at = 0; at < G_N_ELEMENTS(endings); at++)
        if (has_ending(path, endings[at]))
            return true;
    return false;
}

// Errors begin with the name of the file, not with its folders: those may hold a patient's name.
static void prefix(GError **error, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_prefix_error(error, "%s: ", name);
}

static const struct {
    const char *name;
    bool (*claims)(const uint8_t *first, size_t size);
    bool (*read_header)(HpSource **source, HpLayout *layout, GError **error);
} formats[] = {
    {"NIfTI", hp_nifti_claims, hp_nifti_read_header},
    {"NRRD", hp_nrrd_claims, hp_nrrd_read_header},
    {"MetaImage", hp_meta_claims, hp_meta_read_header},
};

bool hp_image_source_read_header(HpSource **source, HpLayout *layout, const char **format,
                                 GError **error)
{
    size_t got;
    if (!hp_source_is_inflating(*source) && !hp_source_inflate_if_gzip(*source, error))
        return false;
    const uint8_t *first = hp_source_peek(*source, 348, &got, error);
    if (first == NULL)
        return false;
    for (size_t at = 0; at < G_N_ELEMENTS(formats); at++) {
        if (!formats[at].claims(first, got))
            continue;
        if (format != NULL)
            *format = formats[at].name;
        return formats[at].read_header(source, layout, error);
    }
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("is neither NIfTI, NRRD nor MetaImage"));
    return false;
}

static HpSource *open_image(const char *path, HpLayout *layout, const char **format, GError **error)
{
    g_autoptr(HpSource) source = hp_source_open(path, error);
    if (source == NULL || !hp_image_source_read_header(&source, layout, format, error))
        return NULL;
    return g_steal_pointer(&source);
}

bool hp_image_file_read_info(const char *path, HpImageInfo *info, GError **error)
{
    g_auto(HpLayout) layout = {0};
    const char *format = NULL;
    g_autoptr(HpSource) source = open_image(path, &layout, &format, error);
    if (source == NULL) {
        prefix(error, path);
        return false;
    }
    *info = (HpImageInfo){.grid = layout.grid,
                          .format = format,
                          .type = hp_voxel_name(layout.type),
                          .warning = g_steal_pointer(&layout.warning)};
    return true;
}

HpVolume *hp_image_file_read_volume(const char *path, HpTask *task, GError **error)
{
    g_auto(HpLayout) layout = {0};
    g_autoptr(HpSource) source = open_image(path, &layout, NULL, error);
    HpVolume *volume = source != NULL ? hp_voxels_read_volume(&layout, source, task, error) : NULL;
    if (volume == NULL)
        prefix(error, path);
    return volume;
}

HpMask *hp_image_file_read_mask(const char *path, HpTask *task, GError **error)
{
    g_auto(HpLayout) layout = {0};
    g_autoptr(HpSource) source = open_image(path, &layout, NULL, error);
    HpMask *mask = source != NULL ? hp_voxels_read_mask(&layout, source, task, error) : NULL;
    if (mask == NULL)
        prefix(error, path);
    return mask;
}

HpField *hp_image_file_read_field(const char *path, HpTask *task, GError **error)
{
    g_auto(HpLayout) layout = {0};
    g_autoptr(HpSource) source = open_image(path, &layout, NULL, error);
    HpField *field = source != NULL ? hp_voxels_read_field(&layout, source, task, error) : NULL;
    if (field == NULL)
        prefix(error, path);
    return field;
}

bool hp_image_file_visit(const char *path, HpVoxelsCb piece_cb, void *data, HpTask *task,
                         GError **error)
{
    g_auto(HpLayout) layout = {0};
    g_autoptr(HpSource) source = open_image(path, &layout, NULL, error);
    if (source != NULL && hp_voxels_visit(&layout, source, piece_cb, data, task, error))
        return true;
    prefix(error, path);
    return false;
}

// What is written: one of the two is NULL.
typedef struct {
    const HpVolume *volume;
    const HpMask *mask;
} Image;

static bool write_nifti(const Image *image, const char *path, HpTask *task, GError **error)
{
    const bool gzip = has_ending(path, ".gz");
    g_autoptr(HpSink) sink = hp_sink_new(path, error);
    return sink != NULL &&
           (image->volume != NULL ? hp_nifti_write_volume(image->volume, sink, gzip, task, error)
                                  : hp_nifti_write_mask(image->mask, sink, gzip, task, error)) &&
           hp_sink_commit(sink, error);
}

static bool write_nrrd_to(const Image *image, const HpNrrdOut *out, HpTask *task, GError **error)
{
    return (image->volume != NULL ? hp_nrrd_write_volume(image->volume, out, task, error)
                                  : hp_nrrd_write_mask(image->mask, out, task, error)) &&
           (out->data == NULL || hp_sink_commit(out->data, error)) &&
           hp_sink_commit(out->sink, error);
}

static bool write_nrrd(const Image *image, const char *path, HpTask *task, GError **error)
{
    g_autoptr(HpSink) sink = hp_sink_new(path, error);
    if (sink == NULL)
        return false;
    if (!has_ending(path, ".nhdr"))
        return write_nrrd_to(image, &(HpNrrdOut){.sink = sink}, task, error);
    g_autofree char *stem = g_strndup(path, strlen(path) - strlen(".nhdr"));
    g_autofree char *data_path = g_strconcat(stem, ".raw.gz", NULL);
    g_autofree char *data_file = g_path_get_basename(data_path);
    g_autoptr(HpSink) data = hp_sink_new(data_path, error);
    return data != NULL && write_nrrd_to(image, &(HpNrrdOut){sink, data, data_file}, task, error);
}

static bool is_nifti(const char *path)
{
    return has_ending(path, ".nii") || has_ending(path, ".nii.gz");
}

bool hp_image_file_check_name(const char *path, GError **error)
{
    if (is_nifti(path) || has_ending(path, ".nrrd") || has_ending(path, ".nhdr"))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                _("cannot be written, expected a name that ends in .nii, .nii.gz, .nrrd or .nhdr"));
    prefix(error, path);
    return false;
}

static bool write_image(const Image *image, const char *path, HpTask *task, GError **error)
{
    if (!hp_image_file_check_name(path, error))
        return false;
    const bool fine = is_nifti(path) ? write_nifti(image, path, task, error)
                                     : write_nrrd(image, path, task, error);
    if (!fine)
        prefix(error, path);
    return fine;
}

bool hp_image_file_write_volume(const HpVolume *volume, const char *path, HpTask *task,
                                GError **error)
{
    return write_image(&(Image){.volume = volume}, path, task, error);
}

bool hp_image_file_write_mask(const HpMask *mask, const char *path, HpTask *task, GError **error)
{
    return write_image(&(Image){.mask = mask}, path, task, error);
}
