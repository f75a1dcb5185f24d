// SPDX-License-Identifier: Apache-2.0
// Puts a seed where one clicks; the method widens it to the section it lies in.
#include "app/tools/click.h"

#include "app/tools/round.h"

#define RADIUS_MM 8.0 // of the circle a click stands for

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    hp_document_add_seed(tool->document, hp_round_contour(event, event->mm, RADIUS_MM));
    return true;
}

HpTool *hp_click_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.name = "click", .cursor = "cell", .press_cb = press_cb};
    HpTool *tool = hp_tool_new(&kind, sizeof *tool, document, lens);
    return tool;
}
