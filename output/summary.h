/* summary: the parts of the summary, in the order in which they are read. Each writes nothing when
 * it has nothing to say. For a tired person at a terminal: at most 100 columns wide. */
#pragma once

#include "output/report.h"
#include "output/writer.h"

/* A part's title, with a blank line before it. */
void summary_title(struct writer *writer, const char *title);

/* What was read, and in one sentence what came of it. When there was no Multi-Status: what there
 * was instead, and what to do. */
void summary_opening(struct writer *writer, const struct report *report);

/* In one sentence how it stands. Where nothing is known to have failed, what was not seen or not
 * understood is named before that is said. */
void summary_conclusion(struct writer *writer, const struct report *report);

/* Findings, the most harmful first, with advice and frames to look at. */
void summary_findings(struct writer *writer, const struct report *report);

/* Whether findings come that matter: what is said first must not sound as if all were well. */
bool summary_has_alarms(const struct report *report);

/* A time, without its date when that is the date on which the capture begins, as the head says. */
void summary_time(struct writer *writer, const struct report *report, int64_t time_ns);

/* The resources that did not go well, the worst and most frequent first. */
void summary_problems(struct writer *writer, const struct report *report);

/* Why, the most frequent first, where there are several reasons: status and condition. */
void summary_causes(struct writer *writer, const struct report *report);

/* Documents that leave open what happened. */
void summary_doubts(struct writer *writer, const struct report *report);

/* Verdicts with their reasons; statuses of resources and of all exchanges. */
void summary_verdicts(struct writer *writer, const struct report *report);
void summary_statuses(struct writer *writer, const struct report *report);

/* Documents and resources by operation, client, server and user agent. */
void summary_rosters(struct writer *writer, const struct report *report);

/* TLS connections that could not be decrypted, and how they could. */
void summary_opaque(struct writer *writer, const struct report *report);

/* Connections over QUIC, and how to get an answer all the same. */
void summary_quic(struct writer *writer, const struct report *report);

/* By client, operation and collection: what fails, times to the first byte and for the body. */
void summary_routes(struct writer *writer, const struct report *report);

/* Properties that were asked for by name and that answers do not speak of. */
void summary_left_out(struct writer *writer, const struct report *report);

/* What was not seen, or not understood. */
void summary_losses(struct writer *writer, const struct report *report);
