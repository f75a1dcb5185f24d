// SPDX-License-Identifier: Apache-2.0
// The named labels of a mask: what each number means, how it is shown, whether it may change.
#include "core/segment.h"

HpSegments hp_segments_default(void)
{
    static const HpSegment item[] = {
        {HP_LABEL_LIVER, "Liver", {255, 107, 94}, "10200004", true, false},
        {2, "Portal vein", {0, 114, 178}, "32764006", true, false},
        {3, "Hepatic veins", {86, 180, 233}, "8993003", true, false},
        {4, "Gallbladder", {0, 158, 115}, "28231008", true, false},
        {5, "Lesion", {230, 159, 0}, "52988006", true, false},
    };
    HpSegments segments = {.count = G_N_ELEMENTS(item)};
    for (int at = 0; at < segments.count; at++)
        segments.item[at] = item[at];
    return segments;
}

const HpSegment *hp_segments_find(const HpSegments *segments, uint8_t label)
{
    for (int at = 0; at < segments->count; at++)
        if (segments->item[at].label == label)
            return &segments->item[at];
    return NULL;
}
