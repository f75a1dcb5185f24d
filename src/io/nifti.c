// SPDX-License-Identifier: Apache-2.0
// NIfTI: reads versions 1 and 2 in either byte order, writes version 1.
#include "io/nifti.h"

#include "core/error.h"
#include "io/affine.h"
#include "io/write_voxels.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SIZE_1 348
#define SIZE_2 540
#define DATA_1 352 // header and four bytes that say "no extension"

// The fields that matter, of either version.
typedef struct {
    int version;
    bool swapped;
    bool pair; // the voxels lie in another file
    int64_t dim[8];
    int datatype, bitpix;
    double pixdim[8];
    double vox_offset;
    double slope, intercept;
    int units;
    int qform_code, sform_code;
    double quaternion[3], offset[3];
    double srow[12];
} Header;

// Numbers at fixed places of a header.
typedef struct {
    const uint8_t *bytes;
    bool swapped;
} Record;

static int16_t get_i16(const Record *record, size_t at)
{
    uint16_t word;
    memcpy(&word, record->bytes + at, sizeof word);
    return (int16_t)(record->swapped ? GUINT16_SWAP_LE_BE(word) : word);
}

static int32_t get_i32(const Record *record, size_t at)
{
    uint32_t word;
    memcpy(&word, record->bytes + at, sizeof word);
    return (int32_t)(record->swapped ? GUINT32_SWAP_LE_BE(word) : word);
}

static int64_t get_i64(const Record *record, size_t at)
{
    uint64_t word;
    memcpy(&word, record->bytes + at, sizeof word);
    return (int64_t)(record->swapped ? GUINT64_SWAP_LE_BE(word) : word);
}

static double get_f32(const Record *record, size_t at)
{
    const int32_t bits = get_i32(record, at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static double get_f64(const Record *record, size_t at)
{
    const int64_t bits = get_i64(record, at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void parse_1(const Record *record, Header *header)
{
    for (int at = 0; at < 8; at++) {
        header->dim[at] = get_i16(record, 40 + 2 * (size_t)at);
        header->pixdim[at] = get_f32(record, 76 + 4 * (size_t)at);
    }
    header->datatype = get_i16(record, 70);
    header->bitpix = get_i16(record, 72);
    header->vox_offset = get_f32(record, 108);
    header->slope = get_f32(record, 112);
    header->intercept = get_f32(record, 116);
    header->units = record->bytes[123];
    header->qform_code = get_i16(record, 252);
    header->sform_code = get_i16(record, 254);
    for (size_t at = 0; at < 3; at++) {
        header->quaternion[at] = get_f32(record, 256 + 4 * at);
        header->offset[at] = get_f32(record, 268 + 4 * at);
    }
    for (size_t at = 0; at < 12; at++)
        header->srow[at] = get_f32(record, 280 + 4 * at);
    header->pair = record->bytes[345] == 'i';
}

static void parse_2(const Record *record, Header *header)
{
    for (int at = 0; at < 8; at++) {
        header->dim[at] = get_i64(record, 16 + 8 * (size_t)at);
        header->pixdim[at] = get_f64(record, 104 + 8 * (size_t)at);
    }
    header->datatype = get_i16(record, 12);
    header->bitpix = get_i16(record, 14);
    header->vox_offset = (double)get_i64(record, 168);
    header->slope = get_f64(record, 176);
    header->intercept = get_f64(record, 184);
    header->units = get_i32(record, 500);
    header->qform_code = get_i32(record, 344);
    header->sform_code = get_i32(record, 348);
    for (size_t at = 0; at < 3; at++) {
        header->quaternion[at] = get_f64(record, 352 + 8 * at);
        header->offset[at] = get_f64(record, 376 + 8 * at);
    }
    for (size_t at = 0; at < 12; at++)
        header->srow[at] = get_f64(record, 400 + 8 * at);
    header->pair = record->bytes[5] == 'i';
}

// The size a header states of itself tells version and byte order: 0 if it is none.
static int version_of(const uint8_t *first, size_t size, bool *swapped)
{
    if (size < SIZE_1)
        return 0;
    for (int turn = 0; turn < 2; turn++) {
        const Record record = {first, turn == 1};
        const int32_t stated = get_i32(&record, 0);
        *swapped = turn == 1;
        if (stated == SIZE_1)
            return 1;
        if (stated == SIZE_2)
            return 2;
    }
    return 0;
}

bool hp_nifti_claims(const uint8_t *first, size_t size)
{
    bool swapped;
    return version_of(first, size, &swapped) != 0;
}

static bool check_magic(const uint8_t *bytes, int version, GError **error)
{
    const bool fine = version == 1
                          ? memcmp(bytes + 344, "n+1", 4) == 0 || memcmp(bytes + 344, "ni1", 4) == 0
                          : memcmp(bytes + 4, "n+2\0\r\n\032\n", 8) == 0 ||
                                memcmp(bytes + 4, "ni2\0\r\n\032\n", 8) == 0;
    if (!fine)
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("the header has no NIfTI mark (Analyze 7.5 does not say where left is)"));
    return fine;
}

static bool read_header(HpSource *source, Header *header, GError **error)
{
    uint8_t bytes[SIZE_2];
    if (!hp_source_read_all(source, bytes, SIZE_1, "the NIfTI header", error))
        return false;
    *header = (Header){0};
    header->version = version_of(bytes, SIZE_1, &header->swapped);
    if (header->version == 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("no NIfTI header"));
        return false;
    }
    if (header->version == 2 &&
        !hp_source_read_all(source, bytes + SIZE_1, SIZE_2 - SIZE_1, "the NIfTI-2 header", error))
        return false;
    if (!check_magic(bytes, header->version, error))
        return false;
    const Record record = {bytes, header->swapped};
    if (header->version == 1)
        parse_1(&record, header);
    else
        parse_2(&record, header);
    return true;
}

static bool read_size(const Header *header, int size[3], GError **error)
{
    const int64_t axes = header->dim[0];
    if (axes < 2 || axes > 7) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    "%" G_GINT64_FORMAT " dimensions, expected 2 to 7", axes);
        return false;
    }
    for (int axis = 1; axis <= 3; axis++) {
        const int64_t voxels = axis <= axes ? header->dim[axis] : 1;
        if (voxels < 1 || voxels > 65535) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        "size %" G_GINT64_FORMAT " along axis %d, expected 1 to 65535", voxels,
                        axis - 1);
            return false;
        }
        size[axis - 1] = (int)voxels;
    }
    for (int axis = 4; axis <= axes; axis++)
        if (header->dim[axis] != 1) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        "%" G_GINT64_FORMAT " values along dimension %d, expected one volume",
                        header->dim[axis], axis);
            return false;
        }
    return true;
}

