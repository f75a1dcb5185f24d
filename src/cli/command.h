// SPDX-License-Identifier: Apache-2.0
// What a command of hepatica-cli is, and what a call of one carries.
//
// Usage, options, help, man page and completion all come from the tables here, and the parameters
// of core/parameter.h are options too: "--kappa 0.3" sets contour.kappa.
#pragma once

#include "case/plan.h"
#include "case/outputs.h"
#include "core/task.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

// Wrong usage: the person has to call differently. Anything else that fails is a HP_ERROR.
#define HP_USAGE_ERROR (hp_usage_error_quark())
GQuark hp_usage_error_quark(void);

typedef struct {
    const char *name;  // without the dashes
    const char *value; // placeholder of its value, "FILE"; NULL: it takes none
    const char *sentence;
    bool is_required;
} HpOption;

// Options that several commands share.
#define HP_OPTION_IMAGE                                                                            \
    {                                                                                              \
        "out", "FILE", "Where to write it: .nii, .nii.gz or .nrrd.", true                          \
    }
#define HP_OPTION_LABEL                                                                            \
    {                                                                                              \
        "label", "N", "The label that counts; any if not given.", false                            \
    }
#define HP_OPTION_SERIES                                                                           \
    {                                                                                              \
        "series", "UID", "Which series of INPUT.", false                                           \
    }
#define HP_OPTION_SEED                                                                             \
    {                                                                                              \
        "seed", "FILE", "Seed contours as JSON (see the man page).", false                         \
    }
#define HP_OPTION_SEED_MASK                                                                        \
    {                                                                                              \
        "seed-from-mask", "MASK", "One seed: its largest axial slice, eroded by 10 mm.", false     \
    }
#define HP_OPTION_TRIM                                                                             \
    {                                                                                              \
        "trim", "NX,NY,NZ,D", "Keep what lies at n.x < d, mm LPS; may be repeated.", false         \
    }
#define HP_OPTIONS_END                                                                             \
    {                                                                                              \
        NULL, NULL, NULL, false                                                                    \
    }

typedef struct HpCall HpCall;

typedef struct {
    const char *name;
    const char *arguments; // "INPUT", "MASK REFERENCE": one word each
    const char *sentence;
    const char *groups;      // parameters it takes as options: "prepare contour"; "" if none
    const HpOption *options; // ends with a NULL name
    bool (*run)(HpCall *call, GError **error);
} HpCommand;

struct HpCall {
    const HpCommand *command;
    GPtrArray *arguments; // char *, as many as the command's words
    GHashTable *options;  // name -> GPtrArray of char *, in the order given
    HpPlan *plan;         // defaults, then --params, then the parameters given as options
    HpTask *task;         // cancelled by SIGINT
    HpOutputs *outputs;   // every file a command writes goes through here
    JsonObject *result;   // what stdout gets
    bool is_json, is_quiet;
};

// The commands, ending with NULL.
extern const HpCommand *const hp_commands[];
// Options that every command takes, ending with a NULL name.
extern const HpOption hp_common_options[];

const HpCommand *hp_command_find(const char *name); // NULL if there is none
// Whether `command` takes parameter `id` as an option.
bool hp_command_takes(const HpCommand *command, HpParameterId id);

// Reads the words after the command's name. Fails with HP_USAGE_ERROR, and with HP_ERROR where a
// params file is bad. hp_call_free() takes NULL.
HpCall *hp_call_new(const HpCommand *command, char **words, HpTask *task, GError **error);
void hp_call_free(HpCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpCall, hp_call_free)

// Argument number `at`; borrowed.
const char *hp_call_argument(const HpCall *call, int at);
// The last value given to an option, "" for one without value; NULL if it was not given.
const char *hp_call_option(const HpCall *call, const char *name);
// Number `at` of the values given to an option that may be repeated; NULL past the last.
const char *hp_call_option_at(const HpCall *call, const char *name, guint at);

// A whole number, or one number or three with commas between, if the option was given; `value` stays
// as it is if not. Fails with HP_USAGE_ERROR outside low..high.
bool hp_call_get_int(const HpCall *call, const char *name, int low, int high, int *value,
                     GError **error);
bool hp_call_get_numbers(const HpCall *call, const char *name, double low, double high, int count,
                         double *value, GError **error);

// One line on stderr, unless --quiet.
void hp_call_warn(const HpCall *call, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
