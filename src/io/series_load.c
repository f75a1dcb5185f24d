// SPDX-License-Identifier: Apache-2.0
// Loads a series as a volume or a field: slices side by side, resampled where they are uneven.
#include "io/series.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/parallel.h"
#include "io/cells.h"
#include "io/series_loader.h"

#define PLAIN_GRAIN 8   // slices a thread takes at once; one where each must be decoded
#define HASH_BATCH 16   // slices decoded side by side, then hashed in order
#define LEAST_SPREAD 64 // values that are not whole and span less lose too much by rounding

// One pass over slices; each slab has its own slot of errors and ranges.
typedef struct {
    const HpSeries *series;
    const HpSeriesLoader *loader;
    HpChildren *children;
    HpTask *task;
    GError **errors;
    HpCellRange *ranges;
    gint done; // slices
    int total;
    // Where the values go: one of these.
    int16_t *hu;
    float *value;
    int32_t *stored;
    int batch; // the slice that item 0 is
} Pass;

// What one slab needs to read slices.
typedef struct {
    Pass *pass;
    HpChild *child; // taken when first needed
    uint8_t *cells;
    size_t cell_bytes;
    HpCellRange *range;
} Reader;

static const HpDicomStackSlice *slice_of(const Pass *pass, int n)
{
    return &g_array_index(pass->loader->stack->slices, HpDicomStackSlice, n);
}

static bool read_bytes(int fd, uint64_t offset, uint8_t *out, size_t size)
{
    while (size > 0) {
        const ssize_t got = pread(fd, out, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return true;
}

// The samples of a frame: plain ones are read here, all others in a child. Borrowed until the next.
static const void *read_cells(Reader *reader, const HpDicomSource *file, int file_index, int frame,
                              GError **error)
{
    const HpDicomSources *sources = reader->pass->loader->sources;
    const HpDicomImage *image = &file->image;
    const size_t bytes = hp_dicom_frame_bytes(image);
    const int fd = hp_dicom_source_open(sources, file, error);
    const void *cells = NULL;
    if (fd < 0)
        return NULL;
    if (image->syntax == HP_SYNTAX_NATIVE && !image->is_deflated) {
        if (reader->cell_bytes < bytes) {
            g_free(reader->cells);
            reader->cells = g_try_malloc(bytes);
            reader->cell_bytes = reader->cells == NULL ? 0 : bytes;
        }
        const uint64_t at = file->offset + image->pixel_offset + (uint64_t)bytes * (uint64_t)frame;
        if (reader->cells == NULL)
            g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("%s: no memory"), file->name);
        else if (!read_bytes(fd, at, reader->cells, bytes))
            g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: its pixels could not be read"),
                        file->name);
        else
            cells = reader->cells;
    } else {
        if (reader->child == NULL)
            reader->child = hp_children_take(reader->pass->children);
        cells =
            hp_child_read_frame(reader->child, (HpBytes){fd, file->offset, file->size},
                                (uint64_t)file_index + 1, image, frame, reader->pass->task, error);
        if (cells == NULL)
            g_prefix_error(error, "%s: ", file->name);
    }
    hp_dicom_source_close(sources, fd);
    return cells;
}

// Reads slice `n` to whichever of the three is not NULL.
static bool read_slice(Reader *reader, int n, int16_t *hu, float *value, int32_t *stored,
                       GError **error)
{
    const HpDicomStackSlice *slice = slice_of(reader->pass, n);
    const HpDicomSource *file = g_ptr_array_index(reader->pass->loader->files, slice->file);
    const HpDicomImage *image = &file->image;
    const HpDicomFrame *frame = &file->frames[slice->frame];
    const void *cells = read_cells(reader, file, slice->file, slice->frame, error);
    const bool is_big = image->syntax == HP_SYNTAX_NATIVE && image->is_big_endian;
    if (cells == NULL)
        return false;
    if (hu != NULL)
        hp_cells_to_int16(image, frame, cells, is_big, hu, reader->range);
    else if (value != NULL)
        hp_cells_to_float(image, frame, cells, is_big, value, reader->range);
    else
        hp_cells_to_int32(image, frame, cells, is_big, stored, reader->range);
    return true;
}

