// SPDX-License-Identifier: Apache-2.0
// Kernels of OpenCV, called as ours are.
#include "bench/peers.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

static cv::Mat kernel(double sigma)
{
    return cv::getGaussianKernel(2 * static_cast<int>(4 * sigma) + 1, sigma, CV_32F);
}

// Slices in plane, and then the volume as one tall picture with a slice per row.
void peer_opencv_gaussian(const PeerCase *c, double sigma_mm)
{
    cv::setNumThreads(c->threads);
    const int ni = c->size[0], nj = c->size[1], nk = c->size[2];
    const cv::Mat along_i = kernel(sigma_mm / c->spacing_mm[0]);
    const cv::Mat along_j = kernel(sigma_mm / c->spacing_mm[1]);
    const cv::Mat along_k = kernel(sigma_mm / c->spacing_mm[2]);
    cv::Mat between(nk, ni * nj, CV_32F);
    cv::parallel_for_(cv::Range(0, nk), [&](const cv::Range &range) {
        for (int k = range.start; k < range.end; k++) {
            const cv::Mat slice(nj, ni, CV_16S, c->hu + static_cast<size_t>(k) * ni * nj);
            cv::Mat out(nj, ni, CV_32F, between.ptr<float>(k));
            cv::sepFilter2D(slice, out, CV_32F, along_i, along_j, cv::Point(-1, -1), 0,
                            cv::BORDER_REPLICATE);
        }
    });
    const cv::Mat one = cv::Mat::ones(1, 1, CV_32F);
    const int part = 4096;
    cv::parallel_for_(cv::Range(0, (ni * nj + part - 1) / part), [&](const cv::Range &range) {
        for (int at = range.start; at < range.end; at++) {
            const cv::Range columns(at * part, std::min((at + 1) * part, ni * nj));
            cv::Mat out(nk, ni * nj, CV_32F, c->out);
            cv::Mat to = out.colRange(columns);
            cv::sepFilter2D(between.colRange(columns), to, CV_32F, one, along_k, cv::Point(-1, -1),
                            0, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
        }
    });
}

void peer_opencv_median(const PeerCase *c)
{
    cv::setNumThreads(c->threads);
    const size_t plane = static_cast<size_t>(c->size[0]) * c->size[1];
    cv::parallel_for_(cv::Range(0, c->size[2]), [&](const cv::Range &range) {
        for (int k = range.start; k < range.end; k++) {
            const cv::Mat slice(c->size[1], c->size[0], CV_16S, c->hu + k * plane);
            cv::Mat out(c->size[1], c->size[0], CV_16S,
                        reinterpret_cast<short *>(c->out) + k * plane);
            cv::medianBlur(slice, out, 3);
        }
    });
}

void peer_opencv_clahe(const PeerCase *c, double clip, int bits)
{
    cv::setNumThreads(c->threads);
    const size_t plane = static_cast<size_t>(c->size[0]) * c->size[1];
    cv::parallel_for_(cv::Range(0, c->size[2]), [&](const cv::Range &range) {
        const cv::Ptr<cv::CLAHE> clahe = cv::createCLAHE(clip, cv::Size(8, 8));
        for (int k = range.start; k < range.end; k++) {
            void *in = bits == 8 ? static_cast<void *>(c->grey + k * plane)
                                 : static_cast<void *>(c->hu + k * plane);
            const int type = bits == 8 ? CV_8U : CV_16U;
            const cv::Mat slice(c->size[1], c->size[0], type, in);
            cv::Mat out(c->size[1], c->size[0], type,
                        reinterpret_cast<uint8_t *>(c->out) + k * plane * (bits / 8));
            clahe->apply(slice, out);
        }
    });
}
