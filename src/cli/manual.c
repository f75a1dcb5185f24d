// SPDX-License-Identifier: Apache-2.0
// Help, man page and bash completion, written from the tables of commands and parameters.
#include "cli/manual.h"

#include <math.h>
#include <string.h>

#define PROGRAM "hepatica-cli"

static const char *last_part(HpParameterId id)
{
    return strchr(hp_parameter_get(id)->id, '.') + 1;
}

// Whether the command has an option of its own by that name, which hides the parameter's.
static bool is_hidden(const HpCommand *command, HpParameterId id)
{
    for (const HpOption *option = command->options; option->name != NULL; option++)
        if (strcmp(option->name, last_part(id)) == 0)
            return true;
    return !hp_command_takes(command, id);
}

static void append_usage(GString *text, const HpCommand *command)
{
    g_string_append_printf(text, "%s%s%s", command->name, command->arguments[0] != '\0' ? " " : "",
                           command->arguments);
    for (const HpOption *option = command->options; option->name != NULL; option++)
        g_string_append_printf(text, option->is_required ? " --%s%s%s" : " [--%s%s%s]",
                               option->name, option->value != NULL ? " " : "",
                               option->value != NULL ? option->value : "");
    if (command->groups[0] != '\0')
        g_string_append(text, " [--PARAMETER VALUE ...]");
}

// "-2 to 2, 0 if not given", "one of off, on; on if not given"
static char *dup_range(HpParameterId id)
{
    const HpParameter *parameter = hp_parameter_get(id);
    if (parameter->choices != NULL) {
        g_autofree char *all = g_strjoinv(", ", (char **)parameter->choices);
        return g_strdup_printf("One of %s; %s if not given.", all,
                               parameter->choices[(int)parameter->value]);
    }
    g_autofree char *fallback =
        isnan(parameter->value) ? g_strdup("auto") : g_strdup_printf("%g", parameter->value);
    return g_strdup_printf("%.10g to %.10g%s%s; %s if not given.", parameter->low, parameter->high,
                           parameter->unit[0] != '\0' ? " " : "", parameter->unit, fallback);
}

char *hp_manual_dup_help(void)
{
    GString *text = g_string_new("Usage: " PROGRAM " COMMAND INPUT ... [OPTIONS]\n\n");
    for (int at = 0; hp_commands[at] != NULL; at++)
        g_string_append_printf(text, "  %-10s%s\n", hp_commands[at]->name,
                               hp_commands[at]->sentence);
    g_string_append(
        text, "\nINPUT is a DICOM folder, file, DICOMDIR or zip, or a .nii, .nii.gz, .nrrd, .mha "
              "or .mhd file.\n"
              "'" PROGRAM " COMMAND --help' explains a command; the man page has everything.\n");
    return g_string_free(text, FALSE);
}

static void append_option_help(GString *text, const HpOption *option)
{
    g_autofree char *left = g_strdup_printf("--%s%s%s", option->name, option->value ? " " : "",
                                            option->value ? option->value : "");
    g_string_append_printf(text, "  %-24s%s%s\n", left, strlen(left) > 23 ? " " : "",
                           option->sentence);
}

char *hp_manual_dup_command_help(const HpCommand *command)
{
    GString *text = g_string_new("Usage: " PROGRAM " ");
    append_usage(text, command);
    g_string_append_printf(text, "\n\n%s\n\n", command->sentence);
    for (const HpOption *option = command->options; option->name != NULL; option++)
        append_option_help(text, option);
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        if (is_hidden(command, id))
            continue;
        g_autofree char *range = dup_range(id);
        g_string_append_printf(text, "  --%-22s%s\n%26s%s\n", last_part(id),
                               hp_parameter_get(id)->sentence, "", range);
    }
    for (const HpOption *option = hp_common_options; option->name != NULL; option++)
        append_option_help(text, option);
    return g_string_free(text, FALSE);
}

