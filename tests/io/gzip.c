// SPDX-License-Identifier: Apache-2.0
// Gzip: round trips, members, pieces of any size, the same bytes on any number of threads.
#include "core/error.h"
#include "core/parallel.h"
#include "io/gzip.h"
#include "io/source.h"

#include <string.h>

static bool collect_cb(const void *bytes, size_t size, void *data, GError **error)
{
    g_byte_array_append(data, bytes, (guint)size);
    return true;
}

static GByteArray *deflated(const void *bytes, size_t size)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(HpDeflate) deflate = hp_deflate_new(collect_cb, out);
    g_assert_true(hp_deflate_write(deflate, bytes, size, NULL));
    g_assert_true(hp_deflate_finish(deflate, NULL));
    return out;
}

// A mix of what compresses and what does not.
static uint8_t *mixture(size_t size)
{
    uint8_t *bytes = g_malloc(size);
    uint32_t state = 12345;
    for (size_t at = 0; at < size; at++) {
        state = state * 1664525 + 1013904223;
        bytes[at] = at / 5000 % 3 == 0 ? (uint8_t)(state >> 24) : (uint8_t)(at / 100);
    }
    return bytes;
}

static void assert_inflates_to(const uint8_t *zipped, size_t zipped_size, size_t in_piece,
                               size_t out_piece, const uint8_t *bytes, size_t size)
{
    g_autoptr(HpInflate) inflate = hp_inflate_new(HP_WRAP_GZIP);
    g_autofree uint8_t *back = g_malloc(size + 1);
    HpFlow flow = {.in = zipped, .out = back};
    size_t read = 0;
    for (int idle = 0; idle < 3;) {
        const size_t before = read + (size_t)(flow.out - back);
        flow.in_size = MIN(in_piece, zipped_size - read);
        flow.in = zipped + read;
        flow.out_size = MIN(out_piece, size + 1 - (size_t)(flow.out - back));
        g_assert_true(hp_inflate_step(inflate, &flow, NULL));
        read = (size_t)(flow.in - zipped);
        idle = read + (size_t)(flow.out - back) == before ? idle + 1 : 0;
    }
    g_assert_true(hp_inflate_is_done(inflate));
    g_assert_cmpmem(back, (size_t)(flow.out - back), bytes, size);
}

static void pieces_of_any_size_inflate_to_the_same(void)
{
    const size_t size = 300000;
    g_autofree uint8_t *bytes = mixture(size);
    g_autoptr(GByteArray) zipped = deflated(bytes, size);
    static const size_t pieces[][2] = {
        {1, 1000}, {7, 1}, {1000, 7}, {1 << 20, 1 << 20}, {3, 65536}};
    for (size_t at = 0; at < G_N_ELEMENTS(pieces); at++)
        assert_inflates_to(zipped->data, zipped->len, pieces[at][0], pieces[at][1], bytes, size);
}

static void members_that_follow_count_as_one_stream(void)
{
    g_autofree uint8_t *bytes = mixture(100000);
    g_autoptr(GByteArray) zipped = deflated(bytes, 60000);
    g_autoptr(GByteArray) second = deflated(bytes + 60000, 40000);
    g_byte_array_append(zipped, second->data, second->len);
    g_byte_array_append(zipped, (const uint8_t *)"\0\0\0\0padding", 11);
    static const size_t pieces[] = {1, 2, 1000, 1 << 20};
    for (size_t at = 0; at < G_N_ELEMENTS(pieces); at++)
        assert_inflates_to(zipped->data, zipped->len, pieces[at], 1 << 20, bytes, 100000);
}

static void any_number_of_threads_makes_the_same_bytes(void)
{
    const size_t size = 10 << 20;
    g_autofree uint8_t *bytes = mixture(size);
    hp_parallel_set_threads(1);
    g_autoptr(GByteArray) one = deflated(bytes, size);
    hp_parallel_set_threads(8);
    g_autoptr(GByteArray) eight = deflated(bytes, size);
    g_assert_cmpmem(one->data, one->len, eight->data, eight->len);
    assert_inflates_to(one->data, one->len, 1 << 18, 1 << 20, bytes, size);
    // magic, method 8, no flags, time 0
    g_assert_cmpmem(one->data, 8, "\x1f\x8b\x08\0\0\0\0\0", 8);
}

static void noise_and_nothing_come_back(void)
{
    g_autoptr(GByteArray) nothing = deflated("", 0);
    assert_inflates_to(nothing->data, nothing->len, 100, 100, (const uint8_t *)"", 0);
    const size_t size = 3 << 20;
    g_autofree uint8_t *noise = g_malloc(size);
    uint64_t state = 88172645463325252u;
    for (size_t at = 0; at < size; at++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise[at] = (uint8_t)(state >> 32);
    }
    g_autoptr(GByteArray) zipped = deflated(noise, size);
    assert_inflates_to(zipped->data, zipped->len, 1 << 18, 1 << 18, noise, size);
}

static void damage_is_noticed(void)
{
    g_autofree uint8_t *bytes = mixture(100000);
    g_autoptr(GByteArray) zipped = deflated(bytes, 100000);
    g_autofree uint8_t *back = g_malloc(100001);
    static const struct {
        int from_end;
        const char *message;
    } edits[] = {{3, "the compressed stream is broken: its checksum is wrong"},
                 {6, "the compressed stream is broken: its checksum is wrong"}};
    for (size_t at = 0; at < G_N_ELEMENTS(edits); at++) {
        g_autoptr(GError) error = NULL;
        g_autofree uint8_t *copy = g_memdup2(zipped->data, zipped->len);
        copy[zipped->len - (size_t)edits[at].from_end] ^= 1;
        g_autoptr(HpSource) source = hp_source_new_memory(copy, zipped->len);
        size_t got;
        g_assert_true(hp_source_inflate_if_gzip(source, NULL));
        g_assert_false(hp_source_read(source, back, 100001, &got, &error));
        g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
        g_assert_cmpstr(error->message, ==, edits[at].message);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(HpSource) source = hp_source_new_memory(zipped->data, zipped->len - 9);
    size_t got;
    g_assert_true(hp_source_inflate_if_gzip(source, NULL));
    g_assert_false(hp_source_read(source, back, 100001, &got, &error));
    g_assert_cmpstr(error->message, ==, "ends within its compressed stream");
}

static void what_cannot_come_is_not_expected(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) zipped = deflated("abc", 3);
    g_autoptr(HpSource) source = hp_source_new_memory(zipped->data, zipped->len);
    g_assert_true(hp_source_inflate_if_gzip(source, NULL));
    g_assert_true(hp_source_expect(source, 3, "letters", NULL));
    g_assert_false(hp_source_expect(source, 1 << 30, "letters", &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_true(g_str_has_prefix(error->message, "holds at most "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/gzip/" #name, name)
    CASE(pieces_of_any_size_inflate_to_the_same);
    CASE(members_that_follow_count_as_one_stream);
    CASE(any_number_of_threads_makes_the_same_bytes);
    CASE(noise_and_nothing_come_back);
    CASE(damage_is_noticed);
    CASE(what_cannot_come_is_not_expected);
    return g_test_run();
}
