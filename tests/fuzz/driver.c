// SPDX-License-Identifier: Apache-2.0
// Drives a fuzz target with mutated seeds: input number N of random seed S is always the same.
//
//   fuzz-nifti [--count N] [--seconds S] [--seed S] [--first N] [FILE ...]
//
// Inputs are tried in a child process, a fresh one after a crash. An input that crashes it, leaks
// or takes more than 10 s is kept as crash-TARGET-N.bin in the working folder and counted; with
// FILEs, those are tried instead of mutations. The last line tells the counts.
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT (1 << 20) // bytes of an input
#define SECONDS 10      // for one input
#define BATCH 20000     // inputs of one child: leaks are looked for at its end
#define ENOUGH 20       // crashes end the run

// Shared with the child.
typedef struct {
    size_t next; // number of the input that is tried, or comes next
    size_t refused, loaded;
    size_t size;
    uint8_t input[LIMIT];
} Board;

typedef struct {
    Board *board;
    GPtrArray *seeds; // GByteArray
    uint64_t seed;
    size_t end;      // number past the last input
    gint64 deadline; // g_get_monotonic_time(); 0: none
} Fuzz;

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit > 0 ? (size_t)(next_random(state) % limit) : 0;
}

static void insert(GByteArray *bytes, size_t at, const uint8_t *from, size_t size)
{
    if (size == 0 || bytes->len + size > LIMIT)
        return;
    g_autofree uint8_t *copy = g_memdup2(from, size);
    g_byte_array_set_size(bytes, bytes->len + (guint)size);
    memmove(bytes->data + at + size, bytes->data + at, bytes->len - size - at);
    memcpy(bytes->data + at, copy, size);
}

// A number at the edges of its type, in either byte order.
static void set_number(GByteArray *bytes, uint64_t *state)
{
    static const int64_t edge[] = {
        0,     1,     -1,        127,      128,       255,       256,       32767,      32768,
        65535, 65536, INT32_MAX, 1l << 32, INT32_MIN, INT64_MAX, INT64_MIN, 0x7f800000, 0x7fc00000};
    uint64_t value = (uint64_t)edge[below(state, G_N_ELEMENTS(edge))];
    const size_t size = (size_t)1 << below(state, 4);
    if (bytes->len < size)
        return;
    uint8_t *to = bytes->data + below(state, bytes->len - size + 1);
    const bool turn = below(state, 2) == 1;
    for (size_t byte = 0; byte < size; byte++)
        to[turn ? size - 1 - byte : byte] = (uint8_t)(value >> 8 * byte);
}

// Another number where a text has one.
static void set_digits(GByteArray *bytes, uint64_t *state)
{
    static const char *const words[] = {"0",   "-1",  "1e99", "4294967296", "99999999999999999999",
                                        "nan", "inf", "",     "0.5",        "-2147483648"};
    size_t at = below(state, bytes->len);
    while (at < bytes->len && !g_ascii_isdigit(bytes->data[at]))
        at++;
    size_t end = at;
    while (end < bytes->len && g_ascii_isdigit(bytes->data[end]))
        end++;
    if (at == end)
        return;
    g_byte_array_remove_range(bytes, (guint)at, (guint)(end - at));
    const char *word = words[below(state, G_N_ELEMENTS(words))];
    insert(bytes, at, (const uint8_t *)word, strlen(word));
}

static void mutate(GByteArray *bytes, const GPtrArray *seeds, uint64_t *state)
{
    const size_t at = below(state, bytes->len), left = bytes->len - at;
    const size_t most = below(state, 8) == 0 ? left : 32; // MIN evaluates twice
    const size_t part = below(state, MIN(left, most) + 1);
    const GByteArray *other = seeds->pdata[below(state, seeds->len)];
    const size_t from = below(state, other->len);
    uint8_t byte = (uint8_t)next_random(state);
    switch (left == 0 ? 5 : below(state, 9)) {
    case 0:
        bytes->data[at] ^= (uint8_t)(1 << byte % 8);
        break;
    case 1:
        bytes->data[at] = byte;
        break;
    case 2:
        set_number(bytes, state);
        break;
    case 3:
        set_digits(bytes, state);
        break;
    case 4:
        g_byte_array_remove_range(bytes, (guint)at, (guint)part);
        break;
    case 5:
        insert(bytes, at, other->data + from, MIN(part + 1, other->len - from));
        break;
    case 6:
        insert(bytes, at, bytes->data + at, part);
        break;
    case 7:
        memset(bytes->data + at, byte % 3 == 0 ? 0 : byte % 3 == 1 ? 255 : byte, part);
        break;
    default:
        if (below(state, 4) == 0)
            g_byte_array_set_size(bytes, (guint)at);
        else
            memmove(bytes->data + at, bytes->data + below(state, bytes->len - part + 1), part);
        break;
    }
}