// Dashes are minus signs, backslashes and leading dots are kept from roff.
static void append_roff(GString *text, const char *words)
{
    if (words[0] == '.' || words[0] == '\'')
        g_string_append(text, "\\&");
    for (; *words != '\0'; words++) {
        if (*words == '-')
            g_string_append(text, "\\-");
        else if (*words == '\\')
            g_string_append(text, "\\e");
        else
            g_string_append_c(text, *words);
    }
}

static void append_roff_option(GString *text, const HpOption *option)
{
    g_string_append(text, ".TP\n\\fB");
    append_roff(text, "--");
    append_roff(text, option->name);
    g_string_append(text, "\\fR");
    if (option->value != NULL)
        g_string_append_printf(text, " \\fI%s\\fR", option->value);
    g_string_append_c(text, '\n');
    append_roff(text, option->sentence);
    g_string_append_c(text, '\n');
}

static void append_page_command(GString *text, const HpCommand *command)
{
    g_autoptr(GString) usage = g_string_new(NULL);
    append_usage(usage, command);
    g_string_append(text, ".SS ");
    append_roff(text, usage->str);
    g_string_append_c(text, '\n');
    append_roff(text, command->sentence);
    g_string_append_c(text, '\n');
    for (const HpOption *option = command->options; option->name != NULL; option++)
        append_roff_option(text, option);
    if (command->groups[0] == '\0')
        return;
    g_string_append(text, ".TP\n.I parameters\nThose whose names begin with ");
    g_auto(GStrv) groups = g_strsplit(command->groups, " ", -1);
    for (int at = 0; groups[at] != NULL; at++)
        g_string_append_printf(text, "%s\\fB%s.\\fR", at > 0 ? " or " : "", groups[at]);
    g_string_append(text, "\n");
}

static void append_page_parameters(GString *text)
{
    g_string_append(text,
                    ".SH PARAMETERS\nEach is a key of a params file by its whole name, and an "
                    "option by what follows the dot: \\fBcontour.kappa\\fR is \\fB\\-\\-kappa\\fR. "
                    "What is \\fIauto\\fR is taken from the data, and is null in a file.\n");
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        g_autofree char *range = dup_range(id);
        g_string_append(text, ".TP\n\\fB");
        append_roff(text, hp_parameter_get(id)->id);
        g_string_append(text, "\\fR\n");
        append_roff(text, hp_parameter_get(id)->sentence);
        g_string_append_c(text, ' ');
        append_roff(text, range);
        g_string_append_c(text, '\n');
    }
}

static const char page_files[] =
    ".SH FILES\n"
    ".TP\n.I seed file\n"
    "JSON: {\"contours\": [{\"plane\": \"axial\", \"points_mm\": [[x, y, z], ...]}]}. Positions "
    "are "
    "millimetres in LPS (x to the patient's left, y to the back, z to the head); a contour is "
    "closed, and lies on an axial, coronal or sagittal slice.\n"
    ".TP\n.I params file\n"
    "JSON: a value for each parameter named, and beside them \\fBhepatica\\fR (the version), "
    "\\fBcontours\\fR as in a seed file, \\fBstrokes\\fR (see below), \\fBtrim\\fR (a list of "
    "planes [nx, ny, nz, d]) and "
    "\\fBseries\\fR (a UID). \\fBrun\\fR writes one, and repeats itself from it to the same "
    "bytes.\n";

static const char page_strokes[] =
    ".SH STROKES\n"
    "JSON, in a params or a seed file: {\"strokes\": [{\"kind\": \"barrier\", \"plane\": "
    "\"axial\", \"radius_mm\": 6, \"points_mm\": [[x, y, z], ...]}]}. Each is a line painted "
    "on a slice of its plane, as deep as it is wide, 0.5 to 50 mm in radius; they count in their "
    "order.\n"
    ".TP\n.B barrier\nNot liver: no voxel within it is ever part of a contour or the mask.\n"
    ".TP\n.B hold\nThe contour stays where it comes to this: stiff, and without balloon.\n"
    ".TP\n.B push\nThe contour grows here.\n"
    ".TP\n.B erase\nTakes away what the strokes before it left.\n";

