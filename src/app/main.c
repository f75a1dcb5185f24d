// SPDX-License-Identifier: Apache-2.0
// Starts the desktop program.
#include "app/application.h"
#include "app/place.h"
#include "app/tour.h"

#include <glib/gi18n.h>
#include <locale.h>

// Under software GL the gl renderer costs 50 ms a frame whatever changes, cairo 3; so cairo draws
// unless the person chose otherwise. The 3-D pane does not depend on it.
static void choose_renderer(void)
{
    g_setenv("GSK_RENDERER", "cairo", FALSE);
}

static void choose_language(void)
{
    g_autofree char *folder = hp_place_dup_locales();
    setlocale(LC_ALL, "");
    if (folder != NULL)
        bindtextdomain("hepatica", folder);
    bind_textdomain_codeset("hepatica", "UTF-8");
    textdomain("hepatica");
}

int main(int argc, char **argv)
{
    choose_language();
    choose_renderer();
    g_autoptr(HpApplication) application = hp_application_new();
    const int status = g_application_run(G_APPLICATION(application), argc, argv);
    return status != 0 ? status : hp_tour_get_exit_code();
}
