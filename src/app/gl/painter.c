// SPDX-License-Identifier: Apache-2.0
// Draws a scene with OpenGL 3.3 into any framebuffer: a widget's, or one without any display.
#include "app/gl/painter.h"

#include "app/gl/program.h"
#include "app/gl/target.h"
#include "core/error.h"
#include "view/light.h"
#include "view/palette.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum {
    MESH,
    DEPTH,
    BLUR,
    GROUND,
    SLICE,
    SHEET,
    SECTION,
    PROGRAMS,
};
G_STATIC_ASSERT(HP_SCENE_SHEETS == 8); // as the shader is told
enum { MESHES = 2 };                   // a fine one and the coarse one shown while it moves

#define SAMPLES 8        // beyond that the eye sees no difference on edges
#define EVERYTHING 1e30f // d of a half that keeps all

// A mesh as the driver has it.
typedef struct {
    HpMesh *mesh; // NULL: free
    GLuint array, buffers[3];
    unsigned last_used;
} Upload;

// A slice as the driver has it.
typedef struct {
    GLuint texture;
    HpVolume *volume;
    int slice;
} Sheet;

struct _HpPainter {
    GLuint program[PROGRAMS];
    GLuint nothing; // a vertex array without attributes
    HpTarget target;
    Upload upload[MESHES];
    Sheet slice[HP_PLANE_COUNT];
    HpPainterCounts counts;
    bool is_software;
};

// What every program of one picture is told.
typedef struct {
    const HpScene *scene;
    float to_eye[9], pivot_mm[3], pan_mm[2], scale[3], kept[4];
    double pixels_per_mm;
    const Upload *upload; // NULL: no mesh
} Frame;

static const float all_kept[4] = {0, 0, 0, EVERYTHING};

HpPainter *hp_painter_new(GError **error)
{
    static const HpProgramParts parts[PROGRAMS] = {
        [MESH] = {.vertex = "mesh.vert",
                  .fragment = "mesh.frag",
                  .fragment_part = "light.glsl",
                  .prelude = "#define SHEETS 8\n"},
        [DEPTH] = {.vertex = "mesh.vert", .fragment = "depth.frag"},
        [BLUR] = {.vertex = "whole.vert",
                  .fragment = "blur.frag",
                  .prelude = "#define RADIUS " G_STRINGIFY(HP_TARGET_BLUR) "\n"},
        [GROUND] = {.vertex = "whole.vert", .fragment = "ground.frag"},
        [SLICE] = {.vertex = "slice.vert", .fragment = "slice.frag"},
        [SHEET] = {.vertex = "slice.vert", .fragment = "sheet.frag"},
        [SECTION] = {.vertex = "section.vert",
                     .geometry = "section.geom",
                     .fragment = "plain.frag"},
    };
    static const char *const software[] = {"llvmpipe", "softpipe", "swrast", "Software"};
    if (!epoxy_is_desktop_gl() || epoxy_gl_version() < 33) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("OpenGL %s%d.%d is here, 3.3 is wanted"), epoxy_is_desktop_gl() ? "" : "ES ",
                    epoxy_gl_version() / 10, epoxy_gl_version() % 10);
        return NULL;
    }
    g_autoptr(HpPainter) painter = g_new0(HpPainter, 1);
    for (int at = 0; at < PROGRAMS; at++) {
        painter->program[at] = hp_program_new(&parts[at], error);
        if (painter->program[at] == 0)
            return NULL;
    }
    glGenVertexArrays(1, &painter->nothing);
    const char *renderer = (const char *)glGetString(GL_RENDERER);
    for (size_t at = 0; at < G_N_ELEMENTS(software); at++)
        painter->is_software |= renderer != NULL && strstr(renderer, software[at]) != NULL;
    return g_steal_pointer(&painter);
}

static void upload_clear(Upload *upload)
{
    glDeleteVertexArrays(1, &upload->array);
    glDeleteBuffers(3, upload->buffers);
    hp_mesh_unref(upload->mesh);
    *upload = (Upload){0};
}

