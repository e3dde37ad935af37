/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of documents by verdict and operation, of resources by class and status; see stats.h. */
#include "dissector/wireshark/stats.h"

#include "dissector/dav/status_name.h"
#include "dissector/wireshark/compat.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

static const char tap_name[] = "multistatus";
/* The host knows nodes that have nodes below by their names alone; no method has a space in it. */
static const char documents[] = "Documents by verdict", operations[] = "Documents by operation";
static const char resources[] = "Resources by class", statuses[] = "Resources by status";

static int tap = -1;
static int documents_node, operations_node, resources_node, statuses_node;

static void prepare(stats_tree *tree)
{
    documents_node = stats_tree_create_node(tree, documents, 0, STAT_DT_INT, TRUE);
    operations_node = stats_tree_create_node(tree, operations, 0, STAT_DT_INT, TRUE);
    resources_node = stats_tree_create_node(tree, resources, 0, STAT_DT_INT, TRUE);
    statuses_node = stats_tree_create_node(tree, statuses, 0, STAT_DT_INT, TRUE);
}

static void add(stats_tree *tree, const char *name, int parent, uint64_t n)
{
    if (n > 0)
        increase_stat_node(tree, name, parent, parent == 0, (int)MIN(n, (uint64_t)INT_MAX));
}

static void add_statuses(stats_tree *tree, const struct summary *summary)
{
    for (size_t i = 0; i < summary->n_statuses; i++) {
        char text[64];
        const char *name = status_name(summary->by_status[i].status);
        g_snprintf(text, sizeof text, "%u %s", summary->by_status[i].status, name ? name : "");
        add(tree, summary->by_status[i].status ? g_strchomp(text) : "no status", statuses_node,
            summary->by_status[i].n);
        add(tree, statuses, 0, summary->by_status[i].n);
    }
}

static tap_packet_status count(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                               const void *data, tap_flags_t flags)
{
    const struct answer *answer = data;
    const struct summary *summary = &answer->summary;
    (void)pinfo, (void)edt, (void)flags;
    tick_stat_node(tree, documents, 0, TRUE);
    tick_stat_node(tree, verdict_name(summary->verdict), documents_node, FALSE);
    tick_stat_node(tree, operations, 0, TRUE);
    int operation = tick_stat_node(tree, summary->operation, operations_node, TRUE);
    tick_stat_node(tree, verdict_name(summary->verdict), operation, FALSE);
    for (int i = 0; i < OUTCOME_N; i++) {
        add(tree, outcome_name((enum outcome)i), resources_node, summary->by_class[i]);
        add(tree, resources, 0, summary->by_class[i]);
    }
    add_statuses(tree, summary);
    return TAP_PACKET_REDRAW;
}

void stats_register(void)
{
    tap = register_tap(tap_name);
    stats_tree_register_plugin(tap_name, tap_name, "WebDAV Multi-Status", 0, count, prepare, NULL);
}

void stats_take(packet_info *pinfo, const struct answer *answer)
{
    tap_queue_packet(tap, pinfo, answer);
}