static Reader reader_open(Pass *pass, int slab)
{
    pass->ranges[slab] = hp_cell_range_none();
    return (Reader){.pass = pass, .range = &pass->ranges[slab]};
}

static void reader_close(Reader *reader)
{
    g_free(reader->cells);
    if (reader->child != NULL)
        hp_children_give(reader->pass->children, reader->child);
}

static bool step(Pass *pass, GError **error)
{
    const int done = g_atomic_int_add(&pass->done, 1);
    return hp_task_step(pass->task, (double)done / pass->total, error);
}

// Slices that lie where the grid has them go straight to their place.
static void even_cb(int begin, int end, int slab, void *data)
{
    Pass *pass = data;
    Reader reader = reader_open(pass, slab);
    const size_t plane =
        (size_t)pass->series->stored.size[0] * (size_t)pass->series->stored.size[1];
    for (int n = begin; n < end; n++) {
        const size_t at = plane * (size_t)n;
        if (!step(pass, &pass->errors[slab]) ||
            !read_slice(&reader, pass->batch + n, pass->hu == NULL ? NULL : pass->hu + at,
                        pass->value == NULL ? NULL : pass->value + at,
                        pass->stored == NULL ? NULL : pass->stored + at, &pass->errors[slab]))
            break;
    }
    reader_close(&reader);
}

// ---- resampling --------------------------------------------------------------------------------

// The two slices an output slice lies between, kept from one output slice to the next.
typedef struct {
    int index[2]; // -1: none
    float *value[2];
} Pair;

// A slice of the pair; read if it is not one of the two that are there.
static const float *pair_get(Pair *pair, Reader *reader, int n, int other, GError **error)
{
    for (int slot = 0; slot < 2; slot++)
        if (pair->index[slot] == n)
            return pair->value[slot];
    const int slot = pair->index[0] == other ? 1 : 0;
    pair->index[slot] = -1;
    if (!read_slice(reader, n, NULL, pair->value[slot], NULL, error))
        return NULL;
    pair->index[slot] = n;
    return pair->value[slot];
}

// Adds `weight` times a slice, moved to where it lies on the grid (bilinear), to `out`.
static void add_slice(const HpSeries *series, const HpDicomStackSlice *slice, const float *value,
                      float weight, float outside, float *out)
{
    const HpGrid *grid = &series->grid, *stored = &series->stored;
    const double *first = stored->origin_mm;
    double lead[2] = {0, 0}; // of the grid's first voxel to the stored one, in voxels
    for (int axis = 0; axis < 2; axis++)
        for (int n = 0; n < 3; n++)
            lead[axis] += (grid->origin_mm[n] - first[n]) * stored->directions[3 * n + axis] /
                          stored->spacing_mm[axis];
    const double move_i = lead[0] - slice->shift_mm[0] / stored->spacing_mm[0];
    const double move_j = lead[1] - slice->shift_mm[1] / stored->spacing_mm[1];
    const int whole_i = (int)floor(move_i + 1e-6), whole_j = (int)floor(move_j + 1e-6);
    const float fi = (float)MAX(0, move_i - whole_i), fj = (float)MAX(0, move_j - whole_j);
    const int ni = stored->size[0], nj = stored->size[1];
    for (int j = 0; j < grid->size[1]; j++) {
        float *row = out + (size_t)j * grid->size[0];
        const int j0 = j + whole_j, j1 = MIN(j0 + 1, nj - 1);
        const bool is_in = j0 >= 0 && j0 < nj;
        const float *upper = value + (size_t)MAX(0, j0) * ni,
                    *lower = value + (size_t)MAX(0, j1) * ni;
        for (int i = 0; i < grid->size[0]; i++) {
            const int i0 = i + whole_i, i1 = MIN(i0 + 1, ni - 1);
            float here = outside;
            if (is_in && i0 >= 0 && i0 < ni) {
                const float above = upper[i0] + fi * (upper[i1] - upper[i0]);
                const float below = lower[i0] + fi * (lower[i1] - lower[i0]);
                here = above + fj * (below - above);
            }
            row[i] += weight * here;
        }
    }
}

