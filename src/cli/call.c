// SPDX-License-Identifier: Apache-2.0
// Reads the words of a call into arguments, options and a plan.
#include "cli/command.h"

#include "core/error.h"
#include "core/parallel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

GQuark hp_usage_error_quark(void)
{
    return g_quark_from_static_string("hp-usage-error-quark");
}

const HpOption hp_common_options[] = {
    {"json", NULL, "Print one JSON object instead of a table.", false},
    {"params", "FILE", "Parameters, seeds and trim planes as JSON; options overrule them.", false},
    {"threads", "N", "Use N threads; the result is the same for any number.", false},
    {"quiet", NULL, "No progress and no warnings on stderr.", false},
    {"help", NULL, "Explain the command.", false},
    {NULL, NULL, NULL, false},
};

const HpCommand *hp_command_find(const char *name)
{
    for (int at = 0; hp_commands[at] != NULL; at++)
        if (strcmp(hp_commands[at]->name, name) == 0)
            return hp_commands[at];
    return NULL;
}

bool hp_command_takes(const HpCommand *command, HpParameterId id)
{
    const char *name = hp_parameter_get(id)->id;
    g_autofree char *group = g_strndup(name, strcspn(name, "."));
    g_auto(GStrv) groups = g_strsplit(command->groups, " ", -1);
    return g_strv_contains((const char *const *)groups, group);
}

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool refuse(GError **error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *text = g_strdup_vprintf(format, values);
    va_end(values);
    g_set_error_literal(error, HP_USAGE_ERROR, 0, text);
    return false;
}

static const HpOption *find_in(const HpOption *options, const char *name)
{
    for (; options->name != NULL; options++)
        if (strcmp(options->name, name) == 0)
            return options;
    return NULL;
}

// The option's row; a parameter is an option with a value.
static const HpOption *find_option(const HpCommand *command, const char *name)
{
    static const HpOption parameter = {"", "VALUE", "", false};
    const HpOption *option = find_in(hp_common_options, name);
    if (option == NULL)
        option = find_in(command->options, name);
    const HpParameterId id = hp_parameter_find(name);
    if (option == NULL && id != HP_PARAM_COUNT && hp_command_takes(command, id))
        option = &parameter;
    return option;
}

static void keep(HpCall *call, const char *name, const char *value)
{
    GPtrArray *values = g_hash_table_lookup(call->options, name);
    if (values == NULL) {
        values = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(call->options, g_strdup(name), values);
    }
    g_ptr_array_add(values, g_strdup(value));
}

// Reads the option at words[*at], and its value from there or from the next word.
static bool read_option(HpCall *call, char **words, int *at, GError **error)
{
    const char *word = words[*at] + 2;
    const char *equals = strchr(word, '=');
    g_autofree char *name = equals != NULL ? g_strndup(word, equals - word) : g_strdup(word);
    const HpOption *option = find_option(call->command, name);
    if (option == NULL)
        return refuse(error, "unknown option --%s", name);
    if (option->value == NULL && equals != NULL)
        return refuse(error, "--%s takes no value", name);
    if (option->value != NULL && equals == NULL && words[++*at] == NULL)
        return refuse(error, "--%s needs a value: %s", name, option->value);
    keep(call, name, option->value == NULL ? "" : equals != NULL ? equals + 1 : words[*at]);
    return true;
}

static bool read_words(HpCall *call, char **words, GError **error)
{
    bool only_arguments = false;
    for (int at = 0; words[at] != NULL; at++) {
        if (!only_arguments && strcmp(words[at], "--") == 0)
            only_arguments = true;
        else if (only_arguments || !g_str_has_prefix(words[at], "-") || strlen(words[at]) == 1)
            g_ptr_array_add(call->arguments, g_strdup(words[at]));
        else if (!g_str_has_prefix(words[at], "--"))
            return refuse(error, "unknown option %s", words[at]);
        else if (!read_option(call, words, &at, error))
            return false;
    }
    return true;
}

static bool check_counts(const HpCall *call, GError **error)
{
    g_auto(GStrv) expected = g_strsplit(call->command->arguments, " ", -1);
    const guint wanted = g_strv_length(expected);
    if (call->arguments->len < wanted)
        return refuse(error, "%s is missing", expected[call->arguments->len]);
    if (call->arguments->len > wanted)
        return refuse(error, "one argument too many: %s", hp_call_argument(call, (int)wanted));
    for (const HpOption *option = call->command->options; option->name != NULL; option++)
        if (option->is_required && hp_call_option(call, option->name) == NULL)
            return refuse(error, "--%s %s is missing", option->name, option->value);
    return true;
}

