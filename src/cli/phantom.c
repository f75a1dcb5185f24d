// SPDX-License-Identifier: Apache-2.0
// hepatica-cli phantom: writes a synthetic donor as a DICOM series, with its truth.
#include "case/json.h"
#include "cli/commands.h"
#include "core/error.h"
#include "phantom/phantom.h"

static const HpOption options[] = {
    {"out", "DIR", "Folder for series/, liver.nii.gz, labels.nii.gz, seed.json and truth.json.",
     true},
    {"matrix", "N", "Columns and rows of a slice.", false},
    {"slices", "N", "How many slices.", false},
    {"spacing", "X,Y,Z", "Spacing in mm.", false},
    {"tilt", "DEG", "Tilt of the gantry.", false},
    {"seed", "N", "Another number, another donor.", false},
    HP_OPTIONS_END,
};

static bool read_params(const HpCall *call, HpPhantomParams *params, GError **error)
{
    int seed = (int)params->seed;
    const bool is_read =
        hp_call_get_int(call, "matrix", 16, 2048, &params->matrix, error) &&
        hp_call_get_int(call, "slices", 1, 4096, &params->slices, error) &&
        hp_call_get_numbers(call, "spacing", 0.2, 20, 3, params->spacing_mm, error) &&
        hp_call_get_numbers(call, "tilt", -30, 30, 1, &params->tilt_deg, error) &&
        hp_call_get_int(call, "seed", 0, G_MAXINT, &seed, error);
    params->seed = (uint64_t)seed;
    return is_read && hp_phantom_params_validate(params, error);
}

// Slices of two series in one folder would be neither.
static bool check_is_free(const char *out, GError **error)
{
    g_autofree char *series = g_build_filename(out, "series", NULL);
    if (!g_file_test(series, G_FILE_TEST_EXISTS))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: exists already", series);
    return false;
}

static bool run(HpCall *call, GError **error)
{
    HpPhantomParams params = hp_phantom_params_default();
    if (!read_params(call, &params, error))
        return false;
    const char *out = hp_call_option(call, "out");
    if (!check_is_free(out, error))
        return false;
    const char *folder = hp_outputs_folder(call->outputs, out, error);
    if (folder == NULL || !hp_phantom_write(&params, folder, call->task, error))
        return false;
    g_autofree char *truth = g_build_filename(folder, "truth.json", NULL);
    g_autoptr(JsonNode) node = hp_json_read(truth, error);
    if (node == NULL)
        return false;
    json_object_unref(call->result);
    call->result = json_node_dup_object(node);
    return true;
}

const HpCommand hp_command_phantom = {
    .name = "phantom",
    .arguments = "",
    .sentence = "Write a synthetic donor: a CT as DICOM, and the truth about it.",
    .groups = "",
    .options = options,
    .run = run,
};