static bool read_type(const Header *header, HpVoxelType *type, GError **error)
{
    static const struct {
        int code;
        HpVoxelType type;
    } known[] = {
        {2, HP_VOXEL_UINT8},     {4, HP_VOXEL_INT16},    {8, HP_VOXEL_INT32},
        {16, HP_VOXEL_FLOAT32},  {64, HP_VOXEL_FLOAT64}, {256, HP_VOXEL_INT8},
        {512, HP_VOXEL_UINT16},  {768, HP_VOXEL_UINT32}, {1024, HP_VOXEL_INT64},
        {1280, HP_VOXEL_UINT64},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(known); at++) {
        if (known[at].code != header->datatype)
            continue;
        const int bits = (int)hp_voxel_bytes(known[at].type) * 8;
        *type = known[at].type;
        if (header->bitpix == bits)
            return true;
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%d bits a voxel, expected %d for %s"),
                    header->bitpix, bits, hp_voxel_name(*type));
        return false;
    }
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                _("data type %d, expected integers or floats of up to 64 bits"), header->datatype);
    return false;
}

// Method 3 of nifti1.h. Row-major rows of x, y, z.
static void from_sform(const Header *header, HpAffine *affine)
{
    for (int row = 0; row < 3; row++) {
        for (int axis = 0; axis < 3; axis++)
            affine->columns[3 * row + axis] = header->srow[4 * row + axis];
        affine->origin_mm[row] = header->srow[4 * row + 3];
    }
}

// Method 2 of nifti1.h: a rotation from a unit quaternion whose first part a >= 0 is not stored,
// and pixdim[0] = -1 for a left-handed grid.
static bool from_qform(const Header *header, HpAffine *affine, GError **error)
{
    const double b = header->quaternion[0], c = header->quaternion[1], d = header->quaternion[2];
    const double rest = 1 - (b * b + c * c + d * d);
    if (!(rest > -1e-4)) { // float rounding makes it -1e-7
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("quaternion %g %g %g is longer than 1"),
                    b, c, d);
        return false;
    }
    const double a = sqrt(fmax(rest, 0));
    const double rotation[9] = {a * a + b * b - c * c - d * d, 2 * (b * c - a * d),
                                2 * (b * d + a * c),           2 * (b * c + a * d),
                                a * a + c * c - b * b - d * d, 2 * (c * d - a * b),
                                2 * (b * d - a * c),           2 * (c * d + a * b),
                                a * a + d * d - b * b - c * c};
    const double step[3] = {fabs(header->pixdim[1]), fabs(header->pixdim[2]),
                            fabs(header->pixdim[3]) * (header->pixdim[0] < 0 ? -1 : 1)};
    for (int at = 0; at < 9; at++)
        affine->columns[at] = rotation[at] * step[at % 3];
    memcpy(affine->origin_mm, header->offset, sizeof affine->origin_mm);
    return true;
}

