// SPDX-License-Identifier: Apache-2.0
// hepatica-cli: finds the command, runs it, prints its result, and exits 0, 1, 2 or 130.
#include "case/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "core/error.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_DONE = 0, EXIT_COULD_NOT = 1, EXIT_WRONG_USAGE = 2, EXIT_CANCELLED = 130 };

const HpCommand *const hp_commands[] = {
    &hp_command_info,    &hp_command_convert,
    &hp_command_prepare, &hp_command_phantom,
    &hp_command_segment, &hp_command_compare,
    &hp_command_mesh,    &hp_command_measure,
    &hp_command_run,     NULL,
};

// The one task of the process: a signal can only reach something global.
static HpTask task;

// The first signal asks the command to stop and clean up; a second one ends the process at once.
static void cancel(int number)
{
    hp_task_cancel(&task);
    signal(number, SIG_DFL);
}

static int report(const char *name, const GError *error)
{
    if (hp_task_is_cancelled(&task) || g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED)) {
        fprintf(stderr, "hepatica-cli %s: cancelled\n", name);
        return EXIT_CANCELLED;
    }
    fprintf(stderr, "hepatica-cli %s: %s\n", name, error->message);
    if (error->domain != HP_USAGE_ERROR)
        return EXIT_COULD_NOT;
    fprintf(stderr, "'hepatica-cli %s --help' explains it.\n", name);
    return EXIT_WRONG_USAGE;
}

static void print_result(const HpCall *call)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), call->result);
    g_autofree char *text =
        call->is_json ? hp_json_dup_text(node) : hp_table_dup_text(call->result);
    fputs(text, stdout);
}

static bool run(HpCall *call, GError **error)
{
    HpProgress *progress = call->is_quiet ? NULL : hp_progress_start(call->task);
    const bool is_done = call->command->run(call, error) && hp_task_step(call->task, 1, error) &&
                         hp_outputs_commit(call->outputs, error);
    hp_progress_stop(progress);
    return is_done;
}

static int run_command(const HpCommand *command, char **words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpCall) call = hp_call_new(command, words, &task, &error);
    if (call != NULL && hp_call_option(call, "help") != NULL) {
        g_autofree char *help = hp_manual_dup_command_help(command);
        fputs(help, stdout);
        return EXIT_DONE;
    }
    if (call == NULL || !run(call, &error))
        return report(command->name, error);
    print_result(call);
    return EXIT_DONE;
}

static int print(char *text)
{
    fputs(text, stdout);
    g_free(text);
    return EXIT_DONE;
}

static int run_words(char **words)
{
    const char *name = words[0] != NULL ? words[0] : "";
    const HpCommand *command = hp_command_find(name);
    if (command != NULL)
        return run_command(command, words + 1);
    if (strcmp(name, "--version") == 0)
        return print(g_strdup("hepatica-cli " HP_VERSION "\n"));
    if (strcmp(name, "--manual") == 0)
        return print(hp_manual_dup_page());
    if (strcmp(name, "--completion") == 0)
        return print(hp_manual_dup_completion());
    const bool is_help =
        strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
    if (is_help && words[1] == NULL)
        return print(hp_manual_dup_help());
    if (is_help && hp_command_find(words[1]) != NULL)
        return print(hp_manual_dup_command_help(hp_command_find(words[1])));
    if (name[0] != '\0')
        fprintf(stderr, "hepatica-cli: unknown command %s\n", is_help ? words[1] : name);
    g_autofree char *help = hp_manual_dup_help();
    fputs(help, stderr);
    return EXIT_WRONG_USAGE;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    hp_task_init(&task);
    const struct sigaction action = {.sa_handler = cancel, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int code = run_words(argv + 1);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        fputs("hepatica-cli: stdout could not be written\n", stderr);
        code = EXIT_COULD_NOT;
    }
    return code;
}
