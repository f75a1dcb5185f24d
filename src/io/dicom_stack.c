// SPDX-License-Identifier: Apache-2.0
// Groups the slices of DICOM files into stacks and finds where each stack lies.
#include "io/dicom_stack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME_MM 1e-3        // two slices nearer than this lie at one place
#define SAME_DIRECTION 2e-3 // of a unit vector's component; scanners write 4 to 6 digits
#define SAME_SPACING 1e-3   // relative
#define EVEN_STEP 0.02      // of the step: a slice further off its even place is uneven
#define EVEN_MM 0.011       // positions are often written with two decimals
#define EVEN_SHIFT 0.25     // of a pixel: what lies sideways by less needs no resampling
#define MAX_REFINE 4        // a resampled stack has at most so many slices per slice found

typedef struct {
    const HpDicomStackFile *files;
    int count;
} Files;

// Slices that belong together so far, and what is said of them.
typedef struct {
    GArray *slices; // of HpDicomStackSlice
    GPtrArray *warnings;
    char *phase;
} Group;

static void warn(GPtrArray *warnings, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void warn(GPtrArray *warnings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static Group *group_new(void)
{
    Group *group = g_new0(Group, 1);
    group->slices = g_array_new(FALSE, TRUE, sizeof(HpDicomStackSlice));
    group->warnings = g_ptr_array_new_with_free_func(g_free);
    return group;
}

static void group_free(Group *group)
{
    g_array_unref(group->slices);
    g_clear_pointer(&group->warnings, g_ptr_array_unref);
    g_free(group->phase);
    g_free(group);
}

void hp_dicom_stack_free(HpDicomStack *stack)
{
    if (stack == NULL)
        return;
    g_array_unref(stack->slices);
    g_ptr_array_unref(stack->warnings);
    g_free(stack->phase);
    g_free(stack);
}

static HpDicomStackSlice *slice_at(const GArray *slices, guint n)
{
    return &g_array_index(slices, HpDicomStackSlice, n);
}

static const HpDicomImage *image_of(const Files *files, const HpDicomStackSlice *slice)
{
    return files->files[slice->file].image;
}

static const HpDicomFrame *frame_of(const Files *files, const HpDicomStackSlice *slice)
{
    return &files->files[slice->file].frames[slice->frame];
}

static bool has_place(const Files *files, const HpDicomStackSlice *slice)
{
    return !isnan(frame_of(files, slice)->position_mm[0]);
}

// Row and column of a frame; axial where it does not say.
static const double *orientation_of(const HpDicomFrame *frame)
{
    static const double axial[6] = {1, 0, 0, 0, 1, 0};
    return isnan(frame->orientation[0]) ? axial : frame->orientation;
}

// ---- grouping ----------------------------------------------------------------------------------

static bool is_placeless_multi(const Files *files, const HpDicomStackSlice *slice)
{
    return image_of(files, slice)->frames > 1 && !has_place(files, slice);
}

static bool belong_together(const Files *files, const HpDicomStackSlice *a,
                            const HpDicomStackSlice *b)
{
    const HpDicomImage *first = image_of(files, a), *second = image_of(files, b);
    const HpDicomFrame *one = frame_of(files, a), *other = frame_of(files, b);
    if (first->columns != second->columns || first->rows != second->rows)
        return false;
    // Frames without places follow each other in their file and know nothing of other files.
    if (a->file != b->file && (is_placeless_multi(files, a) || is_placeless_multi(files, b)))
        return false;
    for (int n = 0; n < 6; n++)
        if (fabs(orientation_of(one)[n] - orientation_of(other)[n]) > SAME_DIRECTION)
            return false;
    if (isnan(one->spacing_mm[0]) != isnan(other->spacing_mm[0]))
        return false;
    for (int n = 0; n < 2 && !isnan(one->spacing_mm[0]); n++)
        if (fabs(one->spacing_mm[n] - other->spacing_mm[n]) > SAME_SPACING * one->spacing_mm[n])
            return false;
    return true;
}

static int count_duplicates(const Files *files, GArray *is_left_out)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    int duplicates = 0;
    for (int n = 0; n < files->count; n++) {
        const char *uid = files->files[n].image->sop_uid;
        if (uid[0] != '\0' && !g_hash_table_add(seen, (gpointer)uid)) {
            g_array_index(is_left_out, gboolean, n) = TRUE;
            duplicates++;
        }
    }
    return duplicates;
}

static int leave_out_localizers(const Files *files, GArray *is_left_out)
{
    int localizers = 0;
    for (int n = 0; n < files->count; n++)
        localizers += files->files[n].image->is_localizer != 0;
    if (localizers == files->count)
        return 0; // someone wants to see just these
    for (int n = 0; n < files->count; n++)
        if (files->files[n].image->is_localizer)
            g_array_index(is_left_out, gboolean, n) = TRUE;
    return localizers;
}

static void add_slice(const Files *files, GPtrArray *groups_of_series,
                      const HpDicomStackSlice *slice)
{
    for (guint n = 0; n < groups_of_series->len; n++) {
        Group *group = g_ptr_array_index(groups_of_series, n);
        if (belong_together(files, slice_at(group->slices, 0), slice)) {
            g_array_append_vals(group->slices, slice, 1);
            return;
        }
    }
    Group *group = group_new();
    g_array_append_vals(group->slices, slice, 1);
    g_ptr_array_add(groups_of_series, group);
}

static void warn_of_mixture(const Files *files, const GPtrArray *groups)
{
    for (guint n = 0; n < groups->len && groups->len > 1; n++) {
        const Group *group = g_ptr_array_index(groups, n);
        const HpDicomImage *image = image_of(files, slice_at(group->slices, 0));
        for (guint m = 0; m < groups->len; m++) {
            const Group *other = g_ptr_array_index(groups, m);
            const HpDicomImage *its = image_of(files, slice_at(other->slices, 0));
            if (m == n)
                continue;
            warn(group->warnings, "mixed: %u more image%s of this series %s %s and left out",
                 other->slices->len, other->slices->len == 1 ? "" : "s",
                 other->slices->len == 1 ? "is" : "are",
                 its->columns != image->columns || its->rows != image->rows
                     ? "of another size"
                     : "turned, spaced or framed differently");
        }
    }
}

// Groups of all series, in the order they were met; a GPtrArray of Group.
static GPtrArray *find_groups(const Files *files)
{
    g_autoptr(GArray) is_left_out = g_array_new(FALSE, TRUE, sizeof(gboolean));
    g_array_set_size(is_left_out, (guint)files->count);
    const int duplicates = count_duplicates(files, is_left_out);
    leave_out_localizers(files, is_left_out);
    g_autoptr(GHashTable) series =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (int n = 0; n < files->count; n++) {
        const HpDicomImage *image = files->files[n].image;
        if (g_array_index(is_left_out, gboolean, n))
            continue;
        GPtrArray *groups = g_hash_table_lookup(series, image->series_uid);
        if (groups == NULL) {
            groups = g_ptr_array_new();
            g_hash_table_insert(series, (gpointer)image->series_uid, groups);
            g_ptr_array_add(order, groups);
        }
        for (int frame = 0; frame < image->frames; frame++) {
            const HpDicomStackSlice slice = {.file = n, .frame = frame};
            add_slice(files, groups, &slice);
        }
    }
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    for (guint n = 0; n < order->len; n++) {
        const GPtrArray *groups = g_ptr_array_index(order, n);
        warn_of_mixture(files, groups);
        for (guint m = 0; m < groups->len; m++) {
            Group *group = g_ptr_array_index(groups, m);
            if (duplicates > 0)
                warn(group->warnings, "duplicate: %d file%s that repeat%s another is left out",
                     duplicates, duplicates == 1 ? "" : "s", duplicates == 1 ? "s" : "");
            g_ptr_array_add(all, group);
        }
    }
    return all;
}

// ---- order -------------------------------------------------------------------------------------

static void normal_of(const double *orientation, double normal[3])
{
    const double *row = orientation, *column = orientation + 3;
    for (int n = 0; n < 3; n++) {
        const int a = (n + 1) % 3, b = (n + 2) % 3;
        normal[n] = row[a] * column[b] - row[b] * column[a] + 0.0; // never -0
    }
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// Fills z_mm with the place along the normal of the first slice.
static void place_along_normal(const Files *files, GArray *slices)
{
    double normal[3];
    normal_of(orientation_of(frame_of(files, slice_at(slices, 0))), normal);
    for (guint n = 0; n < slices->len; n++)
        slice_at(slices, n)->z_mm = dot(frame_of(files, slice_at(slices, n))->position_mm, normal);
}

static int compare_numbers(const Files *files, const HpDicomStackSlice *a,
                           const HpDicomStackSlice *b)
{
    const HpDicomImage *first = image_of(files, a), *second = image_of(files, b);
    const double earlier = frame_of(files, a)->time, later = frame_of(files, b)->time;
    if (!isnan(earlier) && !isnan(later) && earlier != later)
        return earlier < later ? -1 : 1;
    if (first->acquisition_number != second->acquisition_number)
        return first->acquisition_number < second->acquisition_number ? -1 : 1;
    if (first->instance_number != second->instance_number)
        return first->instance_number < second->instance_number ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->frame - b->frame;
}

static gint compare_places(gconstpointer first, gconstpointer second)
{
    const HpDicomStackSlice *a = first, *b = second;
    return (a->z_mm > b->z_mm) - (a->z_mm < b->z_mm);
}

static gint compare_order(gconstpointer first, gconstpointer second, gpointer data)
{
    const HpDicomStackSlice *a = first, *b = second;
    const HpDicomImage *one = image_of(data, a), *other = image_of(data, b);
    if (a->file == b->file)
        return a->frame - b->frame;
    if (!isnan(one->slice_location_mm) && !isnan(other->slice_location_mm) &&
        one->slice_location_mm != other->slice_location_mm)
        return one->slice_location_mm < other->slice_location_mm ? -1 : 1;
    if (one->instance_number != other->instance_number)
        return one->instance_number < other->instance_number ? -1 : 1;
    return a->file - b->file;
}

// Drops the slices without a place where others have one; true if places are left to sort by.
static bool keep_placed(const Files *files, Group *group)
{
    guint placed = 0;
    for (guint n = 0; n < group->slices->len; n++)
        placed += has_place(files, slice_at(group->slices, n));
    if (placed == group->slices->len)
        return true;
    if (placed * 2 < group->slices->len) {
        if (group->slices->len > 1)
            warn(group->warnings, "unplaced: %s have no position; sorted by number",
                 image_of(files, slice_at(group->slices, 0))->frames > 1 ? "frames" : "slices");
        return false;
    }
    for (guint n = group->slices->len; n-- > 0;)
        if (!has_place(files, slice_at(group->slices, n))) {
            warn(group->warnings, "unplaced: %s has no position and is left out",
                 files->files[slice_at(group->slices, n)->file].name);
            g_array_remove_index(group->slices, n);
        }
    return true;
}

// Where the next place begins after that of slice `n`.
static guint next_place(const GArray *slices, guint n)
{
    guint next = n + 1;
    while (next < slices->len &&
           slice_at(slices, next)->z_mm - slice_at(slices, n)->z_mm <= SAME_MM)
        next++;
    return next;
}

static int compare_numbers_cb(const void *first, const void *second, void *files)
{
    return compare_numbers(files, first, second);
}

// By place, and slices of one place by number.
static void sort_placed(const Files *files, GArray *slices)
{
    place_along_normal(files, slices);
    g_array_sort(slices, compare_places);
    for (guint n = 0; n < slices->len;) {
        const guint next = next_place(slices, n);
        g_qsort_with_data(slice_at(slices, n), (int)(next - n), sizeof(HpDicomStackSlice),
                          compare_numbers_cb, (gpointer)files);
        n = next;
    }
}

static Group *phase_of(const Group *group, guint phase, guint phases)
{
    Group *part = group_new();
    for (guint n = 0; n < group->warnings->len; n++)
        g_ptr_array_add(part->warnings, g_strdup(g_ptr_array_index(group->warnings, n)));
    for (guint n = phase; n < group->slices->len; n += phases)
        g_array_append_vals(part->slices, slice_at(group->slices, n), 1);
    part->phase = g_strdup_printf("%u of %u", phase + 1, phases);
    warn(part->warnings, "split: the series holds each slice %u times; this is volume %u", phases,
         phase + 1);
    return part;
}

// Several slices at one place: every place the same number of times is several volumes (phases);
// else the first of each place is kept. Sorted groups in, finished groups appended to `done`.
static void split_phases(Group *group, GPtrArray *done)
{
    GArray *slices = group->slices;
    guint places = 0, most = 0, least = G_MAXUINT;
    for (guint n = 0; n < slices->len; places++) {
        const guint next = next_place(slices, n);
        most = MAX(most, next - n);
        least = MIN(least, next - n);
        n = next;
    }
    if (most > 1 && most == least && places > 1) {
        for (guint phase = 0; phase < most; phase++)
            g_ptr_array_add(done, phase_of(group, phase, most));
        group_free(group);
        return;
    }
    if (most > 1 && places > 1) {
        guint dropped = 0;
        for (guint n = 0; n < slices->len; n++)
            for (guint next = next_place(slices, n); next > n + 1; next--, dropped++)
                g_array_remove_index(slices, next - 1);
        warn(group->warnings,
             "duplicate: %u slice%s at a place already taken %s left out; the first by number "
             "is kept",
             dropped, dropped == 1 ? "" : "s", dropped == 1 ? "is" : "are");
    }
    g_ptr_array_add(done, group);
}

// ---- geometry ----------------------------------------------------------------------------------

static int compare_doubles(const void *a, const void *b)
{
    const double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

// The step of a stack whose slices have no places, or of a single slice.
static double step_by_tags(const Files *files, const Group *group, const HpDicomStackSlice *slice,
                           bool is_single)
{
    const HpDicomFrame *frame = frame_of(files, slice);
    const double between = fabs(frame->spacing_between_mm); // some write it negative
    const bool has_between = between > 1e-4 && between < 1e3;
    const bool has_thickness = frame->thickness_mm > 1e-4 && frame->thickness_mm < 1e3;
    const char *from = has_between     ? "SpacingBetweenSlices"
                       : has_thickness ? "SliceThickness"
                                       : "nothing";
    const double step = has_between ? between : has_thickness ? frame->thickness_mm : 1;
    warn(group->warnings, "uncalibrated: %s; the slice step of %g mm is from %s",
         is_single ? "there is one slice" : "slices lie nowhere", step, from);
    return step;
}

static void set_plane(const HpDicomFrame *frame, const HpDicomImage *image, HpGrid *grid)
{
    const double *orientation = orientation_of(frame);
    double normal[3];
    normal_of(orientation, normal);
    for (int n = 0; n < 3; n++) {
        grid->directions[3 * n] = orientation[n];
        grid->directions[3 * n + 1] = orientation[3 + n];
        grid->directions[3 * n + 2] = normal[n];
        grid->origin_mm[n] = isnan(frame->position_mm[0]) ? 0 : frame->position_mm[n];
    }
    grid->size[0] = image->columns;
    grid->size[1] = image->rows;
    grid->spacing_mm[0] = isnan(frame->spacing_mm[0]) ? 1 : frame->spacing_mm[0];
    grid->spacing_mm[1] = isnan(frame->spacing_mm[0]) ? 1 : frame->spacing_mm[1];
}

// Steps between neighbours, sorted; g_free().
static double *sorted_steps(const GArray *slices)
{
    const guint count = slices->len - 1;
    double *steps = g_new(double, count);
    for (guint n = 0; n < count; n++)
        steps[n] = slice_at(slices, n + 1)->z_mm - slice_at(slices, n)->z_mm;
    qsort(steps, count, sizeof *steps, compare_doubles);
    return steps;
}

// Whether every slice lies where an even stack has it.
static bool is_even(const GArray *slices, double mean_mm)
{
    const double tolerance = MAX(EVEN_STEP * mean_mm, MIN(EVEN_MM, 0.25 * mean_mm));
    for (guint n = 0; n < slices->len; n++)
        if (fabs(slice_at(slices, n)->z_mm - n * mean_mm) > tolerance)
            return false;
    return true;
}

// All steps are whole multiples of the smallest: slices are missing, the rest is even.
static bool has_gaps_only(const double *steps, guint count, guint *missing)
{
    *missing = 0;
    for (guint n = 0; n < count; n++) {
        const double times = steps[n] / steps[0];
        if (fabs(times - rint(times)) > 0.05)
            return false;
        *missing += (guint)rint(times) - 1;
    }
    return true;
}

// Chooses the step of the grid and warns where it is not that of the slices.
static double choose_step(HpDicomStack *stack, const double *steps, guint count)
{
    const double length = slice_at(stack->slices, count)->z_mm;
    const double mean = length / count;
    guint missing;
    if (is_even(stack->slices, mean))
        return mean;
    stack->is_even = false;
    const bool is_fine = length / steps[0] <= (double)MAX_REFINE * (count + 1);
    const double step = is_fine ? steps[0] : stack->stored.spacing_mm[2];
    if (is_fine && has_gaps_only(steps, count, &missing))
        warn(stack->warnings,
             "missing: %u slice%s between the others (steps of %.4g to %.4g mm); filled from "
             "the neighbours",
             missing, missing == 1 ? "" : "s", steps[0], steps[count - 1]);
    else
        warn(stack->warnings, "uneven: steps of %.4g to %.4g mm; resampled to %.4g mm", steps[0],
             steps[count - 1], step);
    return step;
}

// How far the slices drift sideways; the grid is widened to hold them all upright.
static void straighten(const Files *files, HpDicomStack *stack)
{
    const HpGrid *stored = &stack->stored;
    const HpDicomFrame *first = frame_of(files, slice_at(stack->slices, 0));
    const double *orientation = orientation_of(first);
    double low[2] = {0, 0}, high[2] = {0, 0}, most = 0;
    for (guint n = 0; n < stack->slices->len; n++) {
        HpDicomStackSlice *slice = slice_at(stack->slices, n);
        const double *place = frame_of(files, slice)->position_mm;
        const double from_first[3] = {place[0] - first->position_mm[0],
                                      place[1] - first->position_mm[1],
                                      place[2] - first->position_mm[2]};
        for (int axis = 0; axis < 2; axis++) {
            const double shift = dot(from_first, orientation + 3 * axis);
            slice->shift_mm[axis] = shift;
            low[axis] = MIN(low[axis], shift);
            high[axis] = MAX(high[axis], shift);
            most = MAX(most, fabs(shift) / stored->spacing_mm[axis]);
        }
    }
    if (most <= EVEN_SHIFT) {
        for (guint n = 0; n < stack->slices->len; n++)
            memset(slice_at(stack->slices, n)->shift_mm, 0, sizeof(double) * 2);
        return;
    }
    stack->is_even = false;
    const double drift = hypot(high[0] - low[0], high[1] - low[1]);
    const double length = slice_at(stack->slices, stack->slices->len - 1)->z_mm;
    warn(stack->warnings,
         "tilted: the stack leans by %.1f degrees (%.2f mm from first to last slice); "
         "straightened",
         atan2(drift, length) * 180 / G_PI, drift);
    for (int axis = 0; axis < 2; axis++) {
        const double spacing = stored->spacing_mm[axis];
        stack->grid.size[axis] += (int)ceil((high[axis] - low[axis]) / spacing);
        for (int n = 0; n < 3; n++)
            stack->grid.origin_mm[n] += low[axis] * orientation[3 * axis + n];
    }
}

static void lay_placed(const Files *files, HpDicomStack *stack)
{
    const guint count = stack->slices->len - 1;
    g_autofree double *steps = sorted_steps(stack->slices);
    const double median = (steps[(count - 1) / 2] + steps[count / 2]) / 2;
    stack->stored.spacing_mm[2] = stack->grid.spacing_mm[2] = median;
    const double step = choose_step(stack, steps, count);
    stack->grid.spacing_mm[2] = step;
    const double length = slice_at(stack->slices, count)->z_mm;
    stack->grid.size[2] = (int)floor(length / step + 0.02) + 1;
    straighten(files, stack);
}

// ---- what else is odd --------------------------------------------------------------------------

static void warn_of_oddities(const Files *files, const HpDicomStack *stack)
{
    static const struct {
        int bit;
        const char *words;
    } texts[] = {
        {HP_ODD_SPACING, "uncalibrated: no usable PixelSpacing; 1 mm is used"},
        {HP_ODD_ORIENTATION, "uncalibrated: unusable orientation; axial is used"},
        {HP_ODD_SKEW, "mixed: row and column directions are not orthonormal; squared up"},
        {HP_ODD_POSITION, "unplaced: an unusable position is ignored"},
        {HP_ODD_FRAMES, "mixed: NumberOfFrames is not the number of frames present"},
        {HP_ODD_PHOTOMETRIC, "PhotometricInterpretation is missing; MONOCHROME2 is used"},
        {HP_ODD_ENCODING, "encoded otherwise than declared"},
        {HP_ODD_SIGN, "the compressed samples are signed, the header says they are not"},
        {HP_ODD_LUT, "uncalibrated: a broken Modality LUT is ignored"},
        {HP_ODD_TIME, "frames are moments in time, not places"},
        {HP_ODD_PER_FRAME, "unplaced: positions of some frames are missing, so none is used"},
        {HP_ODD_CODESTREAM, "the size in the codestream is broken; that of its tile is used"},
        {HP_ODD_SLOPE, "uncalibrated: RescaleSlope is empty; 1 is used"},
    };
    int odd = 0;
    for (guint n = 0; n < stack->slices->len; n++)
        odd |= image_of(files, slice_at(stack->slices, n))->odd;
    for (size_t n = 0; n < G_N_ELEMENTS(texts); n++)
        if (odd & texts[n].bit)
            warn(stack->warnings, "%s", texts[n].words);
    const HpDicomImage *first = image_of(files, slice_at(stack->slices, 0));
    if (strcmp(first->modality, "CT") == 0 && odd & HP_ODD_UNSCALED)
        warn(stack->warnings, "uncalibrated: no rescale is given; values are taken as stored");
    if (strcmp(first->modality, "CT") != 0)
        warn(stack->warnings, "uncalibrated: modality %s; values are not Hounsfield units",
             first->modality[0] == '\0' ? "unknown" : first->modality);
    if (first->series_uid[0] == '\0')
        warn(stack->warnings, "mixed: no SeriesInstanceUID; all files without one are taken "
                              "together");
}

static HpDicomStack *lay_out(const Files *files, Group *group, bool is_placed)
{
    HpDicomStack *stack = g_new0(HpDicomStack, 1);
    stack->slices = g_array_ref(group->slices);
    stack->warnings = g_ptr_array_ref(group->warnings);
    stack->phase = g_strdup(group->phase);
    stack->is_even = true;
    const HpDicomStackSlice *first = slice_at(group->slices, 0);
    set_plane(frame_of(files, first), image_of(files, first), &stack->stored);
    stack->stored.size[2] = (int)group->slices->len;
    const double start = first->z_mm;
    for (guint n = 0; n < group->slices->len; n++)
        slice_at(group->slices, n)->z_mm -= start;
    const bool has_extent = slice_at(group->slices, group->slices->len - 1)->z_mm > SAME_MM;
    if (is_placed && group->slices->len > 1 && !has_extent)
        warn(group->warnings, "uncalibrated: all %u slices lie at one place; stacked by number",
             group->slices->len);
    if (!is_placed || !has_extent)
        stack->stored.spacing_mm[2] = step_by_tags(files, group, first, group->slices->len == 1);
    stack->grid = stack->stored;
    if (is_placed && has_extent)
        lay_placed(files, stack);
    warn_of_oddities(files, stack);
    return stack;
}

static gint compare_stacks(gconstpointer first, gconstpointer second)
{
    const HpDicomStack *a = *(HpDicomStack *const *)first, *b = *(HpDicomStack *const *)second;
    if (a->slices->len != b->slices->len)
        return a->slices->len > b->slices->len ? -1 : 1;
    return slice_at(a->slices, 0)->file - slice_at(b->slices, 0)->file;
}

GPtrArray *hp_dicom_stacks_find(const HpDicomStackFile *all, int count)
{
    Files files = {all, count};
    GPtrArray *stacks = g_ptr_array_new_with_free_func((GDestroyNotify)hp_dicom_stack_free);
    g_autoptr(GPtrArray) groups = find_groups(&files);
    g_ptr_array_set_free_func(groups, NULL); // each is handed on below
    for (guint n = 0; n < groups->len; n++) {
        Group *group = g_ptr_array_index(groups, n);
        g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
        const bool is_placed = keep_placed(&files, group);
        if (is_placed) {
            sort_placed(&files, group->slices);
            split_phases(group, parts);
        } else {
            g_array_sort_with_data(group->slices, compare_order, &files);
            g_ptr_array_add(parts, group);
        }
        for (guint m = 0; m < parts->len; m++)
            g_ptr_array_add(stacks, lay_out(&files, g_ptr_array_index(parts, m), is_placed));
    }
    g_ptr_array_sort(stacks, compare_stacks);
    return stacks;
}