// One slice of the grid, as float, into `out`.
static bool resample_slice(Reader *reader, Pair *pair, int k, float outside, float *out,
                           GError **error)
{
    const Pass *pass = reader->pass;
    const HpSeries *series = pass->series;
    const int count = series->slices;
    const double z = k * series->grid.spacing_mm[2];
    int below = 0;
    while (below + 1 < count - 1 && slice_of(pass, below + 1)->z_mm <= z)
        below++;
    const int above = MIN(below + 1, count - 1);
    const double gap = slice_of(pass, above)->z_mm - slice_of(pass, below)->z_mm;
    const double share = gap > 0 ? CLAMP((z - slice_of(pass, below)->z_mm) / gap, 0.0, 1.0) : 0;
    memset(out, 0, sizeof *out * (size_t)series->grid.size[0] * (size_t)series->grid.size[1]);
    const float weights[2] = {(float)(1 - share), (float)share};
    const int sources[2] = {below, above};
    for (int n = 0; n < 2; n++) {
        if (weights[n] == 0)
            continue;
        const float *value = pair_get(pair, reader, sources[n], sources[1 - n], error);
        if (value == NULL)
            return false;
        add_slice(series, slice_of(pass, sources[n]), value, weights[n], outside, out);
    }
    return true;
}

static void uneven_cb(int begin, int end, int slab, void *data)
{
    Pass *pass = data;
    const HpSeries *series = pass->series;
    Reader reader = reader_open(pass, slab);
    const size_t source = (size_t)series->stored.size[0] * (size_t)series->stored.size[1];
    const size_t plane = (size_t)series->grid.size[0] * (size_t)series->grid.size[1];
    const float outside = strcmp(series->modality, "CT") == 0 ? HP_PADDING_HU : 0;
    g_autofree float *one = g_new(float, source), *other = g_new(float, source);
    g_autofree float *row = g_new(float, plane);
    Pair pair = {{-1, -1}, {one, other}};
    for (int k = begin; k < end; k++) {
        const size_t at = plane * (size_t)k;
        float *out = pass->value == NULL ? row : pass->value + at;
        if (!step(pass, &pass->errors[slab]) ||
            !resample_slice(&reader, &pair, pass->batch + k, outside, out, &pass->errors[slab]))
            break;
        for (size_t n = 0; pass->hu != NULL && n < plane; n++)
            pass->hu[at + n] = (int16_t)CLAMP(rintf(row[n]), -32768, 32767);
    }
    reader_close(&reader);
}

// ---- passes ------------------------------------------------------------------------------------

static bool is_plain(const Pass *pass)
{
    const HpDicomSource *first = g_ptr_array_index(pass->loader->files, slice_of(pass, 0)->file);
    return !pass->series->is_even || first->image.syntax == HP_SYNTAX_NATIVE;
}

// Runs `slab_cb` over `count` items and joins what the slabs found.
static bool run(Pass *pass, int count, HpSlabCb slab_cb, HpCellRange *range, GError **error)
{
    const int grain = is_plain(pass) ? PLAIN_GRAIN : 1;
    const int slabs = hp_parallel_slabs(count, grain);
    g_autofree GError **errors = g_new0(GError *, slabs);
    g_autofree HpCellRange *ranges = g_new0(HpCellRange, slabs);
    bool is_done = true;
    pass->errors = errors;
    pass->ranges = ranges;
    hp_parallel_for(count, grain, slab_cb, pass);
    for (int slab = 0; slab < slabs; slab++) {
        hp_cell_range_join(range, &ranges[slab]);
        if (errors[slab] == NULL)
            continue;
        if (is_done)
            g_propagate_error(error, errors[slab]);
        else
            g_error_free(errors[slab]);
        is_done = false;
    }
    return is_done;
}

// Slices [first, first + count) of the grid.
static bool run_load(const HpSeries *series, int first, int count, int16_t *hu, float *value,
                     HpCellRange *range, HpTask *task, GError **error)
{
    g_autoptr(HpChildren) children = hp_children_new();
    Pass pass = {.series = series,
                 .loader = series->loader,
                 .children = children,
                 .task = task,
                 .total = count,
                 .batch = first,
                 .hu = hu,
                 .value = value};
    *range = hp_cell_range_none();
    return run(&pass, count, series->is_even ? even_cb : uneven_cb, range, error) &&
           hp_task_step(task, 1, error);
}

typedef struct {
    void *memory;
    size_t bytes;
} Pages;

static void pages_free(gpointer data)
{
    Pages *pages = data;
    munmap(pages->memory, pages->bytes);
    g_free(pages);
}

