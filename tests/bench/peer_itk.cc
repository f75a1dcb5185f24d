// SPDX-License-Identifier: Apache-2.0
// Kernels of ITK, called as ours are.
#include "bench/peers.h"

#include <algorithm>
#include <itkCurvatureAnisotropicDiffusionImageFilter.h>
#include <itkDiscreteGaussianImageFilter.h>
#include <itkGeodesicActiveContourLevelSetImageFilter.h>
#include <itkImage.h>
#include <itkImportImageFilter.h>
#include <itkMedianImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>
#include <itkSmoothingRecursiveGaussianImageFilter.h>

using Volume = itk::Image<short, 3>;
using Labels = itk::Image<unsigned char, 3>;
using Field = itk::Image<float, 3>;

// The caller's voxels as a picture, without a copy.
template <typename Picture>
static typename Picture::Pointer wrap(const PeerCase *c, typename Picture::PixelType *voxels)
{
    itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(c->threads);
    using Import = itk::ImportImageFilter<typename Picture::PixelType, 3>;
    auto import = Import::New();
    typename Import::SizeType size;
    for (int axis = 0; axis < 3; axis++)
        size[axis] = c->size[axis];
    typename Import::RegionType region;
    region.SetSize(size);
    import->SetRegion(region);
    import->SetSpacing(c->spacing_mm);
    import->SetImportPointer(voxels, static_cast<size_t>(size[0]) * size[1] * size[2], false);
    import->Update();
    return import->GetOutput();
}

void peer_itk_gaussian(const PeerCase *c, double sigma_mm)
{
    auto filter = itk::DiscreteGaussianImageFilter<Volume, Field>::New();
    filter->SetInput(wrap<Volume>(c, c->hu));
    filter->SetVariance(sigma_mm * sigma_mm);
    filter->SetUseImageSpacing(true);
    filter->SetMaximumError(1e-4); // about 4 sigma
    filter->SetMaximumKernelWidth(256);
    filter->Update();
}

void peer_itk_gaussian_recursive(const PeerCase *c, double sigma_mm)
{
    auto filter = itk::SmoothingRecursiveGaussianImageFilter<Volume, Field>::New();
    filter->SetInput(wrap<Volume>(c, c->hu));
    filter->SetSigma(sigma_mm);
    filter->Update();
}

void peer_itk_median(const PeerCase *c)
{
    auto filter = itk::MedianImageFilter<Volume, Volume>::New();
    filter->SetInput(wrap<Volume>(c, c->hu));
    filter->SetRadius(1);
    filter->Update();
}

void peer_itk_distance(const PeerCase *c)
{
    auto filter = itk::SignedMaurerDistanceMapImageFilter<Labels, Field>::New();
    filter->SetInput(wrap<Labels>(c, c->labels));
    filter->SetUseImageSpacing(true);
    filter->SetSquaredDistance(false);
    filter->SetInsideIsPositive(false);
    filter->Update();
}

void peer_itk_contour(const PeerCase *c, float *start, float *moved)
{
    auto filter = itk::GeodesicActiveContourLevelSetImageFilter<Field, Field>::New();
    filter->SetInput(wrap<Field>(c, start));
    filter->SetFeatureImage(wrap<Field>(c, c->out));
    filter->SetPropagationScaling(2);
    filter->SetCurvatureScaling(1);
    filter->SetAdvectionScaling(1);
    filter->SetMaximumRMSError(0.02);
    filter->SetNumberOfIterations(1000);
    filter->Update();
    const size_t count = static_cast<size_t>(c->size[0]) * c->size[1] * c->size[2];
    std::copy_n(filter->GetOutput()->GetBufferPointer(), count, moved);
}

void peer_itk_diffusion(const PeerCase *c, int steps, double dt_mm2)
{
    const size_t count = static_cast<size_t>(c->size[0]) * c->size[1] * c->size[2];
    for (size_t at = 0; at < count; at++)
        c->out[at] = c->hu[at];
    auto filter = itk::CurvatureAnisotropicDiffusionImageFilter<Field, Field>::New();
    filter->SetInput(wrap<Field>(c, c->out));
    filter->SetNumberOfIterations(steps);
    filter->SetTimeStep(dt_mm2);
    filter->SetConductanceParameter(1);
    filter->Update();
}
