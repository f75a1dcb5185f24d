// SPDX-License-Identifier: Apache-2.0
// The surface of 0/1 labels by VTK, for comparison.
#include "bench/peer_vtk.h"

#include <vtkFlyingEdges3D.h>
#include <vtkImageImport.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkWindowedSincPolyDataFilter.h>

long peer_vtk_flying_edges(const uint8_t *labels, const int size[3], const double spacing_mm[3],
                           int smooth_iterations)
{
    vtkNew<vtkImageImport> image;
    image->SetImportVoidPointer(const_cast<uint8_t *>(labels), 1);
    image->SetDataScalarTypeToUnsignedChar();
    image->SetNumberOfScalarComponents(1);
    image->SetWholeExtent(0, size[0] - 1, 0, size[1] - 1, 0, size[2] - 1);
    image->SetDataExtentToWholeExtent();
    image->SetDataSpacing(spacing_mm[0], spacing_mm[1], spacing_mm[2]);
    vtkNew<vtkFlyingEdges3D> edges;
    edges->SetInputConnection(image->GetOutputPort());
    edges->SetValue(0, 0.5);
    edges->SetComputeNormals(smooth_iterations == 0);
    if (smooth_iterations == 0) {
        edges->Update();
        return static_cast<long>(edges->GetOutput()->GetNumberOfPolys());
    }
    vtkNew<vtkWindowedSincPolyDataFilter> smooth;
    smooth->SetInputConnection(edges->GetOutputPort());
    smooth->SetNumberOfIterations(smooth_iterations);
    smooth->SetPassBand(0.01);
    smooth->NonManifoldSmoothingOn();
    smooth->NormalizeCoordinatesOn();
    smooth->Update();
    return static_cast<long>(smooth->GetOutput()->GetNumberOfPolys());
}
