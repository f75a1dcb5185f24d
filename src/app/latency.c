// SPDX-License-Identifier: Apache-2.0
// Measures how fast the window answers, from inside it: from a change to the frame that shows it.
#include "app/latency.h"

#include "core/parameter.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { REPEATS = 100 };

typedef struct Latency Latency;

// One kind of change; `change` makes number `at` of it.
typedef struct {
    const char *name;
    void (*change)(Latency *latency, int at);
    int repeats;
    guint awaits; // timed to this change of the document; 0: to the next frame
} Trial;

struct Latency {
    HpWindow *window;
    HpDocument *document;
    HpLens *lens;
    GdkFrameClock *clock;
    gint64 opened_us;  // when the input was asked for
    gint64 changed_us; // when the change under way was made; 0: none is
    double changed_cpu_ms;
    guint trial;
    int at;
    double ms[REPEATS], cpu_ms[REPEATS]; // by the clock, and of all processors
};

static void scroll_axial(Latency *latency, int at)
{
    hp_lens_scroll(latency->lens, HP_PLANE_AXIAL, at % 20 < 10 ? 1 : -1);
}

static void scroll_sagittal(Latency *latency, int at)
{
    hp_lens_scroll(latency->lens, HP_PLANE_SAGITTAL, at % 20 < 10 ? 1 : -1);
}

static void change_window(Latency *latency, int at)
{
    hp_lens_set_window(latency->lens, -100 + at % 50, 200 + at % 50);
}

static void move_kappa(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_KAPPA, 0.05 * (1 + at % 10));
}

static void move_alpha(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_ALPHA, 1.1 + 0.1 * (at % 10));
}

static void move_threshold(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_THRESHOLD_LOW, 1 + at % 10);
}

static void take_organ(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_KAPPA, 0.05 * (1 + at % 2));
    gtk_widget_activate_action(GTK_WIDGET(latency->window), "win.take-organ", NULL);
}

static void add_cut(Latency *latency, int at)
{
    (void)at;
    gtk_widget_activate_action(GTK_WIDGET(latency->window), "win.add-cut", "s", "sagittal");
}

static void drag_cut(Latency *latency, int at)
{
    HpCut cut = g_array_index(hp_document_get_plan(latency->document)->trims, HpCut, 0);
    cut.d_mm += at % 20 < 10 ? 1 : -1;
    hp_document_move_trim(latency->document, 0, &cut);
}

static void move_smoothness(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_SURFACE_SMOOTH, 0.1 * (1 + at % 10));
}

static void move_beta(Latency *latency, int at)
{
    hp_document_set_value(latency->document, HP_PARAM_BETA, 1.1 + 0.1 * (at % 10));
}

static const Trial trials[] = {
    {"scroll an axial slice", scroll_axial, REPEATS, 0},
    {"scroll a sagittal slice", scroll_sagittal, REPEATS, 0},
    {"window/level", change_window, REPEATS, 0},
    {"balloon slider to contour", move_kappa, REPEATS, 0},
    {"length slider to contour", move_alpha, REPEATS, 0},
    {"threshold slider to contour", move_threshold, REPEATS, 0},
    {"full organ, surface and numbers", take_organ, 3, HP_CHANGE_RESULT},
    {"first cut to its numbers", add_cut, 1, HP_CHANGE_RESULT},
    {"dragged cut to its millilitres", drag_cut, REPEATS, 0},
    {"smoothness to the whole surface", move_smoothness, 5, HP_CHANGE_RESULT},
    {"slider to a sketch of the surface", move_beta, 20, HP_CHANGE_SKETCH},
};