void hp_painter_free(HpPainter *painter)
{
    if (painter == NULL)
        return;
    for (int at = 0; at < PROGRAMS; at++)
        glDeleteProgram(painter->program[at]);
    for (int at = 0; at < MESHES; at++)
        upload_clear(&painter->upload[at]);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        glDeleteTextures(1, &painter->slice[plane].texture);
        hp_volume_unref(painter->slice[plane].volume);
    }
    glDeleteVertexArrays(1, &painter->nothing);
    hp_target_clear(&painter->target);
    g_free(painter);
}

bool hp_painter_is_software(const HpPainter *painter)
{
    return painter->is_software;
}

HpPainterCounts hp_painter_get_counts(const HpPainter *painter)
{
    return painter->counts;
}

static void fill_buffer(GLenum kind, GLuint buffer, const void *data, size_t bytes)
{
    glBindBuffer(kind, buffer);
    glBufferData(kind, (GLsizeiptr)bytes, data, GL_STATIC_DRAW);
}

// The mesh as the driver has it, in the place of the one that was not used for longest.
static const Upload *bring_mesh(HpPainter *painter, HpMesh *mesh)
{
    Upload *upload = &painter->upload[0];
    for (int at = 0; at < MESHES; at++) {
        if (painter->upload[at].mesh == mesh) {
            painter->upload[at].last_used = painter->counts.pictures;
            return &painter->upload[at];
        }
        if (painter->upload[at].last_used < upload->last_used)
            upload = &painter->upload[at];
    }
    upload_clear(upload);
    upload->mesh = hp_mesh_ref(mesh);
    upload->last_used = painter->counts.pictures;
    glGenVertexArrays(1, &upload->array);
    glGenBuffers(3, upload->buffers);
    glBindVertexArray(upload->array);
    fill_buffer(GL_ARRAY_BUFFER, upload->buffers[0], mesh->mm, 3 * sizeof(float) * mesh->vertices);
    glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, 0, NULL);
    fill_buffer(GL_ARRAY_BUFFER, upload->buffers[1], mesh->normal,
                3 * sizeof(float) * mesh->vertices);
    glVertexAttribPointer(1, 3, GL_FLOAT, GL_FALSE, 0, NULL);
    fill_buffer(GL_ELEMENT_ARRAY_BUFFER, upload->buffers[2], mesh->index,
                3 * sizeof(uint32_t) * mesh->triangles);
    glEnableVertexAttribArray(0);
    glEnableVertexAttribArray(1);
    painter->counts.meshes++;
    return upload;
}

// The values of a slice, the lower of its two axes along the rows.
static int16_t *slice_values(const HpVolume *volume, int axis, int slice, int size[2])
{
    const HpGrid *grid = &volume->grid;
    const int u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
    size[0] = grid->size[u];
    size[1] = grid->size[v];
    int16_t *values = g_new(int16_t, (size_t)size[0] * size[1]), *to = values;
    for (int row = 0; row < size[1]; row++) {
        int ijk[3];
        ijk[axis] = slice;
        ijk[v] = row;
        ijk[u] = 0;
        const int16_t *from = volume->hu + hp_grid_offset(grid, ijk[0], ijk[1], ijk[2]);
        const size_t step = u == 0 ? 1 : (size_t)grid->size[0];
        for (int at = 0; at < size[0]; at++)
            *to++ = from[(size_t)at * step];
    }
    return values;
}

static void bring_slice(HpPainter *painter, HpVolume *volume, HpPlane plane, int slice)
{
    Sheet *sheet = &painter->slice[plane];
    if (sheet->volume == volume && sheet->slice == slice)
        return;
    int size[2];
    g_autofree int16_t *values =
        slice_values(volume, hp_grid_axis(&volume->grid, plane), slice, size);
    if (sheet->texture == 0)
        glGenTextures(1, &sheet->texture);
    glBindTexture(GL_TEXTURE_2D, sheet->texture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 2);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R16_SNORM, size[0], size[1], 0, GL_RED, GL_SHORT, values);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    hp_volume_unref(sheet->volume);
    sheet->volume = hp_volume_ref(volume);
    sheet->slice = slice;
    painter->counts.slices++;
}

