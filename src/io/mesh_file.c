// SPDX-License-Identifier: Apache-2.0
// Reads and writes triangle meshes as files: OBJ (with MTL), binary STL and PLY.
#include "io/mesh_file.h"

#include "core/error.h"
#include "io/obj.h"
#include "io/ply.h"
#include "io/sink.h"
#include "io/stl.h"

#include <glib/gi18n.h>
#include <string.h>

// Errors begin with the name of the file, not with its folders: those may hold a patient's name.
static void prefix(GError **error, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_prefix_error(error, "%s: ", name);
}

static bool find_format(const char *path, HpMeshFormat *format, GError **error)
{
    static const char *const endings[] = {".obj", ".stl", ".ply"};
    const size_t length = strlen(path);
    for (int at = 0; at < 3; at++)
        if (length >= 4 && g_ascii_strcasecmp(path + length - 4, endings[at]) == 0) {
            *format = (HpMeshFormat)at;
            return true;
        }
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                _("is no mesh, expected a name that ends in .obj, .stl or .ply"));
    return false;
}

bool hp_mesh_file_get_format(const char *path, HpMeshFormat *format, GError **error)
{
    const bool fine = find_format(path, format, error);
    if (!fine)
        prefix(error, path);
    return fine;
}

const char *hp_mesh_axes_words(HpMeshAxes axes)
{
    return axes == HP_MESH_AXES_RAS
               ? "RAS (x to the patient's right, y to the front, z to the head)"
               : "LPS (x to the patient's left, y to the back, z to the head)";
}

// What is written, besides the mesh.
typedef struct {
    const char *path;
    HpMeshAxes axes;
    const HpSegment *segment;
} Target;

static bool write_obj(const HpMesh *mesh, const Target *target, HpTask *task, GError **error)
{
    const char *path = target->path;
    g_autofree char *stem = g_strndup(path, strlen(path) - 4);
    g_autofree char *material_path = g_strconcat(stem, ".mtl", NULL);
    g_autofree char *material_file = g_path_get_basename(material_path);
    g_autoptr(HpSink) sink = hp_sink_new(path, error);
    if (sink == NULL ||
        !hp_obj_write(mesh, target->axes, material_file, target->segment, sink, task, error))
        return false;
    g_autoptr(HpSink) material = hp_sink_new(material_path, error);
    if (material == NULL) {
        g_prefix_error(error, "material file %s ", material_file);
        return false;
    }
    return hp_obj_write_material(target->segment, material, error) &&
           hp_sink_commit(material, error) && hp_sink_commit(sink, error);
}

static bool write_one(const HpMesh *mesh, const Target *target, HpTask *task, GError **error)
{
    HpMeshFormat format;
    if (!find_format(target->path, &format, error))
        return false;
    if (format == HP_MESH_FORMAT_OBJ)
        return write_obj(mesh, target, task, error);
    g_autoptr(HpSink) sink = hp_sink_new(target->path, error);
    if (sink == NULL)
        return false;
    const bool fine = format == HP_MESH_FORMAT_STL
                          ? hp_stl_write(mesh, target->axes, sink, task, error)
                          : hp_ply_write(mesh, target->axes, target->segment, sink, task, error);
    return fine && hp_sink_commit(sink, error);
}

bool hp_mesh_file_write(const HpMesh *mesh, const char *path, const HpSegment *segment,
                        HpTask *task, GError **error)
{
    const HpSegments segments = hp_segments_default();
    if (segment == NULL)
        segment = hp_segments_find(&segments, HP_LABEL_LIVER);
    const bool fine = write_one(mesh, &(Target){path, HP_MESH_AXES_LPS, segment}, task, error);
    if (!fine)
        prefix(error, path);
    return fine;
}

// A copy with x and y, of positions and normals, turned round.
static HpMesh *turn_to_ras(const HpMesh *mesh, GError **error)
{
    HpMesh *turned = hp_mesh_copy(mesh, error);
    for (size_t at = 0; turned != NULL && at < 3 * turned->vertices; at++)
        if (at % 3 != 2) {
            turned->mm[at] = -turned->mm[at];
            turned->normal[at] = -turned->normal[at];
        }
    return turned;
}

bool hp_mesh_file_write_axes(const HpMesh *mesh, const char *path, HpMeshAxes axes, HpTask *task,
                             GError **error)
{
    const HpSegments segments = hp_segments_default();
    const Target target = {path, axes, hp_segments_find(&segments, HP_LABEL_LIVER)};
    g_autoptr(HpMesh) written =
        axes == HP_MESH_AXES_RAS ? turn_to_ras(mesh, error) : hp_mesh_ref((HpMesh *)mesh);
    const bool fine = written != NULL && write_one(written, &target, task, error);
    if (!fine)
        prefix(error, path);
    return fine;
}

HpMesh *hp_mesh_source_read(HpSource *source, HpMeshFormat format, HpTask *task, GError **error)
{
    switch (format) {
    case HP_MESH_FORMAT_STL:
        return hp_stl_read(source, task, error);
    case HP_MESH_FORMAT_PLY:
        return hp_ply_read(source, task, error);
    case HP_MESH_FORMAT_OBJ:
        break;
    }
    return hp_obj_read(source, task, error);
}

HpMesh *hp_mesh_file_read(const char *path, HpTask *task, GError **error)
{
    HpMesh *mesh = NULL;
    HpMeshFormat format;
    if (find_format(path, &format, error)) {
        g_autoptr(HpSource) source = hp_source_open(path, error);
        if (source != NULL)
            mesh = hp_mesh_source_read(source, format, task, error);
    }
    if (mesh == NULL)
        prefix(error, path);
    return mesh;
}
