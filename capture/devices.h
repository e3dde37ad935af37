/* devices: the interfaces libpcap can capture on, told one by one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DEVICES_REASON_BYTES = 256, DEVICE_TEXT_BYTES = 512 };

struct device { /* borrowed until the callback returns; from the system, so escape it */
    const char *name;
    const char *description;           /* or NULL */
    char flags[64];                    /* "up, running, loopback"; may be empty */
    char addresses[DEVICE_TEXT_BYTES]; /* IPv4 and IPv6, comma and space between; may be empty */
};

struct device_sink {
    void (*device)(void *ctx, const struct device *device);
    void *ctx;
};

/* In libpcap's order, the best first. False: reason says why. */
bool devices_each(struct device_sink sink, char reason[DEVICES_REASON_BYTES]);