// Parameters given as options overrule the file, wherever they stand.
static bool read_parameters(HpCall *call, GError **error)
{
    const char *file = hp_call_option(call, "params");
    if (file != NULL && !hp_plan_read(call->plan, file, error))
        return false;
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const char *whole = hp_parameter_get(id)->id;
        const char *last = strchr(whole, '.') + 1;
        const bool is_taken =
            hp_command_takes(call->command, id) && find_in(call->command->options, last) == NULL;
        const char *words = hp_call_option(call, whole);
        if (words == NULL && is_taken)
            words = hp_call_option(call, last);
        g_autoptr(GError) fault = NULL;
        if (words != NULL && !hp_plan_set(call->plan, id, words, &fault))
            return refuse(error, "--%s: %s", last, fault->message);
    }
    return true;
}

// Planes given as options take the place of the file's.
static bool read_trims(HpCall *call, GError **error)
{
    if (hp_call_option(call, "trim") != NULL)
        g_array_set_size(call->plan->trims, 0);
    const char *words = NULL;
    for (guint at = 0; (words = hp_call_option_at(call, "trim", at)) != NULL; at++) {
        g_autoptr(GError) fault = NULL;
        if (!hp_plan_add_trim(call->plan, words, &fault))
            return refuse(error, "--trim: %s", fault->message);
    }
    return true;
}

static bool set_threads(const HpCall *call, GError **error)
{
    int threads = 0;
    if (!hp_call_get_int(call, "threads", 1, 256, &threads, error))
        return false;
    if (threads > 0)
        hp_parallel_set_threads(threads);
    return true;
}

HpCall *hp_call_new(const HpCommand *command, char **words, HpTask *task, GError **error)
{
    g_autoptr(HpCall) call = g_new0(HpCall, 1);
    call->command = command;
    call->arguments = g_ptr_array_new_with_free_func(g_free);
    call->options =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    call->plan = hp_plan_new();
    call->task = task;
    call->outputs = hp_outputs_new();
    call->result = json_object_new();
    if (!read_words(call, words, error))
        return NULL;
    call->is_json = hp_call_option(call, "json") != NULL;
    call->is_quiet = hp_call_option(call, "quiet") != NULL;
    if (hp_call_option(call, "help") != NULL)
        return g_steal_pointer(&call);
    if (!check_counts(call, error) || !read_parameters(call, error) || !read_trims(call, error) ||
        !set_threads(call, error))
        return NULL;
    return g_steal_pointer(&call);
}

void hp_call_free(HpCall *call)
{
    if (call == NULL)
        return;
    g_ptr_array_unref(call->arguments);
    g_hash_table_unref(call->options);
    hp_plan_free(call->plan);
    hp_outputs_free(call->outputs);
    json_object_unref(call->result);
    g_free(call);
}

const char *hp_call_argument(const HpCall *call, int at)
{
    return call->arguments->pdata[at];
}

const char *hp_call_option_at(const HpCall *call, const char *name, guint at)
{
    const GPtrArray *values = g_hash_table_lookup(call->options, name);
    return values != NULL && at < values->len ? values->pdata[at] : NULL;
}

const char *hp_call_option(const HpCall *call, const char *name)
{
    const GPtrArray *values = g_hash_table_lookup(call->options, name);
    return values != NULL ? values->pdata[values->len - 1] : NULL;
}

bool hp_call_get_int(const HpCall *call, const char *name, int low, int high, int *value,
                     GError **error)
{
    const char *words = hp_call_option(call, name);
    gint64 number = 0;
    if (words == NULL)
        return true;
    if (!g_ascii_string_to_signed(words, 10, low, high, &number, NULL))
        return refuse(error, "--%s is \"%s\", expected a whole number from %d to %d", name, words,
                      low, high);
    *value = (int)number;
    return true;
}

bool hp_call_get_numbers(const HpCall *call, const char *name, double low, double high, int count,
                         double *value, GError **error)
{
    const char *words = hp_call_option(call, name);
    if (words == NULL)
        return true;
    double number[8];
    g_assert(count <= (int)G_N_ELEMENTS(number));
    const char *at = words;
    bool is_good = true;
    for (int part = 0; is_good && part < count; part++) {
        char *end = NULL;
        number[part] = g_ascii_strtod(at, &end);
        is_good = end != at && number[part] >= low && number[part] <= high &&
                  *end == (part + 1 < count ? ',' : '\0');
        at = end + 1;
    }
    if (!is_good)
        return refuse(error, "--%s is \"%s\", expected %s from %g to %g", name, words,
                      count == 1 ? "a number" : "three numbers x,y,z", low, high);
    memcpy(value, number, count * sizeof(double));
    return true;
}

void hp_call_warn(const HpCall *call, const char *format, ...)
{
    if (call->is_quiet)
        return;
    va_list values;
    va_start(values, format);
    g_autofree char *text = g_strdup_vprintf(format, values);
    va_end(values);
    fprintf(stderr, "hepatica-cli: warning: %s\n", text);
}
