/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields: what the plugin puts into the tree, each with the name that display filters, columns and
 * -T fields know it by. A new field is one enum value and one row. */
#pragma once

#include "dissector/dav/document.h"
#include "dissector/wireshark/compat.h"

#include <epan/expert.h>

enum field {
    /* of a document */
    FIELD_VERDICT,
    FIELD_REASON,
    FIELD_OPERATION,
    FIELD_INFERRED,
    FIELD_METHOD,
    FIELD_TARGET,
    FIELD_DEPTH,
    FIELD_REQUEST_IN,
    FIELD_HTTP_STATUS,
    FIELD_FORMAT,
    FIELD_FLAG, /* also of a resource */
    FIELD_RESOURCES,
    FIELD_REQUESTED,
    FIELD_MISSING_HREF,
    FIELD_SYNC_TOKEN,
    FIELD_ANOMALY,
    /* of a resource */
    FIELD_RESOURCE,
    FIELD_HREF,
    FIELD_STATUS, /* also of a propstat */
    FIELD_CLASS,
    FIELD_RETRY,
    FIELD_DESCRIPTION, /* also of a propstat and of a document */
    FIELD_LOCATION,
    FIELD_UID,
    FIELD_CONDITION, /* also of a propstat */
    FIELD_CONDITION_HREF,
    FIELD_MEANING,
    FIELD_ACTION,
    FIELD_PROPSTAT,
    FIELD_PROPSTAT_CLASS,
    FIELD_PROPERTY,
    /* counts of resources by class: FIELD_COUNTS + enum outcome */
    FIELD_COUNTS,
    FIELD_N = FIELD_COUNTS + OUTCOME_N
};

enum expert {
    EXPERT_FAILED,
    EXPERT_PROBLEM, /* redirect, dependent */
    EXPERT_MISSING,
    EXPERT_UNDECODABLE,
    EXPERT_INCOMPLETE,
    EXPERT_ANOMALY,
    EXPERT_LEFT_OUT,
    EXPERT_STREAM,
    EXPERT_N
};

enum subtree {
    SUBTREE_DOCUMENT,
    SUBTREE_REQUEST,
    SUBTREE_COUNTS,
    SUBTREE_RESOURCE,
    SUBTREE_PROPSTAT,
    SUBTREE_CONDITION,
    SUBTREE_N
};

/* The protocol and everything above. Once; the protocol's number. */
int fields_register(void);

int field_id(enum field field);
expert_field *field_expert(enum expert expert);
int field_subtree(enum subtree subtree);
