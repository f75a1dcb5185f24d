// SPDX-License-Identifier: Apache-2.0
// The closed snake with local maps: a polygon on one slice that descends its energy until it rests.
//
// E(y) = sum_i h_i [D(y_i) + alpha |y'_i|^2 + beta(y_i) |y''_i|^2] - iint_inside kappa dx
// (Kass, Witkin, Terzopoulos 1988; balloon: Cohen 1991; local maps: Marcos et al. 2018).
// Step: (Id + 2 tau A) y' = y - tau (grad D(y) - b_i/h_i), b_i the exact gradient of iint kappa.
#pragma once

#include "segment/maps.h"

G_BEGIN_DECLS

#define HP_SNAKE_SPACING_MM 1.5
#define HP_SNAKE_MAX_STEPS 400

typedef enum {
    HP_SNAKE_MOVING,
    HP_SNAKE_RESTS,    // area changed by < 0.05 % over 10 steps, no vertex moved over 0.05 mm
    HP_SNAKE_TIRED,    // stopped at the largest number of steps
    HP_SNAKE_VANISHED, // encloses nothing any more
} HpSnakeState;

typedef struct {
    HpSnakeState state;
    int steps;
    double area_mm2, length_mm;
    double edge, tension, bending, balloon; // terms of the energy; their sum is the energy
} HpSnakeReport;

typedef struct HpSnake HpSnake; // one workspace, used for one contour after another

HpSnake *hp_snake_new(void);
void hp_snake_free(HpSnake *snake); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSnake, hp_snake_free)

// Starts from `start` (either orientation) on `maps`, which stay borrowed until the next init.
void hp_snake_init(HpSnake *snake, const HpMaps *maps, const HpLoop *start, double spacing_mm,
                   int max_steps);

// One step; false once it is done, and then nothing moves. Allocates nothing unless the contour
// has outgrown all contours before it.
bool hp_snake_step(HpSnake *snake);
HpSnakeState hp_snake_get_state(const HpSnake *snake);
int hp_snake_get_steps(const HpSnake *snake);
// By what share of itself the area changed over the last ten steps; NAN before there were ten.
double hp_snake_get_change(const HpSnake *snake);

// The contour now, counter-clockwise; borrowed, valid until the next call.
const HpLoop *hp_snake_get_loop(const HpSnake *snake);

// Rasterises the contour for the balloon's energy: not for every step.
HpSnakeReport hp_snake_report(const HpSnake *snake);

// The parts of a step, for tests.

// The gradient of iint kappa: b_i of each point, outward where kappa > 0.
void hp_snake_balloon(const HpMaps *maps, const HpLoop *loop, double (*force)[2]);

// Solves (Id + 2 tau A) x = x for `count` >= 6 points in place, A with constant alpha, beta per
// point and node spacing h: O(count), LDL' of the band with the last two unknowns as its border.
// `scratch` holds 6 * count doubles.
void hp_snake_solve(int count, double tau, double alpha, const double *beta, double h_mm,
                    double (*x)[2], double *scratch);

G_END_DECLS
