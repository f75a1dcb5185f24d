// SPDX-License-Identifier: Apache-2.0
// What a case file holds: facts about the images, steps, one result. Values, without the file.
#include "case/contents.h"

#include <math.h>

HpStoreFacts hp_store_facts_copy(const HpStoreFacts *facts)
{
    HpStoreFacts copy = *facts;
    copy.version = g_strdup(facts->version);
    copy.path = g_strdup(facts->path);
    copy.series = g_strdup(facts->series);
    copy.checksum = g_strdup(facts->checksum);
    return copy;
}

void hp_store_facts_clear(HpStoreFacts *facts)
{
    g_free(facts->version);
    g_free(facts->path);
    g_free(facts->series);
    g_free(facts->checksum);
    *facts = (HpStoreFacts){0};
}

HpStoreStep *hp_store_step_new(gint64 id, const char *name, const char *text)
{
    HpStoreStep *step = g_new(HpStoreStep, 1);
    *step = (HpStoreStep){id, g_get_real_time(), g_strdup(name), g_strdup(text), NAN};
    return step;
}

void hp_store_step_free(HpStoreStep *step)
{
    if (step == NULL)
        return;
    g_free(step->name);
    g_free(step->text);
    g_free(step);
}

HpStoreResult *hp_store_result_new(void)
{
    return g_new0(HpStoreResult, 1);
}

HpStoreResult *hp_store_result_copy(const HpStoreResult *result)
{
    HpStoreResult *copy = hp_store_result_new();
    *copy = (HpStoreResult){g_strdup(result->plan), g_strdup(result->numbers),
                            hp_mask_ref(result->mask), g_ptr_array_ref(result->contours)};
    return copy;
}

void hp_store_result_free(HpStoreResult *result)
{
    if (result == NULL)
        return;
    g_free(result->plan);
    g_free(result->numbers);
    hp_mask_unref(result->mask);
    if (result->contours != NULL)
        g_ptr_array_unref(result->contours);
    g_free(result);
}

HpStoreContents *hp_store_contents_new(void)
{
    HpStoreContents *contents = g_new0(HpStoreContents, 1);
    contents->steps = g_ptr_array_new_with_free_func((GDestroyNotify)hp_store_step_free);
    contents->current = -1;
    contents->lost = g_ptr_array_new_with_free_func(g_free);
    return contents;
}

void hp_store_contents_free(HpStoreContents *contents)
{
    if (contents == NULL)
        return;
    hp_store_facts_clear(&contents->facts);
    g_ptr_array_unref(contents->steps);
    hp_store_result_free(contents->result);
    g_ptr_array_unref(contents->lost);
    g_free(contents);
}