// Method 1 of nifti1.h: nothing is known but the spacing.
static void from_spacing(const Header *header, HpAffine *affine)
{
    *affine = (HpAffine){0};
    for (int axis = 0; axis < 3; axis++)
        affine->columns[4 * axis] = fabs(header->pixdim[axis + 1]);
}

static bool read_affine(const Header *header, HpAffine *affine, GError **error)
{
    if (header->sform_code > 0)
        from_sform(header, affine);
    else if (header->qform_code <= 0)
        from_spacing(header, affine);
    else if (!from_qform(header, affine, error))
        return false;
    const int unit = header->units & 7; // 1 metre, 3 micrometre; 2 and 0 (unknown) millimetre
    const double mm = unit == 1 ? 1e3 : unit == 3 ? 1e-3 : 1;
    for (int at = 0; at < 9; at++)
        affine->columns[at] *= mm;
    for (int row = 0; row < 3; row++)
        affine->origin_mm[row] *= mm;
    hp_affine_flip_xy(affine);
    return true;
}

static bool read_grid(const Header *header, HpLayout *layout, GError **error)
{
    int size[3];
    HpAffine affine;
    if (!read_size(header, size, error) || !read_affine(header, &affine, error))
        return false;
    if (!hp_affine_to_grid(&affine, size, &layout->grid, &layout->warning, error))
        return false;
    if (header->sform_code <= 0 && header->qform_code <= 0 && layout->warning == NULL)
        layout->warning = g_strdup("the file does not say how it lies in the patient: left and "
                                   "right, head and feet are a guess");
    return true;
}

static void read_scaling(const Header *header, HpLayout *layout)
{
    const bool scaled = isfinite(header->slope) && header->slope != 0;
    layout->slope = scaled ? header->slope : 1;
    layout->intercept = scaled && isfinite(header->intercept) ? header->intercept : 0;
}

// NAME.img or NAME.img.gz for NAME.hdr or NAME.hdr.gz.
static HpSource *open_pair(const HpSource *source, GError **error)
{
    const char *path = hp_source_get_path(source);
    g_autofree char *name = path != NULL ? g_path_get_basename(path) : g_strdup("");
    const bool zipped = g_str_has_suffix(name, ".gz");
    if (zipped)
        name[strlen(name) - 3] = '\0';
    if (g_str_has_suffix(name, ".hdr"))
        name[strlen(name) - 4] = '\0';
    g_autofree char *beside = g_strconcat(name, zipped ? ".img.gz" : ".img", NULL);
    g_autoptr(HpSource) data = hp_source_open_beside(source, beside, error);
    if (data == NULL || !hp_source_inflate_if_gzip(data, error))
        return NULL;
    return g_steal_pointer(&data);
}

static bool go_to_voxels(const Header *header, HpSource **source, GError **error)
{
    const double read = header->version == 1 ? SIZE_1 : SIZE_2;
    const double least = header->pair ? 0 : read;
    double offset = header->vox_offset;
    if (offset == 0 && !header->pair) // as nibabel: the usual place
        offset = read + 4;
    if (!(offset >= least && offset <= 1e12 && offset == floor(offset))) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("voxels at byte %g, expected %g or more"),
                    offset, least);
        return false;
    }
    if (header->pair) {
        HpSource *data = open_pair(*source, error);
        if (data == NULL)
            return false;
        hp_source_free(*source);
        *source = data;
    }
    return hp_source_skip(*source, (size_t)(offset - least), "what lies before the voxels", error);
}

bool hp_nifti_read_header(HpSource **source, HpLayout *layout, GError **error)
{
    Header header;
    *layout = (HpLayout){0};
    if (!read_header(*source, &header, error))
        return false;
    layout->big_endian = header.swapped != (G_BYTE_ORDER == G_BIG_ENDIAN);
    read_scaling(&header, layout);
    if (!read_type(&header, &layout->type, error) || !read_grid(&header, layout, error) ||
        !go_to_voxels(&header, source, error)) {
        hp_layout_clear(layout);
        return false;
    }
    return true;
}

static void put_i16(uint8_t *bytes, size_t at, int value)
{
    const uint16_t word = GUINT16_TO_LE((uint16_t)value);
    memcpy(bytes + at, &word, sizeof word);
}

static void put_f32(uint8_t *bytes, size_t at, double value)
{
    const float single = (float)value;
    uint32_t word;
    memcpy(&word, &single, sizeof word);
    word = GUINT32_TO_LE(word);
    memcpy(bytes + at, &word, sizeof word);
}

