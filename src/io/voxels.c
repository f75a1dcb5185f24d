// SPDX-License-Identifier: Apache-2.0
// Reads the voxels that an image file's header describes: any scalar type, either byte order.
#include "io/voxels.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define PIECE 16384 // voxels converted at a time

static const struct {
    const char *name;
    size_t bytes;
} types[HP_VOXEL_COUNT] = {
    [HP_VOXEL_UINT8] = {"uint8", 1},     [HP_VOXEL_INT8] = {"int8", 1},
    [HP_VOXEL_UINT16] = {"uint16", 2},   [HP_VOXEL_INT16] = {"int16", 2},
    [HP_VOXEL_UINT32] = {"uint32", 4},   [HP_VOXEL_INT32] = {"int32", 4},
    [HP_VOXEL_UINT64] = {"uint64", 8},   [HP_VOXEL_INT64] = {"int64", 8},
    [HP_VOXEL_FLOAT32] = {"float32", 4}, [HP_VOXEL_FLOAT64] = {"float64", 8},
};

void hp_layout_clear(HpLayout *layout)
{
    g_clear_pointer(&layout->warning, g_free);
}

size_t hp_voxel_bytes(HpVoxelType type)
{
    return types[type].bytes;
}

const char *hp_voxel_name(HpVoxelType type)
{
    return types[type].name;
}

// Voxels on their way: a piece of them as stored and as numbers, and text that is not yet parsed.
typedef struct {
    const HpLayout *layout;
    HpSource *source;
    HpTask *task;
    size_t count, done; // voxels of the grid, voxels read
    uint8_t *stored;    // PIECE voxels
    double *value;      // PIECE numbers
    char text[4096];
    size_t text_at, text_end;
} Reading;

static void reading_clear(Reading *reading)
{
    g_free(reading->stored);
    g_free(reading->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

// A small file may claim, and even hold (compressed), more than the machine can: the system grants
// memory that it does not have and stops the program when it is used.
static bool fits_memory(size_t voxels, size_t voxel_bytes, GError **error)
{
    const double needed = (double)voxels * (double)voxel_bytes;
    const double there = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (needed <= 0.75 * there)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY,
                _("takes %.1f GB of memory, this machine has %.1f GB"), needed / 1e9, there / 1e9);
    return false;
}

// Checks what the header claims against what is there. `voxel_bytes` is what a voxel will take.
static bool reading_init(Reading *reading, const HpLayout *layout, size_t voxel_bytes,
                         HpSource *source, HpTask *task, GError **error)
{
    *reading = (Reading){.layout = layout, .source = source, .task = task};
    if (!hp_grid_validate(&layout->grid, error))
        return false;
    reading->count = hp_grid_count(&layout->grid);
    // Each number of a text takes a digit and a space.
    const size_t bytes =
        layout->text ? reading->count * 2 - 1 : reading->count * hp_voxel_bytes(layout->type);
    if (!hp_source_expect(source, bytes, "voxels", error) ||
        !fits_memory(reading->count, voxel_bytes, error))
        return false;
    reading->stored = g_malloc(PIECE * sizeof(double));
    reading->value = g_malloc(PIECE * sizeof(double));
    return true;
}

static bool needs_swap(const HpLayout *layout)
{
    return layout->big_endian != (G_BYTE_ORDER == G_BIG_ENDIAN) && !layout->text;
}

static void swap_bytes(uint8_t *stored, size_t count, size_t bytes)
{
    if (bytes == 2)
        for (size_t at = 0; at < count; at++) {
            uint16_t word;
            memcpy(&word, stored + 2 * at, 2);
            word = GUINT16_SWAP_LE_BE(word);
            memcpy(stored + 2 * at, &word, 2);
        }
    else if (bytes == 4)
        for (size_t at = 0; at < count; at++) {
            uint32_t word;
            memcpy(&word, stored + 4 * at, 4);
            word = GUINT32_SWAP_LE_BE(word);
            memcpy(stored + 4 * at, &word, 4);
        }
    else if (bytes == 8)
        for (size_t at = 0; at < count; at++) {
            uint64_t word;
            memcpy(&word, stored + 8 * at, 8);
            word = GUINT64_SWAP_LE_BE(word);
            memcpy(stored + 8 * at, &word, 8);
        }
}

#define WIDEN(type)                                                                                \
    do {                                                                                           \
        const type *from = (const void *)stored;                                                   \
        for (size_t at = 0; at < count; at++)                                                      \
            value[at] = (double)from[at];                                                          \
    } while (0)

static void widen(HpVoxelType type, const uint8_t *stored, size_t count, double *value)
{
    switch (type) {
    case HP_VOXEL_UINT8:
        WIDEN(uint8_t);
        break;
    case HP_VOXEL_INT8:
        WIDEN(int8_t);
        break;
    case HP_VOXEL_UINT16:
        WIDEN(uint16_t);
        break;
    case HP_VOXEL_INT16:
        WIDEN(int16_t);
        break;
    case HP_VOXEL_UINT32:
        WIDEN(uint32_t);
        break;
    case HP_VOXEL_INT32:
        WIDEN(int32_t);
        break;
    case HP_VOXEL_UINT64:
        WIDEN(uint64_t);
        break;
    case HP_VOXEL_INT64:
        WIDEN(int64_t);
        break;
    case HP_VOXEL_FLOAT32:
        WIDEN(float);
        break;
    case HP_VOXEL_FLOAT64:
    case HP_VOXEL_COUNT:
        WIDEN(double);
        break;
    }
}

static int next_char(Reading *reading, GError **error)
{
    if (reading->text_at == reading->text_end) {
        reading->text_at = 0;
        if (!hp_source_read(reading->source, reading->text, sizeof reading->text,
                            &reading->text_end, error))
            return -2;
        if (reading->text_end == 0)
            return -1;
    }
    return (uint8_t)reading->text[reading->text_at++];
}

static bool read_number(Reading *reading, double *value, GError **error)
{
    char word[64];
    size_t length = 0;
    int c = next_char(reading, error);
    while (c >= 0 && (g_ascii_isspace(c) || c == ','))
        c = next_char(reading, error);
    while (c > 0 && !g_ascii_isspace(c) && c != ',' && length < sizeof word - 1) {
        word[length++] = (char)c;
        c = next_char(reading, error);
    }
    if (c == -2)
        return false;
    word[length] = '\0';
    char *end = word;
    *value = g_ascii_strtod(word, &end);
    if (length > 0 && *end == '\0')
        return true;
    if (length == 0)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("ends after %zu voxels, expected %zu"),
                    reading->done, reading->count);
    else
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("voxel %zu is '%s', expected a number"),
                    reading->done, word);
    return false;
}