// The half that is kept, from the pivot on: the floats of the driver do not bear large numbers.
static void half_from_pivot(const HpScene *scene, const HpHalf *half, float out[4])
{
    double d = half->d_mm;
    for (int axis = 0; axis < 3; axis++) {
        d -= half->normal[axis] * scene->camera.pivot_mm[axis];
        out[axis] = (float)half->normal[axis];
    }
    out[3] = isinf(half->d_mm) ? EVERYTHING : (float)d;
}

static Frame frame_of(const HpScene *scene, int width, int height)
{
    Frame frame = {.scene = scene};
    double basis[3][3];
    const HpCamera *camera = &scene->camera;
    const HpHalf half = hp_scene_half(scene);
    hp_camera_basis(camera->azimuth_degrees, camera->elevation_degrees, basis);
    frame.pixels_per_mm = hp_camera_pixels_per_mm(camera, width, height);
    for (int at = 0; at < 9; at++)
        frame.to_eye[at] = (float)basis[at / 3][at % 3];
    for (int axis = 0; axis < 3; axis++)
        frame.pivot_mm[axis] = (float)camera->pivot_mm[axis];
    for (int axis = 0; axis < 2; axis++)
        frame.pan_mm[axis] = (float)camera->pan_mm[axis];
    frame.scale[0] = (float)(2 * frame.pixels_per_mm / width);
    frame.scale[1] = (float)(2 * frame.pixels_per_mm / height);
    frame.scale[2] = (float)(1 / hp_scene_depth_mm(scene));
    half_from_pivot(scene, &half, frame.kept);
    return frame;
}

static GLuint use(const HpPainter *painter, int which, const Frame *frame, const float kept[4])
{
    const GLuint program = painter->program[which];
    glUseProgram(program);
    hp_uniform_matrix3(program, "to_eye", frame->to_eye);
    hp_uniform_floats(program, "pivot_mm", 3, frame->pivot_mm);
    hp_uniform_floats(program, "pan_mm", 2, frame->pan_mm);
    hp_uniform_floats(program, "scale", 3, frame->scale);
    hp_uniform_floats(program, "kept", 4, kept);
    return program;
}

static void draw_whole(const HpPainter *painter)
{
    glBindVertexArray(painter->nothing);
    glDrawArrays(GL_TRIANGLES, 0, 3);
}

static void draw_mesh(const Frame *frame)
{
    if (frame->scene->is_cut)
        glEnable(GL_CLIP_DISTANCE0);
    glBindVertexArray(frame->upload->array);
    glDrawElements(GL_TRIANGLES, (GLsizei)(3 * frame->upload->mesh->triangles), GL_UNSIGNED_INT,
                   NULL);
    glDisable(GL_CLIP_DISTANCE0);
}

// How deep the mesh lies around each place: hollows are darker (view/raster.c).
static void draw_depths(const HpPainter *painter, const Frame *frame)
{
    const HpTarget *target = &painter->target;
    static const float none[4] = {0, 0, 0, 0};
    glViewport(0, 0, target->low_width, target->low_height);
    glBindFramebuffer(GL_FRAMEBUFFER, target->low_framebuffer[0]);
    glEnable(GL_DEPTH_TEST);
    glClearBufferfv(GL_COLOR, 0, none);
    glClear(GL_DEPTH_BUFFER_BIT);
    use(painter, DEPTH, frame, frame->kept);
    draw_mesh(frame);
    glDisable(GL_DEPTH_TEST);
    const GLuint blur = painter->program[BLUR];
    glUseProgram(blur);
    hp_uniform_int(blur, "depths", 0);
    for (int at = 0; at < 2; at++) {
        glBindFramebuffer(GL_FRAMEBUFFER, target->low_framebuffer[1 - at]);
        glBindTexture(GL_TEXTURE_2D, target->low_texture[at]);
        glUniform2i(glGetUniformLocation(blur, "along"), 1 - at, at);
        draw_whole(painter);
    }
}

