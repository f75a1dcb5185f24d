// SPDX-License-Identifier: Apache-2.0
// Where a picture is drawn before it is shown: several samples a pixel, then their mean.
#include "app/gl/target.h"

#include "core/error.h"

#include <epoxy/gl.h>
#include <glib/gi18n.h>
#include <math.h>

void hp_target_clear(HpTarget *target)
{
    glDeleteFramebuffers(1, &target->framebuffer); // 0 is passed over
    glDeleteFramebuffers(2, target->low_framebuffer);
    glDeleteRenderbuffers(1, &target->colour);
    glDeleteRenderbuffers(1, &target->depth);
    glDeleteRenderbuffers(1, &target->low_depth);
    glDeleteTextures(2, target->low_texture);
    *target = (HpTarget){0};
}

static GLuint renderbuffer_new(int samples, GLenum format, int width, int height)
{
    GLuint buffer = 0;
    glGenRenderbuffers(1, &buffer);
    glBindRenderbuffer(GL_RENDERBUFFER, buffer);
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, format, width, height);
    return buffer;
}

static bool is_complete(const char *what, GError **error)
{
    const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    const GLenum problem = glGetError();
    if (problem == GL_OUT_OF_MEMORY) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("no graphics memory for %s"), what);
        return false;
    }
    if (status == GL_FRAMEBUFFER_COMPLETE)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("the driver cannot draw into %s (0x%x)"),
                what, status);
    return false;
}

static bool make_fine(HpTarget *target, GError **error)
{
    target->colour = renderbuffer_new(target->samples, GL_RGBA8, target->width, target->height);
    target->depth =
        renderbuffer_new(target->samples, GL_DEPTH24_STENCIL8, target->width, target->height);
    glGenFramebuffers(1, &target->framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, target->framebuffer);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER,
                              target->colour);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER,
                              target->depth);
    return is_complete("the picture", error);
}

// As coarse as the blur allows: view/raster.c blurs over 1/28 of the picture's shorter side.
static bool make_low(HpTarget *target, GError **error)
{
    const int radius = MAX(MIN(target->width, target->height) / 28, 2);
    const double coarser = fmax((double)radius / HP_TARGET_BLUR, 1);
    target->low_width = (int)ceil(target->width / coarser);
    target->low_height = (int)ceil(target->height / coarser);
    target->low_depth =
        renderbuffer_new(0, GL_DEPTH_COMPONENT24, target->low_width, target->low_height);
    glGenTextures(2, target->low_texture);
    glGenFramebuffers(2, target->low_framebuffer);
    for (int at = 0; at < 2; at++) {
        glBindTexture(GL_TEXTURE_2D, target->low_texture[at]);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RG32F, target->low_width, target->low_height, 0, GL_RG,
                     GL_FLOAT, NULL);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        glBindFramebuffer(GL_FRAMEBUFFER, target->low_framebuffer[at]);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                               target->low_texture[at], 0);
        if (at == 0)
            glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER,
                                      target->low_depth);
        if (!is_complete("depths", error))
            return false;
    }
    return true;
}

bool hp_target_resize(HpTarget *target, int width, int height, int samples, GError **error)
{
    GLint most = 0;
    glGetIntegerv(GL_MAX_SAMPLES, &most);
    samples = MIN(samples, most);
    if (target->framebuffer != 0 && target->width == width && target->height == height &&
        target->samples == samples)
        return true;
    hp_target_clear(target);
    target->samples = samples;
    target->width = width;
    target->height = height;
    if (make_fine(target, error) && make_low(target, error))
        return true;
    hp_target_clear(target);
    return false;
}

void hp_target_resolve(const HpTarget *target, unsigned framebuffer)
{
    glBindFramebuffer(GL_READ_FRAMEBUFFER, target->framebuffer);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
    glBlitFramebuffer(0, 0, target->width, target->height, 0, 0, target->width, target->height,
                      GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
}
