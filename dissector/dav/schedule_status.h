/* schedule_status: what a C:request-status of a schedule-response comes to (RFC 6638 §10.2, RFC
 * 5546 §3.6, DOMAIN.md 2.8). */
#pragma once

#include "dissector/dav/resource.h"

/* Sets schedule_status, class and retry from resource->status.reason ("2.0;Success"). */
void schedule_status_judge(struct resource *resource);