// A volume in large pages where the system has them: touching 600 MB for the first time in small
// ones costs as long as reading them.
static HpVolume *new_volume(const HpGrid *grid, GError **error)
{
    const size_t bytes = hp_grid_count(grid) * sizeof(int16_t);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("no memory for a volume of %zu MB"),
                    bytes >> 20);
        return NULL;
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    Pages *pages = g_new(Pages, 1);
    *pages = (Pages){memory, bytes};
    return hp_volume_new_take(grid, memory, pages_free, pages);
}

static bool has_fractions(const HpSeriesLoader *loader)
{
    for (guint n = 0; n < loader->stack->slices->len; n++) {
        const HpDicomStackSlice *slice =
            &g_array_index(loader->stack->slices, HpDicomStackSlice, n);
        const HpDicomSource *file = g_ptr_array_index(loader->files, slice->file);
        const HpDicomFrame *frame = &file->frames[slice->frame];
        if (frame->slope != rint(frame->slope) || frame->intercept != rint(frame->intercept))
            return true;
    }
    return false;
}

HpVolume *hp_series_load(const HpSeries *series, HpTask *task, GError **error)
{
    g_autoptr(HpVolume) volume = new_volume(&series->grid, error);
    HpCellRange range;
    if (volume == NULL ||
        !run_load(series, 0, series->grid.size[2], volume->hu, NULL, &range, task, error))
        return NULL;
    const bool is_lost = range.high - range.low < LEAST_SPREAD && has_fractions(series->loader);
    if (range.beyond == 0 && !is_lost)
        return g_steal_pointer(&volume);
    g_autofree char *name = g_filename_display_basename(series->path);
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                _("%s: values from %g to %g are no Hounsfield units: they %s"), name, range.low,
                range.high, is_lost ? "would be lost by rounding" : "do not fit 16 bits");
    return NULL;
}

HpVolume *hp_series_load_slice(const HpSeries *series, int k, HpTask *task, GError **error)
{
    g_assert(series->loader != NULL && k >= 0 && k < series->grid.size[2]);
    const int lo[3] = {0, 0, k}, size[3] = {series->grid.size[0], series->grid.size[1], 1};
    const HpGrid grid = hp_grid_crop(&series->grid, lo, size);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, error);
    HpCellRange range;
    if (volume == NULL || !run_load(series, k, 1, volume->hu, NULL, &range, task, error))
        return NULL;
    return g_steal_pointer(&volume);
}

HpField *hp_series_load_field(const HpSeries *series, HpTask *task, GError **error)
{
    g_autoptr(HpField) field = hp_field_new(&series->grid, error);
    HpCellRange range;
    if (field == NULL ||
        !run_load(series, 0, series->grid.size[2], NULL, field->value, &range, task, error))
        return NULL;
    return g_steal_pointer(&field);
}

bool hp_series_measure(const HpSeries *series, HpSeriesValues *values, HpTask *task, GError **error)
{
    g_autoptr(HpChildren) children = hp_children_new();
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    const size_t plane = (size_t)series->stored.size[0] * (size_t)series->stored.size[1];
    g_autofree int32_t *stored =
        hp_try_alloc(plane * HASH_BATCH, sizeof *stored, "slices to measure", error);
    HpCellRange range = hp_cell_range_none();
    if (stored == NULL)
        return false;
    Pass pass = {.series = series,
                 .loader = series->loader,
                 .children = children,
                 .task = task,
                 .total = series->slices,
                 .stored = stored};
    for (int begin = 0; begin < series->slices; begin += HASH_BATCH) {
        const int count = MIN(HASH_BATCH, series->slices - begin);
        pass.batch = begin;
        if (!run(&pass, count, even_cb, &range, error))
            return false;
        for (int n = 0; n < count; n++) // lengths of GChecksum are signed: slice by slice
            g_checksum_update(checksum, (const guchar *)(stored + plane * (size_t)n),
                              (gssize)(plane * sizeof *stored));
    }
    values->min = range.low > range.high ? NAN : range.low;
    values->max = range.low > range.high ? NAN : range.high;
    g_strlcpy(values->sha256, g_checksum_get_string(checksum), sizeof values->sha256);
    return hp_task_step(task, 1, error);
}
