// SPDX-License-Identifier: Apache-2.0
// One trim plane in a list: what it keeps, and buttons that turn it off, flip and remove it.
#include "app/cut_row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpCutRow {
    GtkListBoxRow parent_instance;
    HpDocument *document;
    guint index;
    GtkCheckButton *on;
    GtkLabel *name, *side;
    bool is_showing; // the plan is being shown; nothing a person did
};

G_DEFINE_FINAL_TYPE(HpCutRow, hp_cut_row, GTK_TYPE_LIST_BOX_ROW)

static HpCut cut_of(const HpCutRow *row)
{
    return g_array_index(hp_document_get_plan(row->document)->trims, HpCut, row->index);
}

// The patient's axis that the normal is nearest to.
static int main_axis(const HpCut *cut)
{
    int axis = 0;
    for (int at = 1; at < 3; at++)
        axis = fabs(cut->normal[at]) > fabs(cut->normal[axis]) ? at : axis;
    return axis;
}

// Where along its axis it lies, in the letters of the status line; how far it is tilted.
static char *dup_name(const HpCut *cut)
{
    static const char *const names[] = {N_("Sagittal"), N_("Coronal"), N_("Axial")};
    static const char letters[3][2] = {{'L', 'R'}, {'P', 'A'}, {'S', 'I'}};
    const int axis = main_axis(cut);
    const double share = CLAMP(fabs(cut->normal[axis]), 0, 1);
    const double tilt_degrees = acos(share) * 180 / G_PI;
    const double mm = cut->d_mm / cut->normal[axis];
    if (tilt_degrees < 0.5)
        return g_strdup_printf("%s  %c %.1f mm", _(names[axis]), letters[axis][mm < 0], fabs(mm));
    return g_strdup_printf(_("%s, tilted %.0f°"), _(names[axis]), tilt_degrees);
}

// A plane keeps what lies against its normal.
static const char *side_words(const HpCut *cut)
{
    static const char *const sides[3][2] = {
        {N_("keeps the patient’s right"), N_("keeps the patient’s left")},
        {N_("keeps the front"), N_("keeps the back")},
        {N_("keeps the lower part"), N_("keeps the upper part")}};
    const int axis = main_axis(cut);
    return _(sides[axis][cut->normal[axis] < 0]);
}

void hp_cut_row_show(HpCutRow *row)
{
    const HpCut cut = cut_of(row);
    g_autofree char *name = dup_name(&cut);
    row->is_showing = true;
    gtk_check_button_set_active(row->on, !cut.is_off);
    gtk_label_set_text(row->name, name);
    gtk_label_set_text(row->side, cut.is_off ? _("off") : side_words(&cut));
    gtk_widget_set_opacity(GTK_WIDGET(row->name), cut.is_off ? 0.55 : 1);
    row->is_showing = false;
}

static void change(HpCutRow *row, HpCut cut)
{
    hp_document_seal(row->document);
    hp_document_move_trim(row->document, row->index, &cut);
    hp_document_seal(row->document);
}

static void on_cb(HpCutRow *row)
{
    HpCut cut = cut_of(row);
    cut.is_off = !gtk_check_button_get_active(row->on);
    if (!row->is_showing)
        change(row, cut);
}

static void flip_cb(HpCutRow *row)
{
    HpCut cut = cut_of(row);
    for (int axis = 0; axis < 3; axis++)
        cut.normal[axis] = -cut.normal[axis];
    cut.d_mm = -cut.d_mm;
    change(row, cut);
}

static void remove_cb(HpCutRow *row)
{
    hp_document_remove_trim(row->document, row->index);
}

static GtkWidget *new_button(HpCutRow *row, const char *icon, const char *words, GCallback clicked)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(button, words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                   -1);
    g_signal_connect_swapped(button, "clicked", clicked, row);
    return button;
}

GtkWidget *hp_cut_row_new(HpDocument *document, guint index)
{
    HpCutRow *row = g_object_new(HP_TYPE_CUT_ROW, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    row->document = g_object_ref(document);
    row->index = index;
    row->on = GTK_CHECK_BUTTON(gtk_check_button_new());
    gtk_widget_set_tooltip_text(GTK_WIDGET(row->on), _("Whether it cuts"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->on), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Whether it cuts"), -1);
    row->name = GTK_LABEL(gtk_label_new(NULL));
    row->side = GTK_LABEL(gtk_label_new(NULL));
    gtk_label_set_xalign(row->name, 0);
    gtk_label_set_xalign(row->side, 0);
    gtk_label_set_ellipsize(row->name, PANGO_ELLIPSIZE_END);
    gtk_label_set_ellipsize(row->side, PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class(GTK_WIDGET(row->name), "numeric");
    gtk_widget_add_css_class(GTK_WIDGET(row->side), "dim-label");
    gtk_widget_add_css_class(GTK_WIDGET(row->side), "caption");
    gtk_widget_set_hexpand(words, TRUE);
    gtk_box_append(GTK_BOX(words), GTK_WIDGET(row->name));
    gtk_box_append(GTK_BOX(words), GTK_WIDGET(row->side));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(row->on));
    gtk_box_append(GTK_BOX(box), words);
    gtk_box_append(GTK_BOX(box), new_button(row, "object-flip-horizontal-symbolic",
                                            _("Keep the other side"), G_CALLBACK(flip_cb)));
    gtk_box_append(GTK_BOX(box), new_button(row, "user-trash-symbolic", _("Remove the cut"),
                                            G_CALLBACK(remove_cb)));
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
    hp_cut_row_show(row);
    g_signal_connect_swapped(row->on, "toggled", G_CALLBACK(on_cb), row);
    return GTK_WIDGET(row);
}

static void hp_cut_row_finalize(GObject *object)
{
    g_clear_object(&HP_CUT_ROW(object)->document);
    G_OBJECT_CLASS(hp_cut_row_parent_class)->finalize(object);
}

static void hp_cut_row_class_init(HpCutRowClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_cut_row_finalize;
}

static void hp_cut_row_init(HpCutRow *row)
{
    (void)row;
}