static void draw_ground(const HpPainter *painter)
{
    const GLuint program = painter->program[GROUND];
    uint8_t colour[3];
    float end[2][3];
    for (int at = 0; at < 2; at++) {
        hp_palette_ground(at, colour);
        for (int part = 0; part < 3; part++)
            end[at][part] = (float)colour[part] / 255;
    }
    glUseProgram(program);
    hp_uniform_floats(program, "top", 3, end[0]);
    hp_uniform_floats(program, "bottom", 3, end[1]);
    glDisable(GL_DEPTH_TEST);
    draw_whole(painter);
}

// The sheets' planes to the right, up and towards the eye, from the pivot.
static void tell_sheets(GLuint program, const Frame *frame)
{
    const HpScene *scene = frame->scene;
    float planes[HP_SCENE_SHEETS][4];
    for (int at = 0; at < scene->sheets_count; at++) {
        float plane[4];
        half_from_pivot(scene, &scene->sheets[at].keeps, plane);
        for (int row = 0; row < 3; row++)
            planes[at][row] = frame->to_eye[3 * row] * plane[0] +
                              frame->to_eye[3 * row + 1] * plane[1] +
                              frame->to_eye[3 * row + 2] * plane[2];
        planes[at][3] = plane[3];
    }
    hp_uniform_int(program, "sheets", scene->sheets_count);
    if (scene->sheets_count > 0)
        hp_uniform_floats(program, "sheet", 4 * scene->sheets_count, &planes[0][0]);
}

static void draw_surface(const HpPainter *painter, const Frame *frame)
{
    const HpTarget *target = &painter->target;
    const GLuint program = use(painter, MESH, frame, frame->kept);
    const float texel[2] = {1.0f / (float)target->width, 1.0f / (float)target->height};
    const int radius = MAX(MIN(target->width, target->height) / 28, 2);
    const float hollow = (float)(frame->pixels_per_mm / radius);
    float base[3];
    for (int part = 0; part < 3; part++)
        base[part] = hp_light_of_srgb(frame->scene->colour[part]);
    hp_uniform_floats(program, "base", 3, base);
    hp_uniform_floats(program, "texel", 2, texel);
    hp_uniform_floats(program, "hollow_per_mm", 1, &hollow);
    hp_uniform_int(program, "around", 0);
    tell_sheets(program, frame);
    glBindTexture(GL_TEXTURE_2D, target->low_texture[0]);
    draw_mesh(frame);
}

static void set_corners(GLuint program, const HpScene *scene, double corner_mm[4][3])
{
    float corner[4][3];
    for (int at = 0; at < 4; at++)
        for (int axis = 0; axis < 3; axis++)
            corner[at][axis] = (float)(corner_mm[at][axis] - scene->camera.pivot_mm[axis]);
    glUniform3fv(glGetUniformLocation(program, "corner"), 4, &corner[0][0]);
}

static void draw_rectangle(const HpPainter *painter, const Frame *frame)
{
    if (frame->scene->is_cut)
        glEnable(GL_CLIP_DISTANCE0);
    glBindVertexArray(painter->nothing);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glDisable(GL_CLIP_DISTANCE0);
}

// A colour of the palette as the driver takes it.
static void tint_of(const uint8_t colour[3], float alpha, float tint[4])
{
    for (int part = 0; part < 3; part++)
        tint[part] = alpha * (float)colour[part] / 255;
    tint[3] = alpha;
}