static const char page_end[] =
    ".SH EXIT STATUS\n"
    "0 done; 1 could not, stderr says why; 2 wrong usage; 130 cancelled. A command that is "
    "refused, "
    "fails or is cancelled leaves no output.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "hepatica\\-cli phantom \\-\\-out donor\n"
    "hepatica\\-cli info donor/series\n"
    "hepatica\\-cli run donor/series \\-\\-seed donor/seed.json \\-\\-out plan\n"
    "hepatica\\-cli run donor/series \\-\\-params plan/params.json \\-\\-out again\n"
    ".fi\n"
    ".SH LIMITS\n"
    "Hepatica is an aid for research and planning, not a medical device.\n";

char *hp_manual_dup_page(void)
{
    GString *text = g_string_new(
        ".TH HEPATICA\\-CLI 1 \"\" \"Hepatica " HP_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nhepatica\\-cli \\- measure a liver in a CT, from DICOM to a trimmed mesh\n"
        ".SH SYNOPSIS\n.B hepatica\\-cli\n.I COMMAND INPUT\n[\\fIOPTIONS\\fR]\n"
        ".SH DESCRIPTION\n"
        "Each command is one stage of planning a living\\-donor liver transplantation. INPUT is a "
        "DICOM folder, file, DICOMDIR or zip, or a .nii, .nii.gz, .nrrd, .mha or .mhd file. The "
        "result goes to stdout, progress, warnings and errors to stderr.\n"
        ".SH COMMANDS\n");
    for (int at = 0; hp_commands[at] != NULL; at++)
        append_page_command(text, hp_commands[at]);
    g_string_append(text, ".SH COMMON OPTIONS\n");
    for (const HpOption *option = hp_common_options; option->name != NULL; option++)
        append_roff_option(text, option);
    append_page_parameters(text);
    g_string_append(text, page_files);
    g_string_append(text, page_strokes);
    g_string_append(text, page_end);
    return g_string_free(text, FALSE);
}

static void append_completion_options(GString *text, const HpCommand *command)
{
    for (const HpOption *option = command->options; option->name != NULL; option++)
        g_string_append_printf(text, "--%s ", option->name);
    for (int id = 0; id < HP_PARAM_COUNT; id++)
        if (!is_hidden(command, id))
            g_string_append_printf(text, "--%s ", last_part(id));
    for (const HpOption *option = hp_common_options; option->name != NULL; option++)
        g_string_append_printf(text, "--%s ", option->name);
    g_string_truncate(text, text->len - 1);
}

static void append_completion_choices(GString *text)
{
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const HpParameter *parameter = hp_parameter_get(id);
        if (parameter->choices == NULL)
            continue;
        g_autofree char *all = g_strjoinv(" ", (char **)parameter->choices);
        g_string_append_printf(text, "    --%s) words=\"%s\" ;;\n", last_part(id), all);
    }
}

char *hp_manual_dup_completion(void)
{
    GString *text = g_string_new("# bash completion of " PROGRAM "; made by " PROGRAM
                                 " --completion\n_hepatica_cli() {\n"
                                 "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                                 "    case ${COMP_WORDS[COMP_CWORD-1]} in\n");
    append_completion_choices(text);
    g_string_append(text, "    *) case ${COMP_WORDS[1]} in\n");
    for (int at = 0; hp_commands[at] != NULL; at++) {
        g_string_append_printf(text, "        %s) words=\"", hp_commands[at]->name);
        append_completion_options(text, hp_commands[at]);
        g_string_append(text, "\" ;;\n");
    }
    g_string_append(text, "        esac ;;\n    esac\n"
                          "    if [ \"$COMP_CWORD\" = 1 ]; then words=\"");
    for (int at = 0; hp_commands[at] != NULL; at++)
        g_string_append_printf(text, "%s ", hp_commands[at]->name);
    g_string_append(text, "--help --version\"; fi\n"
                          "    case $word in\n"
                          "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
                          "    *) case $words in\n"
                          "        --*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
                          "        *) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
                          "        esac ;;\n    esac\n}\n"
                          "complete -o filenames -F _hepatica_cli " PROGRAM "\n");
    return g_string_free(text, FALSE);
}
