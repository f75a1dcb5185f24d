// SPDX-License-Identifier: Apache-2.0
// Grows a branching vessel through an organ, thinner with every fork.
//
// Tips are scattered through the organ; each joins the tree at the node that makes the new branch
// short without turning back towards the root (after the constrained constructive optimisation of
// Schreiner and Buxbaum 1993, without its optimisation). Branches sag a little, as vessels do.
#include "phantom/tree.h"

#include <math.h>

#include "phantom/lattice.h"

#define MAX_NODES 4096
#define STEP_MM 9.0f

typedef struct {
    HpPoint at;
    int parent;
    int tips; // ends fed through this node
} Node;

typedef struct {
    Node node[MAX_NODES];
    int count;
} Tree;

static float distance(HpPoint a, HpPoint b)
{
    const float x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
    return sqrtf(x * x + y * y + z * z);
}

static int add_node(Tree *tree, HpPoint at, int parent)
{
    g_assert(tree->count < MAX_NODES);
    tree->node[tree->count] = (Node){.at = at, .parent = parent};
    return tree->count++;
}

static HpPoint between(HpPoint a, HpPoint b, float t)
{
    return (HpPoint){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), a.z + t * (b.z - a.z)};
}

// A branch of several nodes from `parent` to `to`, bowed sideways by a tenth of its length.
static int add_branch(Tree *tree, int parent, HpPoint to, uint64_t key)
{
    const HpPoint from = tree->node[parent].at;
    const float length = distance(from, to);
    const int steps = MAX(1, (int)ceilf(length / STEP_MM));
    const HpPoint bow = {0.2f * length * (hp_hash_unit(key) - 0.5f),
                         0.2f * length * (hp_hash_unit(key + 1) - 0.5f),
                         0.2f * length * (hp_hash_unit(key + 2) - 0.5f)};
    int last = parent;
    for (int step = 1; step <= steps; step++) {
        const float t = (float)step / steps, lift = 4 * t * (1 - t);
        HpPoint at = between(from, to, t);
        at.x += bow.x * lift;
        at.y += bow.y * lift;
        at.z += bow.z * lift;
        last = add_node(tree, at, last);
    }
    return last;
}

static int nearest(const Tree *tree, HpPoint at)
{
    int best = 0;
    for (int node = 1; node < tree->count; node++)
        if (distance(tree->node[node].at, at) < distance(tree->node[best].at, at))
            best = node;
    return best;
}

// Where a branch to `tip` leaves the tree. Turning back costs: the angle to the parent's direction.
static int best_fork(const Tree *tree, HpPoint tip)
{
    int best = 0;
    float best_cost = INFINITY;
    for (int node = 1; node < tree->count; node++) {
        const HpPoint at = tree->node[node].at, before = tree->node[tree->node[node].parent].at;
        const float length = distance(at, tip), came = distance(before, at);
        const float cosine =
            ((tip.x - at.x) * (at.x - before.x) + (tip.y - at.y) * (at.y - before.y) +
             (tip.z - at.z) * (at.z - before.z)) /
            hp_most(length * came, 1e-3f);
        const float cost = length * (1.6f - cosine);
        if (cost < best_cost) {
            best_cost = cost;
            best = node;
        }
    }
    return best;
}

void hp_tree_grow(HpScene *scene, const HpPoint (*trunk)[2], int count, const HpTreeParams *params)
{
    g_autofree Tree *tree = g_new0(Tree, 1);
    add_node(tree, trunk[0][0], 0);
    for (int at = 0; at < count; at++)
        add_branch(tree, nearest(tree, trunk[at][0]), trunk[at][1], params->seed + 8u * at);

    // Tips in a box round the trunk's ends, kept where the organ has room.
    HpPoint lo = trunk[0][0], hi = trunk[0][0];
    for (int at = 0; at < count; at++) {
        lo = (HpPoint){hp_least(lo.x, trunk[at][1].x), hp_least(lo.y, trunk[at][1].y),
                       hp_least(lo.z, trunk[at][1].z)};
        hi = (HpPoint){hp_most(hi.x, trunk[at][1].x), hp_most(hi.y, trunk[at][1].y),
                       hp_most(hi.z, trunk[at][1].z)};
    }
    const float reach = 110;
    int grown = 0;
    for (int attempt = 0; grown < params->tips && attempt < 60 * params->tips; attempt++) {
        const uint64_t key = hp_hash(params->seed) + 4096u + 8u * attempt;
        const HpPoint tip = {lo.x - reach + (hi.x - lo.x + 2 * reach) * hp_hash_unit(key),
                             lo.y - reach + (hi.y - lo.y + 2 * reach) * hp_hash_unit(key + 1),
                             lo.z - reach + (hi.z - lo.z + 2 * reach) * hp_hash_unit(key + 2)};
        if (hp_scene_distance(scene, params->organ, tip) > -params->margin_mm)
            continue;
        const int fork = best_fork(tree, tip);
        if (distance(tree->node[fork].at, tip) < 6 || tree->count + 40 > MAX_NODES)
            continue;
        int node = add_branch(tree, fork, tip, key + 3);
        for (; node != 0; node = tree->node[node].parent)
            tree->node[node].tips++;
        tree->node[0].tips++;
        grown++;
    }

    // Murray: r^3 is shared by the tips; what is left of the root's goes to the branch as a floor.
    const float root3 = params->root_mm * params->root_mm * params->root_mm;
    const float tip3 = params->tip_mm * params->tip_mm * params->tip_mm;
    for (int node = 1; node < tree->count; node++) {
        const Node *to = &tree->node[node], *from = &tree->node[to->parent];
        const float share_to = (float)to->tips / MAX(grown, 1),
                    share_from = (float)from->tips / MAX(grown, 1);
        const float r_to = cbrtf(tip3 + share_to * (root3 - tip3));
        const float r_from = hp_least(cbrtf(tip3 + share_from * (root3 - tip3)), 1.25f * r_to);
        hp_scene_tube(scene, HP_SOLID_ADD, 0, from->at, to->at, r_from, r_to);
    }
}