static bool read_text(Reading *reading, size_t count, GError **error)
{
    for (size_t at = 0; at < count; at++) {
        if (!read_number(reading, &reading->value[at], error))
            return false;
        reading->done++;
    }
    return true;
}

static bool read_stored(Reading *reading, void *to, size_t count, GError **error)
{
    const size_t bytes = hp_voxel_bytes(reading->layout->type);
    size_t got;
    if (!hp_source_read(reading->source, to, count * bytes, &got, error))
        return false;
    if (got < count * bytes) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("ends after %zu bytes of voxels, expected %zu"), reading->done * bytes + got,
                    reading->count * bytes);
        return false;
    }
    if (needs_swap(reading->layout))
        swap_bytes(to, count, bytes);
    reading->done += count;
    return true;
}

static bool step(Reading *reading, GError **error)
{
    return hp_task_step(reading->task, (double)reading->done / (double)reading->count, error);
}

// The next numbers, at most `most`, into reading->value; returns how many, 0 on failure.
static size_t next_values(Reading *reading, size_t most, GError **error)
{
    const HpLayout *layout = reading->layout;
    const size_t count = MIN(most, PIECE);
    if (layout->text) {
        if (!read_text(reading, count, error))
            return 0;
    } else {
        if (!read_stored(reading, reading->stored, count, error))
            return 0;
        widen(layout->type, reading->stored, count, reading->value);
    }
    if (layout->slope != 1 || layout->intercept != 0)
        for (size_t at = 0; at < count; at++)
            reading->value[at] = reading->value[at] * layout->slope + layout->intercept;
    return step(reading, error) ? count : 0;
}

// A stored int16 that stands for itself needs no conversion.
static bool read_plain_int16(Reading *reading, int16_t *hu, GError **error)
{
    while (reading->done < reading->count) {
        const size_t part = MIN(reading->count - reading->done, 512 * 1024);
        if (!read_stored(reading, hu + reading->done, part, error) || !step(reading, error))
            return false;
    }
    return true;
}

static bool to_int16(const double *value, size_t count, int16_t *hu, GError **error)
{
    for (size_t at = 0; at < count; at++) {
        const double rounded = round(value[at]);
        if (!(rounded >= INT16_MIN && rounded <= INT16_MAX)) { // nor is NaN
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        _("value %g is no HU, expected %d to %d"), value[at], INT16_MIN, INT16_MAX);
            return false;
        }
        hu[at] = (int16_t)rounded;
    }
    return true;
}