// Inputs 0 .. seeds-1 are the seeds as they are.
static void make_input(const Fuzz *fuzz, size_t number)
{
    uint64_t state = fuzz->seed * 0x2545f4914f6cdd1du + number;
    const GByteArray *seed = fuzz->seeds->pdata[number % fuzz->seeds->len];
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, seed->data, seed->len);
    const size_t times = number < fuzz->seeds->len ? 0 : 1 + below(&state, 1 << below(&state, 5));
    for (size_t time = 0; time < times; time++)
        mutate(bytes, fuzz->seeds, &state);
    fuzz->board->size = bytes->len;
    memcpy(fuzz->board->input, bytes->data, bytes->len);
}

static void try_input(Board *board)
{
    // At the end of a block of its own, so that a sanitizer sees each byte read past it.
    g_autofree uint8_t *copy = g_memdup2(board->input, board->size);
    alarm(SECONDS);
    if (LLVMFuzzerTestOneInput(copy, board->size) == 0)
        board->loaded++;
    else
        board->refused++;
    alarm(0);
}

static bool is_over(const Fuzz *fuzz)
{
    return fuzz->board->next >= fuzz->end ||
           (fuzz->deadline != 0 && g_get_monotonic_time() > fuzz->deadline);
}

static void run_batch(const Fuzz *fuzz)
{
    for (int tried = 0; tried < BATCH && !is_over(fuzz); tried++) {
        make_input(fuzz, fuzz->board->next);
        try_input(fuzz->board);
        fuzz->board->next++;
    }
}

static void keep_input(const Board *board, const char *target)
{
    g_autofree char *name = g_strdup_printf("crash-%s-%zu.bin", target, board->next);
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents(name, (const char *)board->input, (gssize)board->size, &error))
        g_printerr("# %s\n", error->message);
    else
        g_print("# kept as %s\n", name);
}

// Runs `fuzz` to its end in children; returns how many of them died.
static size_t run_all(const Fuzz *fuzz, const char *target)
{
    size_t crashed = 0;
    while (!is_over(fuzz) && crashed < ENOUGH) {
        fflush(NULL);
        const pid_t child = fork();
        g_assert(child >= 0);
        if (child == 0) {
            run_batch(fuzz);
            exit(0);
        }
        int status;
        g_assert(waitpid(child, &status, 0) == child);
        if (status == 0)
            continue;
        // A leak shows only at the end of a batch: then the input kept is the one after it.
        g_print("# input %zu: the child ended with %s %d\n", fuzz->board->next,
                WIFSIGNALED(status) ? "signal" : "status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        keep_input(fuzz->board, target);
        fuzz->board->next++;
        crashed++;
    }
    return crashed;
}

static GPtrArray *load_seeds(char **files)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    for (int at = 0; files != NULL && files[at] != NULL; at++) {
        char *text;
        gsize size;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(files[at], &text, &size, &error))
            g_error("%s", error->message);
        g_ptr_array_add(seeds, g_byte_array_new_take((uint8_t *)text, MIN(size, LIMIT)));
    }
    if (files == NULL)
        for (GByteArray *seed = fuzz_seed(0); seed != NULL; seed = fuzz_seed((int)seeds->len)) {
            g_assert(seed->len > 0 && seed->len < LIMIT);
            g_ptr_array_add(seeds, seed);
        }
    return seeds;
}

int main(int argc, char **argv)
{
    gint64 count = 0, seed = 1, first = 0;
    gint seconds = 0;
    g_auto(GStrv) files = NULL;
    const GOptionEntry entries[] = {
        {"count", 'n', 0, G_OPTION_ARG_INT64, &count, "Try that many inputs", "N"},
        {"seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "Try inputs for that long", "S"},
        {"seed", 'r', 0, G_OPTION_ARG_INT64, &seed, "Seed of the random numbers (1)", "S"},
        {"first", 'f', 0, G_OPTION_ARG_INT64, &first, "Number of the first input (0)", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s\n", error->message);
        return 2;
    }
    g_autofree char *target = g_path_get_basename(argv[0]);
    g_autoptr(GPtrArray) seeds = load_seeds(files);
    Board *board =
        mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert(board != MAP_FAILED);
    board->next = (size_t)first;
    Fuzz fuzz = {.board = board, .seeds = seeds, .seed = (uint64_t)seed, .end = SIZE_MAX};
    if (seconds > 0)
        fuzz.deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    if (files != NULL)
        fuzz.end = seeds->len;
    else if (count > 0 || seconds == 0)
        fuzz.end = (size_t)first + (size_t)(count > 0 ? count : 2000);
    g_print("1..2\n");
    const size_t crashed = run_all(&fuzz, target);
    g_print("# %s: %zu inputs, %zu refused, %zu loaded, %zu crashed\n", target,
            board->next - (size_t)first, board->refused, board->loaded, crashed);
    g_print("%sok 1 - no input crashes, hangs or leaks\n", crashed == 0 ? "" : "not ");
    const bool some = board->loaded > 0 || files != NULL || first > 0;
    g_print("%sok 2 - the seeds load\n", some ? "" : "not ");
    munmap(board, sizeof *board);
    return crashed == 0 && some ? 0 : 1;
}
