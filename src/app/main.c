// SPDX-License-Identifier: Apache-2.0
// Starts the desktop program.
#include "app/application.h"

#include <glib/gi18n.h>
#include <locale.h>

// Under software GL the gl renderer costs 50 ms a frame whatever changes, cairo 3; so cairo draws
// unless the person chose otherwise. The 3-D pane does not depend on it.
static void choose_renderer(void)
{
    g_setenv("GSK_RENDERER", "cairo", FALSE);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    choose_renderer();
    g_autoptr(HpApplication) application = hp_application_new();
    return g_application_run(G_APPLICATION(application), argc, argv);
}
