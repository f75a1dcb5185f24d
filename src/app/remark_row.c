// SPDX-License-Identifier: Apache-2.0
// A remark on a series: an icon, a line, and what it means.
#include "app/remark_row.h"

#include <glib/gi18n.h>

static GtkWidget *new_line(const char *words, const char *style)
{
    GtkWidget *label = gtk_label_new(words);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_add_css_class(label, style);
    return label;
}

GtkWidget *hp_remark_row_new(const HpRemark *remark)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
    GtkWidget *icon = gtk_image_new_from_icon_name(
        remark->is_grave ? "dialog-warning-symbolic" : "dialog-information-symbolic");
    gtk_widget_add_css_class(icon, remark->is_grave ? "warning" : "dim-label");
    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   remark->is_grave ? _("Warning") : _("Note"), -1);
    gtk_box_append(GTK_BOX(lines), new_line(remark->headline, "hp-remark"));
    if (remark->detail[0] != '\0') {
        GtkWidget *detail = new_line(remark->detail, "caption");
        gtk_widget_add_css_class(detail, "dim-label");
        gtk_box_append(GTK_BOX(lines), detail);
    }
    gtk_box_append(GTK_BOX(row), icon);
    gtk_box_append(GTK_BOX(row), lines);
    return row;
}
