// SPDX-License-Identifier: Apache-2.0
// GL programs made of the shaders in ui/shaders.
#include "app/gl/program.h"

#include "core/error.h"

#include <epoxy/gl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>

#define FOLDER "/org/hepatica/Hepatica/shaders/"

static GBytes *text_of(const char *file)
{
    g_autofree char *path = g_strconcat(FOLDER, file, NULL);
    GBytes *bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes != NULL); // they are part of the program
    return bytes;
}

static GLuint compile(GLenum kind, const HpProgramParts *parts, const char *file, const char *part,
                      GError **error)
{
    g_autoptr(GBytes) body = text_of(file);
    g_autoptr(GBytes) before = part != NULL ? text_of(part) : g_bytes_new_static("", 0);
    const char *texts[4] = {"#version 330 core\n", parts->prelude != NULL ? parts->prelude : "",
                            g_bytes_get_data(before, NULL), g_bytes_get_data(body, NULL)};
    const GLint lengths[4] = {-1, -1, (GLint)g_bytes_get_size(before),
                              (GLint)g_bytes_get_size(body)};
    if (texts[2] == NULL)
        texts[2] = "";
    const GLuint shader = glCreateShader(kind);
    GLint is_compiled = 0;
    glShaderSource(shader, 4, texts, lengths);
    glCompileShader(shader);
    glGetShaderiv(shader, GL_COMPILE_STATUS, &is_compiled);
    if (is_compiled)
        return shader;
    char words[512] = "";
    glGetShaderInfoLog(shader, sizeof words, NULL, words);
    glDeleteShader(shader);
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%s: the driver refused it: %s"), file,
                g_strstrip(words));
    return 0;
}

static bool attach(GLuint program, GLenum kind, const HpProgramParts *parts, const char *file,
                   const char *part, GError **error)
{
    if (file == NULL)
        return true;
    const GLuint shader = compile(kind, parts, file, part, error);
    if (shader == 0)
        return false;
    glAttachShader(program, shader);
    glDeleteShader(shader); // it goes with the program
    return true;
}

unsigned hp_program_new(const HpProgramParts *parts, GError **error)
{
    const GLuint program = glCreateProgram();
    if (attach(program, GL_VERTEX_SHADER, parts, parts->vertex, NULL, error) &&
        attach(program, GL_GEOMETRY_SHADER, parts, parts->geometry, NULL, error) &&
        attach(program, GL_FRAGMENT_SHADER, parts, parts->fragment, parts->fragment_part, error)) {
        GLint is_linked = 0;
        glLinkProgram(program);
        glGetProgramiv(program, GL_LINK_STATUS, &is_linked);
        if (is_linked)
            return program;
        char words[512] = "";
        glGetProgramInfoLog(program, sizeof words, NULL, words);
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%s: the driver refused it: %s"),
                    parts->fragment, g_strstrip(words));
    }
    glDeleteProgram(program);
    return 0;
}

void hp_uniform_int(unsigned program, const char *name, int value)
{
    glUniform1i(glGetUniformLocation(program, name), value);
}

void hp_uniform_floats(unsigned program, const char *name, int count, const float *values)
{
    const GLint place = glGetUniformLocation(program, name);
    if (count == 1)
        glUniform1fv(place, 1, values);
    else if (count == 2)
        glUniform2fv(place, 1, values);
    else if (count == 3)
        glUniform3fv(place, 1, values);
    else
        glUniform4fv(place, count / 4, values);
}

void hp_uniform_matrix3(unsigned program, const char *name, const float rows[9])
{
    glUniformMatrix3fv(glGetUniformLocation(program, name), 1, GL_TRUE, rows);
}
