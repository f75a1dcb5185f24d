// SPDX-License-Identifier: Apache-2.0
// An OpenGL context without any display, and a framebuffer to draw pictures into.
#include "app/gl/context.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <string.h>

// Mesa's display without a screen; else the first device of another driver.
static EGLDisplay find_display(void)
{
    if (epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless"))
        return eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
    EGLDeviceEXT device;
    EGLint count = 0;
    if (!epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_EXT_platform_device") ||
        !eglQueryDevicesEXT(1, &device, &count) || count < 1)
        return EGL_NO_DISPLAY;
    return eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, device, NULL);
}

bool context_begin(Context *context, const char **words)
{
    static const EGLint wanted[] = {EGL_CONTEXT_MAJOR_VERSION,
                                    3,
                                    EGL_CONTEXT_MINOR_VERSION,
                                    3,
                                    EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                    EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                    EGL_NONE};
    EGLint major, minor;
    *context = (Context){0};
    *words = "EGL has no display without a screen";
    const EGLDisplay display = epoxy_has_egl() ? find_display() : EGL_NO_DISPLAY;
    if (display == EGL_NO_DISPLAY)
        return false;
    *words = "EGL finds no driver";
    if (!eglInitialize(display, &major, &minor))
        return false;
    *words = "no OpenGL 3.3";
    if (!eglBindAPI(EGL_OPENGL_API))
        return false;
    const EGLContext made = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, wanted);
    if (made == EGL_NO_CONTEXT)
        return false;
    context->display = display;
    context->context = made;
    return eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, made);
}

void context_end(Context *context)
{
    glDeleteFramebuffers(1, &context->framebuffer);
    glDeleteTextures(1, &context->texture);
    eglMakeCurrent(context->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(context->display, context->context); // the display is the process's
}

const char *context_renderer(void)
{
    return (const char *)glGetString(GL_RENDERER);
}

static void resize(Context *context, int width, int height)
{
    if (context->framebuffer == 0) {
        glGenFramebuffers(1, &context->framebuffer);
        glGenTextures(1, &context->texture);
    }
    glBindTexture(GL_TEXTURE_2D, context->texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glBindFramebuffer(GL_FRAMEBUFFER, context->framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, context->texture,
                           0);
    context->width = width;
    context->height = height;
}

void context_draw(Context *context, HpPainter *painter, const HpScene *scene, int width, int height)
{
    GError *error = NULL;
    if (context->width != width || context->height != height)
        resize(context, width, height);
    glBindFramebuffer(GL_FRAMEBUFFER, context->framebuffer);
    hp_painter_draw(painter, scene, width, height, &error);
    g_assert_no_error(error);
    glFinish();
}

HpPicture *context_picture(Context *context)
{
    HpPicture *picture = hp_picture_new(context->width, context->height, NULL);
    g_autofree uint8_t *rows = g_malloc((size_t)3 * context->width * context->height);
    glBindFramebuffer(GL_FRAMEBUFFER, context->framebuffer);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, context->width, context->height, GL_RGB, GL_UNSIGNED_BYTE, rows);
    for (int y = 0; y < context->height; y++) // GL counts rows from the bottom
        memcpy(hp_picture_at(picture, 0, y),
               rows + (size_t)3 * context->width * (context->height - 1 - y),
               (size_t)3 * context->width);
    return picture;
}