static void draw_slice(const HpPainter *painter, const Frame *frame, HpPlane plane,
                       float edge_pixels, float clear_hu)
{
    const HpScene *scene = frame->scene;
    const float least_alpha = painter->target.samples > 0 ? 0.01f : 0.5f;
    const bool is_face = scene->is_cut && scene->cut == plane;
    const GLuint program = use(painter, SLICE, frame, is_face ? all_kept : frame->kept);
    const float window[2] = {(float)scene->low_hu,
                             (float)(1 / fmax(scene->high_hu - scene->low_hu, 1))};
    double corner_mm[4][3];
    float edge[4];
    tint_of(hp_palette_plane(plane), 1, edge);
    hp_scene_slice_corners(scene, plane, corner_mm);
    set_corners(program, scene, corner_mm);
    hp_uniform_floats(program, "window", 2, window);
    hp_uniform_floats(program, "edge", 3, edge);
    hp_uniform_floats(program, "edge_pixels", 1, &edge_pixels);
    hp_uniform_floats(program, "clear_hu", 1, &clear_hu);
    hp_uniform_floats(program, "least_alpha", 1, &least_alpha);
    hp_uniform_int(program, "values", 0);
    glBindTexture(GL_TEXTURE_2D, painter->slice[plane].texture);
    draw_rectangle(painter, frame);
}

// The line along which a plane meets the mesh. `kept`: what is cut open of the line itself.
static void draw_section(const HpPainter *painter, const Frame *frame, const HpHalf *plane,
                         const float kept[4], const uint8_t colour[3], float width)
{
    const GLuint program = use(painter, SECTION, frame, kept);
    const HpTarget *target = &painter->target;
    const float pixel[2] = {2.0f / (float)target->width, 2.0f / (float)target->height};
    const float nearer = 0.5f * frame->scale[2]; // half a millimetre
    float half[4], tint[4];
    half_from_pivot(frame->scene, plane, half);
    tint_of(colour, 1, tint);
    hp_uniform_floats(program, "plane", 4, half);
    hp_uniform_floats(program, "pixel", 2, pixel);
    hp_uniform_floats(program, "line_pixels", 1, &width);
    hp_uniform_floats(program, "nearer", 1, &nearer);
    hp_uniform_floats(program, "tint", 4, tint);
    draw_mesh(frame);
}

static void draw_slice_section(const HpPainter *painter, const Frame *frame, HpPlane plane,
                               const uint8_t colour[3], float width)
{
    HpScene cut = *frame->scene;
    const bool is_face = cut.is_cut && cut.cut == plane;
    cut.is_cut = true;
    cut.cut = plane;
    const HpHalf half = hp_scene_half(&cut);
    draw_section(painter, frame, &half, is_face ? all_kept : frame->kept, colour, width);
}

// The organ is not hollow: where it is cut open the slice shows. What is inside is found by the
// faces behind the cut: more of them lead out than in.
static void draw_face(const HpPainter *painter, const Frame *frame)
{
    glEnable(GL_STENCIL_TEST);
    glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
    glDepthMask(GL_FALSE);
    glDisable(GL_DEPTH_TEST);
    glStencilFunc(GL_ALWAYS, 0, 0xff);
    glStencilOpSeparate(GL_BACK, GL_KEEP, GL_KEEP, GL_INCR_WRAP);
    glStencilOpSeparate(GL_FRONT, GL_KEEP, GL_KEEP, GL_DECR_WRAP);
    use(painter, DEPTH, frame, frame->kept);
    draw_mesh(frame);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glDepthMask(GL_TRUE);
    glEnable(GL_DEPTH_TEST);
    glStencilFunc(GL_NOTEQUAL, 0, 0xff);
    glStencilOp(GL_KEEP, GL_KEEP, GL_KEEP);
    draw_slice(painter, frame, frame->scene->cut, 0, -EVERYTHING);
    glDisable(GL_STENCIL_TEST);
}

static void draw_slices(const HpPainter *painter, const Frame *frame)
{
    uint8_t outline[3];
    hp_palette_outline(frame->scene->colour, outline);
    // A pixel's samples stand for its opacity, which is not kept: all of the picture is opaque.
    glEnable(GL_SAMPLE_ALPHA_TO_COVERAGE);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_FALSE);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        draw_slice(painter, frame, plane, 2, (float)hp_scene_clear_hu(frame->scene));
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glDisable(GL_SAMPLE_ALPHA_TO_COVERAGE);
    for (int plane = 0; plane < HP_PLANE_COUNT && frame->upload != NULL; plane++)
        draw_slice_section(painter, frame, plane, outline, 2);
}

