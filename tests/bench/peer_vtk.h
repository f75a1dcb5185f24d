// SPDX-License-Identifier: Apache-2.0
// The surface of 0/1 labels by VTK, for comparison.
#pragma once

#ifdef __cplusplus
#include <cstdint>
extern "C" {
#else
#include <stdint.h>
#endif

// Flying edges with normals at 0.5, then so many iterations of the windowed sinc filter (0: none);
// returns the number of triangles.
long peer_vtk_flying_edges(const uint8_t *labels, const int size[3], const double spacing_mm[3],
                           int smooth_iterations);

#ifdef __cplusplus
}
#endif