// The unit quaternion (a, b, c, d) with a >= 0 of a rotation, from its largest part, so that no
// digits are lost (Shepperd 1978).
static void to_quaternion(const double r[9], double q[4])
{
    const double square[4] = {1 + r[0] + r[4] + r[8], 1 + r[0] - r[4] - r[8],
                              1 - r[0] + r[4] - r[8], 1 - r[0] - r[4] + r[8]}; // 4 q^2
    int largest = 0;
    for (int at = 1; at < 4; at++)
        if (square[at] > square[largest] + 1e-12)
            largest = at;
    const double x = r[7] - r[5], y = r[2] - r[6], z = r[3] - r[1];    // 4 a b, 4 a c, 4 a d
    const double xy = r[1] + r[3], xz = r[2] + r[6], yz = r[5] + r[7]; // 4 b c, 4 b d, 4 c d
    const double rows[4][4] = {{square[0], x, y, z},
                               {x, square[1], xy, xz},
                               {y, xy, square[2], yz},
                               {z, xz, yz, square[3]}};
    const double scale = 2 * sqrt(square[largest]);
    const double sign = rows[largest][0] < 0 ? -1 : 1;
    for (int at = 0; at < 4; at++)
        q[at] = sign * rows[largest][at] / scale;
}

static void put_qform(uint8_t *bytes, const HpGrid *grid)
{
    double rotation[9], q[4];
    for (int at = 0; at < 9; at++)
        rotation[at] = at < 6 ? -grid->directions[at] : grid->directions[at]; // LPS to RAS
    const double *r = rotation;
    const double determinant = r[0] * (r[4] * r[8] - r[5] * r[7]) -
                               r[1] * (r[3] * r[8] - r[5] * r[6]) +
                               r[2] * (r[3] * r[7] - r[4] * r[6]);
    if (determinant < 0)
        for (int row = 0; row < 3; row++)
            rotation[3 * row + 2] = -rotation[3 * row + 2];
    to_quaternion(rotation, q);
    put_f32(bytes, 76, determinant < 0 ? -1 : 1);
    for (size_t at = 0; at < 3; at++)
        put_f32(bytes, 256 + 4 * at, q[at + 1] == 0 ? 0 : q[at + 1]); // not -0
}

static void put_geometry(uint8_t *bytes, const HpGrid *grid)
{
    HpAffine affine = hp_affine_of_grid(grid);
    hp_affine_flip_xy(&affine);
    put_i16(bytes, 252, 1);
    put_i16(bytes, 254, 1);
    put_qform(bytes, grid);
    for (size_t row = 0; row < 3; row++) {
        put_f32(bytes, 80 + 4 * row, grid->spacing_mm[row]);
        put_f32(bytes, 268 + 4 * row, affine.origin_mm[row]);
        for (size_t axis = 0; axis < 3; axis++)
            put_f32(bytes, 280 + 16 * row + 4 * axis, affine.columns[3 * row + axis]);
        put_f32(bytes, 292 + 16 * row, affine.origin_mm[row]);
    }
}

static bool write_header(const HpGrid *grid, int datatype, int bitpix, HpSink *sink, GError **error)
{
    uint8_t bytes[DATA_1] = {0};
    const int stated = SIZE_1;
    put_i16(bytes, 0, stated);
    bytes[38] = 'r'; // "regular", which SPM and others ask for
    put_i16(bytes, 40, 3);
    for (size_t axis = 0; axis < 7; axis++) {
        const int voxels = axis < 3 ? grid->size[axis] : 1;
        if (voxels > INT16_MAX) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        _("%d voxels along axis %zu, NIfTI-1 holds up to %d"), voxels, axis,
                        INT16_MAX);
            return false;
        }
        put_i16(bytes, 42 + 2 * axis, voxels);
        put_f32(bytes, 80 + 4 * axis, 1);
    }
    put_i16(bytes, 70, datatype);
    put_i16(bytes, 72, bitpix);
    put_f32(bytes, 108, DATA_1);
    put_f32(bytes, 112, 1);
    bytes[123] = 2; // millimetres
    memcpy(bytes + 148, "Hepatica " HP_VERSION, sizeof "Hepatica " HP_VERSION);
    put_geometry(bytes, grid);
    memcpy(bytes + 344, "n+1", 4);
    return hp_sink_write(sink, bytes, sizeof bytes, error);
}

bool hp_nifti_write_volume(const HpVolume *volume, HpSink *sink, bool gzip, HpTask *task,
                           GError **error)
{
    if (gzip)
        hp_sink_deflate(sink);
    return write_header(&volume->grid, 4, 16, sink, error) &&
           hp_write_voxels_of_volume(volume, sink, task, error);
}

bool hp_nifti_write_mask(const HpMask *mask, HpSink *sink, bool gzip, HpTask *task, GError **error)
{
    if (gzip)
        hp_sink_deflate(sink);
    return write_header(hp_mask_get_grid(mask), 2, 8, sink, error) &&
           hp_write_voxels_of_mask(mask, sink, task, error);
}
