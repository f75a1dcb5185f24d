// SPDX-License-Identifier: Apache-2.0
// Repeatable randomness: numbers that depend on a key alone, and smooth noise in space. Beside it,
// what the C library makes slow: the lesser, the greater and the whole part without a call.
#pragma once

#include <glib.h>
#include <math.h>
#include <stdint.h>

G_BEGIN_DECLS

static inline float hp_least(float a, float b)
{
    return a < b ? a : b;
}

static inline float hp_most(float a, float b)
{
    return a > b ? a : b;
}

// For |x| < 2^31.
static inline float hp_floor(float x)
{
    const float whole = (float)(int)x;
    return whole > x ? whole - 1 : whole;
}

// A well mixed number for each key (splitmix64, Steele, Lea, Flood 2014).
static inline uint64_t hp_hash(uint64_t key)
{
    key += 0x9e3779b97f4a7c15u;
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return key ^ (key >> 31);
}

// In [0, 1).
static inline float hp_hash_unit(uint64_t key)
{
    return (float)(hp_hash(key) >> 40) * 0x1p-24f;
}

// 32 bits for a point of the lattice; cheap, good enough where the eye is the judge.
static inline uint32_t hp_hash_lattice(int x, int y, int z, uint32_t seed)
{
    uint32_t h = (uint32_t)x * 0x8da6b343u ^ (uint32_t)y * 0xd8163841u ^ (uint32_t)z * 0xcb1ab31fu;
    h = (h ^ seed) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    return h ^ (h >> 16);
}

// Smooth noise in [-1, 1], standard deviation near 0.3, that changes over one unit of x, y, z.
static inline float hp_noise(float x, float y, float z, uint32_t seed)
{
    const float fx = hp_floor(x), fy = hp_floor(y), fz = hp_floor(z);
    const int ix = (int)fx, iy = (int)fy, iz = (int)fz;
    const float tx = x - fx, ty = y - fy, tz = z - fz;
    const float ux = tx * tx * (3 - 2 * tx), uy = ty * ty * (3 - 2 * ty),
                uz = tz * tz * (3 - 2 * tz);
    float corner[8];
    for (int at = 0; at < 8; at++)
        corner[at] = (float)(int32_t)hp_hash_lattice(ix + (at & 1), iy + (at >> 1 & 1),
                                                     iz + (at >> 2), seed) *
                     0x1p-31f;
    for (int at = 0; at < 4; at++)
        corner[at] = corner[2 * at] + ux * (corner[2 * at + 1] - corner[2 * at]);
    for (int at = 0; at < 2; at++)
        corner[at] = corner[2 * at] + uy * (corner[2 * at + 1] - corner[2 * at]);
    return corner[0] + uz * (corner[1] - corner[0]);
}

G_END_DECLS