static void draw_sheets(const HpPainter *painter, const Frame *frame)
{
    const HpScene *scene = frame->scene;
    if (scene->sheets_count == 0)
        return;
    for (int at = 0; at < scene->sheets_count && frame->upload != NULL; at++)
        draw_section(painter, frame, &scene->sheets[at].keeps, frame->kept,
                     scene->sheets[at].colour, 2);
    const GLuint program = use(painter, SHEET, frame, frame->kept);
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glDepthMask(GL_FALSE);
    for (int at = 0; at < scene->sheets_count; at++) {
        double corner_mm[4][3];
        float tint[4];
        memcpy(corner_mm, scene->sheets[at].corner_mm, sizeof corner_mm);
        set_corners(program, scene, corner_mm);
        tint_of(scene->sheets[at].colour, 1, tint);
        tint[3] = (float)scene->sheets[at].opacity;
        hp_uniform_floats(program, "tint", 4, tint);
        draw_rectangle(painter, frame);
    }
    glDepthMask(GL_TRUE);
    glDisable(GL_BLEND);
}

static void bring_slices(HpPainter *painter, const HpScene *scene)
{
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        if (scene->shows_slices || (scene->is_cut && scene->cut == (HpPlane)plane))
            bring_slice(painter, scene->volume, plane, scene->slices[plane]);
}

bool hp_painter_draw(HpPainter *painter, const HpScene *asked, int width, int height,
                     GError **error)
{
    HpScene scene = *asked;
    GLint framebuffer = 0;
    glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &framebuffer);
    painter->counts.pictures++;
    if (scene.volume == NULL)
        scene.shows_slices = scene.is_cut = false;
    // Four samples a pixel take the processor three times as long.
    const int samples = scene.is_moving && painter->is_software ? 0 : SAMPLES;
    if (!hp_target_resize(&painter->target, width, height, samples, error))
        return false;
    Frame frame = frame_of(&scene, width, height);
    glActiveTexture(GL_TEXTURE0);
    if (scene.mesh != NULL && scene.mesh->triangles > 0)
        frame.upload = bring_mesh(painter, scene.mesh);
    bring_slices(painter, &scene);
    glDisable(GL_BLEND);
    glDisable(GL_CULL_FACE);
    glDisable(GL_SCISSOR_TEST);
    glDepthFunc(GL_LEQUAL);
    if (frame.upload != NULL)
        draw_depths(painter, &frame);

    glBindFramebuffer(GL_FRAMEBUFFER, painter->target.framebuffer);
    glViewport(0, 0, width, height);
    glClear(GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
    draw_ground(painter);
    glEnable(GL_DEPTH_TEST);
    if (frame.upload != NULL)
        draw_surface(painter, &frame);
    if (scene.shows_slices)
        draw_slices(painter, &frame);
    if (scene.is_cut && frame.upload != NULL) {
        if (!scene.shows_slices)
            draw_face(painter, &frame);
        draw_slice_section(painter, &frame, scene.cut, hp_palette_plane(scene.cut), 2.5f);
    }
    draw_sheets(painter, &frame);
    glDisable(GL_DEPTH_TEST);
    glBindVertexArray(0);
    glUseProgram(0);
    hp_target_resolve(&painter->target, (unsigned)framebuffer);
    const GLenum problem = glGetError();
    if (problem == GL_NO_ERROR)
        return true;
    const bool is_full = problem == GL_OUT_OF_MEMORY;
    g_set_error(error, HP_ERROR, is_full ? HP_ERROR_NO_MEMORY : HP_ERROR_UNSUPPORTED,
                is_full ? "no graphics memory for the 3-D view" : "the driver failed (0x%x)",
                problem);
    return false;
}
