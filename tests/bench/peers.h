// SPDX-License-Identifier: Apache-2.0
// The same work done by ITK and OpenCV, for benchmarks built where those are found.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A picture to work on: i fastest.
typedef struct {
    int size[3];
    double spacing_mm[3];
    int16_t *hu;
    uint8_t *labels;
    uint8_t *grey; // `hu` in 8 bit
    float *out;
    int threads;
} PeerCase;

void peer_itk_gaussian(const PeerCase *c, double sigma_mm);           // discrete, cut at 4 sigma
void peer_itk_gaussian_recursive(const PeerCase *c, double sigma_mm); // Deriche
void peer_itk_median(const PeerCase *c);
void peer_itk_distance(const PeerCase *c); // signed, Maurer
// Moves the surface `start` < 0 to edges, where c->out is 0; until it moves less than 0.02 voxel.
void peer_itk_contour(const PeerCase *c, float *start, float *moved);
void peer_itk_diffusion(const PeerCase *c, int steps, double dt_mm2);

void peer_opencv_gaussian(const PeerCase *c, double sigma_mm);    // all three axes
void peer_opencv_median(const PeerCase *c);                       // 3x3 of each slice only
void peer_opencv_clahe(const PeerCase *c, double clip, int bits); // 8 or 16, each slice

#ifdef __cplusplus
}
#endif