HpVolume *hp_voxels_read_volume(const HpLayout *layout, HpSource *source, HpTask *task,
                                GError **error)
{
    g_auto(Reading) reading = {0};
    if (!reading_init(&reading, layout, sizeof(int16_t), source, task, error))
        return NULL;
    g_autoptr(HpVolume) volume = hp_volume_new(&layout->grid, error);
    if (volume == NULL)
        return NULL;
    if (layout->type == HP_VOXEL_INT16 && !layout->text && layout->slope == 1 &&
        layout->intercept == 0)
        return read_plain_int16(&reading, volume->hu, error) ? g_steal_pointer(&volume) : NULL;
    while (reading.done < reading.count) {
        int16_t *to = volume->hu + reading.done;
        const size_t count = next_values(&reading, reading.count - reading.done, error);
        if (count == 0 || !to_int16(reading.value, count, to, error))
            return NULL;
    }
    return g_steal_pointer(&volume);
}

HpField *hp_voxels_read_field(const HpLayout *layout, HpSource *source, HpTask *task,
                              GError **error)
{
    g_auto(Reading) reading = {0};
    if (!reading_init(&reading, layout, sizeof(float), source, task, error))
        return NULL;
    g_autoptr(HpField) field = hp_field_new(&layout->grid, error);
    if (field == NULL)
        return NULL;
    while (reading.done < reading.count) {
        float *to = field->value + reading.done;
        const size_t count = next_values(&reading, reading.count - reading.done, error);
        if (count == 0)
            return NULL;
        for (size_t at = 0; at < count; at++)
            to[at] = (float)reading.value[at];
    }
    return g_steal_pointer(&field);
}

bool hp_voxels_visit(const HpLayout *layout, HpSource *source, HpVoxelsCb piece_cb, void *data,
                     HpTask *task, GError **error)
{
    g_auto(Reading) reading = {0};
    if (!reading_init(&reading, layout, 0, source, task, error))
        return false;
    while (reading.done < reading.count) {
        const size_t count = next_values(&reading, reading.count - reading.done, error);
        if (count == 0)
            return false;
        piece_cb(reading.value, count, data);
    }
    return true;
}

static bool to_labels(const double *value, size_t count, uint8_t *labels, GError **error)
{
    for (size_t at = 0; at < count; at++) {
        const double rounded = round(value[at]);
        if (!(rounded >= 0 && rounded <= 255 && fabs(rounded - value[at]) <= 1e-3)) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        _("value %g is no label, expected whole numbers 0 to 255"), value[at]);
            return false;
        }
        labels[at] = (uint8_t)rounded;
    }
    return true;
}

static bool read_labels(Reading *reading, uint8_t *labels, size_t count, GError **error)
{
    const HpLayout *layout = reading->layout;
    if (layout->type == HP_VOXEL_UINT8 && !layout->text && layout->slope == 1 &&
        layout->intercept == 0)
        return read_stored(reading, labels, count, error) && step(reading, error);
    for (size_t at = 0; at < count;) {
        const size_t part = next_values(reading, count - at, error);
        if (part == 0 || !to_labels(reading->value, part, labels + at, error))
            return false;
        at += part;
    }
    return true;
}

HpMask *hp_voxels_read_mask(const HpLayout *layout, HpSource *source, HpTask *task, GError **error)
{
    g_auto(Reading) reading = {0};
    if (!reading_init(&reading, layout, sizeof(uint8_t), source, task, error))
        return NULL;
    g_autoptr(HpMask) mask = hp_mask_new(&layout->grid, error);
    if (mask == NULL)
        return NULL;
    // A layer of bricks at a time: the labels are never whole in memory.
    int lo[3] = {0, 0, 0}, size[3] = {layout->grid.size[0], layout->grid.size[1], HP_BRICK};
    const size_t plane = (size_t)size[0] * size[1];
    g_autofree uint8_t *labels = hp_try_alloc(plane, HP_BRICK, "labels", error);
    if (labels == NULL)
        return NULL;
    for (; lo[2] < layout->grid.size[2]; lo[2] += HP_BRICK) {
        size[2] = MIN(HP_BRICK, layout->grid.size[2] - lo[2]);
        if (!read_labels(&reading, labels, plane * (size_t)size[2], error))
            return NULL;
        hp_mask_write_box(mask, lo, size, labels);
    }
    return g_steal_pointer(&mask);
}