static int compare_ms(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

// What the process has used: beside the clock it tells what a busy machine hides.
static double used_cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void print_trial(Latency *latency)
{
    const int count = trials[latency->trial].repeats;
    qsort(latency->ms, count, sizeof *latency->ms, compare_ms);
    qsort(latency->cpu_ms, count, sizeof *latency->cpu_ms, compare_ms);
    g_print("%-34s median %7.1f ms, p95 %7.1f ms, worst %7.1f ms (%d); processor %7.1f ms\n",
            trials[latency->trial].name, latency->ms[count / 2], latency->ms[count * 95 / 100],
            latency->ms[count - 1], count, latency->cpu_ms[count / 2]);
}

// Since the kernel started the process, by its clock ticks.
static double ms_since_start(void)
{
    g_autofree char *stat = NULL, *uptime = NULL;
    if (!g_file_get_contents("/proc/self/stat", &stat, NULL, NULL) ||
        !g_file_get_contents("/proc/uptime", &uptime, NULL, NULL))
        return 0;
    const char *after_name = strrchr(stat, ')');
    g_auto(GStrv) words = g_strsplit(after_name != NULL ? after_name : "", " ", -1);
    // starttime is the 22nd field, and the name before it the second.
    if (g_strv_length(words) < 21)
        return 0;
    const double ticks = g_ascii_strtod(words[20], NULL) / sysconf(_SC_CLK_TCK);
    return 1000 * (g_ascii_strtod(uptime, NULL) - ticks);
}

static void end(Latency *latency)
{
    g_signal_handlers_disconnect_by_data(latency->clock, latency);
    g_signal_handlers_disconnect_by_data(latency->document, latency);
    gtk_window_destroy(GTK_WINDOW(latency->window));
    g_object_unref(latency->window);
    g_free(latency);
}

static gboolean next_cb(gpointer data)
{
    Latency *latency = data;
    if (latency->at == trials[latency->trial].repeats) {
        print_trial(latency);
        latency->trial++;
        latency->at = 0;
    }
    if (latency->trial == G_N_ELEMENTS(trials)) {
        end(latency);
        return G_SOURCE_REMOVE;
    }
    latency->changed_us = g_get_monotonic_time();
    latency->changed_cpu_ms = used_cpu_ms();
    trials[latency->trial].change(latency, latency->at);
    return G_SOURCE_REMOVE;
}

static void finish_one(Latency *latency)
{
    latency->cpu_ms[latency->at] = used_cpu_ms() - latency->changed_cpu_ms;
    latency->ms[latency->at++] = (g_get_monotonic_time() - latency->changed_us) / 1000.0;
    latency->changed_us = 0;
    // Let the frame be over, and a little more, as between two events of a hand.
    g_timeout_add(20, next_cb, latency);
}

static void painted_cb(Latency *latency)
{
    const bool is_loaded = hp_document_get_volume(latency->document) != NULL;
    if (latency->opened_us != 0 && is_loaded && !hp_document_is_busy(latency->document)) {
        g_print("%-34s %7.1f ms\n", "input asked for to its slices",
                (g_get_monotonic_time() - latency->opened_us) / 1000.0);
        latency->opened_us = 0;
        g_timeout_add(500, next_cb, latency);
        return;
    }
    if (latency->changed_us != 0 && trials[latency->trial].awaits == 0)
        finish_one(latency);
}

static void changed_cb(Latency *latency, guint change)
{
    const guint awaits = trials[MIN(latency->trial, G_N_ELEMENTS(trials) - 1)].awaits;
    const bool is_whole = awaits != HP_CHANGE_RESULT || !hp_document_is_stale(latency->document);
    if (latency->changed_us != 0 && change & awaits && is_whole)
        finish_one(latency);
}

static void first_paint_cb(Latency *latency)
{
    g_signal_handlers_disconnect_by_func(latency->clock, G_CALLBACK(first_paint_cb), latency);
    g_print("%-34s %7.1f ms\n", "start to a usable window", ms_since_start());
}

void hp_latency_start(HpWindow *window)
{
    Latency *latency = g_new0(Latency, 1);
    latency->window = g_object_ref(window);
    latency->document = hp_window_get_document(window);
    latency->lens = hp_window_get_lens(window);
    latency->opened_us = g_get_monotonic_time();
    latency->clock = gtk_widget_get_frame_clock(GTK_WIDGET(window));
    g_signal_connect_swapped(latency->clock, "after-paint", G_CALLBACK(first_paint_cb), latency);
    g_signal_connect_swapped(latency->clock, "after-paint", G_CALLBACK(painted_cb), latency);
    g_signal_connect_swapped(latency->document, "changed", G_CALLBACK(changed_cb), latency);
}
