/* Counters arrive, findings leave; see losses.h. */
#include "output/losses.h"

#include "output/phrase.h"

#include <stdio.h>

/* From one packet in a hundred on hardly a longer answer stays whole. */
enum { SERIOUS_PER_CENT = 1 };

struct loss {
    const char *rule, *cause;
    uint64_t n, n_all; /* n_all 0: not known */
    const char *noun;
    const char *why;
};

/* " (25 %)", with two digits that count. */
static void write_share(struct writer *writer, double per_cent)
{
    if (per_cent < 0.01)
        writer_text(writer, " (less than 0.01 %)");
    else
        writer_format(writer, per_cent < 10 ? " (%.2g %%)" : " (%.0f %%)", per_cent);
}

static void write_detail(const struct loss *loss, char out[SIGHTING_DETAIL_BYTES])
{
    struct writer writer;
    writer_init_memory(&writer, SIGHTING_DETAIL_BYTES - 1);
    phrase_count(&writer, loss->n, loss->noun, NULL);
    if (loss->n_all > 0) {
        writer_text(&writer, " of ");
        phrase_number(&writer, loss->n_all);
        write_share(&writer, 100.0 * (double)loss->n / (double)loss->n_all);
    }
    writer_text(&writer, loss->why);
    struct span text = writer_span(&writer);
    snprintf(out, SIGHTING_DETAIL_BYTES, "%.*s", (int)text.len, (const char *)text.ptr);
    (void)writer_close(&writer);
}

static void add(struct losses *losses, const struct loss *loss, const struct run_facts *facts)
{
    if (loss->n == 0)
        return;
    struct finding *finding = &losses->findings[losses->n++];
    const struct rule *rule = rule_find(loss->rule);
    bool is_serious = loss->n_all / 100 * SERIOUS_PER_CENT <= loss->n;
    *finding = (struct finding){
        .rule = rule,
        .severity = is_serious ? rule->severity : SEVERITY_WARNING,
        .owner = rule->owner,
        .n = loss->n,
        .first_ns = facts->first_ns,
        .last_ns = facts->last_ns,
    };
    snprintf(finding->cause, sizeof finding->cause, "%s", loss->cause);
    write_detail(loss, finding->detail);
}

void losses_find(struct losses *losses, const struct run_facts *facts)
{
    const struct capture_losses *capture = &facts->losses;
    const struct loss rows[LOSSES_MAX] = {
        {"D59", "system", capture->n_dropped, capture->n_received, "packet",
         " dropped by the system, because its buffer was full."},
        {"D59", "interface", capture->n_interface_dropped,
         capture->n_received + capture->n_interface_dropped, "packet",
         " dropped by the interface or its driver."},
        {"D59", "threads", capture->n_lane_dropped, 0, "segment",
         " dropped because they came faster than the threads of the analysis took them."},
        {"D60", "", facts->n_records_lost, 0, "record",
         " that an output could not take in time, or at all."},
    };
    losses->n = 0;
    for (size_t i = 0; i < LOSSES_MAX; i++)
        add(losses, &rows[i], facts);
}
