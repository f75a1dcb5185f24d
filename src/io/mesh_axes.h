// SPDX-License-Identifier: Apache-2.0
// The axes that the positions in a mesh file run along.
#pragma once

// Both are right-handed: RAS is LPS turned by half a circle about the axis from the feet to the head, so
// triangles keep their sense.
typedef enum {
    HP_MESH_AXES_LPS, // x to the patient's left, y to the back, z to the head, as DICOM and ITK have it
    HP_MESH_AXES_RAS, // x to the right, y to the front, z to the head, as NIfTI has it
} HpMeshAxes;

// What a file says of them, in English: "LPS (x to the patient's left, ...)". Static.
const char *hp_mesh_axes_words(HpMeshAxes axes);
